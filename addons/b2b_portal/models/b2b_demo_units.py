# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

# Kilograms in a cubic metre of packed goods, by category; the first is for the others.
DENSITIES = {
    "": 2500,
    "categ_dowels_demo": 450,
    "categ_bits_demo": 1800,
    "categ_rigging_demo": 1900,
}


class B2bDemo(models.AbstractModel):
    """Units, weights and volumes of the demo goods."""

    _inherit = "b2b.demo"

    @api.model
    def _setup_volumes(self):
        """Volumes of the goods that demo/product.template.csv gives a weight only."""
        densities = {
            self._ref(name).id: density for name, density in DENSITIES.items() if name
        }
        goods = self._get_demo_goods().filtered(lambda p: p.weight and not p.volume)
        for product in goods:
            density = densities.get(product.categ_id.id, DENSITIES[""])
            product.volume = max(round(product.weight / density, 6), 0.000001)

    @api.model
    def _setup_whole_units(self):
        """Nobody orders half a box."""
        links = self.env["ir.model.data"].search(
            [("model", "=", "uom.uom"), ("module", "=", "b2b_portal")]
        )
        units = self.env["uom.uom"].browse(links.mapped("res_id"))
        units |= self.env.ref("uom.product_uom_unit")
        units.b2b_whole = True

    @api.model
    def _get_demo_goods(self):
        """Variants of the products of demo/product.template.csv."""
        links = self.env["ir.model.data"].search(
            [("model", "=", "product.template"), ("module", "=", "b2b_portal")]
        )
        templates = self.env["product.template"].browse(links.mapped("res_id"))
        return templates.product_variant_ids
