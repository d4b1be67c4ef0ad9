# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL, float_round


class ProductProduct(models.Model):
    """Free stock of many products in several warehouses at once."""

    _inherit = "product.product"

    def _b2b_get_free_by_warehouse(self, warehouses):
        """Free stock of the products (batch) in each warehouse, by one query.

        The same as core's ``free_qty`` in the context of one warehouse.

        :param warehouses: ``stock.warehouse`` records, at least one
        :return: dict product -> dict warehouse -> quantity in the product's unit
        """
        self.env["stock.quant"].flush_model()
        self.env["stock.location"].flush_model(["warehouse_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT quant.product_id, location.warehouse_id,
                    SUM(quant.quantity - quant.reserved_quantity)::float
                FROM stock_quant quant
                JOIN stock_location location ON location.id = quant.location_id
                    AND location.warehouse_id IN %s
                WHERE quant.product_id = ANY(%s)
                GROUP BY quant.product_id, location.warehouse_id
                """,
                tuple(warehouses.ids),
                list(self.ids),
            )
        )
        # as uom.uom.round, without a record for each figure
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        places = {warehouse.id: warehouse for warehouse in warehouses}
        nothing = dict.fromkeys(warehouses, 0.0)
        free = {product_id: nothing.copy() for product_id in self._ids}
        for product_id, warehouse_id, quantity in rows:
            quantity = float_round(quantity, precision_digits=digits)
            free[product_id][places[warehouse_id]] = quantity
        return {product: free[product.id] for product in self}

    def _b2b_get_best_free(self, warehouses):
        """Free stock of the product (single) in its best warehouse.

        By core's field, which reads all products of a page at once.

        :param warehouses: ``stock.warehouse`` records, at least one
        """
        return max(
            self.with_context(warehouse_id=warehouse.id).free_qty
            for warehouse in warehouses
        )
