# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "B2B Search",
    "summary": "Smart search: spelling, layout, morphology, articles, merchandising",
    "version": "19.0.1.0.0",
    "category": "Website/Website",
    "author": "B2B Portal founders",
    "license": "LGPL-3",
    "depends": ["b2b_portal"],
    "external_dependencies": {"python": ["snowballstemmer"]},
    "data": [
        "security/ir.model.access.csv",
        "data/ranking.xml",
        "data/index.xml",
        "views/templates_search.xml",
        "views/templates_suggest.xml",
        "views/b2b_search_build_views.xml",
        "views/b2b_search_rule_views.xml",
        "views/b2b_search_synonym_views.xml",
        "views/b2b_search_ranking_views.xml",
        "views/templates_search_banner.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "b2b_search/static/src/suggest/suggest.scss",
            "b2b_search/static/src/suggest/suggest.js",
        ],
        "web.assets_tests": ["b2b_search/static/tests/tours/**/*"],
    },
    "demo": ["demo/merchandising_demo.xml"],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
