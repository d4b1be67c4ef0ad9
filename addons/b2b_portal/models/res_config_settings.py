# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    b2b_access_mode = fields.Selection(
        related="website_id.b2b_access_mode", readonly=False
    )
    b2b_show_catalogue = fields.Selection(
        related="website_id.b2b_show_catalogue", readonly=False
    )
    b2b_show_prices = fields.Selection(
        related="website_id.b2b_show_prices", readonly=False
    )
    b2b_show_stock = fields.Selection(
        related="website_id.b2b_show_stock", readonly=False
    )
    b2b_show_documents = fields.Selection(
        related="website_id.b2b_show_documents", readonly=False
    )
    b2b_show_promotions = fields.Selection(
        related="website_id.b2b_show_promotions", readonly=False
    )
    b2b_approved_stage = fields.Selection(
        related="website_id.b2b_approved_stage", readonly=False
    )

    @api.onchange("b2b_access_mode")
    def _onchange_b2b_access_mode(self):
        """Show the matrix that the chosen mode stands for."""
        self.update(self.env["website"]._b2b_get_preset(self.b2b_access_mode) or {})

    @api.onchange(
        "b2b_show_catalogue",
        "b2b_show_prices",
        "b2b_show_stock",
        "b2b_show_documents",
        "b2b_show_promotions",
    )
    def _onchange_b2b_matrix(self):
        website = self.env["website"]
        matrix = {name: self[name] for name in website._b2b_get_preset("open")}
        self.b2b_access_mode = website._b2b_get_mode(matrix)
