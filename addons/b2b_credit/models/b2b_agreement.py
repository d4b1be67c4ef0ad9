# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class B2bAgreement(models.Model):
    _inherit = "b2b.agreement"

    credit_line_ids = fields.One2many(
        "b2b.credit.line", "agreement_id", "Credit line", help="At most one."
    )

    def action_open_credit_line(self):
        """Open the credit line of the agreement (single), or a new one."""
        self.ensure_one()
        line = self.with_context(active_test=False).credit_line_ids
        return {
            "type": "ir.actions.act_window",
            "res_model": "b2b.credit.line",
            "res_id": line.id,
            "view_mode": "form",
            "name": self.env._("Credit line"),
            "context": {"default_agreement_id": self.id},
        }
