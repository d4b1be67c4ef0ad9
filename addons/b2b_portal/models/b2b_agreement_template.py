# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

Command = fields.Command


class B2bAgreementTemplate(models.Model):
    """Terms without a legal entity, to make many agreements from. For staff only."""

    _name = "b2b.agreement.template"
    _description = "Template of Agreements"
    _inherit = ["mail.thread", "b2b.agreement.terms.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        required=True, default=lambda self: self.env.company, tracking=True
    )
    currency_id = fields.Many2one(
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    agreement_name = fields.Char(
        "Name of the agreements",
        help="Left empty, an agreement takes the name of its price type.",
    )
    warehouse_line_ids = fields.One2many(
        "b2b.agreement.warehouse",
        "template_id",
        "Warehouses by priority",
        copy=True,
    )
    contract_required = fields.Boolean(
        "Orders need an accepted contract",
        default=lambda self: self.env.company.b2b_contract_required,
        tracking=True,
    )
    months = fields.Integer(
        "Term, months",
        default=12,
        tracking=True,
        help="How long the agreements are valid; 0: open-ended.",
    )
    agreement_ids = fields.One2many("b2b.agreement", "template_id", "Agreements")
    agreement_count = fields.Integer(compute="_compute_agreement_count")

    _discount_range = models.Constraint(
        "CHECK(COALESCE(discount, 0) >= 0 AND COALESCE(discount, 0) < 100)",
        "The discount must be at least 0 % and below 100 %.",
    )

    @api.depends("agreement_ids")
    def _compute_agreement_count(self):
        groups = self.env["b2b.agreement"]._read_group(
            [("template_id", "in", self.ids)], ["template_id"], ["__count"]
        )
        counts = dict(groups)
        for template in self:
            template.agreement_count = counts.get(template, 0)

    @api.constrains("months")
    def _check_months(self):
        if any(template.months < 0 for template in self):
            raise ValidationError(self.env._("The term cannot be negative."))

    @api.model
    def _get_term_names(self):
        """Fields that an agreement takes over as they are; a hook for addons."""
        return [
            "company_id",
            "price_type_id",
            "discount",
            "discount_cap",
            "special_pricelist_id",
            "currency_id",
            "payment_term_id",
            "carrier_id",
            "incoterm_id",
            "incoterm_location",
            "is_pickup",
            "min_order_amount",
            "has_loyalty",
            "region_source",
            "region_id",
            "contract_required",
        ]

    def _get_date_end(self, date_start):
        """The last day of an agreement of the template (single), False: open-ended."""
        if not self.months or not date_start:
            return False
        return date_start + relativedelta(months=self.months, days=-1)

    def _prepare_agreement(self, entity, date_start, date_end):
        """Values of a draft agreement of the template (single) with a legal entity."""
        self.ensure_one()
        terms = self.read(self._get_term_names(), load=None)[0]
        return {name: terms[name] for name in self._get_term_names()} | {
            "name": self.agreement_name,
            "entity_id": entity.id,
            "template_id": self.id,
            "date_start": date_start,
            "date_end": date_end,
            "warehouse_line_ids": [
                Command.create(
                    {"warehouse_id": line.warehouse_id.id, "sequence": line.sequence}
                )
                for line in self.warehouse_line_ids
            ],
        }

    def _create_agreement(self, entity, date_start=None, date_end=None):
        """Make an active agreement of the template (single) with a legal entity.

        It becomes the default one where the entity has none.

        :raise UserError, ValidationError: why it cannot be; the caller rolls back
        """
        date_start = date_start or fields.Date.context_today(self)
        date_end = date_end or self._get_date_end(date_start)
        values = self._prepare_agreement(entity, date_start, date_end)
        others = entity.sudo().b2b_agreement_ids.filtered(
            lambda a: a.is_default and a.company_id == self.company_id
        )
        values["is_default"] = not others
        agreement = self.env["b2b.agreement"].create(values)
        agreement.state = "active"
        return agreement

    def action_create_agreements(self):
        """Choose for whom agreements of the template (single) are made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Create agreements"),
            "res_model": "b2b.agreement.create",
            "view_mode": "form",
            "target": "new",
            "context": {"default_template_id": self.id},
        }

    def action_open_agreements(self):
        """Open the agreements of the template (single)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agreements"),
            "res_model": "b2b.agreement",
            "view_mode": "list,form",
            "domain": [("template_id", "=", self.id)],
        }
