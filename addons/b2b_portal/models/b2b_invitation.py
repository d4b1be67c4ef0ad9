# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize
from odoo.tools.sql import escape_psql

VALID_DAYS_KEY = "b2b_portal.invitation_days"
VALID_DAYS = 7


class B2bInvitation(models.Model):
    """An invitation to become a member of an account.

    The link's token exists in the mail only: the database keeps its SHA-256.
    """

    _name = "b2b.invitation"
    _description = "Invitation of a Member"
    _inherit = ["mail.thread", "b2b.scope.mixin"]
    _order = "id desc"
    _rec_name = "email"
    _b2b_member_path = "invited_by_id"

    account_id = fields.Many2one(
        "b2b.account", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(required=True)
    email = fields.Char("E-mail", required=True, index=True, tracking=True)
    role_ids = fields.Many2many("b2b.role", string="Roles", tracking=True)
    all_entities = fields.Boolean("Acts for all legal entities")
    entity_ids = fields.Many2many(
        "res.partner",
        "b2b_invitation_entity_rel",
        "invitation_id",
        "partner_id",
        "Acts for",
        domain="[('b2b_account_id', '=', account_id)]",
    )
    supervisor_id = fields.Many2one(
        "b2b.member", ondelete="set null", domain="[('account_id', '=', account_id)]"
    )
    department = fields.Char()
    job = fields.Char("Position")
    confirm = fields.Boolean(
        "Confirm at once",
        help="The new member starts with the rights of the last stage, once the "
        "legal entity is verified.",
    )
    state = fields.Selection(
        [
            ("pending", "Waiting for an answer"),
            ("accepted", "Accepted"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        default="pending",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    token_hash = fields.Char(copy=False, readonly=True, groups="base.group_system")
    expires_at = fields.Datetime(readonly=True, copy=False)
    sent_at = fields.Datetime(readonly=True, copy=False)
    invited_by_id = fields.Many2one(
        "b2b.member",
        "Invited by",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="Empty: invited by the seller.",
    )
    member_id = fields.Many2one(
        "b2b.member", "Has become", ondelete="set null", readonly=True, copy=False
    )
    lang = fields.Char("Language", default=lambda self: self.env.lang or "en_US")

    _token_unique = models.UniqueIndex("(token_hash) WHERE token_hash IS NOT NULL")
    _pending_unique = models.UniqueIndex(
        "(account_id, email) WHERE state = 'pending'",
        "This person has an open invitation already.",
    )

    @api.constrains("entity_ids", "role_ids", "supervisor_id", "account_id")
    def _check_same_account(self):
        for invitation in self.sudo():
            account = invitation.account_id
            if any(
                entity.b2b_account_id != account for entity in invitation.entity_ids
            ):
                raise ValidationError(
                    self.env._("The legal entity is not one of the account.")
                )
            if invitation.role_ids.account_id - account:
                raise ValidationError(self.env._("This is not a role of your account."))
            if invitation.supervisor_id.account_id - account:
                raise ValidationError(
                    self.env._("The supervisor must be a member of the same account.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("email"):
                vals["email"] = self._clean_email(vals["email"])
        return super().create(vals_list)

    @api.model
    def _clean_email(self, email):
        """The normal form of an e-mail address.

        :raise UserError: it is none
        """
        if not (email or "").strip():
            raise UserError(self.env._("Enter an e-mail address."))
        normal = email_normalize((email or "").strip())
        if not normal or len(normal) > 254:
            raise UserError(
                self.env._(
                    "“%(email)s” is not an e-mail address.", email=(email or "")[:100]
                )
            )
        return normal

    @api.model
    def _b2b_objects(self):
        return {"member": Domain.TRUE}

    @api.model
    def _b2b_grant_domain(self, grant):
        domain = Domain("account_id", "=", grant.account_id)
        member_ids = grant.get_member_ids()
        if member_ids is not None:
            return domain & Domain("invited_by_id", "in", member_ids)
        if grant.scope == "entity":
            domain &= Domain("entity_ids", "in", grant.get_entity_ids())
        return domain

    # === INVITE === #

    @api.model
    def _invite(self, account, vals):
        """Invite somebody to an account; the caller sends the mail: ``_send``.

        :param dict vals: name, email, and as of ``b2b.member._portal_write``;
            confirm: whether to confirm the new member at once
        :return: the invitation, in sudo
        :raise AccessError: beyond the rights of the user
        :raise UserError: impossible; with a text for the customer
        """
        return self.sudo().create(self._prepare_invitation(account, vals))

    @api.model
    def _prepare_invitation(self, account, vals):
        """Values of a new invitation, checked against the rights of the user."""
        Member = self.env["b2b.member"]
        if Member._is_member(self.env.user):
            grants = Member._get_grants_in(account)
            if not any((g.object, g.verb) == ("member", "create") for g in grants):
                raise AccessError(
                    self.env._("Your role does not allow you to invite colleagues.")
                )
        else:
            Member._check_staff()
        name = (vals.get("name") or "").strip()[:128]
        if not name:
            raise UserError(self.env._("Enter the name."))
        email = self._clean_email(vals.get("email"))
        self._check_not_member(account, email)
        wanted = {"role_ids", "supervisor_id", "entity_ids", "all_entities"}
        wanted |= {"department", "job"}
        values = Member._prepare_portal_values(
            account, {"role_ids": []} | {k: vals[k] for k in wanted & vals.keys()}
        )
        if not values.get("all_entities") and not vals.get("entity_ids"):
            raise UserError(self.env._("Choose at least one legal entity."))
        return values | {
            "account_id": account.id,
            "name": name,
            "email": email,
            "confirm": bool(vals.get("confirm")) and self._may_confirm(account),
            "invited_by_id": Member._get_actor(account).id,
        }

    @api.model
    def _may_confirm(self, account):
        """Whether the user may let new members start with all rights of their role."""
        Member = self.env["b2b.member"]
        return not Member._is_member(self.env.user) or Member._may(
            "member", "approve", account=account
        )

    @api.model
    def _check_not_member(self, account, email):
        """Refuse an e-mail whose owner is in the account or invited already."""
        members = self.env["b2b.member"].sudo().with_context(active_test=False)
        member = members.search(
            [
                ("account_id", "=", account.id),
                "|",
                ("user_id.login", "=ilike", escape_psql(email)),
                ("user_id.partner_id.email_normalized", "=", email),
            ],
            limit=1,
        )
        if member.active:
            raise UserError(
                self.env._("%(name)s is a member already.", name=member.name)
            )
        if member:
            raise UserError(
                self.env._(
                    "%(name)s is a suspended member: reactivate them instead.",
                    name=member.name,
                )
            )
        pending = self.sudo().search(
            [
                ("account_id", "=", account.id),
                ("email", "=", email),
                ("state", "=", "pending"),
            ]
        )
        pending._expire()
        if pending.filtered(lambda i: i.state == "pending"):
            raise UserError(
                self.env._("%(email)s has an open invitation already.", email=email)
            )

    def _send(self):
        """Send the link (batch, sudo): a new one, which voids the one before."""
        days = (
            self.env["ir.config_parameter"].sudo().get_param(VALID_DAYS_KEY, VALID_DAYS)
        )
        template = self.env.ref("b2b_portal.mail_template_invitation")
        now = fields.Datetime.now()
        urls = {}
        for invitation in self:
            token = secrets.token_urlsafe(32)
            invitation.write(
                {
                    "token_hash": self._hash(token),
                    "sent_at": now,
                    "expires_at": now + timedelta(days=int(days)),
                }
            )
            base = invitation.get_base_url()
            urls[invitation.id] = f"{base}/b2b/invitation/{token}"
        if self:
            template.sudo().with_context(b2b_urls=urls).send_mail_batch(self.ids)

    @api.model
    def _hash(self, token):
        """What the database keeps of a token."""
        return hashlib.sha256((token or "").encode()).hexdigest()

    def _portal_resend(self):
        """Send a new link (single, sudo); the old one stops working.

        :raise AccessError: beyond the rights of the user
        :raise UserError: it has been answered or cancelled
        """
        self._check_open("create")
        self.state = "pending"
        self._send()

    def _portal_cancel(self):
        """Take an invitation (single, sudo) back.

        :raise AccessError: beyond the rights of the user
        :raise UserError: it has been answered
        """
        self._check_open("create")
        self.state = "cancelled"

    def _check_open(self, verb):
        """Lock, and refuse what has been accepted or cancelled (single, sudo)."""
        self.ensure_one()
        if self.env["b2b.member"]._is_member(self.env.user):
            self._b2b_check(verb)
        else:
            self.with_user(self.env.user).check_access("write")
        self._b2b_lock()
        if self.state not in ("pending", "expired"):
            raise UserError(
                self.env._("The invitation has been answered or cancelled already.")
            )

    def _expire(self):
        """Mark those (batch, sudo) whose time is over."""
        now = fields.Datetime.now()
        self.filtered(
            lambda i: i.state == "pending" and i.expires_at and i.expires_at < now
        ).state = "expired"

    @api.model
    def _cron_expire(self):
        """Nightly: mark the invitations whose time is over."""
        self.search(
            [("state", "=", "pending"), ("expires_at", "<", fields.Datetime.now())]
        )._expire()

    def action_b2b_send(self):
        """Button of the backend form: send the link, the first time or again."""
        self.ensure_one()
        self.check_access("write")
        self.sudo()._portal_resend()

    def action_b2b_cancel(self):
        """Button of the backend form."""
        self.ensure_one()
        self.check_access("write")
        self.sudo()._portal_cancel()
