# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from math import ceil

from odoo import fields, models


class B2bTransportUnit(models.Model):
    """What goods travel on: a pallet, a truck, a wagon, with what it can take."""

    _name = "b2b.transport.unit"
    _description = "Transport Unit"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("pallet", "Pallet"), ("truck", "Truck"), ("wagon", "Wagon")],
        required=True,
        default="pallet",
    )
    max_weight = fields.Float("Maximum weight, kg", digits=(16, 2))
    max_volume = fields.Float("Maximum volume, m³", digits=(16, 2))
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)

    _limits_positive = models.Constraint(
        "CHECK(COALESCE(max_weight, 0) >= 0 AND COALESCE(max_volume, 0) >= 0 "
        "AND COALESCE(max_weight, 0) + COALESCE(max_volume, 0) > 0)",
        "State the maximum weight or the maximum volume, above zero.",
    )

    def _b2b_get_fill(self, weight, volume):
        """How goods fill the unit (at most one): see ``_b2b_get_load``."""
        by_weight = weight / self.max_weight if self.max_weight else None
        by_volume = volume / self.max_volume if self.max_volume else None
        # goods that fill three pallets must not seem to need a fourth for 1e-16
        filled = round(max(by_weight or 0.0, by_volume or 0.0), 6)
        needed, full = ceil(filled), int(filled)
        fill = {"needed": needed, "full": full}
        for name, share in (
            ("weight_percent", by_weight),
            ("volume_percent", by_volume),
        ):
            fill[name] = None if share is None else round(100 * share / (needed or 1))
        fill["rest_weight"] = fill["rest_volume"] = 0.0
        if by_weight is not None and by_weight >= (by_volume or 0.0):
            fill["rest_weight"] = max(weight - full * self.max_weight, 0.0)
        elif by_volume is not None:
            fill["rest_volume"] = max(volume - full * self.max_volume, 0.0)
        return fill
