# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import Controller, request, route

from .common import MemberPages

MAX_ROWS = 500


class MemberForms(MemberPages):
    """What the pages about members, roles and invitations share."""

    def _get_account(self):
        """The account that the visitor acts for, in sudo."""
        self._check_member()
        return request.b2b.member.account_id

    def _get_member(self, member_id, verb="read"):
        """A member by id, suspended ones too, in sudo.

        :raise NotFound, Refusal: as of ``_get_record``
        """
        self._check_member()
        members = request.env["b2b.member"].with_context(active_test=False)
        member = members.search([("id", "=", member_id)])
        if not member:
            raise NotFound
        self._check_verb(member, verb)
        return member.sudo()

    def _get_ids(self, name):
        """Ids that a form has sent under a name, as a list of int.

        :raise UserError: one of them is no number
        """
        raw = request.httprequest.form.getlist(name)
        if not all(value.isdecimal() and len(value) < 10 for value in raw):
            raise UserError(request.env._("The form is damaged. Open it again."))
        return [int(value) for value in raw]

    def _get_member_vals(self, post):
        """What a form says of a member: some of ``PORTAL_FIELDS``, nothing else."""
        vals = {name: post.get(name, "") for name in ("department", "job")}
        supervisor = post.get("supervisor_id", "")
        vals["supervisor_id"] = int(supervisor) if supervisor.isdecimal() else False
        vals["role_ids"] = self._get_ids("role_ids")
        vals["entity_ids"] = self._get_ids("entity_ids")
        if "has_all_entities" in post or "all_entities" in post:
            vals["all_entities"] = post.get("all_entities") == "1"
        return vals

    def _get_choices(self, account):
        """What the fields of a member may be set to by the visitor."""
        Member = request.env["b2b.member"]
        visible = Member.with_context(active_test=False).search(
            [("account_id", "=", account.id)]
        )
        return {
            "account": account,
            "roles": request.env["b2b.role"]._get_assignable(account),
            "entities": Member._get_givable_entities(account),
            "may_all_entities": Member._may_give_all_entities(account),
            "supervisors": Member._get_possible_supervisors(account),
            "departments": sorted(
                set(visible.filtered("department").mapped("department"))
            ),
            "may_confirm": request.env["b2b.invitation"]._may_confirm(account),
        }

    def _do(self, action, text):
        """Do something to a record; the next page tells how it went.

        :param action: callable without arguments
        :param str text: of the success
        :return: whether it went well; otherwise nothing has changed
        """
        try:
            with request.env.cr.savepoint():
                action()
        except (AccessError, UserError) as error:
            self._tell(str(error), "danger")
            return False
        self._tell(text)
        return True


