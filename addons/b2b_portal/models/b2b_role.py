# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

STAGES = [
    ("registered", "Registered"),
    ("verified", "Verified by the manager"),
    ("confirmed", "Confirmed by the head"),
]
STAGE_RANK = {code: rank for rank, (code, _label) in enumerate(STAGES)}


SCOPE_RANK = {"own": 0, "team": 1, "entity": 2, "account": 3}


class B2bRole(models.Model):
    """A set of permissions: one of the seller's, or one of an account's own."""

    _name = "b2b.role"
    _description = "Role of a Member"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)
    permission_ids = fields.One2many("b2b.permission", "role_id", "Permissions")
    account_id = fields.Many2one(
        "b2b.account",
        ondelete="cascade",
        index="btree_not_null",
        help="Set: a role that this account made for itself.",
    )
    base_role_id = fields.Many2one(
        "b2b.role",
        "Made from",
        ondelete="restrict",
        help="A role of an account never allows more than the role it is made from.",
    )
    assignable = fields.Boolean(
        "Customers may assign it",
        default=True,
        help="Directors may give this role to members of their account.",
    )
    clonable = fields.Boolean(
        "Customers may adapt it",
        default=True,
        help="Directors may make a narrower role of their own from this one.",
    )

    _code_unique = models.Constraint("UNIQUE(code)", "The role's code must be unique.")

    @api.ondelete(at_uninstall=False)
    def _unlink_forget_grants(self):
        self.env["b2b.member"]._forget_grants()

    def write(self, vals):
        self.env["b2b.member"]._forget_grants()
        return super().write(vals)


class B2bPermission(models.Model):
    """One cell of the rights table: object x verb x scope, with a value."""

    _name = "b2b.permission"
    _description = "Permission of a Role"
    _order = "role_id, object, verb, id"

    role_id = fields.Many2one("b2b.role", required=True, ondelete="cascade", index=True)
    object = fields.Selection(
        [
            ("cart", "Carts"),
            ("order", "Orders"),
            ("agreement", "Agreements and prices"),
            ("contract", "Contracts"),
            ("invoice", "Invoices"),
            ("delivery", "Deliveries"),
            ("paper", "Founding papers"),
            ("entity", "Legal entities"),
            ("address", "Delivery addresses"),
            ("member", "Members"),
            ("role", "Roles of the account"),
            ("conversation", "Conversations with the manager"),
        ],
        required=True,
    )
    verb = fields.Selection(
        [
            ("read", "See"),
            ("create", "Create"),
            ("write", "Change"),
            ("delete", "Delete"),
            ("submit", "Place the order"),
            ("sign", "Sign"),
            ("approve", "Approve"),
        ],
        required=True,
    )
    scope = fields.Selection(
        [
            ("own", "Own"),
            ("team", "Own and subordinates'"),
            ("entity", "Legal entities one acts for"),
            ("account", "Whole account"),
        ],
        required=True,
        default="own",
    )
    amount_limit = fields.Monetary(
        "Limit per order",
        help="Most that one order may cost, in the company's currency. 0: no limit.",
    )
    period_limit = fields.Monetary(
        "Limit per period",
        help="Most that the member's orders of a period may cost together. 0: no "
        "limit.",
    )
    period = fields.Selection(
        [
            ("day", "Day"),
            ("week", "Week"),
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("year", "Year"),
        ],
        default="month",
        required=True,
    )
    needs_2fa = fields.Boolean(
        "Needs two-factor sign-in",
        help="The permission acts for members who have switched on two-factor "
        "authentication.",
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    member_stage = fields.Selection(
        STAGES,
        "Needs the member",
        default="registered",
        required=True,
        help="The permission acts once the member has reached this stage.",
    )
    entity_stage = fields.Selection(
        STAGES,
        "Needs the legal entity",
        default="registered",
        required=True,
        help="The permission acts for legal entities that have reached this stage.",
    )

    _cell_unique = models.Constraint(
        "UNIQUE(role_id, object, verb, scope)",
        "The role has this permission already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["b2b.member"]._forget_grants()
        return super().create(vals_list)

    def write(self, vals):
        self.env["b2b.member"]._forget_grants()
        return super().write(vals)

    def unlink(self):
        self.env["b2b.member"]._forget_grants()
        return super().unlink()
