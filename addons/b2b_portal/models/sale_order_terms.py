# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models


class SaleOrder(models.Model):
    """Terms that an order takes from its agreement: delivery, warehouses, minimum."""

    _inherit = "sale.order"

    incoterm = fields.Many2one(
        compute="_compute_b2b_delivery_terms", store=True, readonly=False
    )
    incoterm_location = fields.Char(
        compute="_compute_b2b_delivery_terms", store=True, readonly=False
    )

    @api.depends("b2b_agreement_id")
    def _compute_b2b_delivery_terms(self):
        """Incoterm of the agreement; other orders keep what they have."""
        for order in self:
            agreement = order.b2b_agreement_id.sudo()
            ours = agreement.incoterm_id and order.state in ("draft", "sent")
            order.incoterm = agreement.incoterm_id if ours else order.incoterm
            order.incoterm_location = (
                agreement.incoterm_location if ours else order.incoterm_location
            )

    # === CONFIRMATION === #

    def _action_confirm(self):
        """Take carrier and warehouses just before core makes the deliveries."""
        ours = self.filtered("b2b_agreement_id")
        ours._b2b_take_carrier()
        ours._b2b_assign_warehouses()
        return super()._action_confirm()

    def action_draft(self):
        """A reopened order chooses its warehouses anew."""
        result = super().action_draft()
        for order in self.filtered("b2b_agreement_id.warehouse_id"):
            order.warehouse_id = order.b2b_agreement_id.sudo().warehouse_id
        return result

    def _b2b_take_carrier(self):
        """The agreement's delivery method, where the orders (batch) have none.

        Not before: core asks the carrier for a rate whenever a cart with one changes.
        """
        for order in self:
            agreement = order.b2b_agreement_id.sudo()
            if not order.carrier_id and not agreement.is_pickup:
                order.carrier_id = agreement.carrier_id

    def _b2b_assign_warehouses(self):
        """Choose the warehouse of each line (batch of orders), by free stock.

        The first of the agreement's that has all of the line, else the main one.
        Where staff has chosen another warehouse than the main one, it stays, and so
        does what a route on the line says.
        """
        warehouses = {
            order: order.b2b_agreement_id._b2b_get_warehouses() for order in self
        }
        orders = self.filtered(
            lambda o: len(warehouses[o]) > 1 and o.warehouse_id == warehouses[o][0]
        )
        if not orders:
            return
        every = self.env["stock.warehouse"].sudo()
        every = every.union(*(warehouses[order] for order in orders))
        products = orders.order_line.product_id.filtered("is_storable")
        free = products.sudo()._b2b_get_free_by_warehouse(every)
        for order in orders:
            order._b2b_spread_lines(warehouses[order], free)

    def _b2b_spread_lines(self, warehouses, free):
        """Give the lines (single order) their warehouses.

        :param dict free: product -> warehouse -> quantity, reduced here
        """
        chosen = defaultdict(self.order_line.browse)
        for line in self.order_line.filtered(lambda li: li.product_id in free):
            if not line.route_ids:
                warehouse = line._b2b_choose_warehouse(warehouses, free)
                chosen[warehouse] |= line
        if len(chosen) == 1:
            self.warehouse_id = next(iter(chosen))
            return
        for warehouse, lines in chosen.items():
            lines.warehouse_id = warehouse

    def _b2b_get_warehouse_names(self):
        """Where the goods of the order (at most one, sudo) are shipped from."""
        warehouses = self.order_line.warehouse_id if self.state == "sale" else None
        return ", ".join((warehouses or self.warehouse_id).mapped("name"))

    # === STOCK === #

    def _b2b_get_stock(self, products):
        """Free stock of the products: that of the agreement's best warehouse."""
        free = self.b2b_agreement_id.sudo()._b2b_get_free(products.sudo())
        if free is None:
            return super()._b2b_get_stock(products)
        return {product: free[product] for product in products}

    def _get_free_qty(self, product):
        warehouses = self.b2b_agreement_id._b2b_get_warehouses()
        if not warehouses:
            return super()._get_free_qty(product)
        return product._b2b_get_best_free(warehouses)

    # === CHECKS === #

    def _b2b_get_checks(self):
        checks = super()._b2b_get_checks()
        for check in checks:
            if check["code"] == "agreement":
                check |= self._b2b_get_other_agreement_link()
        return checks + self._b2b_get_minimum_check()

    def _b2b_get_other_agreement_link(self):
        """Where the cart (single) is moved to another agreement, if there is one.

        :return: dict: url, link; empty where there is nothing to move it to
        """
        if not self.b2b_agreement_id or not (
            self._b2b_get_agreements() - self.b2b_agreement_id
        ):
            return {}
        return {
            "url": f"/my/carts/{self.id}/compare",
            "link": self.env._("Move the cart to another agreement"),
        }

    def _b2b_get_goods_total(self):
        """Sum of the goods of the order (single) with tax, without delivery."""
        lines = self.order_line.filtered(lambda line: not line.is_delivery)
        return self.currency_id.round(sum(lines.mapped("price_total")))

    def _b2b_get_minimum_check(self):
        """The check of the agreement's minimum order, a list of at most one row."""
        agreement = self.b2b_agreement_id.sudo()
        minimum = agreement.min_order_amount
        if not minimum or not self.order_line:
            return []
        currency = agreement.currency_id
        total = self._b2b_get_goods_total()
        if currency != self.currency_id:
            total = self.currency_id._convert(
                total, currency, self.company_id, fields.Date.context_today(self)
            )
        if currency.compare_amounts(total, minimum) >= 0:
            return []
        message = self.env._(
            "Add goods for %(missing)s: the minimum order is %(minimum)s.",
            missing=currency.format(minimum - total),
            minimum=currency.format(minimum),
        )
        return [self._b2b_check_row("minimum_order", message)]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _b2b_choose_warehouse(self, warehouses, free):
        """The first warehouse that has all of the line (single), else the main one.

        :param dict free: product -> warehouse -> quantity, reduced here
        """
        product, unit = self.product_id, self.product_uom_id
        need = unit._compute_quantity(self.product_uom_qty, product.uom_id, round=False)
        stock = free[product]
        enough = (w for w in warehouses if product.uom_id.compare(stock[w], need) >= 0)
        warehouse = next(enough, warehouses[0])
        stock[warehouse] -= need
        return warehouse
