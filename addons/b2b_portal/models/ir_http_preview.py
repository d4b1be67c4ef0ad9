# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from contextlib import suppress

from odoo import models
from odoo.exceptions import AccessError
from odoo.http import request

from ..tools.refusal import Refusal
from .b2b_member_preview import PREVIEW_SECONDS, PREVIEW_SESSION_KEY

# A question of the page at /my that core asks by POST; it reads, and what it
# would write is rolled back like everything in a preview.
READ_POSTS = ("/my/counters",)
# Ways out of a preview: the real user's own requests, which ask for their rights.
EXITS = ("/b2b/preview/stop", "/web/session/logout", "/b2b/catalogue-page/new")
# Passwords, keys and devices of a person are shown to nobody else.
CLOSED_PAGES = ("/my/security",)
# What of the real user's session a previewed page may know.
KEPT_KEYS = (
    "context",
    "create_time",
    "db",
    "debug",
    "login",
    "session_token",
    "uid",
    "_trace",
    PREVIEW_SESSION_KEY,
)


class IrHttp(models.AbstractModel):
    """Serves the pages of the website as a previewed member sees them.

    The session stays the real user's; for a page, the environment's user becomes
    the member, nothing of the session is saved and the transaction is rolled back.
    Everything but pages stays the real user's (backend, RPC) or is refused.
    """

    _inherit = "ir.http"

    @classmethod
    def _authenticate(cls, endpoint):  # pylint: disable=missing-return
        super()._authenticate(endpoint)
        if endpoint.routing.get("website") and endpoint.routing["auth"] != "none":
            cls._b2b_apply_preview(endpoint.routing["type"])

    @classmethod
    def _serve_fallback(cls):
        # pages of the website builder have no route
        if request.session.uid and not getattr(request, "b2b_preview", None):
            cls._b2b_apply_preview("http")
        return super()._serve_fallback()

    @classmethod
    def _b2b_apply_preview(cls, routing_type):
        """Become the previewed member for this request, if there is a preview.

        :raise AccessError: anything but reading a page
        """
        member = cls._b2b_get_previewed()
        if not member:
            return
        http_request = request.httprequest
        path = http_request.path
        if path in EXITS:
            return
        reads = http_request.method in ("GET", "HEAD") or path in READ_POSTS
        if not reads or path in CLOSED_PAGES:
            raise cls._b2b_refuse_in_preview(member, routing_type)
        request.b2b_preview = cls._b2b_describe_preview(member)
        session = request.session
        session.can_save = False
        for key in set(session) - set(KEPT_KEYS):
            session.pop(key)
        request.update_env(user=member.user_id.id)

    @classmethod
    def _b2b_describe_preview(cls, member):
        """What pages say of the preview, and what the real user may do there."""
        user = request.env.user
        return {
            "name": member.name,
            "user": user.name,
            "may_save_view": user.has_group("b2b_portal.group_staff_admin"),
        }

    @classmethod
    def _b2b_get_previewed(cls):
        """The member whose view the session shows, in sudo; rights checked anew.

        A preview that is over, or that the user may not have any more, is dropped.
        """
        preview = request.session.get(PREVIEW_SESSION_KEY)
        if not preview or request.session.uid is None:
            return None
        Member = request.env["b2b.member"]
        member = Member.sudo().browse(preview.get("member_id")).exists()
        in_time = time.time() - preview.get("started", 0) < PREVIEW_SECONDS
        if member and in_time and preview.get("uid") == request.session.uid:
            with suppress(AccessError):
                member._check_preview()
                return member
        request.session.pop(PREVIEW_SESSION_KEY)
        return None

    @classmethod
    def _b2b_refuse_in_preview(cls, member, routing_type):
        """The refusal of whatever is not reading, as an exception."""
        text = request.env._(
            "You see the portal as %(name)s, read only. Stop the preview to change "
            "something.",
            name=member.name,
        )
        if routing_type == "jsonrpc":
            return AccessError(text)
        request.b2b_preview = cls._b2b_describe_preview(member)
        return Refusal(text=text)

    @classmethod
    def _post_dispatch(cls, response):  # pylint: disable=missing-return
        super()._post_dispatch(response)
        if getattr(request, "b2b_preview", None):
            request.env.cr.rollback()
            request.env.transaction.clear()

    # === REFUSALS === #

    @classmethod
    def _get_error_html(cls, env, code, values):
        """Say why, and whom to ask, where one of our pages has refused."""
        refusal = values.get("exception")
        if isinstance(refusal, Refusal):
            return 403, env["ir.ui.view"]._render_template(
                "b2b_portal.refused", values | refusal.get_values(env)
            )
        return super()._get_error_html(env, code, values)
