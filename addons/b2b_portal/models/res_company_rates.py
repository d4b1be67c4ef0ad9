# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """How old rates may be and how long an order keeps its own."""

    _inherit = "res.company"

    b2b_rate_max_age = fields.Integer(
        "Highest age of an internal rate, days",
        default=7,
        help="Older ones carry no price and no order. 0: no limit.",
    )
    b2b_official_rate_max_age = fields.Integer(
        "Highest age of an official rate, days",
        help="Older ones carry no price and no order. 0: no limit.",
    )
    b2b_rate_hold_hours = fields.Integer(
        "Hours that a cart keeps its rate",
        default=24,
        help="After that, a rate that has changed is shown with its effect, and "
        "the customer accepts it before ordering.",
    )

    _b2b_rate_limits = models.Constraint(
        "CHECK(COALESCE(b2b_rate_max_age, 0) >= 0 "
        "AND COALESCE(b2b_official_rate_max_age, 0) >= 0 "
        "AND COALESCE(b2b_rate_hold_hours, 0) >= 0)",
        "Ages and hours of rates cannot be negative.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    b2b_rate_max_age = fields.Integer(
        related="company_id.b2b_rate_max_age", readonly=False
    )
    b2b_official_rate_max_age = fields.Integer(
        related="company_id.b2b_official_rate_max_age", readonly=False
    )
    b2b_rate_hold_hours = fields.Integer(
        related="company_id.b2b_rate_hold_hours", readonly=False
    )
