# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request


class Website(models.Model):
    """The agreements in the menu, the nearest discount on the desk."""

    _inherit = "website"

    def _b2b_get_menu(self):
        rows = super()._b2b_get_menu()
        if self.env["b2b.member"]._may("agreement", "read"):
            rows.append(
                {
                    "code": "agreements",
                    "label": self.env._("Agreements"),
                    "url": "/my/agreements",
                    "icon": "handshake-o",
                    "sequence": 12,
                }
            )
        return rows

    def _b2b_get_tiles(self):
        """Add the discount of the acting agreement and what is missing to more."""
        tiles = super()._b2b_get_tiles()
        agreement = request.b2b.agreement
        seen = self.env["b2b.agreement"].search([("id", "=", agreement.id)]).sudo()
        rows = seen.condition_row_ids
        if not rows or not self._b2b_may_see("prices"):
            return tiles
        tile = {
            "code": "discount",
            "icon": "percent",
            "title": self.env._("Your discount"),
            "value": agreement._b2b_format_discount(seen.total_discount),
            "text": agreement.name,
            "url": f"/my/agreements/{agreement.id}",
            "sequence": 35,
        }
        if nearest := rows._get_nearest():
            tile["text"] = nearest._get_next_text()
            tile["bar"] = nearest._get_progress()
            tile["bar_label"] = nearest.condition_id.name
        return [*tiles, tile]
