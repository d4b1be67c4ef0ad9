# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class B2bPermission(models.Model):
    """The right to saved filters; to create beyond one's own means to share."""

    _inherit = "b2b.permission"

    object = fields.Selection(
        selection_add=[("saved_filter", "Saved filters")],
        ondelete={"saved_filter": "cascade"},
    )
