# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

from ..models.b2b_role import SCOPE_RANK
from .members import MemberForms


class Roles(MemberForms, Controller):
    """What roles allow, and roles of the account's own.

    Members have no access to roles and permissions by RPC: the pages read them in
    sudo, behind ``_check_may('role', …)``.
    """

    @route("/my/roles", type="http", auth="user", website=True, readonly=True)
    def roles(self, **kwargs):
        """The roles that members of the account may have, with what they allow."""
        self._check_may("role", "read")
        account = self._get_account()
        roles = request.env["b2b.role"]._get_usable(account)
        counts = dict(
            request.env["b2b.member"]
            .sudo()
            ._read_group(
                [("account_id", "=", account.id), ("role_ids", "in", roles.ids)],
                ["role_ids"],
                ["__count"],
            )
        )
        return request.render(
            "b2b_portal.roles",
            {
                "account": account,
                "roles": roles,
                "counts": counts,
                "may_write": self._may_write(account),
                "clonable": self._get_clonable(account),
                "message": self._pop_message(),
                "page_name": "b2b_roles",
            },
        )

    def _may_write(self, account):
        return request.env["b2b.member"]._may("role", "write", account=account)

    def _get_clonable(self, account):
        """Roles that the visitor may make narrower ones from, in sudo."""
        if not self._may_write(account):
            return request.env["b2b.role"].sudo()
        return (
            request.env["b2b.role"]
            ._get_assignable(account)
            .filtered(lambda role: role.clonable and not role.account_id)
        )

    def _get_role(self, role_id, right="read"):
        """A role of the visitor's account or of the seller, in sudo.

        :raise NotFound: there is none
        :raise Refusal: the visitor may not do this with roles at all
        """
        self._check_may("role", right)
        roles = request.env["b2b.role"]._get_usable(self._get_account())
        role = roles.filtered(lambda r: r.id == role_id)
        if not role:
            raise NotFound
        return role

    @route("/my/roles/clone", type="http", auth="user", website=True, methods=["POST"])
    def clone(self, role_id="", name="", **kwargs):
        """Make a role of the account from one of the seller's."""
        role = self._get_role(int(role_id) if role_id.isdecimal() else 0, "write")
        made = []
        if not self._do(
            lambda: made.append(role._portal_clone(self._get_account(), name)),
            request.env._("The role is made. Take away what it should not allow."),
        ):
            return request.redirect("/my/roles")
        return request.redirect(f"/my/roles/{made[0].id}")

    @route(
        "/my/roles/<int:role_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def role(self, role_id, **kwargs):
        """One role: what it allows; the account's own ones can be changed."""
        return self._render_role(self._get_role(role_id))

    def _render_role(self, role, **values):
        """The page of a role (single, sudo); ``values`` come on top."""
        account = self._get_account()
        permissions = request.env["b2b.permission"]
        scopes = permissions._get_choices("scope")
        base = role.base_role_id or role
        actor = request.env["b2b.member"]._get_actor(account)
        rows = [
            {
                "base": permission,
                "words": permission._get_labels(),
                "own": role.permission_ids.filtered(
                    lambda p, b=permission: (p.object, p.verb) == (b.object, b.verb)
                    and p._is_within(b)
                )[:1],
                "scopes": [
                    scope
                    for scope in scopes
                    if SCOPE_RANK[scope[0]] <= SCOPE_RANK[permission.scope]
                ],
            }
            for permission in base.permission_ids
        ]
        return request.render(
            "b2b_portal.role_page",
            {
                "role": role,
                "rows": rows,
                "scopes": dict(scopes),
                "periods": permissions._get_choices("period"),
                "stages": dict(permissions._get_choices("member_stage")),
                "may_write": role.account_id == account
                and role.base_role_id
                and role not in actor.role_ids
                and self._may_write(account),
                "is_own": role in actor.role_ids,
                "error": None,
                "message": self._pop_message(),
                "page_name": "b2b_role",
            }
            | values,
        )

    @route(
        "/my/roles/<int:role_id>/save",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def save(self, role_id, name="", **post):
        """Set what a role of the account allows; never more than its base."""
        role = self._get_role(role_id, "write")
        try:
            with request.env.cr.savepoint():
                role._portal_save(name, self._get_cells(role, post))
        except (AccessError, UserError) as error:
            return self._render_role(role, error=str(error))
        self._tell(request.env._("Saved."))
        return request.redirect(f"/my/roles/{role_id}")

    def _get_cells(self, role, post):
        """The permissions that a form has ticked, as ``_portal_save`` takes them.

        :raise UserError: a limit that is no number
        """
        cells = []
        for base in role.base_role_id.permission_ids:
            if post.get(f"on_{base.id}") != "1":
                continue
            cell = {"base": base}
            scope = post.get(f"scope_{base.id}")
            if scope in SCOPE_RANK:
                cell["scope"] = scope
            for name in ("amount_limit", "period_limit"):
                if f"{name}_{base.id}" in post:
                    cell[name] = self._parse_limit(post[f"{name}_{base.id}"])
            period = post.get(f"period_{base.id}")
            if period in dict(base._get_choices("period")):
                cell["period"] = period
            cells.append(cell)
        return cells

    def _parse_limit(self, text):
        """A sum of money as typed; empty is 0, no limit.

        :raise UserError: it is no sum
        """
        plain = "".join(text.split()).replace(",", ".")
        if not plain:
            return 0.0
        try:
            value = float(plain)
        except ValueError:
            value = -1.0
        if not 0 <= value < 10**12:
            raise UserError(
                request.env._("“%(text)s” is not a sum of money.", text=text[:50])
            )
        return value

    @route(
        "/my/roles/<int:role_id>/archive",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def archive(self, role_id, **kwargs):
        """Put a role of the account away; nobody must have it."""
        role = self._get_role(role_id, "write")
        if self._do(role._portal_archive, request.env._("The role is put away.")):
            return request.redirect("/my/roles")
        return request.redirect(f"/my/roles/{role_id}")
