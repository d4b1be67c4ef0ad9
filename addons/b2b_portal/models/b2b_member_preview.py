# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo import models
from odoo.exceptions import AccessError
from odoo.http import request

PREVIEW_SESSION_KEY = "b2b_preview"
PREVIEW_SECONDS = 30 * 60


class B2bMember(models.Model):
    """'See the portal as …': somebody else's view, read only; see ``ir.http``."""

    _inherit = "b2b.member"

    def _check_preview(self):
        """Refuse a preview that would show more than the user may see.

        The previewed person may be a member of several accounts: the user must have
        the right in all of them.

        :raise AccessError: with a text for the customer
        """
        self.ensure_one()
        member = self.sudo()
        target = member.user_id
        if not member.active or not target.active or not target.share:
            raise AccessError(
                self.env._("Only the view of active members can be shown.")
            )
        if not self._is_member(self.env.user):
            if not self.env.user.has_group("b2b_portal.group_staff_user"):
                raise AccessError(self.env._("Your role does not allow this."))
            self.with_user(self.env.user).check_access("read")
            return
        for membership in member.search([("user_id", "=", target.id)]):
            membership._check_manage("write")

    def _portal_preview(self, reason=""):
        """Start the preview (single, sudo) in the current session.

        :raise AccessError: as of :meth:`_check_preview`
        """
        self._check_preview()
        request.session[PREVIEW_SESSION_KEY] = {
            "member_id": self.id,
            "uid": self.env.uid,
            "started": int(time.time()),
        }
        self._message_log(
            body=self.env._(
                "%(user)s looks at the portal as %(name)s, read only. Reason: "
                "%(reason)s",
                user=self.env.user.name,
                name=self.name,
                reason=(reason or "").strip()[:200] or "–",
            ),
            author_id=self.env.user.partner_id.id,
        )

    def _log_preview_end(self):
        """Note the end of a preview in the history (single, sudo)."""
        self._message_log(
            body=self.env._(
                "%(user)s no longer looks at the portal as %(name)s.",
                user=self.env.user.name,
                name=self.name,
            ),
            author_id=self.env.user.partner_id.id,
        )
