# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools.misc import format_date


class SaleOrder(models.Model):
    """The order as a proforma invoice on paper."""

    _name = "sale.order"
    _inherit = ["sale.order", "b2b.print.mixin"]

    def _b2b_print_title(self):
        return self.env._(
            "Proforma invoice No. %(number)s of %(date)s",
            number=self.name,
            date=format_date(self.env, self.date_order),
        )

    def _b2b_print_facts(self):
        agreement = self.b2b_agreement_id.sudo()
        return [
            (self.env._("Seller"), self._b2b_print_seller()["party"]),
            (self.env._("Customer"), self._b2b_print_party(self.partner_id)),
            (self.env._("Agreement"), agreement._b2b_print_name()),
            (self.env._("Your order"), self.client_order_ref),
            (self.env._("Payment terms"), self.payment_term_id.name),
            (self.env._("Ship to"), self._b2b_print_address(self.partner_shipping_id)),
            (self.env._("Shipped from"), self.sudo()._b2b_get_warehouse_names()),
        ]

    def _b2b_print_rows(self):
        included = self._b2b_print_tax_included(self.order_line)
        rows, number = [], 0
        for line in self.order_line:
            row = self._b2b_print_text_row(line)
            if not line.display_type:
                number += 1
                row = self._b2b_print_goods_row(
                    number, line, line.product_uom_qty, included
                )
            if row:
                rows.append(row)
        return rows

    def _b2b_print_totals(self):
        included = self._b2b_print_tax_included(self.order_line)
        return self._b2b_print_tax_totals(self.tax_totals, self.currency_id, included)

    def _b2b_print_basis(self):
        """The order (single) as the basis of another paper."""
        return self.env._(
            "Order No. %(number)s of %(date)s",
            number=self.name,
            date=format_date(self.env, self.date_order),
        )
