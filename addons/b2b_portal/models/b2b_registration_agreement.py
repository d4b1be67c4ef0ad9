# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class B2bRegistration(models.Model):
    """Approval may give the new legal entity its first agreement."""

    _inherit = "b2b.registration"

    agreement_template_id = fields.Many2one(
        "b2b.agreement.template",
        "Agreement from the template",
        ondelete="set null",
        domain="[('company_id', '=', company_id)]",
        help="Approval makes an active agreement with these terms. Empty: none.",
    )

    def _approve_entity(self):
        """Make the agreement together with the entity: both, or neither.

        :raise UserError: the template lacks what an active agreement needs
        """
        result = super()._approve_entity()
        if self.agreement_template_id:
            self.agreement_template_id._create_agreement(self.entity_id)
        return result
