# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "b2b.scope.mixin", "b2b.print.mixin"]

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

    # === PRINT === #

    def _b2b_print_title(self):
        return self.env._(
            "Waybill No. %(number)s of %(date)s",
            number=self.name,
            date=format_date(self.env, self.date_done or self.scheduled_date),
        )

    def _b2b_print_facts(self):
        order = self.sudo().sale_id
        customer = self.b2b_entity_id or self.partner_id.commercial_partner_id
        warehouse = self.sudo().picking_type_id.warehouse_id
        return [
            (self.env._("Shipper"), self._b2b_print_seller()["party"]),
            (self.env._("Consignee"), self._b2b_print_party(customer)),
            (self.env._("Agreement"), self.b2b_agreement_id.sudo()._b2b_print_name()),
            (self.env._("Basis"), order._b2b_print_basis() if order else self.origin),
            (self.env._("Your order"), order.client_order_ref),
            (self.env._("Ship to"), self._b2b_print_address(self.partner_id)),
            (self.env._("Shipped from"), warehouse.name),
        ]

    def _b2b_get_print_moves(self):
        """Moves on the waybill with their quantity: what left, or is to leave.

        The unit is that of the order wherever the quantity is exact in it, so
        that the papers of a deal can be compared line by line.

        :return: list of (``stock.move`` in sudo, quantity, ``uom.uom``)
        """
        found = []
        for move in self.sudo().move_ids.filtered(lambda m: m.state != "cancel"):
            unit, ordered = move.product_uom, move.sale_line_id.product_uom_id
            quantity = move.quantity if self.state == "done" else move.product_uom_qty
            if unit.compare(quantity, 0) <= 0:
                continue
            if ordered and ordered != unit:
                exact = unit._compute_quantity(quantity, ordered, round=False)
                if ordered.is_zero(ordered.round(exact) - exact):
                    quantity, unit = exact, ordered
            found.append((move, quantity, unit))
        return found

    def _b2b_get_move_amount(self, move, quantity, unit):
        """What a quantity of a move costs by its order line, tax included.

        :return: (price of the unit, amount), or None without an order
        """
        line = move.sale_line_id
        if not line or line.product_uom_id.is_zero(line.product_uom_qty):
            return None
        ordered = line.product_uom_id._compute_quantity(
            line.product_uom_qty, unit, round=False
        )
        price = line.price_total / ordered
        return price, line.currency_id.round(price * quantity)

    def _b2b_print_rows(self):
        rows = []
        for number, (move, quantity, unit) in enumerate(self._b2b_get_print_moves(), 1):
            product = move.product_id.with_context(lang=self.env.lang)
            cost = self._b2b_get_move_amount(move, quantity, unit)
            currency = move.sale_line_id.currency_id
            rows.append(
                {
                    "kind": "goods",
                    "number": number,
                    "article": product.default_code or "",
                    "name": product.name,
                    "quantity": self.env["uom.uom"]._b2b_format(quantity),
                    "unit": unit.with_context(lang=self.env.lang).name,
                    "price": self._b2b_print_price(cost[0], currency) if cost else "",
                    "amount": self._b2b_print_money(cost[1], currency) if cost else "",
                }
            )
        return rows

    def _b2b_get_print_amount(self):
        """Currency and sum of the goods on the waybill, tax included.

        :return: (``res.currency`` or empty, float)
        """
        costs = [
            self._b2b_get_move_amount(*moved) for moved in self._b2b_get_print_moves()
        ]
        currency = self.sudo().sale_id.currency_id
        return currency, sum(cost[1] for cost in costs if cost)

    def _b2b_get_print_weight(self):
        """Weight of the goods on the waybill, in kilograms."""
        return sum(
            unit._compute_quantity(quantity, move.product_id.uom_id)
            * move.product_id.weight
            for move, quantity, unit in self._b2b_get_print_moves()
        )

    def _b2b_print_totals(self):
        totals = []
        currency, amount = self._b2b_get_print_amount()
        if currency:
            label = self.env._("Total with tax, %(currency)s", currency=currency.name)
            value = self._b2b_print_money(amount, currency)
            totals.append({"label": label, "value": value, "strong": True})
        if weight := self._b2b_get_print_weight():
            text = self.env["uom.uom"]._b2b_format(round(weight, 3))
            totals.append({"label": self.env._("Weight, kg"), "value": text})
        return totals
