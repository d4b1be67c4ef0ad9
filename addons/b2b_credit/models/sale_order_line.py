# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class SaleOrderLine(models.Model):
    """A confirmed order does not grow above the credit line either.

    See ``sale.order``. Core lets nobody delete lines of a confirmed order.
    """

    _inherit = "sale.order.line"

    @api.model
    def _b2b_credit_fields(self):
        """Names of the line's fields that may raise the total of the order.

        Addons extend the set.
        """
        return {
            "order_id",
            "product_id",
            "product_uom_qty",
            "product_uom_id",
            "price_unit",
            "discount",
            "tax_ids",
            "display_type",
        }

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_order_id")
        order_ids = {vals.get("order_id") or default for vals in vals_list}
        orders = self.env["sale.order"].browse(filter(None, order_ids))
        with orders._b2b_credit_guard():
            return super().create(vals_list)

    def write(self, vals):
        if not self._b2b_credit_fields() & vals.keys():
            return super().write(vals)
        orders = self.order_id
        if vals.get("order_id"):
            orders |= orders.browse(vals["order_id"])
        with orders._b2b_credit_guard():
            return super().write(vals)
