# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_date, formatLang

RATES_KEY = "b2b_portal.rates_in_table"
NOMINALS = (1, 10, 100, 1000, 10000)
# A rate that is to hold later than this is a slip of the pen.
MAX_AHEAD = timedelta(days=366)


class Rate(NamedTuple):
    """A rate that holds: units of the company's currency for one unit of another.

    ``source`` is 'official' or 'internal'; ``nominal`` says how people quote it.
    """

    currency_id: int
    rate: float
    date: object
    source: str
    nominal: int = 1


class B2bRate(models.Model):
    """Internal rates of a company, each from a date on.

    The newest one at or before a date holds on it.
    """

    _name = "b2b.rate"
    _description = "Internal Currency Rate"
    _inherit = ["mail.thread"]
    _order = "date desc, currency_id, id desc"
    _rec_name = "currency_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        ondelete="restrict",
        domain="[('id', '!=', company_currency_id)]",
        tracking=True,
    )
    date = fields.Date(
        "Holds from",
        required=True,
        default=fields.Date.context_today,
        index=True,
        tracking=True,
    )
    nominal = fields.Integer(
        "Units",
        default=1,
        required=True,
        tracking=True,
        help="For how many units of the currency the rate is quoted: 1, 10, 100…",
    )
    rate = fields.Float(
        digits=(16, 6),
        required=True,
        tracking=True,
        help="Units of the company's currency for that many units of the other one.",
    )
    source = fields.Selection(
        [
            ("manual", "By hand"),
            ("import", "From a file"),
            ("exchange", "Exchange with the accounting system"),
            ("official", "Copy of the official rate"),
        ],
        default="manual",
        required=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Set by",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
    )

    _date_unique = models.Constraint(
        "UNIQUE(company_id, currency_id, date)",
        "There is a rate of this currency from this date already: change that one.",
    )
    _rate_positive = models.Constraint("CHECK(rate > 0)", "A rate must be above zero.")
    _nominal_known = models.Constraint(
        "CHECK(nominal IN (1, 10, 100, 1000, 10000))",
        "A rate is quoted for 1, 10, 100, 1000 or 10000 units.",
    )

    @api.constrains("currency_id", "company_id")
    def _check_currency(self):
        for rate in self:
            if rate.currency_id == rate.company_id.currency_id:
                raise ValidationError(
                    self.env._(
                        "%(currency)s is the company's own currency: it has no rate.",
                        currency=rate.currency_id.name,
                    )
                )

    @api.constrains("date")
    def _check_date(self):
        latest = fields.Date.context_today(self) + MAX_AHEAD
        for rate in self:
            if rate.date > latest:
                raise ValidationError(
                    self.env._(
                        "The rate would hold from %(date)s only. Check the year.",
                        date=format_date(self.env, rate.date),
                    )
                )

    @api.depends("currency_id", "date")
    def _compute_display_name(self):
        for rate in self:
            date = rate.date and format_date(self.env, rate.date) or ""
            rate.display_name = f"{rate.currency_id.name or ''} {date}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        self._forget_rates()
        return super().create(vals_list)

    def write(self, vals):
        self._forget_rates()
        if "rate" in vals or "nominal" in vals:
            vals = {"user_id": self.env.uid} | vals
        return super().write(vals)

    def unlink(self):
        self._forget_rates()
        return super().unlink()

    # === RATES THAT HOLD === #

    @api.model
    def _forget_rates(self):
        """Drop the rates that this transaction has read: one of them changes."""
        self.env.cr.cache.pop(RATES_KEY, None)

    @api.model
    def _get_rates(self, company, source, date=None):
        """Rates of a company that hold on a date, whatever their age.

        Read once in a transaction; one query.

        :param str source: 'internal' or 'official'
        :param date: a date or datetime (UTC), today if it is left out
        :return: dict currency id -> :class:`Rate`, without the company's currency
        """
        day = self._get_day(date)
        cache = self.env.cr.cache.setdefault(RATES_KEY, {})
        if day > (today := fields.Date.context_today(self)):
            # days ahead share the last rates that are known: no query for each day
            day = max(today, min(day, self._get_last_day(company, source)))
        key = (company.id, source, day)
        if key not in cache:
            reader = (
                self._read_internal if source == "internal" else self._read_official
            )
            cache[key] = reader(company, day)
        return cache[key]

    @api.model
    def _get_last_day(self, company, source):
        """The day of the latest rate of a company, read once in a transaction."""
        cache = self.env.cr.cache.setdefault(RATES_KEY, {})
        key = (company.id, source)
        if key not in cache:
            if source == "internal":
                model, name, owners = self, "date", company
            else:
                model, name = self.env["res.currency.rate"].sudo(), "name"
                owners = company.sudo().root_id
            domain = [("company_id", "in", [False, owners.id])]
            found = model.sudo().search(domain, order=f"{name} desc", limit=1)
            cache[key] = found[name] or fields.Date.context_today(self)
        return cache[key]

    @api.model
    def _get_day(self, date=None):
        """The day, in the user's time zone, that a date or datetime stands for."""
        if not date:
            return fields.Date.context_today(self)
        if isinstance(date, str):
            date = fields.Datetime.to_datetime(date)
        if hasattr(date, "hour"):
            return fields.Datetime.context_timestamp(self, date).date()
        return date

    @api.model
    def _read_internal(self, company, day):
        self.flush_model(["company_id", "currency_id", "date", "rate", "nominal"])
        query = SQL(
            "SELECT DISTINCT ON (currency_id) currency_id, rate, date, nominal "
            "FROM b2b_rate WHERE company_id = %s AND date <= %s AND rate > 0 "
            "ORDER BY currency_id, date DESC",
            company.id,
            day,
        )
        return {
            currency_id: Rate(
                currency_id, float(rate) / nominal, date, "internal", nominal
            )
            for currency_id, rate, date, nominal in self.env.execute_query(query)
            if currency_id != company.currency_id.id
        }

    @api.model
    def _read_official(self, company, day):
        """Core's rates, but only those that there are: core takes 1.0 otherwise."""
        self.env["res.currency.rate"].flush_model(
            ["company_id", "currency_id", "name", "rate"]
        )
        query = SQL(
            "SELECT DISTINCT ON (currency_id) currency_id, rate, name "
            "FROM res_currency_rate WHERE name <= %s AND rate > 0 "
            "AND (company_id IS NULL OR company_id = %s) "
            "ORDER BY currency_id, company_id NULLS LAST, name DESC",
            day,
            company.sudo().root_id.id,
        )
        rows = {row[0]: row for row in self.env.execute_query(query)}
        own_id = company.sudo().currency_id.id
        own = float(rows.pop(own_id)[1]) if own_id in rows else 1.0
        # as res.currency.inverse_rate computes it, to the last bit
        return {
            currency_id: Rate(currency_id, 1 / (float(rate) / own), date, "official")
            for currency_id, rate, date in rows.values()
        }

    @api.model
    def _get_max_age(self, company, source):
        """How many days a rate of a source may be old in a company; 0: no limit."""
        company = company.sudo()
        if source == "internal":
            return company.b2b_rate_max_age
        return company.b2b_official_rate_max_age

    @api.model
    def _is_too_old(self, rate, company, date=None):
        """Whether a :class:`Rate` is older than its company allows."""
        limit = self._get_max_age(company, rate.source)
        if not limit:
            return False
        # nobody knows the rates of days ahead: a forecast takes those of today
        day = min(self._get_day(date), fields.Date.context_today(self))
        return (day - rate.date).days > limit

    # === WORDS === #

    @api.model
    def _format_rate(self, rate, company):
        """'1 USD = 82.40 RUB' for a :class:`Rate`."""
        currency = self.env["res.currency"].browse(rate.currency_id).sudo()
        return self._format_quote(
            currency, rate.rate * rate.nominal, rate.nominal, company
        )

    @api.model
    def _format_quote(self, currency, quote, nominal, company):
        """'10 CNY = 115.80 RUB': at least two decimals, at most six."""
        decimals = f"{quote:.6f}".rstrip("0").partition(".")[2]
        amount = formatLang(self.env, quote, digits=max(2, len(decimals)))
        target = company.sudo().currency_id.name
        return f"{nominal}\u00a0{currency.name} = {amount}\u00a0{target}"

    @api.model
    def _get_source_name(self, source):
        """'internal' or 'official' in words."""
        names = {
            "internal": self.env._("internal rate"),
            "official": self.env._("official rate"),
        }
        return names[source]


class ResCurrencyRate(models.Model):
    """The official rates: what this transaction has read of them may change."""

    _inherit = "res.currency.rate"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["b2b.rate"]._forget_rates()
        return super().create(vals_list)

    def write(self, vals):
        self.env["b2b.rate"]._forget_rates()
        return super().write(vals)

    def unlink(self):
        self.env["b2b.rate"]._forget_rates()
        return super().unlink()
