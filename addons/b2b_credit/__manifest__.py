# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "B2B Portal: Credit Lines",
    "summary": "Credit limit per agreement that no order can pass",
    "version": "19.0.1.0.0",
    "category": "Website/Website",
    "author": "B2B Portal founders",
    "license": "LGPL-3",
    "depends": ["b2b_portal"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rules.xml",
        "data/b2b.permission.csv",
        "views/b2b_credit_line_views.xml",
        "views/b2b_agreement_views.xml",
        "views/sale_order_views.xml",
    ],
    "assets": {
        "web.assets_tests": ["b2b_credit/static/tests/tours/**/*.js"],
    },
    "demo": ["demo/b2b_credit_demo.xml"],
    "installable": True,
}
