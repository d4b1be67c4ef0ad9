# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    b2b_price_horizon = fields.Integer(
        "Tell price changes ahead, days",
        default=60,
        help="Changes of prices of goods that customers buy are shown to them, and "
        "mailed, this many days ahead.",
    )

    _b2b_price_horizon_range = models.Constraint(
        "CHECK(COALESCE(b2b_price_horizon, 0) BETWEEN 0 AND 366)",
        "Price changes are told 0 to 366 days ahead.",
    )

    def _b2b_get_tz(self):
        """Time zone in which days of the company (single) begin, for prices."""
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id
        return self.sudo().partner_id.tz or calendar.tz or "UTC"


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    b2b_price_horizon = fields.Integer(
        related="company_id.b2b_price_horizon", readonly=False
    )
