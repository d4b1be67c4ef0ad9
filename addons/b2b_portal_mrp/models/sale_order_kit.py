# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import models


class SaleOrder(models.Model):
    """A cart's kits and its loose parts come from one stock."""

    _inherit = "sale.order"

    def _b2b_get_free(self, products, lines):
        """Take the parts of all kits of the cart off the stock that both share."""
        free = super()._b2b_get_free(products, lines)
        company, goods = self.company_id, products
        for line in lines:
            goods |= line.product_id
        kits = goods._b2b_get_kit_parts(company)
        warehouses = self._b2b_get_kit_warehouses()
        if not free or not kits or not warehouses:
            return free
        parts = {part for needed in kits.values() for part in needed}
        touched = [p for p in free if p in kits or p in parts]
        if not touched:
            return free
        taken = self._b2b_get_taken(lines, kits)
        pool = products.sudo().browse({part.id for part in parts} | set(products.ids))
        stock = pool._b2b_get_free_by_warehouse(warehouses)
        left = {
            warehouse: {part: stock[part][warehouse] - taken[part] for part in pool}
            for warehouse in warehouses
        }
        for product in touched:
            needed = kits.get(product, {product: 1.0})
            if product not in kits:
                free[product] = max(left[w][product] for w in warehouses)
            else:
                free[product] = max(
                    product._b2b_count_kits(needed, left[w]) for w in warehouses
                )
        return free

    def _b2b_get_kit_warehouses(self):
        """Warehouses whose stock counts for the cart (single)."""
        warehouses = self.b2b_agreement_id._b2b_get_warehouses()
        if warehouses:
            return warehouses
        return (
            self.env["stock.warehouse"]
            .sudo()
            .browse(self._get_shop_warehouse_id() or [])
        )

    def _b2b_get_taken(self, lines, kits):
        """What the lines take from the stock, kits as their parts.

        :return: dict part (sudo) -> quantity in its own unit
        """
        taken = defaultdict(float)
        for line in lines:
            product = line.product_id.sudo()
            quantity = line.product_uom_id._compute_quantity(
                line.product_uom_qty, product.uom_id, round=False
            )
            for part, number in kits.get(product, {product: 1.0}).items():
                taken[part] += quantity * number
        return taken
