# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .b2b_role import STAGE_RANK, STAGES


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "b2b.scope.mixin"]

    _b2b_entity_path = "commercial_partner_id"

    b2b_account_id = fields.Many2one(
        "b2b.account",
        "Customer account",
        index="btree_not_null",
        ondelete="restrict",
        help="Set: this company is a legal entity of the account.",
    )
    b2b_stage = fields.Selection(
        STAGES, "Stage on the portal", default="registered", required=True
    )
    b2b_agreement_ids = fields.One2many("b2b.agreement", "entity_id", "Agreements")

    @api.constrains("b2b_account_id", "is_company", "parent_id")
    def _check_b2b_legal_entity(self):
        for partner in self.filtered("b2b_account_id"):
            if not partner.is_company or partner.parent_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s must be a company of its own to be a legal entity.",
                        name=partner.name,
                    )
                )

    def write(self, vals):
        if {"b2b_account_id", "b2b_stage", "active"} & vals.keys():
            self.env["b2b.member"]._forget_grants()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("b2b_account_id") for vals in vals_list):
            self.env["b2b.member"]._forget_grants()
        return super().create(vals_list)

    def _b2b_reached(self, stage):
        """Legal entities of ``self`` that have reached ``stage`` (batch)."""
        rank = STAGE_RANK[stage]
        return self.filtered(lambda p: STAGE_RANK[p.b2b_stage] >= rank)

    @api.model
    def _b2b_objects(self):
        address = Domain("parent_id", "!=", False) & Domain("type", "=", "delivery")
        return {"entity": ~address, "address": address}

    @api.model
    def _b2b_scope_domain(self, verb):
        """Add one's own contact, which no permission is needed for."""
        domain = super()._b2b_scope_domain(verb)
        if verb == "read":
            domain |= Domain("id", "=", self.env.user.partner_id.id)
        return domain

    def _can_be_edited_by_current_customer(self, *args, **kwargs):
        """Keep requisites of legal entities out of the checkout's address form.

        Core allows every contact of an order's partner to rename the company
        and to change its tax number; for members the role decides.
        """
        allowed = super()._can_be_edited_by_current_customer(*args, **kwargs)
        Member = self.env["b2b.member"]
        if allowed and Member._is_member(self.env.user):
            partner = self.sudo()
            return partner == self.env.user.partner_id or bool(
                partner and partner._b2b_filtered("write") == partner
            )
        return allowed
