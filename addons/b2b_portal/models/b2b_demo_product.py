# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, api, fields, models

# One row: goods, warehouse, quantity, days until they come.
ARRIVALS = [
    ("product_blt_933_m8x40_a2_demo", "warehouse_podolsk", 4000, 9),
    ("product_blt_933_m8x40_a2_demo", "warehouse_shushary", 2000, 16),
    ("product_934_m8_a2_demo", "warehouse_podolsk", 6000, 9),
    ("product_2000000471006_demo", "warehouse_podolsk", 24, 5),
    ("product_2000000471007_demo", "warehouse_podolsk", 12, 12),
    ("product_blt_933_m8x40_zn_demo", "warehouse_podolsk", 20000, 6),
]


class B2bDemo(models.AbstractModel):
    """Goods on their way to the warehouses of the demo."""

    _inherit = "b2b.demo"

    @api.model
    def _setup_arrivals(self):
        """Confirmed receipts of a supplier, one a warehouse and day."""
        if self._ref("arrival_demo_1"):
            return
        supplier = self.env["res.partner"].create(
            {"name": "АО «Метизный завод»", "is_company": True}
        )
        self._bind("partner_supplier_demo", supplier)
        groups = {}
        for goods, warehouse, quantity, days in ARRIVALS:
            groups.setdefault((warehouse, days), []).append((goods, quantity))
        for number, (key, rows) in enumerate(groups.items(), start=1):
            receipt = self._create_receipt(supplier, *key, rows)
            self._bind(f"arrival_demo_{number}", receipt)

    def _create_receipt(self, supplier, warehouse, days, rows):
        """One confirmed receipt; rows: (goods, quantity)."""
        kind = self._ref(warehouse).in_type_id
        day = fields.Datetime.now() + timedelta(days=days)
        locations = {
            "location_id": supplier.property_stock_supplier.id,
            "location_dest_id": kind.default_location_dest_id.id,
        }
        receipt = self.env["stock.picking"].create(
            {
                "partner_id": supplier.id,
                "picking_type_id": kind.id,
                "scheduled_date": day,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self._ref(goods).product_variant_id.id,
                            "product_uom_qty": quantity,
                            "date": day,
                        }
                        | locations
                    )
                    for goods, quantity in rows
                ],
            }
            | locations
        )
        receipt.action_confirm()
        receipt.move_ids.date = day
        return receipt
