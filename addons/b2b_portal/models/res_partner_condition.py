# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .b2b_condition import COMPUTED_KINDS


class ResPartner(models.Model):
    """A legal entity that moves changes what conditions of agreements see."""

    _inherit = "res.partner"

    def write(self, vals):
        watched = {"b2b_account_id", "state_id", "country_id"} & vals.keys()
        if not watched:
            return super().write(vals)
        accounts = self.sudo().b2b_account_id
        result = super().write(vals)
        accounts |= self.sudo().b2b_account_id
        queue = self.env["b2b.condition.queue"]
        queue._add(accounts=accounts, kinds=COMPUTED_KINDS)
        return result
