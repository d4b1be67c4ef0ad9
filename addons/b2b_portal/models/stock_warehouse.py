# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class StockWarehouse(models.Model):
    """The price region of a warehouse."""

    _inherit = "stock.warehouse"

    b2b_price_region_id = fields.Many2one(
        "b2b.price.region",
        "Price region",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Agreements that take the region of their main warehouse have its prices.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "b2b_price_region_id" in vals:
            Agreement = self.env["b2b.agreement"].sudo()
            agreements = Agreement.with_context(active_test=False).search(
                [("warehouse_id", "in", self.ids)]
            )
            agreements._b2b_region_changed("warehouse")
        return result
