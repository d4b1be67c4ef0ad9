# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class B2bMemberPreviewWizard(models.TransientModel):
    """The staff looks at the portal as a member, and says what for."""

    _name = "b2b.member.preview.wizard"
    _description = "See the Portal as a Member"

    member_id = fields.Many2one("b2b.member", required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_preview(self):
        """Button: start the preview in this browser session."""
        self.ensure_one()
        self.member_id.sudo()._portal_preview(self.reason)
        return {"type": "ir.actions.act_url", "url": "/my", "target": "self"}
