# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResPartner(models.Model):
    """A legal entity that moves changes what conditions of agreements see."""

    _inherit = "res.partner"

    def write(self, vals):
        watched = {"b2b_account_id", "state_id", "country_id"} & vals.keys()
        accounts = self.sudo().b2b_account_id if watched else self.env["b2b.account"]
        result = super().write(vals)
        if watched:
            accounts |= self.sudo().b2b_account_id
            self.env["b2b.condition.queue"]._add(accounts=accounts)
        return result
