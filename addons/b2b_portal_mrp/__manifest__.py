# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "B2B Portal: Kits",
    "summary": "Kits of the catalogue: parts, stock, orders",
    "version": "19.0.1.0.0",
    "category": "Website/Website",
    "author": "B2B Portal founders",
    "license": "LGPL-3",
    "depends": ["b2b_portal", "sale_mrp"],
    "demo": ["demo/kit_demo.xml"],
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
    "installable": True,
}
