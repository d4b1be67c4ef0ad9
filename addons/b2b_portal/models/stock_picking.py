# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "b2b.scope.mixin"]

    _b2b_entity_path = "b2b_entity_id"
    _b2b_member_path = "b2b_member_id"

    b2b_entity_id = fields.Many2one(
        "res.partner",
        "Legal entity",
        compute="_compute_b2b_entity_id",
        store=True,
        index="btree_not_null",
    )
    b2b_agreement_id = fields.Many2one(
        related="sale_id.b2b_agreement_id", store=True, index="btree_not_null"
    )
    b2b_member_id = fields.Many2one(
        related="sale_id.b2b_member_id", store=True, index="btree_not_null"
    )

    @api.depends("sale_id.b2b_entity_id", "partner_id.commercial_partner_id")
    def _compute_b2b_entity_id(self):
        for picking in self:
            entity = picking.partner_id.commercial_partner_id
            picking.b2b_entity_id = picking.sale_id.b2b_entity_id or (
                entity if entity.b2b_account_id else False
            )

    @api.model
    def _b2b_objects(self):
        return {"delivery": Domain("picking_type_code", "=", "outgoing")}

    def _prepare_b2b_document(self):
        """Registry values of the transfer's waybill (single)."""
        self.ensure_one()
        order = self.sale_id
        return {
            "name": self.name,
            "date": fields.Date.context_today(self, self.date_done),
            "state": "valid",
            "entity_id": self.b2b_entity_id.id,
            "agreement_id": self.b2b_agreement_id.id,
            "member_id": self.b2b_member_id.id,
            "order_id": order.id,
            "company_id": self.company_id.id,
            "currency_id": order.currency_id.id,
            "amount": False,
        }

    def _b2b_document_changed_at(self):
        """When what the paper (single) shows last changed."""
        self.ensure_one()
        return max([self.write_date, *self.move_ids.mapped("write_date")])

    def _action_done(self):
        result = super()._action_done()
        shipped = self.filtered(
            lambda picking: picking.state == "done"
            and picking.picking_type_code == "outgoing"
        )
        self.env["b2b.document"]._record("waybill", shipped)
        return result
