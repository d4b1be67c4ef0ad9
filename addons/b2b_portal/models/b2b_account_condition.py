# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .b2b_condition import COMPUTED_KINDS


class B2bAccount(models.Model):
    """What of the customer conditions of agreements look at."""

    _inherit = "b2b.account"

    cooperation_since = fields.Date(
        "Cooperation since",
        groups="base.group_user",
        tracking=True,
        help="For customers from before this portal. Empty: what the condition "
        "names, such as the first confirmed order.",
    )

    def write(self, vals):
        result = super().write(vals)
        if {"segment_id", "cooperation_since"} & vals.keys():
            queue = self.env["b2b.condition.queue"]
            queue._add(accounts=self, kinds=COMPUTED_KINDS)
        return result
