# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    b2b_contract_template_id = fields.Many2one(
        "b2b.contract.template",
        "Contract with customers",
        domain="[('company_id', '=', id)]",
        help="Contracts of new agreements are made from it.",
    )
    b2b_contract_required = fields.Boolean(
        "New agreements need an accepted contract",
        help="What new agreements start with; each agreement may say otherwise.",
    )
