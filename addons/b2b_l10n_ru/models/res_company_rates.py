# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

import requests

from odoo import api, fields, models

from ..tools.cbr_rates import MAX_BYTES, CbrError, parse_cbr_rates

_logger = logging.getLogger(__name__)
URL_PARAMETER = "b2b_l10n_ru.cbr_rates_url"
DEFAULT_URL = "https://www.cbr.ru/scripts/XML_daily.asp"
TIMEOUT = 20


class ResCompany(models.Model):
    """Official rates of the Bank of Russia for companies that count in roubles."""

    _inherit = "res.company"

    b2b_cbr_rates = fields.Boolean(
        "Official rates of the Bank of Russia, daily",
        help="Only for a company whose currency is the rouble.",
    )
    b2b_cbr_to_internal = fields.Boolean(
        "Copy them into the internal rates",
        help="A day whose internal rate is there already keeps it.",
    )
    b2b_cbr_last = fields.Datetime("Last fetched", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if any("b2b_cbr_rates" in vals for vals in vals_list):
            self._b2b_switch_cbr_cron()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "b2b_cbr_rates" in vals:
            self._b2b_switch_cbr_cron()
        return result

    @api.model
    def _b2b_switch_cbr_cron(self):
        """Run the daily job while a company wants the rates."""
        cron = self.env.ref("b2b_l10n_ru.ir_cron_cbr_rates", raise_if_not_found=False)
        if cron:
            domain = [("b2b_cbr_rates", "=", True)]
            cron.sudo().active = bool(self.sudo().search_count(domain, limit=1))

    @api.model
    def _b2b_cron_cbr_rates(self):
        """Fetch the rates for all companies that want them."""
        companies = self.sudo().search([("b2b_cbr_rates", "=", True)])
        companies = companies.filtered(lambda c: c.currency_id.name == "RUB")
        if not companies:
            return
        try:
            day, rates = parse_cbr_rates(self._b2b_fetch_cbr())
        except (requests.RequestException, CbrError) as error:
            _logger.warning("Rates of the Bank of Russia: %s", error)
            for company in companies:
                company._b2b_report_cbr_failure(error)
            return
        for company in companies:
            company._b2b_write_cbr_rates(day, rates)

    @api.model
    def _b2b_fetch_cbr(self):
        """The feed as bytes.

        :raise requests.RequestException: no answer, or not a good one
        """
        parameters = self.env["ir.config_parameter"].sudo()
        url = parameters.get_param(URL_PARAMETER) or DEFAULT_URL
        with requests.get(url, timeout=TIMEOUT, stream=True) as response:
            response.raise_for_status()
            return response.raw.read(MAX_BYTES + 1, decode_content=True)

    def _b2b_write_cbr_rates(self, day, rates):
        """Enter the rates of active currencies (single company in roubles).

        Running it again on the same day changes nothing.

        :param dict rates: code -> :class:`~..tools.cbr_rates.CbrRate`
        """
        self.ensure_one()
        root = self.root_id
        currencies = self.env["res.currency"].search(
            [("name", "in", list(rates)), ("id", "!=", self.currency_id.id)]
        )
        known = self.env["res.currency.rate"].search(
            [
                ("company_id", "=", root.id),
                ("currency_id", "in", currencies.ids),
                ("name", "=", day),
            ]
        )
        known = known.grouped("currency_id")
        for currency in currencies:
            value = rates[currency.name].unit_rate
            if currency in known:
                known[currency].inverse_company_rate = value
                continue
            self.env["res.currency.rate"].with_company(root).create(
                {
                    "currency_id": currency.id,
                    "company_id": root.id,
                    "name": day,
                    "inverse_company_rate": value,
                }
            )
        if self.b2b_cbr_to_internal:
            self._b2b_copy_cbr_rates(day, currencies, rates)
        self.b2b_cbr_last = fields.Datetime.now()

    def _b2b_copy_cbr_rates(self, day, currencies, rates):
        """Enter the rates into the internal table, where the day has none."""
        Rate = self.env["b2b.rate"]
        present = Rate.search(
            [
                ("company_id", "=", self.id),
                ("currency_id", "in", currencies.ids),
                ("date", "=", day),
            ]
        )
        missing = currencies - present.currency_id
        nominals = (1, 10, 100, 1000, 10000)
        Rate.create(
            [
                {
                    "company_id": self.id,
                    "currency_id": currency.id,
                    "date": day,
                    "nominal": rate.nominal if rate.nominal in nominals else 1,
                    "rate": float(rate.value)
                    if rate.nominal in nominals
                    else rate.unit_rate,
                    "source": "official",
                }
                for currency in missing
                for rate in [rates[currency.name]]
            ]
        )

    def _b2b_report_cbr_failure(self, error):
        """One open activity for an accountant of the company (single)."""
        self.ensure_one()
        partner = self.partner_id
        summary = self.env._("The official rates could not be fetched")
        users = self.env.ref("account.group_account_manager").all_user_ids
        users = users.filtered(
            lambda user: user.active and not user.share and self in user.company_ids
        )
        user = users.sorted("id")[:1] or self.env.ref("base.user_admin")
        kind = self.env.ref("b2b_l10n_ru.mail_activity_cbr")
        activities = self.env["mail.activity"]
        domain = [
            ("res_model", "=", "res.partner"),
            ("res_id", "=", partner.id),
            ("activity_type_id", "=", kind.id),
        ]
        if activities.search_count(domain, limit=1):
            return
        partner.activity_schedule(
            activity_type_id=kind.id,
            summary=summary,
            note=self.env._(
                "%(error)s. Enter today's rates by hand, or run the job again.",
                error=str(error)[:300],
            ),
            user_id=user.id,
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    b2b_cbr_rates = fields.Boolean(related="company_id.b2b_cbr_rates", readonly=False)
    b2b_cbr_to_internal = fields.Boolean(
        related="company_id.b2b_cbr_to_internal", readonly=False
    )
    b2b_cbr_last = fields.Datetime(related="company_id.b2b_cbr_last")
    b2b_company_currency_name = fields.Char(related="company_id.currency_id.name")
