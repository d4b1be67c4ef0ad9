# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import date_utils


class SaleOrder(models.Model):
    """What a member may order at most: per order and per period."""

    _inherit = "sale.order"

    def _b2b_get_submit_grants(self):
        """Grants by which the current user may place this order (single).

        :return: list of :class:`~.b2b_member.Grant`; empty for anybody but members
        """
        self.ensure_one()
        Member = self.env["b2b.member"]
        if not Member._is_member(self.env.user):
            return []
        return [
            grant
            for grant in Member._get_grants()
            if (grant.object, grant.verb) == ("cart", "submit")
            and self.b2b_entity_id.id in grant.get_entity_ids()
        ]

    def _b2b_convert_limit(self, amount):
        """A limit of a role, in the company's currency, in that of the order."""
        return self.company_id.currency_id._convert(
            amount, self.currency_id, self.company_id, fields.Date.today()
        )

    def _b2b_get_limit_checks(self):
        """Checks of the limits of the member's roles (single order).

        Several roles: the highest limit counts, a role without one lifts all.

        :return: rows as of ``_b2b_get_checks``
        """
        self.ensure_one()
        grants = self._b2b_get_submit_grants()
        checks = []
        limits = [grant.amount_limit for grant in grants]
        if limits and all(limits):
            limit = self._b2b_convert_limit(max(limits))
            if self.currency_id.compare_amounts(self.amount_total, limit) > 0:
                message = self.env._(
                    "The order is over your limit of %(limit)s per order. Ask your "
                    "head to place it.",
                    limit=self.currency_id.format(limit),
                )
                checks.append(self._b2b_check_row("amount_limit", message))
        if grants and all(grant.period_limit for grant in grants):
            checks += self._b2b_get_period_check(
                max(grants, key=lambda grant: grant.period_limit)
            )
        return checks

    def _b2b_get_period_check(self, grant):
        """The check of a limit per period, a list of at most one row."""
        limit = self._b2b_convert_limit(grant.period_limit)
        spent = self._b2b_get_spent(grant)
        total = spent + self.amount_total
        if self.currency_id.compare_amounts(total, limit) <= 0:
            return []
        message = self.env._(
            "Your orders of this period would come to %(total)s, your limit is "
            "%(limit)s. Ask your head to place the order.",
            total=self.currency_id.format(total),
            limit=self.currency_id.format(limit),
        )
        return [self._b2b_check_row("period_limit", message)]

    def _b2b_get_spent(self, grant):
        """What the member has ordered in the current period of a limit.

        :return: float in the order's currency, cancelled orders left out
        """
        today = fields.Date.context_today(self)
        rows = self.sudo()._read_group(
            [
                ("b2b_member_id", "=", grant.member_id),
                ("state", "=", "sale"),
                ("b2b_submitted_at", ">=", date_utils.start_of(today, grant.period)),
            ],
            ["currency_id", "company_id"],
            ["amount_total:sum"],
        )
        return sum(
            currency._convert(amount, self.currency_id, company, today)
            for currency, company, amount in rows
        )
