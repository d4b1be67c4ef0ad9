# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.http import Controller, request, route

from .members import MemberForms

MAX_BYTES = 2 * 1024 * 1024


class Invitations(MemberForms, Controller):
    """Invitations to an account, and the page behind their link."""

    def _render_form(self, **values):
        """The form for one colleague and the upload for many."""
        return request.render(
            "b2b_portal.invite",
            self._get_choices(self._get_account())
            | {
                "form": {},
                "error": None,
                "message": self._pop_message(),
                "page_name": "b2b_invite",
            }
            | values,
        )

    @route("/my/members/new", type="http", auth="user", website=True, readonly=True)
    def form(self, **kwargs):
        """The form of an invitation."""
        self._check_may("member", "create")
        return self._render_form()

    @route(
        "/my/members/invite", type="http", auth="user", website=True, methods=["POST"]
    )
    def invite(self, **post):
        """Invite one colleague; on a mistake the form comes back as it was."""
        self._check_may("member", "create")
        form = {"name": post.get("name", ""), "email": post.get("email", "")}
        try:
            with request.env.cr.savepoint():
                form |= self._get_member_vals(post)
                form["confirm"] = post.get("confirm") == "1"
                invitation = request.env["b2b.invitation"]._invite(
                    self._get_account(), form
                )
                invitation._send()
        except (AccessError, UserError) as error:
            return self._render_form(error=str(error), form=form)
        self._tell(
            request.env._(
                "The invitation has been sent to %(email)s.", email=invitation.email
            )
        )
        return request.redirect("/my/members")

    @route(
        "/my/members/import", type="http", auth="user", website=True, methods=["POST"]
    )
    def import_file(self, file=None, **post):
        """Invite everybody of a file, then show what became of each row."""
        self._check_may("member", "create")
        imports = request.env["b2b.invitation.import"]
        try:
            with request.env.cr.savepoint():
                if not file:
                    raise UserError(request.env._("Choose a file."))
                vals = self._get_member_vals(post)
                run = imports._run(
                    self._get_account(), file.read(MAX_BYTES + 1), file.filename, vals
                )
        except (AccessError, UserError) as error:
            return self._render_form(error=str(error))
        return request.redirect(f"/my/members/import/{run.id}")

    @route(
        "/my/members/import/<int:run_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def import_result(self, run_id, **kwargs):
        """Every row of a file with what became of it; for whoever sent it."""
        self._check_may("member", "create")
        run = (
            request.env["b2b.invitation.import"]
            .sudo()
            .search(
                [
                    ("id", "=", run_id),
                    ("create_uid", "=", request.env.uid),
                    ("account_id", "=", self._get_account().id),
                ]
            )
        )
        if not run:
            raise NotFound
        return request.render(
            "b2b_portal.invite_result", {"run": run, "page_name": "b2b_invite"}
        )

    @route(
        "/my/invitations/<int:invitation_id>/<string:action>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def answer(self, invitation_id, action, **kwargs):
        """Send an invitation again ('resend') or take it back ('cancel')."""
        invitation = self._get_record("b2b.invitation", invitation_id, "create")
        if action == "resend":
            self._do(
                invitation._portal_resend,
                request.env._(
                    "A new link has been sent to %(email)s.", email=invitation.email
                ),
            )
        elif action == "cancel":
            self._do(
                invitation._portal_cancel,
                request.env._("The invitation has been cancelled."),
            )
        else:
            raise NotFound
        return request.redirect("/my/members")

    # === THE LINK === #

    @route(
        "/b2b/invitation/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET", "POST"],
        sitemap=False,
    )
    def invitation(self, token, **post):
        """Who invites to what; a POST accepts.

        Void links answer alike, whatever the reason, with status 404.
        """
        invitation = request.env["b2b.invitation"]._find_by_token(token)
        user = request.env.user
        visitor = request.env["res.users"] if user._is_public() else user.sudo()
        if invitation.state == "accepted":
            if visitor and invitation.member_id.user_id == visitor:
                return request.redirect("/my")
            invitation = invitation.browse()
        if not invitation:
            return self._render_invitation(token, invitation, visitor, status=404)
        if request.httprequest.method != "POST":
            return self._render_invitation(token, invitation, visitor)
        return self._accept(token, invitation, visitor, post)

    def _accept(self, token, invitation, visitor, post):
        """Accept an invitation (single, sudo) and lead the new member in."""
        password = post.get("password", "")
        try:
            with request.env.cr.savepoint():
                if not visitor and password != post.get("confirm_password"):
                    raise UserError(request.env._("The two passwords differ."))
                invitation._accept(visitor, password, post.get("name"))
        except (AccessError, UserError) as error:
            return self._render_invitation(
                token, invitation, visitor, error=str(error), name=post.get("name")
            )
        if not visitor:
            credential = {"login": invitation.email, "password": password}
            request.env.flush_all()
            try:
                request.session.authenticate(
                    request.env, credential | {"type": "password"}
                )
            except AccessDenied:
                return request.redirect("/web/login")
        self._tell(
            request.env._(
                "Welcome: you are a member of %(account)s now.",
                account=invitation.account_id.name,
            )
        )
        return request.redirect("/my/carts")

    def _render_invitation(self, token, invitation, visitor, status=200, **values):
        """The page behind the link."""
        response = request.render(
            "b2b_portal.invitation",
            {
                "token": token,
                "invitation": invitation,
                "visitor": visitor,
                "is_theirs": bool(
                    visitor and invitation and invitation._is_of(visitor)
                ),
                "has_user": bool(invitation and invitation._get_owner()),
                "void_text": request.env["b2b.invitation"]._get_void_text(),
                "error": None,
                "name": invitation.name,
            }
            | values,
        )
        response.status_code = status
        return response
