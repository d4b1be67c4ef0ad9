# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

# Days before the last day at which we remind.
REMIND_DAYS = (30, 7, 1)


class B2bReminderMixin(models.AbstractModel):
    """Reminders before something of a customer ends: thirty days, a week, a day.

    For models with ``date_end``. A run that was missed is made up for, and nobody is
    reminded twice of the same.
    """

    _name = "b2b.reminder.mixin"
    _description = "Reminders before an End"

    reminded_days = fields.Integer(
        default=0,
        readonly=True,
        copy=False,
        help="The last reminder was that many days before the end; 0: none yet.",
    )

    def _b2b_get_due_reminder(self, today):
        """The reminder (days before the end) that the record (single) is due for.

        :return: one of ``REMIND_DAYS``, or 0
        """
        left = (self.date_end - today).days
        due = min((days for days in REMIND_DAYS if left <= days), default=0)
        return 0 if self.reminded_days and self.reminded_days <= due else due

    def _b2b_send_reminder(self, template, members, today):
        """Mail the due reminder of the record (single) and note that it is sent.

        :param template: ``mail.template``; ``b2b_lang`` in its context is the reader's
        :param members: ``b2b.member`` (batch, sudo), each gets a mail of their own
        """
        for member in members:
            template.with_context(b2b_lang=member.user_id.lang).send_mail(
                self.id,
                email_values={
                    "recipient_ids": [fields.Command.set(member.partner_id.ids)]
                },
            )
        self.reminded_days = self._b2b_get_due_reminder(today)
