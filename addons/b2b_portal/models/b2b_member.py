# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .b2b_role import STAGE_RANK, STAGES

_CACHE_KEY = "b2b_portal.grants"


@dataclass(frozen=True)
class Grant:
    """A permission that one membership gives, with every id worked out.

    ``entity_ids`` are the legal entities the member acts for,
    ``account_entity_ids`` all of the account, both cut to the stage that the
    permission demands; ``team_ids`` are the member and all subordinates.
    """

    object: str
    verb: str
    scope: str
    amount_limit: float
    period_limit: float
    period: str
    account_id: int
    member_id: int
    team_ids: tuple
    entity_ids: tuple
    account_entity_ids: tuple
    member_stage: str = "registered"
    entity_stage: str = "registered"
    needs_2fa: bool = False

    def get_entity_ids(self):
        """Ids of the legal entities that the grant reaches."""
        if self.scope == "account":
            return list(self.account_entity_ids)
        return list(self.entity_ids)

    def get_member_ids(self):
        """Ids of the members whose records it reaches; None: anybody's."""
        if self.scope == "own":
            return [self.member_id]
        if self.scope == "team":
            return list(self.team_ids)
        return None


class B2bMember(models.Model):
    """A person inside an account: who reports to whom and acts for which firm."""

    _name = "b2b.member"
    _description = "Member of an Account"
    _inherit = ["mail.thread", "b2b.scope.mixin"]
    _order = "account_id, name, id"
    _parent_name = "supervisor_id"
    _parent_store = True

    account_id = fields.Many2one(
        "b2b.account", required=True, ondelete="cascade", index=True
    )
    user_id = fields.Many2one(
        "res.users",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("share", "=", True)],
    )
    partner_id = fields.Many2one(related="user_id.partner_id", string="Contact")
    name = fields.Char(related="user_id.partner_id.name", store=True, readonly=True)
    email = fields.Char(related="user_id.partner_id.email")
    phone = fields.Char(related="user_id.partner_id.phone")
    role_ids = fields.Many2many("b2b.role", string="Roles", tracking=True)
    supervisor_id = fields.Many2one(
        "b2b.member",
        ondelete="set null",
        index=True,
        domain="[('account_id', '=', account_id)]",
        tracking=True,
    )
    parent_path = fields.Char(index=True)
    department = fields.Char()
    job = fields.Char("Position")
    all_entities = fields.Boolean("Acts for all legal entities", tracking=True)
    entity_ids = fields.Many2many(
        "res.partner",
        "b2b_member_entity_rel",
        "member_id",
        "partner_id",
        "Acts for",
        domain="[('b2b_account_id', '=', account_id)]",
        tracking=True,
    )
    stage = fields.Selection(STAGES, default="registered", required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)

    _user_account_unique = models.Constraint(
        "UNIQUE(user_id, account_id)", "This user is a member of the account already."
    )

    @api.constrains("user_id")
    def _check_user_is_portal(self):
        for member in self:
            if member.user_id._is_internal():
                raise ValidationError(
                    self.env._(
                        "%(name)s is an internal user: members are portal users.",
                        name=member.user_id.name,
                    )
                )

    @api.constrains("entity_ids", "account_id", "supervisor_id")
    def _check_same_account(self):
        for member in self:
            foreign = member.entity_ids.filtered(
                lambda e, account=member.account_id: e.b2b_account_id != account
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(entity)s is not a legal entity of %(account)s.",
                        entity=foreign[0].name,
                        account=member.account_id.name,
                    )
                )
            supervisor = member.supervisor_id
            if supervisor and supervisor.account_id != member.account_id:
                raise ValidationError(
                    self.env._("The supervisor must be a member of the same account.")
                )

    @api.constrains("supervisor_id")
    def _check_supervisor_cycle(self):
        if self._has_cycle("supervisor_id"):
            raise ValidationError(self.env._("Nobody can be their own supervisor."))

    @api.model_create_multi
    def create(self, vals_list):
        self._forget_grants()
        members = super().create(vals_list)
        self._forget_grants()
        members._sync_group()
        return members

    def write(self, vals):
        self._forget_grants()
        users = self.user_id
        result = super().write(vals)
        self._forget_grants()
        if {"user_id", "active"} & vals.keys():
            (self | self.search([("user_id", "in", users.ids)]))._sync_group()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_grants()
        return result

    def _sync_group(self):
        """Put the users into the members' group.

        Nobody is taken out: a former member stays under the scope engine, and
        without a membership it answers nothing (default deny).
        """
        group = self.env.ref("b2b_portal.group_member")
        users = self.user_id.filtered(lambda user: group not in user.group_ids)
        users.sudo().write({"group_ids": [fields.Command.link(group.id)]})

    # === SCOPE ENGINE === #

    @api.model
    def _is_member(self, user):
        """Whether the scope engine judges ``user`` (a single user)."""
        return user.has_group("b2b_portal.group_member") and user.share

    @api.model
    def _get_own_accounts(self):
        """Active accounts that the current user is a member of, in sudo."""
        return self._get_memberships().account_id.filtered("active")

    @api.model
    def _get_memberships(self, user=None):
        """A user's members, searched once per transaction, in sudo.

        :param user: ``res.users`` record, the current one by default
        """
        user = user or self.env.user
        cache = self.env.cr.cache.setdefault(_CACHE_KEY, {})
        key = ("members", user.id)
        if key not in cache:
            cache[key] = self.sudo().search_fetch([("user_id", "=", user.id)])._ids
        return self.sudo().browse(cache[key])

    @api.model
    def _forget_grants(self):
        """Drop what this transaction knows: rights or memberships change."""
        self.env.cr.cache.pop(_CACHE_KEY, None)
        self.env["website"]._b2b_forget_visible()

    @api.model
    def _get_grants(self, user=None):
        """Grants of a user's memberships, read once per transaction.

        :param user: ``res.users`` record, the current one by default
        :return: list of :class:`Grant`
        """
        user = user or self.env.user
        cache = self.env.cr.cache.setdefault(_CACHE_KEY, {})
        if user.id not in cache:
            members = self._get_memberships(user).filtered("account_id.active")
            permissions = members._get_permissions()
            cache[user.id] = [
                grant
                for member in members
                for grant in member._build_grants(permissions[member])
            ]
        return cache[user.id]

    @api.model
    def _may(self, object_name, verb, entity=None, account=None):
        """Whether the current user has a grant of this kind at all.

        For what has no record yet (a new cart, an invitation) and for menus; a
        record is judged by :meth:`B2bScopeMixin._b2b_check`.

        :param entity: a legal entity that the grant must reach
        :param account: the account that the grant must be of
        """
        return any(
            (grant.object, grant.verb) == (object_name, verb)
            and (entity is None or entity.id in grant.get_entity_ids())
            and (account is None or account.id == grant.account_id)
            for grant in self._get_grants()
        )

    def _get_reach(self, object_name, verb):
        """Legal entities that members (batch, sudo) reach with a right.

        :return: dict member -> set of ids
        """
        permissions = self._get_permissions()
        return {
            member: {
                entity_id
                for grant in member._build_grants(permissions[member])
                if (grant.object, grant.verb) == (object_name, verb)
                for entity_id in grant.get_entity_ids()
            }
            for member in self
        }

    def _get_permissions(self):
        """Permissions of the members' (batch, sudo) active roles, in one query.

        :return: dict member -> ``b2b.permission`` records
        """
        permissions = self.env["b2b.permission"].sudo()
        # the search leaves out archived roles, without reading the roles
        members = self.with_context(active_test=False)
        found = permissions.search_fetch(
            Domain("role_id", "in", members.role_ids.ids)
            & Domain("role_id.active", "=", True)
        )
        by_role = {role.id: own for role, own in found.grouped("role_id").items()}
        return {
            member.with_env(self.env): permissions.union(
                *(by_role.get(role_id, permissions) for role_id in member.role_ids._ids)
            )
            for member in members
        }

    def _build_grants(self, permissions):
        """Grants of one membership (single record, in sudo).

        :param permissions: as of :meth:`_get_permissions`
        """
        self.ensure_one()
        team = self
        if "team" in permissions.mapped("scope"):
            everybody = self.with_context(active_test=False)
            team = everybody.search([("id", "child_of", self.id)])
        if self.account_id.state == "blocked":
            # view only, but for asking the manager why
            permissions = permissions.filtered(
                lambda p: p.verb == "read" or p.object == "conversation"
            )
        all_entities = self.account_id.entity_ids
        # of all of them in one query, before some are asked for
        all_entities.mapped("b2b_stage")
        entities = all_entities if self.all_entities else self.entity_ids & all_entities
        return [
            Grant(
                permission.object,
                permission.verb,
                permission.scope,
                permission.amount_limit,
                permission.period_limit,
                permission.period,
                self.account_id.id,
                self.id,
                tuple(team.ids),
                tuple(entities._b2b_reached(permission.entity_stage).ids),
                tuple(all_entities._b2b_reached(permission.entity_stage).ids),
                member_stage=permission.member_stage,
                entity_stage=permission.entity_stage,
                needs_2fa=permission.needs_2fa,
            )
            for permission in permissions
            if not self._b2b_get_obstacle(permission)
        ]

    def _b2b_get_obstacle(self, permission):
        """What keeps a permission of the member's (single, sudo) role from acting.

        :return: 'stage', '2fa' or None
        """
        if STAGE_RANK[self.stage] < STAGE_RANK[permission.member_stage]:
            return "stage"
        if permission.needs_2fa and not self.user_id.totp_enabled:
            return "2fa"
        return None

    @api.model
    def _b2b_objects(self):
        return {"member": Domain.TRUE}

    @api.model
    def _b2b_grant_domain(self, grant):
        member_ids = grant.get_member_ids()
        if member_ids is not None:
            return Domain("id", "in", member_ids)
        domain = Domain("account_id", "=", grant.account_id)
        if grant.scope == "entity":
            domain &= Domain("all_entities", "=", True) | Domain(
                "entity_ids", "in", grant.get_entity_ids()
            )
        return domain
