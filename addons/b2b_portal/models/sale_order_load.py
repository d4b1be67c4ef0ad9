# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    """What the goods of an order weigh and how they fill a pallet or a truck."""

    _inherit = "sale.order"

    b2b_transport_unit_id = fields.Many2one(
        "b2b.transport.unit",
        "Transport",
        index="btree_not_null",
        help="What the customer fills with the goods of the cart.",
    )

    def _b2b_get_transport_units(self):
        """Transport units to choose from for the order (single), in sudo."""
        units = self.env["b2b.transport.unit"].sudo()
        return units.search(Domain("company_id", "in", [False, self.company_id.id]))

    def _b2b_get_load(self):
        """Weight and volume of the goods of the order (single).

        A constant number of queries. Services weigh nothing; goods whose weight is
        not known are named, the figures are then too small.

        :return: dict: weight (kg), volume (m3), unweighed and unmeasured (products
            without the figure), units (to choose from), unit (the chosen one or the
            first), and of that: weight_percent, volume_percent (of the units that are
            needed; None without a limit), needed and full (numbers of units),
            rest_weight or rest_volume (what does not fill a unit, by what limits)
        """
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: line.product_id.type == "consu" and not line.is_delivery
        )
        weight = volume = 0.0
        for line in lines:
            product = line.product_id
            quantity = float(line.product_uom_id._b2b_get_factor(product.uom_id))
            quantity *= line.product_uom_qty
            weight += quantity * product.weight
            volume += quantity * product.volume
        units = self._b2b_get_transport_units()
        chosen = self.b2b_transport_unit_id.sudo()
        unit = chosen if chosen in units else units[:1]
        load = {
            "weight": weight,
            "volume": volume,
            "unweighed": lines.product_id.filtered(lambda p: not p.weight),
            "unmeasured": lines.product_id.filtered(lambda p: not p.volume),
            "units": units,
            "unit": unit,
        }
        return load | unit._b2b_get_fill(weight, volume)
