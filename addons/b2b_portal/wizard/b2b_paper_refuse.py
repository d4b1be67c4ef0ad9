# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class B2bPaperRefuse(models.TransientModel):
    """Asks staff why papers are refused: the customer reads it."""

    _name = "b2b.paper.refuse"
    _description = "Refusal of Founding Papers"

    paper_ids = fields.Many2many("b2b.paper", string="Papers", required=True)
    reason = fields.Text(required=True)

    def action_refuse(self):
        """Refuse the papers for the reason (single)."""
        self.ensure_one()
        self.paper_ids.check_access("write")
        self.paper_ids._refuse(self.reason)
