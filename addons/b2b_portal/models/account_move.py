# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "b2b.scope.mixin", "b2b.print.mixin"]

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

    # === PRINT === #

    def _b2b_print_title(self):
        values = {
            "number": self.name or "—",
            "date": format_date(self.env, self.invoice_date or self.date),
        }
        if self.move_type == "out_refund":
            return self.env._("Credit note No. %(number)s of %(date)s", **values)
        return self.env._("Invoice No. %(number)s of %(date)s", **values)

    def _b2b_print_facts(self):
        due = self.invoice_date_due
        orders = self.sudo().invoice_line_ids.sale_line_ids.order_id
        basis = ", ".join(order._b2b_print_basis() for order in orders)
        references = orders.mapped("client_order_ref")
        return [
            (self.env._("Seller"), self._b2b_print_seller()["party"]),
            (self.env._("Customer"), self._b2b_print_party(self.commercial_partner_id)),
            (self.env._("Agreement"), self.b2b_agreement_id.sudo()._b2b_print_name()),
            (self.env._("Basis"), basis or self.invoice_origin),
            (self.env._("Your order"), ", ".join(filter(None, references))),
            (self.env._("Payment terms"), self.invoice_payment_term_id.name),
            (self.env._("Pay by"), due and format_date(self.env, due)),
            (self.env._("Ship to"), self._b2b_print_address(self.partner_shipping_id)),
        ]

    def _b2b_print_rows(self):
        lines = self.invoice_line_ids
        included = self._b2b_print_tax_included(lines)
        rows, number = [], 0
        for line in lines.sorted(lambda line: (line.sequence, line.id)):
            row = self._b2b_print_text_row(line)
            if line.display_type == "product":
                number += 1
                row = self._b2b_print_goods_row(number, line, line.quantity, included)
            if row:
                rows.append(row)
        return rows

    def _b2b_print_totals(self):
        currency = self.currency_id
        included = self._b2b_print_tax_included(self.invoice_line_ids)
        totals = self._b2b_print_tax_totals(self.tax_totals, currency, included)
        paid = self.amount_total - self.amount_residual
        if self.state == "posted" and not currency.is_zero(paid):
            money = self._b2b_print_money
            totals += [
                {"label": self.env._("Paid"), "value": money(paid, currency)},
                {
                    "label": self.env._("Left to pay"),
                    "value": money(self.amount_residual, currency),
                    "strong": True,
                },
            ]
        return totals


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "b2b.scope.child.mixin"]

    _b2b_parent_field = "move_id"
