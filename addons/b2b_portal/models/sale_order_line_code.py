# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The customer's own article numbers on orders and on their papers."""

from odoo import api, fields, models

from .b2b_print_mixin import TEXT_LINE_HEIGHT

_TYPED_CODES = "b2b_typed_codes"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _b2b_add(self, requests):
        """Lines keep the number that was typed, where goods have several."""
        typed = {
            (wish.product.id, wish.uom.id): wish.code.code
            for wish in requests
            if wish.code and wish.outcome != "rejected"
        }
        order = self.with_context(**{_TYPED_CODES: typed}) if typed else self
        return super(SaleOrder, order)._b2b_add(requests)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    b2b_customer_code = fields.Char(
        "Customer's article",
        copy=False,
        help="The customer's own number for the goods, as it was when the line was "
        "added: papers do not change when the customer's list does.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._b2b_note_codes(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Other goods on a line have another number, or none."""
        if "product_id" not in vals or "b2b_customer_code" in vals:
            return super().write(vals)
        result = True
        for order, lines in self.grouped("order_id").items():
            values = dict(vals, order_id=order.id)
            self._b2b_note_codes([values])
            code = values.get("b2b_customer_code", False)
            result = super(SaleOrderLine, lines).write(
                dict(vals, b2b_customer_code=code)
            )
        return result

    @api.model
    def _b2b_note_codes(self, vals_list):
        """Add to values of lines how their customer calls the goods.

        One query for each legal entity among them.
        """
        typed = self.env.context.get(_TYPED_CODES) or {}
        orders = self.env["sale.order"].sudo()
        by_entity = {}
        for vals in vals_list:
            entity = orders.browse(vals.get("order_id") or []).b2b_entity_id
            if entity and vals.get("product_id") and "b2b_customer_code" not in vals:
                by_entity.setdefault(entity, []).append(vals)
        for entity, group in by_entity.items():
            products = self.env["product.product"].browse(
                {vals["product_id"] for vals in group}
            )
            codes = entity.b2b_account_id._b2b_map_codes(products, entity)
            for vals in group:
                key = vals["product_id"], vals.get("product_uom_id")
                code = typed.get(key) or codes.get(vals["product_id"])
                if code:
                    vals["b2b_customer_code"] = code


class B2bPrintMixin(models.AbstractModel):
    _inherit = "b2b.print.mixin"

    def _b2b_print_goods_row(self, number, line, quantity, included):
        """Also ``own_code``: the customer's number, printed below the name."""
        row = super()._b2b_print_goods_row(number, line, quantity, included)
        sale_line = line
        if line._name == "account.move.line":
            sale_line = line.sudo().sale_line_ids[:1]
        row["own_code"] = sale_line.b2b_customer_code or ""
        return row

    def _b2b_print_row_height(self, row, columns):
        height = super()._b2b_print_row_height(row, columns)
        return height + TEXT_LINE_HEIGHT * bool(row.get("own_code"))


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _b2b_print_rows(self):
        rows = super()._b2b_print_rows()
        for row, (move, _quantity, _unit) in zip(
            rows, self._b2b_get_print_moves(), strict=True
        ):
            row["own_code"] = move.sale_line_id.b2b_customer_code or ""
        return rows
