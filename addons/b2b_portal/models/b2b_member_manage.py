# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

PORTAL_FIELDS = {
    "role_ids",
    "department",
    "job",
    "supervisor_id",
    "entity_ids",
    "all_entities",
}


class B2bMember(models.Model):
    """What members do to each other: rights, stage. None of it widens one's own.

    The ``_portal_*`` methods work on one record in sudo whose uid is that of the
    visitor (or of the seller's staff), and check everything themselves.
    """

    _inherit = "b2b.member"

    department = fields.Char(tracking=True)
    job = fields.Char(tracking=True)

    @api.constrains("role_ids", "account_id")
    def _check_roles_of_account(self):
        for member in self.sudo():
            foreign = member.role_ids.account_id - member.account_id
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot have a role of another account.",
                        name=member.name,
                    )
                )

    def _creation_message(self):
        return self.env._("Added to the account.")

    def write(self, vals):
        if vals.get("supervisor_id"):
            self._check_supervisor_possible(vals["supervisor_id"])
        # core takes the author of the transaction's first change for all of them
        self._track_set_author(self.env.user.partner_id)
        return super().write(vals)

    def _check_supervisor_possible(self, supervisor_id):
        """Refuse a circle of supervisors with a text that names the people.

        :raise ValidationError: the supervisor reports to one of ``self`` (batch)
        """
        supervisor = self.sudo().browse(supervisor_id)
        above = (supervisor.parent_path or "").split("/")
        for member in self.sudo():
            if member == supervisor:
                raise ValidationError(self.env._("Nobody can be their own supervisor."))
            if str(member.id) in above:
                raise ValidationError(
                    self.env._(
                        "%(supervisor)s reports to %(name)s, directly or through "
                        "others, so it cannot be the other way round too.",
                        supervisor=supervisor.name,
                        name=member.name,
                    )
                )

    # === WHO ACTS === #

    @api.model
    def _get_actor(self, account):
        """The current user's active membership in an account, in sudo; may be empty."""
        return self.sudo().search(
            [("user_id", "=", self.env.uid), ("account_id", "=", account.id)], limit=1
        )

    @api.model
    def _get_grants_in(self, account):
        """Grants that the current user has in one account."""
        return [g for g in self._get_grants() if g.account_id == account.id]

    @api.model
    def _get_givable_entities(self, account):
        """Legal entities of an account that the user may let others act for, in sudo.

        Members: those that they act for themselves.
        """
        entities = account.sudo().entity_ids
        if not self._is_member(self.env.user):
            return entities
        actor = self._get_actor(account)
        return entities if actor.all_entities else actor.entity_ids & entities

    @api.model
    def _may_give_all_entities(self, account):
        """Whether the user may let others act for all legal entities of an account."""
        if not self._is_member(self.env.user):
            return True
        return self._get_actor(account).all_entities

    @api.model
    def _get_possible_supervisors(self, account, verb="read"):
        """Active members of the account whom the user sees, in sudo."""
        domain = Domain("account_id", "=", account.id)
        if self._is_member(self.env.user):
            domain &= self._b2b_scope_domain(verb)
        return self.sudo().search(domain)

    def _b2b_is_director(self):
        """Whether the member (single, sudo) may change every member of the account."""
        permissions = self.role_ids.filtered("active").permission_ids
        return any(
            (p.object, p.verb, p.scope) == ("member", "write", "account")
            and not self._b2b_get_obstacle(p)
            for p in permissions
        )

    def _b2b_get_obstacle(self, permission):
        """Add 'base': the role it is made from does not allow it any more."""
        obstacle = super()._b2b_get_obstacle(permission)
        return obstacle or (None if permission._is_within_base() else "base")

    def _check_manage(self, verb):
        """Refuse to change a member (single) beyond the user's rights.

        Nobody changes themselves, somebody outside their scope or somebody whose
        role allows more than their own.

        :raise AccessError: with a text for the customer
        """
        self.ensure_one()
        if self._check_staff():
            return
        self._b2b_check(verb)
        if self.user_id == self.env.user:
            raise AccessError(
                self.env._(
                    "Nobody changes their own rights. Ask a colleague or your manager."
                )
            )
        grants = self._get_grants_in(self.account_id)
        if not self.sudo().role_ids._is_covered_by(grants):
            raise AccessError(
                self.env._(
                    "%(name)s has rights that you do not have, so you cannot change "
                    "them.",
                    name=self.name,
                )
            )

    def _check_staff(self):
        """Whether the seller's staff acts, to whom core's rights apply.

        :return: False for members, who are judged by the scope engine
        :raise AccessError: neither of the two
        """
        user = self.env.user
        if self._is_member(user):
            return False
        self.with_user(user).check_access("write")
        return True

    # === CHANGES === #

    def _portal_write(self, vals):
        """Change a member (single, sudo).

        :param dict vals: some of ``PORTAL_FIELDS``; roles and legal entities as lists
            of ids, of the legal entities only those that the user may give
        :raise AccessError: beyond the rights of the user
        :raise UserError: impossible; with a text for the customer
        """
        self._check_manage("write")
        if vals.keys() - PORTAL_FIELDS:
            raise AccessError(self.env._("This cannot be changed here."))
        account = self.account_id
        account._b2b_lock()
        directors = account._b2b_get_directors()
        self.write(self._prepare_portal_values(account, vals, self))
        account._b2b_check_director_left(directors)

    @api.model
    def _prepare_portal_values(self, account, vals, member=None):
        """Values to write for ``_portal_write`` and invitations, checked.

        :param member: who is changed; empty for somebody new
        """
        member = member or self.sudo().browse()
        values = {
            name: (vals[name] or "").strip()[:64]
            for name in ("department", "job")
            if name in vals
        }
        if "role_ids" in vals:
            roles = self.env["b2b.role"].sudo().browse(vals["role_ids"]).exists()
            if len(roles) != len(set(vals["role_ids"])):
                raise AccessError(self.env._("This is not a role of your account."))
            self.env["b2b.role"]._check_assignable(roles - member.role_ids, account)
            if not roles:
                raise UserError(self.env._("Choose at least one role."))
            values["role_ids"] = [fields.Command.set(roles.ids)]
        if "supervisor_id" in vals:
            values["supervisor_id"] = self._check_supervisor(
                account, vals["supervisor_id"], member
            )
        return values | self._prepare_entity_values(account, vals, member)

    @api.model
    def _check_supervisor(self, account, supervisor_id, member):
        """The id of a supervisor whom the user may choose; False for none."""
        if not supervisor_id:
            return False
        possible = self._get_possible_supervisors(account) | member.supervisor_id
        if supervisor_id not in possible.ids:
            raise AccessError(
                self.env._("The supervisor must be a member of the same account.")
            )
        if member and supervisor_id != member.supervisor_id.id:
            self._check_own_team(account, self.sudo().browse(supervisor_id), member)
        return supervisor_id

    @api.model
    def _check_own_team(self, account, supervisor, member):
        """Refuse to draw somebody into one's own team: it would widen one's rights.

        Those whose rights do not end at their team gain nothing, so they may.

        :raise AccessError: with a text for the customer
        """
        grants = self._get_grants_in(account)
        actor = str(self._get_actor(account).id)
        into = actor in (supervisor.parent_path or "").split("/")
        already = actor in (member.parent_path or "").split("/")
        if into and not already and any(grant.scope == "team" for grant in grants):
            raise AccessError(
                self.env._("You cannot make others your own subordinates.")
            )

    @api.model
    def _prepare_entity_values(self, account, vals, member):
        """Legal entities to act for; those that the user may not give stay."""
        values = {}
        if "all_entities" in vals:
            wanted = bool(vals["all_entities"])
            if wanted != member.all_entities:
                if not self._may_give_all_entities(account):
                    raise AccessError(
                        self.env._("You do not act for all legal entities yourself.")
                    )
                values["all_entities"] = wanted
        if "entity_ids" in vals:
            givable = self._get_givable_entities(account)
            wanted = set(vals["entity_ids"])
            if wanted - set((givable | member.entity_ids).ids):
                raise AccessError(
                    self.env._("You do not act for this legal entity yourself.")
                )
            kept = set((member.entity_ids - givable).ids)
            values["entity_ids"] = [fields.Command.set(sorted(wanted | kept))]
        return values

    def _portal_confirm(self):
        """The head confirms a member (single, sudo): the last stage of rights.

        :raise AccessError: beyond the rights of the user
        :raise UserError: the manager has not verified the member yet
        """
        self.ensure_one()
        if not self._check_staff():
            self._b2b_check("approve")
            if self.user_id == self.env.user:
                raise AccessError(self.env._("Nobody confirms themselves."))
        self._b2b_lock()
        if self.stage == "confirmed":
            return
        if self.stage != "verified" or not self.active:
            raise UserError(
                self.env._(
                    "%(name)s has not been verified by the manager yet.",
                    name=self.name,
                )
            )
        self.stage = "confirmed"
        self._b2b_mail("b2b_portal.mail_template_member_confirmed")

    def _b2b_mail(self, xmlid):
        """Put a mail to the member (single, sudo) into the queue."""
        template = self.env.ref(xmlid, raise_if_not_found=False)
        if template:
            template.sudo().send_mail(self.id)

    def action_b2b_confirm(self):
        """Button of the backend form."""
        self._check_staff_only()
        self.sudo()._portal_confirm()

    def action_b2b_reactivate(self):
        """Button of the backend form."""
        self._check_staff_only()
        self.sudo()._portal_reactivate()

    def _check_staff_only(self):
        """Refuse anybody but the seller's staff: buttons can be called by RPC.

        :raise AccessError: from core
        """
        self.ensure_one()
        self.check_access("write")
