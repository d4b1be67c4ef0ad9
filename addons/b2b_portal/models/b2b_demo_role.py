# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class B2bDemo(models.AbstractModel):
    _inherit = "b2b.demo"

    @api.model
    def _setup_own_role(self):
        """Give the role of «Северный ветер» the buyer's rights, with limits."""
        role = self._ref("role_north_buyer_demo")
        if role.permission_ids:
            return
        rows = [p._copy_values() for p in role.base_role_id.permission_ids]
        for row in rows:
            if (row["object"], row["verb"]) == ("cart", "submit"):
                row |= {"amount_limit": 150_000, "period_limit": 500_000}
        role.permission_ids = [fields.Command.create(row) for row in rows]
