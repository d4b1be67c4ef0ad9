# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo import models


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "b2b.scope.child.mixin"]

    _b2b_parent_field = "order_id"

    @contextmanager
    def _b2b_in_sets(self):
        """Read the rules of the lines' price list once, at the rates of their order.

        :param self: lines of one order
        """
        order = self.order_id[:1]
        with (
            self.env["res.currency"]._b2b_rates(order._b2b_get_rates()),
            order.pricelist_id._b2b_rules_loaded(self.product_id),
        ):
            yield

    def _compute_pricelist_item_id(self):  # pylint: disable=missing-return
        for lines in self.grouped("order_id").values():
            with lines._b2b_in_sets():
                super(SaleOrderLine, lines)._compute_pricelist_item_id()

    def _compute_price_unit(self):  # pylint: disable=missing-return
        for lines in self.grouped("order_id").values():
            with lines._b2b_in_sets():
                super(SaleOrderLine, lines)._compute_price_unit()

    def _compute_discount(self):  # pylint: disable=missing-return
        for lines in self.grouped("order_id").values():
            with lines._b2b_in_sets():
                super(SaleOrderLine, lines)._compute_discount()
