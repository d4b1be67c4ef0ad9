# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Kits (phantom bills of materials): what they consist of, what their parts allow."""

from math import floor

from odoo import models
from odoo.tools import float_round

# Kits of kits of kits …: core refuses loops, this ends one that was imported.
MAX_LEVELS = 8


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _b2b_get_kit_boms(self, company):
        """Bills of materials of those variants (batch) that are kits.

        :param company: ``res.company`` that sells
        :return: dict product -> ``mrp.bom`` in sudo
        """
        boms = self.env["mrp.bom"].sudo()
        found = boms._bom_find(self.sudo(), company_id=company.id, bom_type="phantom")
        return {product: bom for product, bom in found.items() if bom}

    def _b2b_get_kit_lines(self, bom):
        """Parts of one piece of the kit (single), of its own bill (sudo).

        :return: dict part (``product.product``) -> quantity in the part's own unit
        """
        kits = self.uom_id._compute_quantity(1.0, bom.product_uom_id, round=False)
        parts = {}
        for line in bom.bom_line_ids:
            if line._skip_bom_line(self):
                continue
            part = line.product_id
            quantity = line.product_uom_id._compute_quantity(
                line.product_qty * kits / bom.product_qty, part.uom_id, round=False
            )
            parts[part] = parts.get(part, 0.0) + quantity
        return parts

    def _b2b_get_kit_parts(self, company):
        """What one piece of each kit (batch) takes from the stock, kits in kits opened.

        The number of queries depends on how deep kits are in kits, not on the kits.

        :param company: ``res.company`` that sells
        :return: dict kit -> dict storable part -> quantity in the part's own unit;
            products that are no kits are left out
        """
        opened = {product: {product: 1.0} for product in self.sudo()}
        kits, closed = set(), self.sudo()
        for _level in range(MAX_LEVELS):
            boms = closed._b2b_get_kit_boms(company)
            if not boms:
                break
            lines = {p: p._b2b_get_kit_lines(bom) for p, bom in boms.items()}
            closed = self.sudo().browse()
            for product, parts in opened.items():
                for kit in [part for part in parts if part in lines]:
                    kits.add(product)
                    times = parts.pop(kit)
                    for part, quantity in lines[kit].items():
                        parts[part] = parts.get(part, 0.0) + times * quantity
                        closed |= part
        return {
            product: {
                part: quantity
                for part, quantity in opened[product].items()
                if part.is_storable and quantity > 0
            }
            for product in opened
            if product in kits
        }

    def _b2b_count_kits(self, parts, free):
        """How many whole kits the parts allow.

        :param dict parts: part -> quantity in one kit
        :param dict free: part -> free quantity
        :return: float; 0 for a kit without storable parts, as in core
        """
        if not parts:
            return 0.0
        return float(
            min(
                floor(float_round(free[part] / quantity, precision_digits=6))
                for part, quantity in parts.items()
            )
        )

    def _b2b_get_free_by_warehouse(self, warehouses):
        """Kits are as many as their parts in the same warehouse allow."""
        kits = self._b2b_get_kit_parts(warehouses.company_id[:1])
        if not kits:
            return super()._b2b_get_free_by_warehouse(warehouses)
        # a part may be one that the visitor does not see
        every = self.sudo().filtered(lambda product: product not in kits)
        every |= every.browse({part.id for parts in kits.values() for part in parts})
        free = super(ProductProduct, every)._b2b_get_free_by_warehouse(warehouses)
        result = {product: free[product] for product in self if product in free}
        for kit, parts in kits.items():
            result[kit] = {
                warehouse: self._b2b_count_kits(
                    parts, {part: free[part][warehouse] for part in parts}
                )
                for warehouse in warehouses
            }
        return {product: result[product] for product in self}
