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
        "data/index.xml",
        "views/templates_search.xml",
        "views/b2b_search_build_views.xml",
        "data/search_quality.xml",
        "views/templates_search_gap.xml",
        "views/b2b_search_log_views.xml",
        "views/b2b_search_gap_views.xml",
        "views/b2b_search_popular_views.xml",
        "views/b2b_search_case_views.xml",
        "views/res_config_settings_search_views.xml",
    ],
    "assets": {
        "web.assets_frontend": ["b2b_search/static/src/search/search_clicks.js"],
    },
    "demo": [
        "demo/b2b.search.case.csv",
        "demo/search_quality_demo.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
