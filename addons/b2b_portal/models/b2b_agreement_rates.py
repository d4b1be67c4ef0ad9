# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools.misc import format_date


class B2bAgreement(models.Model):
    """The rates that prices of an agreement are converted at, and their limits."""

    _inherit = "b2b.agreement"

    rate_source = fields.Selection(
        [("official", "Official"), ("internal", "Internal")],
        "Rate",
        default="official",
        required=True,
        tracking=True,
        help="Internal: the company's own table of rates.",
    )
    show_company_currency = fields.Boolean(
        "Also show sums in the company's currency", tracking=True
    )
    rate_text = fields.Text("Rates in force", compute="_compute_rate_text")

    @api.depends(
        "rate_source", "currency_id", "price_type_id", "company_id", "pricelist_id"
    )
    @api.depends_context("lang")
    def _compute_rate_text(self):
        Rate = self.env["b2b.rate"]
        for agreement in self.sudo():
            rows = agreement._b2b_get_rate_rows()
            lines = [
                self.env._(
                    "%(rate)s, of %(date)s",
                    rate=Rate._format_rate(row, agreement.company_id),
                    date=format_date(self.env, row.date),
                )
                for row in rows.values()
            ]
            refusal = agreement._b2b_get_rate_refusal()
            agreement.rate_text = "\n".join([*lines, *filter(None, [refusal])])

    # === RATES === #

    def _b2b_get_needed_currencies(self):
        """Foreign currencies that prices of the agreement (single, sudo) go through.

        Its own, and those of every price list in the chain; the company's is left
        out.

        :return: ``res.currency`` records
        """
        self.ensure_one()
        chain = self.pricelist_id._b2b_get_chain().sudo()
        currencies = self.currency_id | chain.currency_id
        return currencies - self.company_id.currency_id

    def _b2b_get_rate_rows(self, date=None):
        """Rates in force that the agreement (single, sudo) needs.

        :param date: a date or datetime, today if it is left out
        :return: dict currency id -> ``Rate``; those missing or too old are left out
        """
        self.ensure_one()
        Rate = self.env["b2b.rate"]
        known = Rate._get_rates(self.company_id, self.rate_source, date)
        return {
            currency.id: known[currency.id]
            for currency in self._b2b_get_needed_currencies()
            if currency.id in known
            and not Rate._is_too_old(known[currency.id], self.company_id, date)
        }

    def _b2b_get_rates(self, date=None):
        """All rates in force of the agreement's source, for conversions.

        :return: dict as of ``res.currency._b2b_rates``, never empty; a currency
            whose rate is missing or too old is left out
        """
        self.ensure_one()
        Rate = self.env["b2b.rate"]
        company = self.company_id
        known = Rate._get_rates(company, self.rate_source, date)
        rates = {
            currency_id: row.rate
            for currency_id, row in known.items()
            if not Rate._is_too_old(row, company, date)
        }
        rates[company.currency_id.id] = 1.0
        return rates

    def _b2b_get_rate_refusal(self, date=None):
        """Why the agreement (single, sudo) has no prices for want of a rate.

        :return: text for the customer, or False
        """
        self.ensure_one()
        needed = self._b2b_get_needed_currencies()
        if not needed:
            return False
        Rate = self.env["b2b.rate"]
        known = Rate._get_rates(self.company_id, self.rate_source, date)
        for currency in needed:
            row = known.get(currency.id)
            if not row or Rate._is_too_old(row, self.company_id, date):
                return self._get_rate_refusal_text(currency, row, Rate._get_day(date))
        return False

    def _get_rate_refusal_text(self, currency, row, day):
        """What is said of a currency whose rate is missing or, ``row``, too old."""
        internal = self.rate_source == "internal"
        if not row:
            if internal:
                return self.env._(
                    "There is no internal rate of %(currency)s, so there are no "
                    "prices. Ask your manager to set it; your carts stay as they are.",
                    currency=currency.name,
                )
            return self.env._(
                "There is no official rate of %(currency)s, so there are no prices. "
                "Ask your manager to enter it; your carts stay as they are.",
                currency=currency.name,
            )
        values = {
            "currency": currency.name,
            "days": (day - row.date).days,
            "date": format_date(self.env, row.date),
        }
        if internal:
            return self.env._(
                "The internal rate of %(currency)s is %(days)s days old (of %(date)s). "
                "Orders are taken again once it is renewed: ask your manager.",
                **values,
            )
        return self.env._(
            "The official rate of %(currency)s is %(days)s days old (of %(date)s). "
            "Orders are taken again once it is renewed: ask your manager.",
            **values,
        )

    def _get_refusal(self, date=None):
        """Refuse orders without a rate, unless the order holds one of its own.

        The key ``b2b_rates_held`` in the context says that it does.
        """
        refusal = super()._get_refusal(date)
        if refusal or self.env.context.get("b2b_rates_held"):
            return refusal
        return self.sudo()._b2b_get_rate_refusal(date)

    # === THE COMPANY'S CURRENCY === #

    def _b2b_get_equivalent(self, amount, date=None):
        """An amount of the agreement (at most one, sudo) in the company's currency.

        :param float amount: in the agreement's currency
        :return: rounded float, or None: not asked for, the same currency, no rate
        """
        if not self or not self.show_company_currency:
            return None
        target = self.company_id.currency_id
        if self.currency_id == target:
            return None
        rate = self._b2b_get_rates(date).get(self.currency_id.id)
        return target.round(amount * rate) if rate else None
