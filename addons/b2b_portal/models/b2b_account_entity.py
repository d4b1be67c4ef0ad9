# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class B2bAccount(models.Model):
    """What the customer asks of the account's manager about legal entities."""

    _inherit = "b2b.account"

    def _b2b_remind_manager(self, summary, record=None):
        """Give the account's manager an activity (single account).

        :param str summary: what to do
        :param record: where to do it, a record with activities; the account by default
        """
        self.ensure_one()
        where = self if record is None or "activity_ids" not in record else record
        manager = self._get_manager()
        where.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            user_id=(manager or self.env.ref("base.user_admin")).id,
        )
