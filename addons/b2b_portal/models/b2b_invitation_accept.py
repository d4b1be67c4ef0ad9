# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize
from odoo.tools.sql import escape_psql

from odoo.addons.auth_signup.models.res_partner import SignupError

from .b2b_role import STAGE_RANK


class B2bInvitation(models.Model):
    """The answer: whoever holds the link becomes a member, once."""

    _inherit = "b2b.invitation"

    @api.model
    def _find_by_token(self, token):
        """The invitation of a link, in sudo; empty when it cannot be accepted.

        Unknown, expired, cancelled and void look the same to the outside; one that
        has been accepted is found, so that its owner is led to the portal.
        """
        if not token or len(token) > 100:
            return self.sudo().browse()
        invitation = self.sudo().search([("token_hash", "=", self._hash(token))])
        return invitation if invitation._is_usable() else invitation.browse()

    def _is_usable(self):
        """Whether the link (at most one, sudo) may still be used or has been."""
        if self.state == "accepted":
            return bool(self.member_id.active)
        return (
            self.state == "pending"
            and self.expires_at
            and self.expires_at >= fields.Datetime.now()
            and self.account_id.active
        )

    def _get_owner(self):
        """The user who signs in with the e-mail of the invitation (single, sudo).

        Archived users are found too: nobody gets a second user beside one.
        """
        self.ensure_one()
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return users.search([("login", "=ilike", escape_psql(self.email))], limit=1)

    def _is_of(self, user):
        """Whether the invitation (single, sudo) went to a user's e-mail."""
        user = user.sudo()
        addresses = (email_normalize(user.login), user.email_normalized)
        return self.email in addresses

    def _accept(self, user=None, password=None, name=None):
        """Make the holder of the link a member (single, sudo); idempotent.

        :param user: ``res.users``, who is signed in; without one a user is made
        :param password: of the new user, judged by core's rules
        :param name: of the new user, instead of the invitation's
        :return: the member, in sudo
        :raise AccessError: the user is not the one who was invited
        :raise UserError: the invitation is void, or the password is refused
        """
        self.ensure_one()
        self._b2b_lock()
        if user and not self._is_of(user):
            raise AccessError(
                self.env._("The invitation was sent to another e-mail address.")
            )
        if self.state == "accepted" and self._is_usable():
            if user and self.member_id.user_id == user:
                return self.member_id
            raise UserError(self._get_void_text())
        if not self._is_usable():
            raise UserError(self._get_void_text())
        if not user:
            if self._get_owner():
                raise AccessError(
                    self.env._("You have a user already: sign in to accept.")
                )
            user = self._create_user(password, name)
        memberships = self.account_id.with_context(active_test=False).member_ids
        if user._is_internal() or not user.active or user in memberships.user_id:
            raise UserError(self._get_void_text())
        members = self.env["b2b.member"].with_user(user).sudo()
        member = members.create(self._prepare_member(user))
        self.write({"state": "accepted", "member_id": member.id})
        return member

    @api.model
    def _get_void_text(self):
        """What whoever comes too late is told; not which of the reasons it is."""
        return self.env._(
            "This invitation is no longer valid. Ask the colleague who invited you, "
            "or the manager, for a new one."
        )

    def _create_user(self, password, name):
        """A portal user for the e-mail of the invitation (single, sudo)."""
        if not password:
            raise UserError(self.env._("Choose a password."))
        company = self.account_id.company_id or self.env.company
        users = self.env["res.users"].sudo().with_context(no_reset_password=True)
        if hasattr(users, "_check_password_policy"):  # auth_password_policy
            users._check_password_policy([password])
        try:
            return users.with_company(company)._create_user_from_template(
                {
                    "login": self.email,
                    "email": self.email,
                    "name": (name or "").strip()[:128] or self.name,
                    "password": password,
                    "lang": self.lang,
                    "company_id": company.id,
                    "company_ids": [fields.Command.set(company.ids)],
                }
            )
        except SignupError as error:
            raise UserError(self._get_void_text()) from error

    def _prepare_member(self, user):
        """Values of the new member (single, sudo).

        Roles and legal entities that the account has lost meanwhile are left out.
        """
        account = self.account_id
        no_account = account.browse()
        roles = self.role_ids.filtered(
            lambda role: role.active and role.account_id in (account, no_account)
        )
        entities = self.entity_ids & account.entity_ids
        return {
            "account_id": account.id,
            "user_id": user.id,
            "role_ids": [fields.Command.set(roles.ids)],
            "all_entities": self.all_entities,
            "entity_ids": [fields.Command.set(entities.ids)],
            "supervisor_id": self.supervisor_id.active and self.supervisor_id.id,
            "department": self.department,
            "job": self.job,
            "stage": self._get_first_stage(),
        }

    def _get_first_stage(self):
        """How far the new member's (single, sudo) rights go from the start."""
        account = self.account_id
        entities = account.entity_ids if self.all_entities else self.entity_ids
        rank = STAGE_RANK["verified"]
        verified = any(STAGE_RANK[e.b2b_stage] >= rank for e in entities)
        if not verified:
            return "registered"
        return "confirmed" if self.confirm else "verified"
