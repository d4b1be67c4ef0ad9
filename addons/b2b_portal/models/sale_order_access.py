# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order"]

    def _verify_updated_quantity(
        self, order_line, product_id, new_qty, uom_id, **kwargs
    ):
        """Refuse a quantity that is not in stock without telling the stock.

        Core cuts the line to what there is and says how much that is.
        """
        quantity, warning = super()._verify_updated_quantity(
            order_line, product_id, new_qty, uom_id, **kwargs
        )
        if quantity == new_qty or self.env["website"]._b2b_may_see("stock"):
            return quantity, warning
        warning = self.env._("Not so many are in stock: ask your manager.")
        if order_line:
            order_line.shop_warning = warning
            return order_line.product_uom_qty, warning
        return 0, warning
