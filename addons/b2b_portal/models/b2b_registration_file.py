# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

FILE_KINDS = [
    ("charter", "Charter"),
    ("certificate", "Registration certificate"),
    ("attorney", "Power of attorney"),
    ("other", "Other"),
]


class B2bRegistrationFile(models.Model):
    """A file of an application; the content is an ``ir.attachment``."""

    _name = "b2b.registration.file"
    _description = "File of a Registration"
    _order = "registration_id, id"

    registration_id = fields.Many2one(
        "b2b.registration", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(FILE_KINDS, required=True, default="other")
    attachment_id = fields.Many2one(
        "ir.attachment", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(related="attachment_id.name")
    size = fields.Integer(related="attachment_id.file_size")
    create_date = fields.Datetime("Received", readonly=True)

    def action_open(self):
        """Download the file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
        }
