# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class B2bAccessRequest(models.Model):
    """A member asks a colleague for a right that they lack."""

    _name = "b2b.access.request"
    _description = "Request for a Right"
    _inherit = ["b2b.scope.mixin"]
    _order = "id desc"
    _b2b_member_path = "member_id"

    member_id = fields.Many2one(
        "b2b.member", required=True, ondelete="cascade", index=True
    )
    account_id = fields.Many2one(related="member_id.account_id", store=True, index=True)
    object = fields.Selection(
        lambda self: self.env["b2b.permission"]._get_choices("object"),
        required=True,
    )
    verb = fields.Selection(
        lambda self: self.env["b2b.permission"]._get_choices("verb"),
        required=True,
    )
    text = fields.Text("What for")
    state = fields.Selection(
        [
            ("open", "Waiting for an answer"),
            ("granted", "Granted"),
            ("declined", "Declined"),
            ("withdrawn", "Withdrawn"),
        ],
        default="open",
        required=True,
    )
    answer = fields.Text()
    decided_by_id = fields.Many2one("res.users", "Decided by", ondelete="set null")
    decided_at = fields.Datetime()

    _open_unique = models.UniqueIndex(
        "(member_id, object, verb) WHERE state = 'open'",
        "This right has been asked for already.",
    )

    @api.depends("member_id", "object", "verb")
    def _compute_display_name(self):
        for request in self:
            request.display_name = f"{request.member_id.name}: {request._get_words()}"

    @api.model
    def _b2b_objects(self):
        return {"member": Domain.TRUE}

    @api.model
    def _b2b_grant_domain(self, grant):
        reached = self.env["b2b.member"]._b2b_grant_domain(grant)
        return Domain("member_id", "any!", reached)

    def _get_words(self):
        """What is asked for (single), as a text."""
        words = self.env["b2b.member"]._get_permission_words(self.object, self.verb)
        return ": ".join(words or ())

    # === ASK === #

    @api.model
    def _ask(self, member, object_name, verb, text=""):
        """Ask for a right; a second question of the same kind is the first one.

        :param member: the current user's membership, in sudo
        :return: the open request, in sudo
        :raise UserError: no such right, or the member has it
        """
        words = self.env["b2b.member"]._get_permission_words(object_name, verb)
        if not words or member.user_id != self.env.user or not member.active:
            raise UserError(self.env._("There is no such right."))
        member._b2b_lock()
        if self.env["b2b.member"]._explain(object_name, verb)["code"] == "ok":
            raise UserError(self.env._("Your role allows this already."))
        key = {"member_id": member.id, "object": object_name, "verb": verb}
        domain = Domain.AND(Domain(name, "=", value) for name, value in key.items())
        request = self.sudo().search(domain & Domain("state", "=", "open"))
        return request or self.sudo().create(
            key | {"text": (text or "").strip()[:1000]}
        )

    # === DECIDE === #

    def _get_roles(self):
        """Roles that contain the right and that the user may give (single, sudo)."""
        roles = self.env["b2b.role"]._get_assignable(self.account_id)
        return roles.filtered(
            lambda role: any(
                (p.object, p.verb) == (self.object, self.verb)
                for p in role.permission_ids
            )
        )

    def _portal_grant(self, role=None, confirm=False):
        """Give the right (single, sudo): by a role, or by confirming the member.

        :param role: ``b2b.role``, added to what the member has
        :raise AccessError: beyond the rights of the user
        :raise UserError: impossible; with a text for the customer
        """
        self._check_open()
        if confirm:
            self.member_id._portal_confirm()
        elif role and role in self._get_roles():
            roles = self.member_id.role_ids | role
            self.member_id._portal_write({"role_ids": roles.ids})
        else:
            raise UserError(self.env._("Choose a role that contains the right."))
        self._decide("granted")

    def _portal_decline(self, text=""):
        """Refuse (single, sudo), saying why.

        :raise AccessError: beyond the rights of the user
        :raise UserError: it has been decided already
        """
        self._check_open()
        self._check_decider()
        self._decide("declined", text)

    def _check_decider(self):
        """Refuse whoever has no right over the member (single)."""
        member = self.member_id
        if member._check_staff():
            return
        if member.user_id == self.env.user or not (
            member._b2b_filtered("write") or member._b2b_filtered("approve")
        ):
            raise AccessError(
                self.env._(
                    "Your role does not allow this. Ask the director of your account."
                )
            )

    def _check_open(self):
        """Lock, and refuse what has been decided (single, sudo).

        :raise UserError: with a text for the customer
        """
        self.ensure_one()
        self._b2b_lock()
        if self.state != "open":
            raise UserError(self.env._("This request has been decided already."))

    def _decide(self, state, text=""):
        """Close a request (single, sudo) and tell the member."""
        self.write(
            {
                "state": state,
                "answer": (text or "").strip()[:1000],
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        template = self.env.ref(
            "b2b_portal.mail_template_access_request", raise_if_not_found=False
        )
        if template:
            template.sudo().send_mail(self.id)

    def _withdraw(self):
        """Close requests (batch, sudo) of members who leave, without a mail."""
        self.write({"state": "withdrawn", "decided_at": fields.Datetime.now()})
