# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class B2bPermission(models.Model):
    _inherit = "b2b.permission"

    object = fields.Selection(
        selection_add=[("credit", "Credit lines")], ondelete={"credit": "cascade"}
    )