class Members(MemberForms, Controller):
    """Colleagues: list, card, rights, suspension."""

    @route("/my/members", type="http", auth="user", website=True, readonly=True)
    def members(self, department="", search="", **kwargs):
        """The members that the visitor sees, as a tree by supervisor."""
        self._check_may("member", "read")
        Member = request.env["b2b.member"].with_context(active_test=False)
        everybody = Member.search([], limit=MAX_ROWS)
        shown = everybody
        if department:
            shown = shown.filtered(lambda m: m.department == department)
        if search.strip():
            word = search.strip()
            domain = Domain("name", "ilike", word) | Domain("email", "ilike", word)
            shown &= Member.search(domain, limit=MAX_ROWS)
        account = self._get_account()
        invitations = request.env["b2b.invitation"].search(
            [("state", "in", ("pending", "expired"))], limit=MAX_ROWS
        )
        return request.render(
            "b2b_portal.members",
            {
                "rows": self._get_rows(shown.sudo()),
                "invitations": invitations.sudo(),
                "account": account,
                "departments": sorted(
                    set(everybody.filtered("department").mapped("department"))
                ),
                "department": department,
                "search": search,
                "stages": dict(
                    Member._fields["stage"]._description_selection(Member.env)
                ),
                "may_invite": Member._may("member", "create", account=account),
                "may_roles": Member._may("role", "read", account=account),
                "message": self._pop_message(),
                "page_name": "b2b_members",
            },
        )

    def _get_rows(self, members):
        """Members (sudo) as rows of the tree: dicts member, depth, login, has_2fa."""
        logins = members._get_last_logins()
        with_2fa = members._get_2fa_users()
        shown = set(members.ids)

        def path(member):
            return [int(part) for part in (member.parent_path or "").split("/") if part]

        names = {member.id: (member.name or "").casefold() for member in members}

        def key(member):
            above = [i for i in path(member) if i in shown]
            return [member.account_id.name, *((names[i], i) for i in above)]

        return [
            {
                "member": member,
                "depth": min(len([i for i in path(member) if i in shown]) - 1, 4),
                "login": logins.get(member.user_id.id),
                "has_2fa": member.user_id in with_2fa,
            }
            for member in members.sorted(key)
        ]

    @route(
        "/my/members/<int:member_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def member(self, member_id, **kwargs):
        """One member: rights, history, sessions, what the visitor may change."""
        return self._render_card(self._get_member(member_id))

    def _render_card(self, member, **values):
        """The card of a member (single, sudo); ``values`` come on top."""
        user = request.env.user
        seen = member.sudo(False)
        may_write = seen._b2b_filtered("write") and member.user_id != user
        requests = request.env["b2b.access.request"].search(
            [("member_id", "=", member.id), ("state", "=", "open")]
        )
        Member = request.env["b2b.member"]
        logins = member._get_last_logins()
        return request.render(
            "b2b_portal.member_card",
            self._get_choices(member.account_id)
            | {
                "member": member,
                "form": {},
                "stages": dict(
                    Member._fields["stage"]._description_selection(Member.env)
                ),
                "may_write": may_write,
                "may_suspend": seen._b2b_filtered("delete") and member.user_id != user,
                "may_confirm": member.stage == "verified"
                and member.active
                and seen._b2b_filtered("approve")
                and member.user_id != user,
                "history": member._get_history(),
                "login": logins.get(member.user_id.id),
                "has_2fa": bool(member._get_2fa_users()),
                "devices": member._b2b_get_devices() if may_write else [],
                "unfinished": member._b2b_get_unfinished(),
                "requests": requests.sudo(),
                "message": self._pop_message(),
                "error": None,
                "page_name": "b2b_member",
            }
            | values,
        )

    @route(
        "/my/members/<int:member_id>/save",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def save(self, member_id, **post):
        """Change a member; on a mistake the form comes back as it was filled in."""
        member = self._get_member(member_id, "write")
        vals = {}
        try:
            with request.env.cr.savepoint():
                vals = self._get_member_vals(post)
                member._portal_write(vals)
        except (AccessError, UserError) as error:
            return self._render_card(member, error=str(error), form=vals)
        self._tell(request.env._("Saved."))
        return request.redirect(f"/my/members/{member_id}")

    @route(
        "/my/members/<int:member_id>/suspend",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def suspend(self, member_id, target_id="", **kwargs):
        """Suspend a member at once and hand over what is unfinished."""
        member = self._get_member(member_id, "delete")
        target = request.env["b2b.member"]
        if target_id.isdecimal():
            target = target.search([("id", "=", int(target_id))])
        self._do(
            lambda: member._portal_suspend(target),
            request.env._("%(name)s is suspended.", name=member.name),
        )
        return request.redirect(f"/my/members/{member_id}")

    @route(
        "/my/members/<int:member_id>/reactivate",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def reactivate(self, member_id, **kwargs):
        """Let a suspended member in again."""
        member = self._get_member(member_id, "write")
        self._do(
            member._portal_reactivate,
            request.env._("%(name)s is active again.", name=member.name),
        )
        return request.redirect(f"/my/members/{member_id}")

    @route(
        "/my/members/<int:member_id>/confirm",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def confirm(self, member_id, **kwargs):
        """The head confirms a member: stage two of the rights."""
        member = self._get_member(member_id, "approve")
        self._do(
            member._portal_confirm,
            request.env._("%(name)s is confirmed.", name=member.name),
        )
        return request.redirect(f"/my/members/{member_id}")

    @route(
        "/my/members/<int:member_id>/sessions/end",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def end_sessions(self, member_id, **kwargs):
        """Sign a member out everywhere."""
        member = self._get_member(member_id, "write")
        self._do(
            member._portal_end_sessions, request.env._("All sessions have been ended.")
        )
        return request.redirect(f"/my/members/{member_id}")

    @route(
        "/my/members/<int:member_id>/preview",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def preview(self, member_id, reason="", **kwargs):
        """See the portal as this member does, read only."""
        member = self._get_member(member_id, "write")
        if self._do(lambda: member._portal_preview(reason), ""):
            self._pop_message()
            return request.redirect("/my")
        return request.redirect(f"/my/members/{member_id}")

    @route(
        "/b2b/preview/stop", type="http", auth="user", website=True, methods=["POST"]
    )
    def stop_preview(self, **kwargs):
        """End a preview; the session was the visitor's own all the time."""
        return request.redirect(request.website._b2b_stop_preview())
