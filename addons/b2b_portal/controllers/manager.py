# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from urllib.parse import urlsplit

from markupsafe import Markup
from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.http import Controller, request, route
from odoo.tools.misc import format_date

from .common import MemberPages

CALLBACKS_PER_HOUR = 5


def clean_page(page):
    """``page`` when it is a path of this site, else ''."""
    page = (page or "").strip()[:500]
    if not page.startswith("/") or page[1:2] in ("/", "\\"):
        return ""
    parts = urlsplit(page)
    if parts.scheme or parts.netloc or "\\" in page or not page.isprintable():
        return ""
    return page


class Manager(MemberPages, Controller):
    """The personal manager: photo and call back."""

    @route(
        "/b2b/manager/<int:account_id>/photo",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def photo(self, account_id, **kwargs):
        """Photo of the manager, or of who stands in, for members of the account.

        Portal users cannot read the users of the seller, whose other fields
        would come along.
        """
        self._check_member()
        account = self.env["b2b.member"]._get_own_accounts()
        account = account.filtered(lambda a: a.id == account_id)
        manager = account and account._get_manager()
        if not manager:
            raise NotFound
        stream = self.env["ir.binary"]._get_image_stream_from(
            manager, field_name="avatar_128"
        )
        response = stream.get_response(max_age=86400)
        response.headers["Cache-Control"] = "private, max-age=86400"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @route("/b2b/callback", type="http", auth="user", website=True, methods=["POST"])
    def callback(self, wish="", page="", **kwargs):
        """Ask the manager to call: an activity with the page and the cart."""
        self._check_member()
        member = request.b2b.member
        account = member.account_id
        manager = account and account._get_manager()
        page = clean_page(page)
        if not manager:
            self._tell(request.env._("You have no personal manager yet."), "warning")
        elif not member.partner_id.phone:
            self._tell(
                request.env._("Your phone number is missing: enter it at /my/account."),
                "warning",
            )
        elif self._count_callbacks(member) >= CALLBACKS_PER_HOUR:
            self._tell(
                request.env._(
                    "You have asked for a call several times within an hour. The "
                    "manager has your requests."
                ),
                "warning",
            )
        else:
            self._schedule_call(member, manager, (wish or "").strip()[:200], page)
            self._tell(self._get_promise(manager))
        return request.redirect(page or "/my", local=True)

    def _count_callbacks(self, member):
        """Calls that the visitor asked for within the last hour.

        Locked: two clicks at once count as two.
        """
        member._b2b_lock()
        activities = request.env["mail.activity"].sudo()
        return activities.with_context(active_test=False).search_count(
            [
                ("res_model", "=", "b2b.account"),
                ("activity_type_id", "=", self._get_activity_type().id),
                ("create_uid", "=", request.env.uid),
                ("create_date", ">=", fields.Datetime.now() - timedelta(hours=1)),
            ]
        )

    def _get_activity_type(self):
        return request.env.ref("mail.mail_activity_data_call").sudo()

    def _schedule_call(self, member, manager, wish, page):
        """The activity of the manager, in their language."""
        account = member.account_id.with_context(lang=manager.lang)
        env = account.env
        cart = request.cart
        rows = [
            (env._("Phone"), member.partner_id.phone),
            (env._("When"), wish),
            (env._("Page"), page and request.website.get_base_url() + page),
            (env._("Cart"), cart and f"{cart.b2b_name or ''} ({cart.name})"),
        ]
        note = Markup("").join(Markup("<p>%s: %s</p>") % row for row in rows if row[1])
        shift = manager._b2b_next_shift()
        account.activity_schedule(
            activity_type_id=self._get_activity_type().id,
            date_deadline=(shift[0] if shift else manager._b2b_now()).date(),
            summary=env._("Call back: %(name)s", name=member.name),
            note=note,
            user_id=manager.id,
        )

    def _get_promise(self, manager):
        """When the manager will call, by their working hours, for the visitor."""
        presence = manager._b2b_get_presence()
        shift = manager._b2b_next_shift()
        env = request.env
        if not shift:
            return env._("%(name)s will call you back.", name=manager.name)
        if presence["online"]:
            return env._("%(name)s will call you back today.", name=manager.name)
        date = format_date(env, shift[0].date(), date_format="dd.MM")
        return env._(
            "%(name)s will call you back on %(date)s.", name=manager.name, date=date
        )
