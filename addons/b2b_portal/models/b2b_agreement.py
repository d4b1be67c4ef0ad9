# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class B2bAgreement(models.Model):
    """Terms between one of our companies and one legal entity of a customer."""

    _name = "b2b.agreement"
    _description = "Agreement with a Customer"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "b2b.scope.mixin",
        "b2b.agreement.terms.mixin",
    ]
    _order = "is_default desc, name, id"
    _rec_names_search = ["name", "number"]

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Left empty, the agreement takes the name of its price type.",
    )
    number = fields.Char(copy=False, tracking=True)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("expired", "Expired"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    entity_id = fields.Many2one(
        "res.partner",
        "Legal entity",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("b2b_account_id", "!=", False)],
        tracking=True,
    )
    account_id = fields.Many2one(
        related="entity_id.b2b_account_id", store=True, index=True, string="Account"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Own price list",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Special prices of the agreement; everything else follows the price type.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        domain="[('company_id', '=', company_id)]",
        tracking=True,
    )
    date_start = fields.Date("Valid from", tracking=True)
    date_end = fields.Date("Valid until", tracking=True)
    is_default = fields.Boolean(
        "Default", tracking=True, help="Chosen when a member enters the portal."
    )

    _default_unique = models.UniqueIndex(
        "(entity_id, company_id) WHERE is_default AND active",
        "The legal entity has a default agreement already.",
    )
    _discount_range = models.Constraint(
        "CHECK(discount >= 0 AND discount < 100)",
        "The discount must be at least 0 % and below 100 %.",
    )

    @api.depends("price_type_id")
    def _compute_name(self):
        for agreement in self:
            agreement.name = agreement.name or agreement.price_type_id.name

    @api.depends("price_type_id")
    def _compute_currency_id(self):
        for agreement in self:
            agreement.currency_id = (
                agreement.currency_id
                or agreement.price_type_id.currency_id
                or agreement.company_id.currency_id
            )

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for agreement in self:
            start, end = agreement.date_start, agreement.date_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._("The agreement ends before it starts.")
                )

    @api.constrains("entity_id")
    def _check_entity(self):
        for agreement in self:
            if not agreement.entity_id.b2b_account_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s belongs to no customer account.",
                        name=agreement.entity_id.name,
                    )
                )

    # === STATE === #

    def action_activate(self):
        """Let orders be placed under the agreements (batch)."""
        self.write({"state": "active"})

    def action_suspend(self):
        """Refuse new orders under the agreements until they are active again."""
        self.write({"state": "suspended"})

    def _b2b_print_name(self):
        """The agreement (at most one) as papers name it, or an empty text."""
        if not self:
            return ""
        if not self.number:
            return self.name
        return self.env._("%(name)s No. %(number)s", name=self.name, number=self.number)

    def action_open_pricelist(self):
        """Open the special prices of the agreement (single)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "product.pricelist",
            "res_id": self.pricelist_id.id,
            "view_mode": "form",
            "name": self.env._("Special prices"),
        }

    def _is_valid_on(self, date):
        """Whether orders may be placed under the agreement (single) on a date."""
        self.ensure_one()
        return bool(
            self.active
            and self.state == "active"
            and (not self.date_start or self.date_start <= date)
            and (not self.date_end or date <= self.date_end)
        )

    def _get_refusal(self, date=None):
        """Why no order may be placed under the agreement (single).

        :return: text for the customer, or False where orders may be placed
        """
        self.ensure_one()
        date = date or fields.Date.context_today(self)
        if self._is_valid_on(date):
            return False
        if self.date_end and self.date_end < date or self.state == "expired":
            return self.env._(
                "Agreement “%(name)s” has expired. Choose another one or ask your "
                "manager to renew it.",
                name=self.name,
            )
        return self.env._(
            "Agreement “%(name)s” is not active. Ask your manager.", name=self.name
        )

    def _check_usable(self):
        """Raise unless orders may be placed under the agreement (single).

        :raise UserError: with the reason for the customer
        """
        if refusal := self._get_refusal():
            raise UserError(refusal)

    @api.model
    def _get_usable_domain(self):
        """Agreements under which orders may be placed today."""
        today = fields.Date.context_today(self)
        return (
            Domain("state", "=", "active")
            & (Domain("date_start", "=", False) | Domain("date_start", "<=", today))
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        )

    @api.model
    def _cron_expire(self):
        """Mark agreements whose last day has passed."""
        self.search(
            [
                ("state", "in", ("active", "suspended")),
                ("date_end", "<", fields.Date.context_today(self)),
            ]
        ).write({"state": "expired"})

    @api.model
    def _b2b_objects(self):
        return {"agreement": Domain.TRUE}
