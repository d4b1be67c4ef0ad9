# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import float_compare


class SaleOrder(models.Model):
    """Rates that an order keeps: frozen with the cart, for ever once confirmed."""

    _inherit = "sale.order"

    b2b_rate_ids = fields.One2many(
        "b2b.order.rate", "order_id", "Rates", readonly=True, copy=False
    )
    b2b_rate_until = fields.Datetime(
        "Rates held until",
        readonly=True,
        copy=False,
        help="After that, a rate that has changed is accepted by the customer first.",
    )

    # === RATES IN FORCE === #

    def _b2b_get_rates(self):
        """Rates of the order (at most one): its own, else its agreement's.

        :return: dict as of ``res.currency._b2b_rates``; empty: the official rates
        """
        agreement = self.b2b_agreement_id.sudo()
        if not agreement:
            return {}
        rates = agreement._b2b_get_rates(self._b2b_get_rate_date())
        frozen = {row.currency_id.id: row.rate for row in self.sudo().b2b_rate_ids}
        return rates | frozen

    def _b2b_get_rate_date(self):
        """The day whose rates an order (single) without own ones is priced at."""
        return self.date_order if self.state in ("sale", "cancel") else None

    def _b2b_get_current_rates(self):
        """The agreement's rates of today that the order (single, sudo) needs.

        :return: dict currency id -> ``Rate``
        """
        agreement = self.b2b_agreement_id
        return agreement._b2b_get_rate_rows() if agreement else {}

    def _b2b_rates_held(self):
        """Whether the order (single, sudo) keeps all its rates for now."""
        self.ensure_one()
        until = self.b2b_rate_until
        if not until or until < fields.Datetime.now():
            return False
        needed = self.b2b_agreement_id._b2b_get_needed_currencies()
        return not needed - self.b2b_rate_ids.currency_id

    def _b2b_get_rate_changes(self):
        """How the rates of the cart (single, sudo) differ from today's.

        :return: list of dicts: old (``b2b.order.rate``), new (``Rate``), percent
        """
        self.ensure_one()
        current = self._b2b_get_current_rates()
        changes = []
        for row in self.b2b_rate_ids:
            new = current.get(row.currency_id.id)
            if new and float_compare(row.rate, new.rate, precision_digits=8):
                percent = (new.rate / row.rate - 1) * 100
                changes.append({"old": row, "new": new, "percent": percent})
        return changes

    # === FREEZING === #

    def _b2b_stamp_rates(self, anew=False):
        """Keep today's rates on the orders (batch, sudo) that lack a needed one.

        :param bool anew: drop those that they have, and hold the new ones anew
        """
        if anew:
            self.b2b_rate_ids.unlink()
        values = []
        for order in self.filtered("b2b_agreement_id"):
            own = order.b2b_rate_ids.currency_id.ids
            rows = [
                {
                    "order_id": order.id,
                    "currency_id": rate.currency_id,
                    "rate": rate.rate,
                    "nominal": rate.nominal,
                    "date": rate.date,
                    "source": rate.source,
                }
                for rate in order._b2b_get_current_rates().values()
                if rate.currency_id not in own
            ]
            if rows and not own:
                order._b2b_hold_rates()
            values += rows
        if values:
            self.env["b2b.order.rate"].create(values)

    def _b2b_hold_rates(self):
        """Hold the rates of the order (single, sudo) from now on."""
        hours = self.company_id.b2b_rate_hold_hours
        self.b2b_rate_until = fields.Datetime.now() + timedelta(hours=hours)

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.sudo()._b2b_stamp_rates()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if "b2b_agreement_id" in vals:
            drafts = self.sudo().filtered(lambda o: o.state in ("draft", "sent"))
            drafts._b2b_stamp_rates(anew=True)
        return result

    def _action_confirm(self):
        self.sudo()._b2b_stamp_rates()
        return super()._action_confirm()

    @api.depends("b2b_rate_ids.rate")
    def _compute_currency_rate(self):  # pylint: disable=missing-return
        super()._compute_currency_rate()
        for order in self:
            if rate := order._b2b_get_own_rate().rate:
                order.currency_rate = 1 / rate

    def _b2b_get_own_rate(self):
        """The kept rate (at most one) of the order's own currency, in sudo."""
        currency = self.currency_id
        return self.sudo().b2b_rate_ids.filtered(
            lambda row: row.currency_id == currency
        )[:1]

    # === INVOICES === #

    def _prepare_invoice(self):
        # a number always: invoices are sorted by it to be grouped
        values = super()._prepare_invoice() | {"b2b_currency_rate": 0.0}
        own = self._b2b_get_own_rate()
        if own:
            values |= {
                "b2b_currency_rate": own.rate,
                "b2b_rate_date": own.date,
                "b2b_rate_source": own.source,
                "invoice_currency_rate": 1 / own.rate,
            }
        return values

    @api.model
    def _get_invoice_grouping_keys(self):
        """Orders at different rates do not share an invoice."""
        return [*super()._get_invoice_grouping_keys(), "b2b_currency_rate"]

    # === WORDS AND SUMS === #

    def _b2b_get_equivalent(self, amount):
        """An amount of the order (single, sudo) in the company's currency.

        :return: rounded float, or None: the agreement does not ask for it, or the
            currency is the company's own
        """
        self.ensure_one()
        agreement = self.b2b_agreement_id
        target = self.company_id.currency_id
        if not agreement.show_company_currency or self.currency_id == target:
            return None
        rate = self._b2b_get_rates().get(self.currency_id.id)
        return target.round(amount * rate) if rate else None

    def _b2b_print_facts(self):
        facts = super()._b2b_print_facts()
        own = self._b2b_get_own_rate()
        return [*facts, (self.env._("Rate"), own and own._get_text())]
