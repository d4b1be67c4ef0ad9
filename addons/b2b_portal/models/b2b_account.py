# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date


class B2bAccount(models.Model):
    """One customer as a whole: a holding or a single firm."""

    _name = "b2b.account"
    _description = "Customer Account"
    _inherit = ["mail.thread", "mail.activity.mixin", "b2b.scope.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("active", "Active"), ("blocked", "Blocked: view only")],
        default="active",
        required=True,
        tracking=True,
    )
    manager_id = fields.Many2one(
        "res.users",
        "Personal manager",
        domain=[("share", "=", False)],
        tracking=True,
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one("res.company")
    entity_ids = fields.One2many("res.partner", "b2b_account_id", "Legal entities")
    member_ids = fields.One2many("b2b.member", "account_id", "Members")
    agreement_ids = fields.One2many("b2b.agreement", "account_id", "Agreements")
    entity_count = fields.Integer(compute="_compute_counts")
    member_count = fields.Integer(compute="_compute_counts")
    agreement_count = fields.Integer(compute="_compute_counts")

    @api.depends("entity_ids", "member_ids", "agreement_ids")
    def _compute_counts(self):
        for account in self:
            account.entity_count = len(account.entity_ids)
            account.member_count = len(account.member_ids)
            account.agreement_count = len(account.agreement_ids)

    @api.model
    def _b2b_objects(self):
        return {"entity": Domain.TRUE}

    @api.model
    def _b2b_grant_domain(self, grant):
        return Domain("id", "=", grant.account_id)

    def write(self, vals):
        self.env["b2b.member"]._forget_grants()
        return super().write(vals)

    # === PERSONAL MANAGER === #

    def _get_managers(self, date=None):
        """Who looks after each account (batch): the manager, or who stands in.

        Whatever notifies the manager asks here. A substitute who is away too is
        stood in for by theirs; where nobody is left, the manager stays.

        :param date: a day; None: today where the manager is
        :return: dict ``b2b.account`` -> ``res.users`` in sudo, empty without a manager
        """
        absences, users = {}, self.sudo().manager_id
        known = users.browse()
        while users:
            known |= users
            running = self.env["b2b.absence"]._get_running(users, date)
            absences |= running
            users = users.browse(
                {absence.substitute_id.id for absence in running.values()} - {False}
            )
            users -= known
        return {
            account: self._follow_absences(account.sudo().manager_id, absences)
            for account in self
        }

    @api.model
    def _follow_absences(self, manager, absences):
        """The first of the chain of substitutes who is not away."""
        seen, user = set(), manager
        while user in absences and user not in seen:
            seen.add(user)
            user = absences[user].substitute_id
        return manager if not user or user in seen else user

    def _get_manager(self, date=None):
        """See :meth:`_get_managers`, for one account."""
        self.ensure_one()
        return self._get_managers(date)[self]

    def _b2b_get_manager_card(self):
        """What the card of the personal manager shows (single account, sudo).

        :return: dict: user, photo (url), contacts, presence, hours, stand_in
            (text or False), may_write (a message); None without a manager
        """
        self.ensure_one()
        manager = self.sudo().manager_id
        if not manager:
            return None
        absence = self.env["b2b.absence"]._get_running(manager, None).get(manager)
        user = self._get_manager() if absence else manager
        stand_in, back_on = False, None
        if absence:
            until = format_date(self.env, absence.date_to, date_format="dd.MM")
            if user != manager:
                stand_in = self.env._(
                    "stands in for %(name)s until %(date)s",
                    name=manager.name,
                    date=until,
                )
            else:
                stand_in = self.env._("away until %(date)s", date=until)
                back_on = absence.date_to + timedelta(days=1)
        return {
            "account": self,
            "user": user,
            "photo": f"/b2b/manager/{self.id}/photo?v={user.id}-"
            f"{user.partner_id.write_date:%Y%m%d%H%M%S}",
            "contacts": user._b2b_get_contacts(),
            "presence": user._b2b_get_presence(back_on),
            "hours": user._b2b_get_hours(),
            "stand_in": stand_in,
            "may_write": self.env["b2b.member"]._may(
                "conversation", "create", account=self
            ),
        }
