# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import html2plaintext


class B2bMember(models.Model):
    """Who changed what about a member, in the words of the customer."""

    _inherit = "b2b.member"

    def _get_history(self, limit=50):
        """Changes of a member (single), the newest first.

        Read in sudo: the caller has checked that the user sees the member. What the
        staff wrote to each other (comments, notes) is not in it, only what the
        system recorded.

        :return: list of dicts: date, author, text, changes (list of dicts: label,
            old, new)
        """
        self.ensure_one()
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("message_type", "in", ("notification", "auto_comment")),
                ],
                order="id desc",
                limit=limit,
            )
        )
        rows = []
        for message in messages:
            trackings = message.tracking_value_ids._filter_free_field_access()
            row = {
                "date": message.date,
                "author": message.author_id.name or message.email_from or "",
                "text": html2plaintext(message.body or "").strip(),
                "changes": [
                    {
                        "label": values["fieldInfo"]["changedField"],
                        "old": self._format_tracked(values["oldValue"]),
                        "new": self._format_tracked(values["newValue"]),
                    }
                    for values in trackings._tracking_value_format()
                ],
            }
            if row["text"] or row["changes"]:
                rows.append(row)
        return rows

    def _format_tracked(self, value):
        """A value of the history as text."""
        if isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        return value or "–"

    def _get_last_logins(self):
        """When the members (batch) signed in last.

        :return: dict user id -> datetime (UTC)
        """
        rows = (
            self.env["res.users.log"]
            .sudo()
            ._read_group(
                [("create_uid", "in", self.sudo().user_id.ids)],
                ["create_uid"],
                ["create_date:max"],
            )
        )
        return {user.id: date for user, date in rows}

    def _get_2fa_users(self):
        """Users of the members (batch) who have switched on two-factor sign-in.

        :return: ``res.users`` in sudo
        """
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return users.search(
            [("id", "in", self.sudo().user_id.ids), ("totp_enabled", "=", True)]
        )
