# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How exactly customers are told what is in stock: the nearest rule wins."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date, format_time

STOCK_DISPLAYS = [
    ("exact", "The quantity"),
    ("more", "More than so many"),
    ("lights", "Many, few or none"),
]
# More limits than these tell the quantity again.
MAX_LIMITS = 6
_CACHE_KEY = "b2b_portal.stock_figures"


class B2bSegment(models.Model):
    _inherit = "b2b.segment"

    stock_display = fields.Selection(
        STOCK_DISPLAYS, "Stock is shown as", help="Left empty: as on the website."
    )


class B2bAgreementTermsMixin(models.AbstractModel):
    _inherit = "b2b.agreement.terms.mixin"

    stock_display = fields.Selection(
        STOCK_DISPLAYS,
        "Stock is shown as",
        tracking=True,
        help="Left empty: as for the customer's segment, or as on the website.",
    )


class B2bAgreementTemplate(models.Model):
    _inherit = "b2b.agreement.template"

    @api.model
    def _get_term_names(self):
        return [*super()._get_term_names(), "stock_display"]


class Website(models.Model):
    _inherit = "website"

    b2b_stock_display = fields.Selection(
        STOCK_DISPLAYS,
        "Stock is shown as",
        default="exact",
        required=True,
        help="To customers, wherever stock is told: pages, messages, files.",
    )
    b2b_stock_few = fields.Float(
        "Few up to",
        default=10.0,
        digits="Product Unit",
        help="Many, few or none: up to this quantity in the product's own unit there "
        "are few.",
    )
    b2b_stock_limits = fields.Char(
        "Limits",
        default="10, 50, 100",
        help="More than so many: the quantities that are named, such as >10, >50, "
        ">100. What is not above the least one is told as 'up to' it.",
    )

    _b2b_stock_few_positive = models.Constraint(
        "CHECK(COALESCE(b2b_stock_few, 0) >= 0)",
        "'Few up to' cannot be negative.",
    )

    @api.constrains("b2b_stock_limits")
    def _check_b2b_stock_limits(self):
        for website in self:
            website._b2b_get_stock_limits()

    def _b2b_get_stock_limits(self):
        """Quantities that 'more than so many' names, the least first (single).

        :raise ValidationError: the text holds something else
        """
        parts = re.split(r"[\s,;]+", (self.b2b_stock_limits or "").strip())
        numbers = [int(part) for part in parts if re.fullmatch(r"[1-9]\d{0,8}", part)]
        if len(numbers) != len(parts) or len(parts) > MAX_LIMITS:
            raise ValidationError(
                self.env._(
                    "Limits of stock are up to %s whole numbers with commas between, "
                    "such as: 10, 50, 100",
                    MAX_LIMITS,
                )
            )
        return sorted(set(numbers))

    # === THE RULE === #

    def _b2b_get_stock_display(self, agreement=None):
        """How exactly a customer is told what is in stock.

        The agreement's rule, else that of its account's segment, else the website's.

        :param agreement: ``b2b.agreement`` whose customer is told, for what is made
            without a page (files, feeds, mails); the visitor's, if it is left out:
            staff count exactly
        :return: 'exact', 'more' or 'lights'
        """
        website = (self or self._b2b_get_visited()).sudo()
        if agreement:
            agreement = agreement.sudo()
            account = agreement.account_id
        elif not self.env.user.share:
            return "exact"
        else:
            agreement, account = website.with_env(self.env)._b2b_get_stock_customer()
        return (
            agreement.stock_display
            or account.segment_id.stock_display
            or website.b2b_stock_display
        )

    def _b2b_may_see(self, content):
        """Know 'stock_figures', too: stock as a number, not only in words."""
        if content != "stock_figures":
            return super()._b2b_may_see(content)
        return super()._b2b_may_see("stock") and self._b2b_may_count_stock()

    def _b2b_sees_all(self):
        return super()._b2b_sees_all() and self._b2b_may_see("stock_figures")

    def _b2b_may_count_stock(self):
        """Whether the visitor's rule is 'exact'.

        A program says not for which agreement it asks: the strictest rule of those
        that its user acts under holds.
        """
        website = (self or self._b2b_get_visited()).with_env(self.env)
        if website._b2b_get_stock_display() != "exact":
            return False
        acting = website._b2b_get_current_acting()
        if acting or not self.env.user.share or not website._b2b_is_member():
            return True
        cache = self.env.cr.cache.setdefault(_CACHE_KEY, {})
        key = (website.id, self.env.uid)
        if key not in cache:
            cache[key] = all(
                website._b2b_get_stock_display(agreement) == "exact"
                for agreement in website._b2b_get_agreements()
            )
        return cache[key]

    # === WORDS === #

    def _b2b_tell_stock(self, quantity, uom, agreement=None):
        """A free quantity as the customer is told it.

        The one function for whatever tells stock to customers. What it is told by is
        asked of :meth:`_b2b_may_see` before.

        :param float quantity: in ``uom``, the product's own unit
        :param agreement: as of :meth:`_b2b_get_stock_display`
        :return: (kind: 'good', 'few' or 'stop', text such as '120 pcs', '>100 pcs' or
            'Many')
        """
        website = (self or self._b2b_get_visited()).sudo()
        display = self._b2b_get_stock_display(agreement)
        if uom.compare(quantity, 0) <= 0:
            return "stop", self.env._("Out of stock")
        if display == "lights":
            if uom.compare(quantity, website.b2b_stock_few) <= 0:
                return "few", self.env._("Few")
            return "good", self.env._("Many")
        if display == "exact":
            return "good", f"{uom._b2b_format(quantity)} {uom.name}"
        limits = website._b2b_get_stock_limits()
        reached = [limit for limit in limits if uom.compare(quantity, limit) > 0]
        if reached:
            return "good", f">{uom._b2b_format(reached[-1])} {uom.name}"
        least = f"{uom._b2b_format(limits[0])} {uom.name}"
        return "few", self.env._("up to %(quantity)s", quantity=least)

    def _b2b_get_stock_cell(self, quantity, uom, agreement=None):
        """Stock for a cell of a file: a number where the rule is 'exact', else words.

        :param quantity: as of :meth:`_b2b_tell_stock`, or None
        :return: float, text or None
        """
        if quantity is None or self._b2b_get_stock_display(agreement) == "exact":
            return quantity
        return self._b2b_tell_stock(quantity, uom, agreement)[1]

    def _b2b_get_stock_time(self):
        """'14:05': what the stock of this page is as of, in the visitor's time."""
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        return format_time(self.env, now.time(), time_format="HH:mm")

    def _b2b_get_arrival_text(self, row, arrival):
        """Dates only, where figures are not told."""
        if self._b2b_may_see("stock_figures"):
            return super()._b2b_get_arrival_text(row, arrival)
        text = format_date(self.env, arrival.date)
        if arrival.late:
            return self.env._("Was due on %(date)s", date=text)
        return self.env._("Arrives on %(date)s", date=text)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    b2b_stock_display = fields.Selection(
        related="website_id.b2b_stock_display", readonly=False
    )
    b2b_stock_few = fields.Float(related="website_id.b2b_stock_few", readonly=False)
    b2b_stock_limits = fields.Char(
        related="website_id.b2b_stock_limits", readonly=False
    )
