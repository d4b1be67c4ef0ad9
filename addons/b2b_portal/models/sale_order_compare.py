# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from dataclasses import dataclass, field

from odoo import api, models
from odoo.fields import Command
from odoo.tools.misc import format_date

# Beside the acting one; more columns do not fit on a page.
MAX_COMPARED = 4
# What decides on prices and taxes of an order, beside its agreement.
TRIAL_FIELDS = (
    "company_id",
    "partner_id",
    "partner_invoice_id",
    "partner_shipping_id",
    "fiscal_position_id",
    "website_id",
    "date_order",
    "b2b_member_id",
)
TRIAL_LINE_FIELDS = ("product_id", "product_uom_id", "name", "display_type")


@dataclass
class Offer:
    """A cart under one agreement; every record in sudo.

    ``order`` is the cart, or a copy of it in memory. ``lines`` maps the id of a cart's
    line to the line of ``order``. ``total_company`` is ``total`` in the currency of the
    company, at the agreement's rates. ``difference`` is to the current offer, in the
    currency of both or, where they differ, of the company; ``percent`` is None where
    there is nothing to compare with. ``checks`` are rows of ``_b2b_get_checks``,
    ``rows`` of ``_b2b_get_compare_rows``.
    """

    agreement: object
    order: object
    lines: dict
    current: bool
    untaxed: float
    total: float
    total_company: float
    difference: float = 0.0
    percent: float | None = None
    checks: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    in_stock: int = 0
    cheapest: bool = False


class SaleOrder(models.Model):
    """One cart under each agreement of its legal entity, side by side."""

    _inherit = "sale.order"

    @api.model
    def _b2b_get_trial_fields(self):
        """Fields that :meth:`_b2b_try` copies; a hook for addons.

        :return: (fields of the order, fields of a line)
        """
        return TRIAL_FIELDS, TRIAL_LINE_FIELDS

    def _b2b_try(self, agreement):
        """The cart (single) as it would be after a move, in memory only.

        The same code computes it that computes a stored order, so its figures are those
        that the cart shows after :meth:`_b2b_move_to`. Nothing is written.

        :return: (order, dict id of a cart's line -> line); new records in sudo
        """
        self.ensure_one()
        order_fields, line_fields = self._b2b_get_trial_fields()
        values = {name: self[name] for name in order_fields}
        values["b2b_agreement_id"] = agreement
        repriced = self._get_update_prices_lines()
        commands = []
        for line in self.order_line:
            line_values = {name: line[name] for name in line_fields}
            line_values["product_uom_qty"] = line.product_uom_qty
            if line not in repriced:
                for name in ("price_unit", "technical_price_unit", "tax_ids"):
                    line_values[name] = line[name]
                line_values["is_delivery"] = line.is_delivery
            commands.append(Command.create(line_values))
        trial = self.new(values | {"order_line": commands})
        lines = dict(zip(self.order_line.ids, trial.order_line, strict=True))
        return trial, lines

    def _b2b_compare(self):
        """The cart (single, sudo) under the agreements that it may be ordered under.

        The number of queries does not depend on the number of lines.

        :return: list of :class:`Offer`, the cart's own agreement first
        """
        self.ensure_one()
        current = self.b2b_agreement_id
        others = (self._b2b_get_agreements() - current)[: MAX_COMPARED - 1]
        own_lines = {line.id: line for line in self.order_line}
        offers = [self._b2b_make_offer(current, self, own_lines)] if current else []
        offers += [
            self._b2b_make_offer(agreement, *self._b2b_try(agreement))
            for agreement in others
        ]
        for offer in offers[1:] if current else []:
            self._b2b_set_difference(offer, offers[0])
        if offers:
            least = min(offer.total_company for offer in offers)
            company_currency = self.company_id.currency_id
            for offer in offers:
                offer.cheapest = not company_currency.compare_amounts(
                    offer.total_company, least
                )
        return offers

    def _b2b_make_offer(self, agreement, order, lines):
        """The :class:`Offer` of one agreement."""
        return Offer(
            agreement=agreement,
            order=order,
            lines=lines,
            current=order == self,
            untaxed=order.amount_untaxed,
            total=order.amount_total,
            total_company=order._b2b_to_company(order.amount_total),
            checks=[c for c in order._b2b_get_checks() if c["code"] != "empty"],
            rows=sorted(
                self._b2b_get_compare_rows(agreement, order),
                key=lambda row: row["sequence"],
            ),
            in_stock=order._b2b_count_in_stock(),
        )

    def _b2b_to_company(self, amount):
        """An amount of the order (single) in its company's currency."""
        company = self.company_id
        with self.env["res.currency"]._b2b_rates(self._b2b_get_rates()):
            return self.currency_id._convert(
                amount, company.currency_id, company, self.date_order.date()
            )

    @api.model
    def _b2b_set_difference(self, offer, base):
        """Fill in what an offer differs from another one, in money and percent."""
        if offer.order.currency_id == base.order.currency_id:
            currency = base.order.currency_id
            old, new = base.total, offer.total
        else:
            currency = base.order.company_id.currency_id
            old, new = base.total_company, offer.total_company
        offer.difference = currency.round(new - old)
        if not currency.is_zero(old):
            offer.percent = 100 * offer.difference / old

    def _b2b_count_in_stock(self):
        """How many lines of the order (single) its warehouse can ship in full."""
        lines = self.order_line.filtered("product_id")
        needed = defaultdict(float)
        for line in lines:
            needed[line.product_id] += line.product_uom_id._compute_quantity(
                line.product_uom_qty, line.product_id.uom_id, round=False
            )
        products = lines.product_id.sudo()
        located = products.with_context(warehouse_id=self._get_shop_warehouse_id())
        free = {product.id: product.free_qty for product in located}
        short = {
            product
            for product, quantity in needed.items()
            if product.is_storable
            and product.uom_id.compare(quantity, free[product.id]) > 0
        }
        return sum(line.product_id not in short for line in lines)

    def _b2b_get_compare_rows(self, agreement, order):
        """Terms of an agreement beside the prices of the cart (single); a hook.

        :param agreement: ``b2b.agreement`` (single, sudo)
        :param order: the cart under it, perhaps in memory only
        :return: list of dicts: code, label, value (texts), sequence (int)
        """
        until, minimum = agreement.date_end, agreement.min_order_amount
        rows = [
            (
                "payment",
                self.env._("Payment"),
                order.payment_term_id.name or self.env._("as agreed"),
            ),
            ("warehouse", self.env._("Shipped from"), order.warehouse_id.name or "—"),
            (
                "delivery",
                self.env._("Delivery"),
                agreement._b2b_get_delivery_text() or "—",
            ),
            (
                "minimum",
                self.env._("Minimum order"),
                agreement.currency_id.format(minimum) if minimum else "—",
            ),
            (
                "until",
                self.env._("Valid until"),
                format_date(self.env, until) or self.env._("no end date"),
            ),
        ]
        return [
            {"code": code, "label": label, "value": value, "sequence": 10 * number}
            for number, (code, label, value) in enumerate(rows, start=1)
        ]
