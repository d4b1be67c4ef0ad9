# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class B2bPermission(models.Model):
    """The right to prices for programs: a secret address outlives a sign-out."""

    _inherit = "b2b.permission"

    object = fields.Selection(
        selection_add=[("feed", "Price feeds")], ondelete={"feed": "cascade"}
    )
