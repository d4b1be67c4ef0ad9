# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools.misc import format_date

from .b2b_agreement_changes import Wish

# A change below this many percent is the noise of rounding.
LEAST_PERCENT = 0.1


class SaleOrder(models.Model):
    """What a buyer should know of the prices in the cart."""

    _inherit = "sale.order"

    def _b2b_get_price_notes(self):
        """Coming and past changes of the prices in the cart (single, sudo).

        The number of queries does not depend on the number of lines.

        :return: dict id of a line -> list of texts
        """
        self.ensure_one()
        agreement = self.b2b_agreement_id.sudo()
        if (
            self.state != "draft"
            or not agreement
            or not self.env["website"]._b2b_may_see("prices")
        ):
            return {}
        lines = self.order_line.filtered(
            lambda line: line.product_id and line.product_uom_qty > 0
        )
        notes = {}
        for change in self._b2b_get_coming_changes(lines):
            text = self.env._(
                "from %(date)s: %(price)s",
                date=agreement._b2b_format_change_day(change.date),
                price=self.currency_id.format(change.new_shown),
            )
            notes.setdefault(change.wish.key.id, []).append(text)
        for line, text in self._b2b_get_past_changes(lines):
            notes.setdefault(line.id, []).append(text)
        return notes

    def _b2b_get_coming_changes(self, lines):
        """Changes that lie ahead for lines of the cart (single).

        :return: list of ``PriceChange``, the key of the wish is the line
        """
        agreement = self.b2b_agreement_id.sudo()
        return agreement._b2b_get_price_changes(
            [
                Wish(line, line.product_id, line.product_uom_id, line.product_uom_qty)
                for line in lines
            ]
        )

    def _b2b_get_past_changes(self, lines):
        """How prices of the cart (single) differ from those last paid.

        :return: list of (line, text), only where they do
        """
        bought = self.b2b_agreement_id.sudo()._b2b_get_bought()
        result = []
        for line in lines:
            last = bought.get(line.product_id.id)
            if (
                not last
                or last.order_id.state != "sale"
                or last.currency_id != line.currency_id
            ):
                continue
            before, now = last._b2b_get_base_price(), line._b2b_get_base_price()
            percent = 100 * (now - before) / before if before else 0.0
            if abs(percent) < LEAST_PERCENT:
                continue
            text = self.env._(
                "price %(percent)s %% since your last order on %(date)s",
                percent=self.b2b_agreement_id.sudo()._b2b_format_percent(percent),
                date=format_date(self.env, last.order_id.date_order),
            )
            result.append((line, text))
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _b2b_get_base_price(self):
        """Untaxed price of one unit of the product itself (single line)."""
        quantity = self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )
        return self.price_subtotal / quantity if quantity else 0.0
