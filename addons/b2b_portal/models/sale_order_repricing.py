# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The last calculation of a cart: what is ordered is what was shown."""

import hashlib
from dataclasses import dataclass, field

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_compare
from odoo.tools.misc import format_date, format_datetime, formatLang


@dataclass
class LineChange:
    """A cart line whose price is no longer the one it shows."""

    line: object
    old: float
    new: float
    discount: float
    # Sums of the line with taxes.
    old_sum: float = 0.0
    new_sum: float = 0.0

    @property
    def old_price(self):
        """Price of a unit as the cart shows it: with taxes and discount."""
        quantity = self.line.product_uom_qty
        return self.old_sum / quantity if quantity else self.old

    @property
    def new_price(self):
        """As :attr:`old_price`, after the change."""
        quantity = self.line.product_uom_qty
        return self.new_sum / quantity if quantity else self.new


@dataclass
class Repricing:
    """What a calculation at today's prices would change in a cart.

    ``at_new_rate`` says whether it is one at today's rates, instead of the cart's.
    """

    old_total: float
    new_total: float
    lines: list = field(default_factory=list)
    rates: list = field(default_factory=list)
    at_new_rate: bool = False

    @property
    def difference(self):
        return self.new_total - self.old_total

    @property
    def percent(self):
        return self.difference / self.old_total * 100 if self.old_total else 0.0


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === CALCULATION === #

    def _b2b_get_repriced_lines(self):
        """Lines of the cart (single) whose price follows the agreement.

        A price that staff has set by hand stays, as in core.
        """
        lines = self._get_update_prices_lines()
        return lines.filtered(
            lambda line: line.product_id
            and not line.is_downpayment
            and not line.combo_item_id
            and line.product_type != "combo"
            and not line._is_global_discount()
            and line._b2b_follows_agreement()
            and not line.currency_id.compare_amounts(
                line.technical_price_unit, line.price_unit
            )
            and not line.qty_invoiced
        )

    def _b2b_compute_prices(self, rates):
        """Prices of today for the cart (single, sudo), nothing is written.

        The number of queries does not grow with the lines.

        :param dict rates: as of ``res.currency._b2b_rates``
        :return: list of (line, price of a unit, discount in %)
        """
        self.ensure_one()
        order = self.with_company(self.company_id)
        lines = order._b2b_get_repriced_lines()
        lines.invalidate_recordset(["pricelist_item_id"])
        with (
            self.env["res.currency"]._b2b_rates(rates),
            order.pricelist_id._b2b_rules_loaded(lines.product_id),
        ):
            return [
                (line, line._b2b_get_price_unit(), line._b2b_get_discount())
                for line in lines
            ]

    def _b2b_get_changed_lines(self, rates):
        """Lines of the cart (single, sudo) whose price or discount is another one.

        :return: list of :class:`LineChange`, sums left out
        """
        return [
            LineChange(line, line.price_unit, price, discount)
            for line, price, discount in self._b2b_compute_prices(rates)
            if float_compare(line.price_unit, price, precision_digits=6)
            or float_compare(line.discount, discount, precision_digits=2)
        ]

    def _b2b_get_repricing(self):
        """What today's prices, and rates where the hold is over, would change.

        Within the hold a changed rate is shown with its effect, too, for the
        customer to choose.

        :return: :class:`Repricing`; ``at_new_rate`` where a rate has changed
        """
        self.ensure_one()
        rate_changes = self._b2b_get_rate_changes()
        rates = self._b2b_get_rates()
        if rate_changes:
            rates = rates | {
                change["new"].currency_id: change["new"].rate for change in rate_changes
            }
        result = Repricing(
            self.amount_total, self.amount_total, [], rate_changes, bool(rate_changes)
        )
        if not self.b2b_agreement_id or not self.pricelist_id:
            return result
        result.lines = self._b2b_get_changed_lines(rates)
        if result.lines:
            result.new_total = self._b2b_compute_total(result.lines, rates)
        return result

    def _b2b_compute_total(self, changes, rates):
        """The total of the cart (single, sudo) after the changes, to the cent.

        Fills in the sums of the lines.
        """
        Tax = self.env["account.tax"]
        by_line = {change.line.id: change for change in changes}
        base_lines = []
        for line in self._get_priced_lines():
            values = {}
            if change := by_line.get(line.id):
                values = {"price_unit": change.new, "discount": change.discount}
            base_lines.append(line._prepare_base_line_for_taxes_computation(**values))
        goods = list(base_lines)
        base_lines += self._add_base_lines_for_early_payment_discount()
        Tax._add_tax_details_in_base_lines(base_lines, self.company_id)
        Tax._round_base_lines_tax_details(base_lines, self.company_id)
        for base_line in goods:
            change = by_line.get(base_line["record"].id)
            if change:
                change.old_sum = change.line.price_total
                change.new_sum = base_line["tax_details"]["total_included_currency"]
        totals = Tax._get_tax_totals_summary(
            base_lines=base_lines, currency=self.currency_id, company=self.company_id
        )
        return totals["total_amount_currency"]

    def _b2b_recalculate(self):
        """Take today's rates and prices into the cart (single, sudo) and hold them.

        Idempotent: a second call finds nothing to change.

        :raise UserError: a rate is missing or too old; nothing has changed
        """
        self.ensure_one()
        self._b2b_lock()
        self._b2b_check_cart_write()
        refusal = self.b2b_agreement_id._b2b_get_rate_refusal()
        if refusal:
            raise UserError(refusal)
        if self._b2b_get_rate_changes():
            self._b2b_stamp_rates(anew=True)
        else:
            self._b2b_stamp_rates()
            if self.b2b_rate_ids:
                self._b2b_hold_rates()
        for change in self._b2b_get_changed_lines(self._b2b_get_rates()):
            line = change.line.with_context(sale_write_from_compute=True)
            line.write(
                {
                    "price_unit": change.new,
                    "technical_price_unit": change.new,
                    "discount": change.discount,
                }
            )
        if self.website_id:
            self._verify_cart_after_update()

    # === CHECKS === #

    def _b2b_get_checks(self):
        """Refuse a cart whose prices or rates are no longer those it shows."""
        held = self.sudo()._b2b_rates_held()
        # a rate that is held for the customer may have become too old meanwhile
        order = self.with_context(b2b_rates_held=True) if held else self
        checks = super(SaleOrder, order)._b2b_get_checks()
        if self.b2b_agreement_id and self.state == "draft":
            checks += self.sudo()._b2b_get_repricing_checks(held)
        return checks

    def _b2b_get_repricing_checks(self, held):
        """Checks of rates and prices (single, sudo), at most one row."""
        if not held and self.b2b_agreement_id._b2b_get_rate_refusal():
            # said already, and there is nothing to calculate with
            return []
        changes = self._b2b_get_rate_changes()
        if changes and not held:
            text = self._get_rate_text(changes, held)
            return [self._b2b_check_row("rate_changed", text)]
        if self._b2b_get_changed_lines(self._b2b_get_rates()):
            return [self._b2b_check_row("price_changed", self._get_price_text())]
        if changes:
            text = self._get_rate_text(changes, held)
            return [self._b2b_check_row("rate_changed", text, "warning")]
        return []

    def _get_price_text(self):
        return self.env._(
            "Prices have changed since the goods were put into the cart. Look at the "
            "changes and take them over, then order."
        )

    def _get_rate_text(self, changes, held):
        """What is said of changed rates; ``held``: the cart keeps the old ones."""
        table, company = self.env["b2b.rate"], self.company_id
        pairs = ", ".join(
            self.env._(
                "%(old)s is now %(new)s",
                old=table._format_rate(change["old"]._get_rate(), company),
                new=table._format_rate(change["new"], company),
            )
            for change in changes
        )
        if held:
            return self.env._(
                "The rate has changed: %(rates)s. Your cart keeps the old rate until "
                "%(until)s.",
                rates=pairs,
                until=format_datetime(
                    self.env, self.b2b_rate_until, dt_format="dd.MM.yyyy HH:mm"
                ),
            )
        return self.env._(
            "The rate has changed: %(rates)s. Your cart no longer keeps the old one: "
            "recalculate, then order.",
            rates=pairs,
        )

    # === WORDS === #

    def _b2b_describe_rate(self, rate):
        """A :class:`Rate` of today with its source and date, for the cart (single)."""
        table = self.env["b2b.rate"]
        return self.env._(
            "%(rate)s, %(kind)s of %(date)s",
            rate=table._format_rate(rate, self.company_id),
            kind=table._get_source_name(rate.source),
            date=format_date(self.env, rate.date),
        )

    def _b2b_format_percent(self, percent):
        """'+1.8 %' in the language of the user."""
        sign = "+" if percent > 0 else ""
        return f"{sign}{formatLang(self.env, percent, digits=1)}\u00a0%"

    def _b2b_format_change(self, repricing):
        """'+1.8 %, +1 234.50 RUB' for a :class:`Repricing` of the cart (single)."""
        sign = "+" if repricing.difference > 0 else ""
        amount = self.currency_id.format(repricing.difference)
        return f"{self._b2b_format_percent(repricing.percent)}, {sign}{amount}"

    def _b2b_get_change_reason(self, change, repricing):
        """Why the price of a line changes, as far as it is known (single cart)."""
        if repricing.rates:
            return self.env._("rate")
        rule = change.line.pricelist_item_id.sudo()
        if rule.pricelist_id and not rule.pricelist_id.b2b_agreement_id:
            return self.env._("special offer")
        if rule.applied_on in ("0_product_variant", "1_product"):
            return self.env._("special price of the agreement")
        return self.env._("price list or terms of the agreement")

    # === SUBMISSION === #

    def _b2b_get_fingerprint(self):
        """Short text that changes with anything a customer would pay for."""
        self.ensure_one()
        rows = [
            (
                line.product_id.id,
                line.product_uom_id.id,
                f"{line.product_uom_qty:.6f}",
                f"{line.price_unit:.6f}",
                f"{line.discount:.4f}",
                f"{line.price_total:.4f}",
            )
            for line in self.order_line.sorted("id")
            if not line.display_type
        ]
        facts = (rows, self.currency_id.id, f"{self.amount_total:.4f}")
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:20]

    def _b2b_submit(self):
        """Order what the page has shown, at its prices and rates, or refuse.

        The key ``b2b_seen`` in the context is the fingerprint of the page.
        """
        self.ensure_one()
        self._b2b_lock()
        if self.state == "draft":
            seen = self.env.context.get("b2b_seen")
            if seen and seen != self._b2b_get_fingerprint():
                raise UserError(
                    self.env._(
                        "The cart has changed since you opened the page. Look at it "
                        "again, then order."
                    )
                )
            self._b2b_prolong_rates()
        return super()._b2b_submit()

    def _b2b_prolong_rates(self):
        """Hold the rates of the cart (single, sudo) on where they are today's."""
        if (
            self._b2b_rates_held()
            or self._b2b_get_rate_changes()
            or self.b2b_agreement_id._b2b_get_rate_refusal()
        ):
            return
        self._b2b_stamp_rates()
        if self.b2b_rate_ids:
            self._b2b_hold_rates()

    def _confirmation_error_message(self):
        """An order that keeps its rates does not need today's."""
        held = self.sudo()._b2b_rates_held()
        order = self.with_context(b2b_rates_held=True) if held else self
        return super(SaleOrder, order)._confirmation_error_message()

    def action_b2b_recalculate(self):
        """Backend: take today's rates and prices into the quotations (batch)."""
        for order in self:
            order.sudo()._b2b_recalculate()
        return True


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _b2b_follows_agreement(self):
        """Whether the price of the line (single) is the agreement's. A hook.

        False for lines whose price an addon sets itself, such as rewards.
        """
        return True

    def _b2b_get_price_unit(self):
        """The price of a unit as core's ``_reset_price_unit`` would set it (single)."""
        self.ensure_one()
        taxes = self.product_id.taxes_id._filter_taxes_by_company(self.company_id)
        return self.product_id._get_tax_included_unit_price_from_price(
            self._get_display_price(),
            product_taxes=taxes,
            fiscal_position=self.order_id.fiscal_position_id,
        )

    def _b2b_get_discount(self):
        """The discount of the line (single) in %, as its price rule shows one.

        A rule that shows none leaves the discount that staff has given.
        """
        self.ensure_one()
        feature = self.env["product.pricelist.item"]._is_discount_feature_enabled()
        if not feature or not self.pricelist_item_id._show_discount():
            return self.discount
        price = self._get_pricelist_price()
        base = self._get_pricelist_price_before_discount()
        if not base:
            return self.discount
        discount = (base - price) / base * 100
        shown = (discount > 0 and base > 0) or (discount < 0 and base < 0)
        return discount if shown else 0.0

    def _get_pricelist_price(self):
        """No price where the order lacks a rate: never one at a made-up rate."""
        price = super()._get_pricelist_price()
        if self.order_id.pricelist_id._b2b_lacks_rate():
            return 0.0
        return price
