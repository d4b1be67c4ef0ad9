# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare

from .b2b_role import SCOPE_RANK, STAGE_RANK

# Most days that a period may have.
PERIOD_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
_COPIED = (
    "object",
    "verb",
    "scope",
    "amount_limit",
    "period_limit",
    "period",
    "needs_2fa",
    "member_stage",
    "entity_stage",
)


class B2bRole(models.Model):
    """Who may give a role, and the roles that accounts make for themselves."""

    _inherit = "b2b.role"

    @api.constrains("account_id", "base_role_id", "permission_ids")
    def _check_not_wider_than_base(self):
        self.permission_ids._check_not_wider_than_base()

    @api.constrains("account_id", "base_role_id")
    def _check_base_role(self):
        for role in self.filtered("base_role_id"):
            if role.base_role_id.account_id or not role.account_id:
                raise ValidationError(
                    self.env._(
                        "“%(role)s”: an account's own role is made from one of the "
                        "seller's roles.",
                        role=role.name,
                    )
                )

    def _is_covered_by(self, grants):
        """Whether the roles (batch) allow nothing beyond what the grants allow.

        :param grants: :class:`~.b2b_member.Grant` objects of whoever gives the role,
            in the account that it is given in
        """
        return all(
            any(permission._is_within(grant) for grant in grants)
            for permission in self.permission_ids
        )

    @api.model
    def _get_usable_domain(self, account):
        """Roles that members of an account may have by the customer's own will."""
        ours = Domain("account_id", "=", False) & Domain("assignable", "=", True)
        return Domain("account_id", "=", account.id) | ours

    @api.model
    def _get_usable(self, account):
        """Roles as of :meth:`_get_usable_domain`, in sudo, the seller's first."""
        return self.sudo().search(
            self._get_usable_domain(account), order="account_id desc, sequence, id"
        )

    @api.model
    def _get_assignable(self, account):
        """Roles that the current user may give to others of an account, in sudo.

        Members give no role that allows more than they are allowed themselves.
        """
        roles = self._get_usable(account)
        Member = self.env["b2b.member"]
        if not Member._is_member(self.env.user):
            return roles
        grants = Member._get_grants_in(account)
        return roles.filtered(lambda role: role._is_covered_by(grants))

    @api.model
    def _check_assignable(self, roles, account):
        """Refuse to give roles that the current user may not give in the account.

        :raise AccessError: naming the first such role; one of another account is
            not named
        """
        refused = roles.sudo() - self._get_assignable(account)
        if not refused:
            return
        if refused[0].account_id not in (account, self.env["b2b.account"]):
            raise AccessError(self.env._("This is not a role of your account."))
        raise AccessError(
            self.env._(
                "You cannot give the role “%(role)s”: it allows more than your own.",
                role=refused[0].name,
            )
        )

    # === ROLES OF AN ACCOUNT === #

    def _portal_check(self, account):
        """Refuse unless the user may make and change roles of the account.

        :raise AccessError: with a text for the customer
        """
        Member = self.env["b2b.member"]
        grants = Member._get_grants_in(account)
        if not any((g.object, g.verb) == ("role", "write") for g in grants):
            raise AccessError(
                self.env._(
                    "Your role does not allow this. Ask the director of your account."
                )
            )
        for role in self.sudo():
            if role.account_id != account or not role.base_role_id:
                raise AccessError(
                    self.env._("Only roles that your account has made can be changed.")
                )
            if role in Member._get_actor(account).role_ids:
                raise AccessError(
                    self.env._("“%(role)s” is your own role.", role=role.name)
                )

    def _portal_clone(self, account, name):
        """Make a role of the account from one of the seller's (single, sudo).

        :return: the new role, with the same permissions
        :raise AccessError, UserError: with a text for the customer
        """
        self.ensure_one()
        self.browse()._portal_check(account)
        if self.account_id or not (self.clonable and self.active):
            raise AccessError(self.env._("This role cannot be adapted."))
        self._check_assignable(self, account)
        return self.create(
            {
                "name": self._portal_clean_name(name, account),
                "code": f"{self.code}_{account.id}_{secrets.token_hex(4)}",
                "sequence": self.sequence,
                "description": self.description,
                "account_id": account.id,
                "base_role_id": self.id,
                "permission_ids": [
                    fields.Command.create(permission._copy_values())
                    for permission in self.permission_ids
                ],
            }
        )

    def _portal_clean_name(self, name, account):
        """A usable name for a role of the account.

        :raise UserError: no name, or another role of the account has it
        """
        name = (name or "").strip()[:64]
        if not name:
            raise UserError(self.env._("Give the role a name."))
        others = self._get_usable(account) - self
        if name.casefold() in [other.name.casefold() for other in others]:
            raise UserError(
                self.env._("There is a role “%(name)s” already.", name=name)
            )
        return name

    def _portal_save(self, name, cells):
        """Rename an account's role (single, sudo) and set what it allows.

        :param list cells: dicts with the fields of ``b2b.permission`` and ``base``,
            the permission of the base role that the cell narrows
        :raise AccessError, UserError: with a text for the customer; nothing changed
        """
        self.ensure_one()
        account = self.account_id
        self._portal_check(account)
        account._b2b_lock()
        directors = account._b2b_get_directors()
        commands = [fields.Command.clear()]
        for cell in cells:
            base = cell["base"]
            if base.role_id != self.base_role_id:
                raise AccessError(self.env._("This is not a role of your account."))
            values = base._copy_values()
            values |= {key: cell[key] for key in _COPIED[2:6] if key in cell}
            commands.append(fields.Command.create(values))
        self.write(
            {
                "name": self._portal_clean_name(name, account),
                "permission_ids": commands,
            }
        )
        self._check_assignable(self, account)
        account._b2b_check_director_left(directors)
        account._message_log(
            body=self.env._("The role “%(role)s” has been changed.", role=self.name)
        )

    def _portal_archive(self):
        """Put an account's role (single, sudo) away; members must not have it.

        :raise AccessError, UserError: with a text for the customer
        """
        self.ensure_one()
        self._portal_check(self.account_id)
        self.account_id._b2b_lock()
        holders = self.env["b2b.member"].sudo().search([("role_ids", "in", self.ids)])
        if holders:
            raise UserError(
                self.env._(
                    "“%(role)s” is the role of %(names)s. Give them another one first.",
                    role=self.name,
                    names=", ".join(holders[:5].mapped("name")),
                )
            )
        self.active = False


