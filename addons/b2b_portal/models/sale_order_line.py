# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "b2b.scope.child.mixin"]

    _b2b_parent_field = "order_id"

    def _b2b_batches(self):
        """Lines by price list, to read each list's rules once."""
        return self.grouped(lambda line: line.order_id.pricelist_id).items()

    def _compute_pricelist_item_id(self):  # pylint: disable=missing-return
        for pricelist, lines in self._b2b_batches():
            with pricelist._b2b_rules_loaded(lines.product_id):
                super(SaleOrderLine, lines)._compute_pricelist_item_id()

    def _compute_price_unit(self):  # pylint: disable=missing-return
        for pricelist, lines in self._b2b_batches():
            with pricelist._b2b_rules_loaded(lines.product_id):
                super(SaleOrderLine, lines)._compute_price_unit()

    def _compute_discount(self):  # pylint: disable=missing-return
        for pricelist, lines in self._b2b_batches():
            with pricelist._b2b_rules_loaded(lines.product_id):
                super(SaleOrderLine, lines)._compute_discount()
