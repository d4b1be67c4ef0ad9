# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class Website(models.Model):
    _inherit = "website"

    @api.model
    def _b2b_get_price_paths(self):
        return (*super()._b2b_get_price_paths(), "/shop/why")
