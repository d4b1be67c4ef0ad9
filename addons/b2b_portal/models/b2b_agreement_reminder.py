# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools.misc import format_date

from .b2b_reminder_mixin import REMIND_DAYS


class B2bAgreement(models.Model):
    """Reminders before the end of an agreement: 30 days, a week and a day."""

    _name = "b2b.agreement"
    _inherit = ["b2b.agreement", "b2b.reminder.mixin"]

    def write(self, vals):
        """A new last day has reminders of its own."""
        if "date_end" not in vals:
            return super().write(vals)
        end = fields.Date.to_date(vals["date_end"])
        moved = self.filtered(lambda a: a.date_end != end)
        super(B2bAgreement, moved).write(vals | {"reminded_days": 0})
        return super(B2bAgreement, self - moved).write(vals)

    @api.model
    def _cron_remind(self):
        """Remind managers and customers of agreements that end soon.

        A run that was missed is made up for, nobody is reminded twice of the same,
        and a renewed agreement is no reason to remind. Each agreement is a
        transaction: the job may be killed at any instant.
        """
        today = fields.Date.context_today(self)
        domain = self._b2b_get_expiring_domain(max(REMIND_DAYS))
        agreements = self.search(domain, order="id")
        due = agreements.filtered(
            lambda a: a._b2b_get_due_reminder(today) and not a.renewal_id
        )
        receivers = due._b2b_get_reminded()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for agreement in due:
            agreement._b2b_remind(receivers[agreement], today)
            if not cron._commit_progress(1):
                break

    def _b2b_remind(self, members, today):
        """Send the due reminder of the agreement (single) and note that it is sent."""
        template = self.env.ref("b2b_portal.mail_template_agreement_expiry")
        self._b2b_send_reminder(template, members, today)
        self.account_id._b2b_remind_manager(
            self.env._(
                "Agreement “%(name)s” of %(entity)s ends on %(date)s: renew it",
                name=self.display_name,
                entity=self.entity_id.name,
                date=format_date(self.env, self.date_end),
            ),
            self,
        )

    def _b2b_get_reminded(self):
        """Members who may read the agreements (batch), and the directors.

        :return: dict agreement -> ``b2b.member`` in sudo
        """
        accounts = self.sudo().account_id
        members = accounts.member_ids.filtered(lambda m: m.user_id.active)
        reach = members._get_reach("agreement", "read")
        directors = {account: account._b2b_get_directors() for account in accounts}
        return {
            agreement: members.filtered(
                lambda m, a=agreement: a.entity_id.id in reach[m]
            )
            | directors[agreement.account_id]
            for agreement in self.sudo()
        }

    def _b2b_get_end_text(self):
        """What happens after the last day of the agreement (single), for a customer.

        Nothing where it has no last day: core tries a mail's text on any record.
        """
        if not self.date_end:
            return ""
        if renewal := self.sudo().renewal_id:
            return self.env._(
                "“%(name)s” goes on from %(date)s: your carts can be moved to it.",
                name=renewal._b2b_print_name(),
                date=format_date(self.env, renewal.date_start),
            )
        others = self.sudo().entity_id.b2b_agreement_ids - self
        if others.filtered(lambda a: a._is_valid_on(self.date_end)):
            return self.env._(
                "After that no orders are taken under it. Your carts stay and can be "
                "moved to another agreement."
            )
        return self.env._(
            "After that no orders are taken from this legal entity until your manager "
            "renews it. Your carts stay."
        )
