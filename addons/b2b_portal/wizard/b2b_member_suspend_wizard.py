# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class B2bMemberSuspendWizard(models.TransientModel):
    """The staff suspends a member; the rules are those of the portal."""

    _name = "b2b.member.suspend.wizard"
    _description = "Suspend a Member"

    member_id = fields.Many2one("b2b.member", required=True, readonly=True)
    account_id = fields.Many2one(related="member_id.account_id")
    target_id = fields.Many2one(
        "b2b.member",
        "Colleague who takes over",
        domain="[('account_id', '=', account_id), ('id', '!=', member_id)]",
    )
    unfinished = fields.Text("To be handed over", compute="_compute_unfinished")

    @api.depends("member_id")
    def _compute_unfinished(self):
        for wizard in self:
            rows = wizard.member_id.sudo()._b2b_get_unfinished()
            wizard.unfinished = "\n".join(
                f"{text}: {len(records)}" for text, records in rows
            )

    def action_suspend(self):
        """Button: suspend at once."""
        self.ensure_one()
        self.member_id.sudo()._portal_suspend(self.target_id)
        return {"type": "ir.actions.act_window_close"}
