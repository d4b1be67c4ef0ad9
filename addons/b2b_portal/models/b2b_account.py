# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


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
