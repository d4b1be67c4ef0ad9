# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "b2b.scope.mixin"]

    _b2b_entity_path = "commercial_partner_id"
    _b2b_member_path = "b2b_member_id"

    b2b_agreement_id = fields.Many2one(
        "b2b.agreement", "Agreement", index="btree_not_null", copy=True
    )
    b2b_member_id = fields.Many2one(
        "b2b.member", "Ordered by", index="btree_not_null", copy=True
    )

    @api.model
    def _b2b_objects(self):
        return {
            "invoice": Domain("state", "=", "posted")
            & Domain("move_type", "in", ("out_invoice", "out_refund"))
        }

    def _prepare_b2b_document(self):
        """Registry values of the invoice (single)."""
        self.ensure_one()
        orders = self.invoice_line_ids.sale_line_ids.order_id
        entity = self.commercial_partner_id
        return {
            "name": self.name,
            "date": self.invoice_date or self.date,
            "state": "valid",
            "entity_id": entity.b2b_account_id and entity.id,
            "agreement_id": self.b2b_agreement_id.id,
            "member_id": self.b2b_member_id.id,
            "order_id": orders[:1].id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "amount": self.amount_total,
        }

    def _b2b_document_changed_at(self):
        """When what the paper (single) shows last changed."""
        self.ensure_one()
        return max([self.write_date, *self.invoice_line_ids.mapped("write_date")])

    def _post(self, soft=True):
        posted = super()._post(soft)
        customer = posted.filtered(lambda move: move.move_type == "out_invoice")
        self.env["b2b.document"]._record("invoice", customer)
        return posted

    def button_cancel(self):
        result = super().button_cancel()
        self.env["b2b.document"]._cancel(self)
        return result

    def button_draft(self):
        result = super().button_draft()
        self.env["b2b.document"]._cancel(self)
        return result


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "b2b.scope.child.mixin"]

    _b2b_parent_field = "move_id"
