# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "B2B Portal: Russia",
    "summary": "Russian requisites: INN, KPP, OGRN, bank accounts",
    "version": "19.0.1.0.0",
    "category": "Website/Website",
    "author": "B2B Portal founders",
    "license": "LGPL-3",
    "countries": ["ru"],
    "depends": ["b2b_portal"],
    "data": [
        "data/res.country.state.csv",
        "data/ir_cron_rates.xml",
        "views/res_config_settings_views.xml",
        "views/res_partner_views.xml",
        "views/b2b_registration_views.xml",
        "views/templates_registration.xml",
    ],
    "demo": ["demo/res_partner_demo.xml", "demo/b2b_registration_demo.xml"],
    "auto_install": True,
    "installable": True,
}
