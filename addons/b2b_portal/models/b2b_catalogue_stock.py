# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The catalogue by free stock, for those who may see stock."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.id_in import id_in


class B2bCatalogue(models.AbstractModel):
    _inherit = "b2b.catalogue"

    @api.model
    def _may_see_stock(self, acting):
        website = self.env["website"]._b2b_get_visited().with_env(self.env)
        return bool(acting and acting.agreement) and website._b2b_may_see("stock")

    @api.model
    def _get_warehouses(self, acting):
        """Warehouses that the visitor may filter by, in sudo, by priority.

        Those of the agreement, else the website's; empty for whoever sees no stock.
        """
        if not self._may_see_stock(acting):
            return self.env["stock.warehouse"].sudo()
        website = self.env["website"]._b2b_get_visited()
        return (
            acting.agreement._b2b_get_warehouses()
            or website._b2b_get_stock_warehouses()
        )

    @api.model
    def _get_conditions(self, query, acting):
        conditions = super()._get_conditions(query, acting)
        if (query.in_stock or query.warehouses) and self._may_see_stock(acting):
            conditions["stock"] = self._get_stock_filter(query, acting)
        return conditions

    @api.model
    def _get_stock_filter(self, query, acting):
        """In stock at all, and in one of the chosen warehouses.

        Ids of other warehouses than the agreement's find nothing.
        """
        warehouses = self._get_warehouses(acting)
        domain, templates = Domain.TRUE, self.env["product.template"]
        if query.in_stock:
            found = templates._b2b_get_in_stock_query(warehouses)
            domain &= id_in(found, apart=True)
        if query.warehouses:
            chosen = warehouses.filtered(lambda w: w.id in query.warehouses)
            if not chosen:
                return Domain.FALSE
            domain &= id_in(templates._b2b_get_free_query(chosen), apart=True)
        return domain

    @api.model
    def _get_orders(self, acting):
        orders = super()._get_orders(acting)
        if self._get_warehouses(acting):
            orders["stock"] = self.env._("By stock")
        return orders

    @api.model
    def _get_order_sql(self, templates, query, acting):
        warehouses = query.order == "stock" and self._get_warehouses(acting)
        if not warehouses:
            return super()._get_order_sql(templates, query, acting)
        row_id = SQL.identifier(templates.table, "id")
        table = self.env["b2b.stock.free"]._get_table(warehouses)
        best = SQL(
            "(SELECT template_id, (SELECT MAX(each.quantity)"
            " FROM unnest(warehouse_ids, quantities) AS each(warehouse_id, quantity)"
            " WHERE each.warehouse_id IN %s) AS quantity FROM (%s) free)",
            tuple(warehouses.ids),
            table,
        )
        on = SQL("b2b_best_stock.template_id = %s", row_id)
        templates.add_join("LEFT JOIN", "b2b_best_stock", best, on)
        return SQL("b2b_best_stock.quantity DESC NULLS LAST, %s", row_id)
