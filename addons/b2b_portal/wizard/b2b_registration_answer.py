# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class B2bRegistrationAnswer(models.TransientModel):
    """What the manager writes to the applicant: what is missing, or why not."""

    _name = "b2b.registration.answer"
    _description = "Answer to an Applicant"

    registration_id = fields.Many2one("b2b.registration", required=True)
    mode = fields.Selection(
        [("more", "Ask for more"), ("reject", "Reject")], required=True
    )
    text = fields.Text(required=True)

    def action_send(self):
        """Answer the applicant.

        :raise UserError: no text, or the registration is decided already
        """
        self.ensure_one()
        if not (self.text or "").strip():
            raise UserError(self.env._("Write to the applicant what this is about."))
        if self.mode == "more":
            self.registration_id._ask_more(self.text)
        else:
            self.registration_id._reject(self.text)
        return {"type": "ir.actions.act_window_close"}
