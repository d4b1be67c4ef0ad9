# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain
from odoo.http import request

from .b2b_member_preview import PREVIEW_SESSION_KEY


class Website(models.Model):
    """What the desk at /my and the frame show of members and rights."""

    _inherit = "website"

    def _b2b_get_preview(self):
        """What the banner of a preview says; None outside of one."""
        return getattr(request, "b2b_preview", None) if request else None

    def _b2b_stop_preview(self):
        """End the preview of this session.

        :return: where to go on
        """
        preview = request.session.pop(PREVIEW_SESSION_KEY, None)
        if not preview or preview.get("uid") != self.env.uid:
            return "/my"
        member = self.env["b2b.member"].sudo().browse(preview["member_id"]).exists()
        if member:
            member._log_preview_end()
        if self.env.user._is_internal():
            return f"/odoo/b2b.member/{member.id}" if member else "/odoo"
        return f"/my/members/{member.id}" if member else "/my/members"

    def _b2b_may_manage_members(self):
        """Whether colleagues are the visitor's business: inbox rows, tile."""
        Member = self.env["b2b.member"]
        return self._b2b_is_member() and any(
            Member._may("member", verb) for verb in ("create", "write", "approve")
        )

    def _b2b_get_inbox(self):
        """Add colleagues who wait for a confirmation or ask for a right."""
        rows = super()._b2b_get_inbox()
        if self._b2b_may_manage_members():
            rows += self._b2b_get_confirm_rows() + self._b2b_get_request_rows()
        return rows

    def _b2b_get_confirm_rows(self):
        """Members whom the visitor may confirm: stage two of their rights."""
        Member = self.env["b2b.member"].with_user(self.env.user)
        domain = Member._b2b_scope_domain("approve")
        waiting = Member.search(
            domain
            & Domain("stage", "=", "verified")
            & Domain("user_id", "!=", self.env.uid),
            limit=20,
        )
        return [
            {
                "code": "member_confirm",
                "icon": "user-plus",
                "title": self.env._("Confirm %(name)s", name=member.name),
                "text": ", ".join(member.role_ids.mapped("name")),
                "url": f"/my/members/{member.id}",
                "button": self.env._("Look and confirm"),
                "date": member.create_date,
                "priority": 40,
            }
            for member in waiting.sudo()
        ]

    def _b2b_get_request_rows(self):
        """Open requests of those whom the visitor may give rights to."""
        Request = self.env["b2b.access.request"].with_user(self.env.user)
        domain = Request._b2b_scope_domain("write") | Request._b2b_scope_domain(
            "approve"
        )
        found = Request.search(
            domain
            & Domain("state", "=", "open")
            & Domain("member_id.user_id", "!=", self.env.uid),
            limit=20,
        )
        return [
            {
                "code": "access_request",
                "icon": "key",
                "title": self.env._(
                    "%(name)s asks for a right", name=record.member_id.name
                ),
                "text": record._get_words(),
                "url": f"/my/requests/{record.id}",
                "button": self.env._("Decide"),
                "date": record.create_date,
                "priority": 45,
            }
            for record in found.sudo()
        ]

    def _b2b_get_tiles(self):
        """Add the members; the roles are in the menu, a tile needs a figure."""
        tiles = super()._b2b_get_tiles()
        Member = self.env["b2b.member"].with_user(self.env.user)
        if self._b2b_may_manage_members():
            tiles.append(
                {
                    "code": "members",
                    "icon": "users",
                    "title": self.env._("Members"),
                    "value": str(Member.search_count([])),
                    "text": self.env._("Colleagues, their roles and legal entities"),
                    "url": "/my/members",
                    "sequence": 70,
                }
            )
        return tiles
