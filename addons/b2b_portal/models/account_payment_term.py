# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare

Command = fields.Command


class AccountPaymentTerm(models.Model):
    """Payment terms as wholesalers speak of them: prepayment and deferral."""

    _inherit = "account.payment.term"

    def _b2b_get_parts(self):
        """Prepayment and deferral of the payment term (at most one).

        What is due at once counts as prepaid; of several instalments the last day
        counts.

        :return: (percent, days)
        """
        lines = self.sudo().line_ids
        now = lines.filtered(lambda line: self._b2b_is_percent(line, at_once=True))
        return sum(now.mapped("value_amount")), max(lines.mapped("nb_days"), default=0)

    @api.model
    def _b2b_is_percent(self, line, at_once):
        """Whether a line is a plain percent, due at once or some days later."""
        plain = line.value == "percent" and line.delay_type == "days_after"
        return plain and (not line.nb_days) == at_once

    @api.model
    def _b2b_find_or_create(self, percent, days, company):
        """The payment term of a prepayment and a deferral.

        :param float percent: prepayment, 0 to 100
        :param int days: when the rest is due; 0 only with a prepayment of 100 %
        :return: ``account.payment.term`` (single, sudo); empty for 0 % and 0 days
        :raise ValidationError: the numbers make no payment term
        """
        self._b2b_check_parts(percent, days)
        terms = self.sudo()
        if not percent and not days:
            return terms.browse()
        known = terms.search(
            Domain("company_id", "in", [False, company.id])
            & Domain("early_discount", "=", False)
        )
        for term in known:
            if term._b2b_is_exactly(percent, days):
                return term
        return terms.create(self._b2b_prepare(percent, days, company))

    @api.model
    def _b2b_check_parts(self, percent, days):
        """:raise ValidationError: the numbers make no payment term"""
        if not 0 <= percent <= 100:
            raise ValidationError(
                self.env._("The prepayment must be between 0 and 100 %.")
            )
        if days < 0:
            raise ValidationError(self.env._("The deferral cannot be negative."))
        if 0 < percent < 100 and not days:
            raise ValidationError(
                self.env._("Say in how many days the rest is due after prepayment.")
            )

    def _b2b_is_simple(self):
        """Whether prepayment and deferral say all of the payment term (at most one)."""
        lines = self.sudo().line_ids
        later = lines.filtered("nb_days")
        return len(later) <= 1 and all(
            self._b2b_is_percent(line, at_once=not line.nb_days) for line in lines
        )

    def _b2b_is_exactly(self, percent, days):
        """Whether the payment term (single) is this and nothing else."""
        if not self._b2b_is_simple():
            return False
        prepaid, last = self._b2b_get_parts()
        equal = float_compare(prepaid, percent, precision_digits=2) == 0
        return equal and (last == days or percent == 100)

    @api.model
    def _b2b_prepare(self, percent, days, company):
        """Values of a new payment term."""
        shares = [(percent, 0), (100 - percent, days)]
        return {
            "name": self._b2b_get_parts_text(percent, days),
            "company_id": company.id,
            "line_ids": [
                Command.create(
                    {"value": "percent", "value_amount": share, "nb_days": due}
                )
                for share, due in shares
                if share
            ],
        }

    @api.model
    def _b2b_get_parts_text(self, percent, days):
        """'30 % prepayment, rest in 14 days'; empty for nothing."""
        names = {"percent": f"{percent:g}", "days": days}
        if percent >= 100:
            return self.env._("100 % prepayment")
        if percent:
            return self.env._(
                "%(percent)s %% prepayment, rest in %(days)s days", **names
            )
        return self.env._("Payment in %(days)s days", **names) if days else ""
