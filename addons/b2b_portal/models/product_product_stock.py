# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain


class ProductProduct(models.Model):
    """Free stock of many products in several warehouses at once."""

    _inherit = "product.product"

    def _b2b_get_free_by_warehouse(self, warehouses):
        """Free stock of the products (batch) in each warehouse, in a few queries.

        The same as core's ``free_qty`` in the context of one warehouse.

        :param warehouses: ``stock.warehouse`` records, at least one
        :return: dict product -> dict warehouse -> quantity in the product's unit
        """
        free = {product: dict.fromkeys(warehouses, 0.0) for product in self}
        located = self.with_context(warehouse_id=warehouses.ids)
        domain = Domain("product_id", "in", self.ids)
        domain &= Domain(located._get_domain_locations()[0])
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                domain,
                ["product_id", "location_id"],
                ["quantity:sum", "reserved_quantity:sum"],
            )
        )
        for product, location, quantity, reserved in groups:
            if location.warehouse_id in free[product]:
                free[product][location.warehouse_id] += quantity - reserved
        return {
            product: {w: product.uom_id.round(q) for w, q in by_warehouse.items()}
            for product, by_warehouse in free.items()
        }

    def _b2b_get_best_free(self, warehouses):
        """Free stock of the product (single) in its best warehouse.

        By core's field, which reads all products of a page at once.

        :param warehouses: ``stock.warehouse`` records, at least one
        """
        return max(
            self.with_context(warehouse_id=warehouse.id).free_qty
            for warehouse in warehouses
        )