class B2bPermission(models.Model):
    _inherit = "b2b.permission"

    @api.constrains(*_COPIED, "role_id")
    def _check_not_wider_than_base(self):
        """An account's role never allows more than the role it is made from."""
        for permission in self:
            if not permission._is_within_base():
                labels = permission._get_labels()
                raise ValidationError(
                    self.env._(
                        "“%(role)s” would allow more than “%(base)s” does: "
                        "%(object)s, %(verb)s.",
                        role=permission.role_id.name,
                        base=permission.role_id.base_role_id.name,
                        object=labels["object"],
                        verb=labels["verb"],
                    )
                )

    def _is_within_base(self):
        """Whether the role (single) that this one's role is made from allows it too.

        The seller may narrow or put away the base at any time: judged on each use.
        """
        self.ensure_one()
        base = self.role_id.base_role_id
        return not base or (
            base.active and any(self._is_within(other) for other in base.permission_ids)
        )

    def _is_within(self, other):
        """Whether the permission (single) allows nothing beyond another one.

        :param other: a ``b2b.permission`` or a :class:`~.b2b_member.Grant`
        """
        self.ensure_one()
        return (
            (self.object, self.verb) == (other.object, other.verb)
            and SCOPE_RANK[self.scope] <= SCOPE_RANK[other.scope]
            and STAGE_RANK[self.member_stage] >= STAGE_RANK[other.member_stage]
            and STAGE_RANK[self.entity_stage] >= STAGE_RANK[other.entity_stage]
            and (self.needs_2fa or not other.needs_2fa)
            and _limit_within(self.amount_limit, other.amount_limit)
            and _limit_within(
                self.period_limit * self._count_periods(other), other.period_limit
            )
        )

    def _count_periods(self, other):
        """How many periods of this limit (single) may touch one of another limit."""
        own, longer = PERIOD_DAYS[self.period], PERIOD_DAYS[other.period]
        return math.ceil(longer / own) + 1 if longer > own else 1

    def _copy_values(self):
        """Values of a permission like this one (single), without its role."""
        self.ensure_one()
        return {name: self[name] for name in _COPIED}

    @api.model
    def _get_choices(self, name):
        """Values and words of a selection field: list of (value, text)."""
        return self._fields[name]._description_selection(self.env)

    def _get_labels(self):
        """The words of a permission's (single) object, verb and scope."""
        return {
            name: dict(self._get_choices(name))[self[name]]
            for name in ("object", "verb", "scope")
        }


def _limit_within(limit, other):
    """Whether a limit is as strict as another; 0 is no limit."""
    if not other:
        return True
    return bool(limit) and float_compare(limit, other, precision_digits=2) <= 0
