# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
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
    max_weight = fields.Float("Maximum weight, kg", digits="Stock Weight")
    max_volume = fields.Float("Maximum volume, m³", digits="Volume")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)

    _limits_positive = models.Constraint(
        "CHECK(COALESCE(max_weight, 0) >= 0 AND COALESCE(max_volume, 0) >= 0 "
        "AND COALESCE(max_weight, 0) + COALESCE(max_volume, 0) > 0)",
        "State the maximum weight or the maximum volume, above zero.",
    )
