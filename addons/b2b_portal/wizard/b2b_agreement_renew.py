# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class B2bAgreementRenew(models.TransientModel):
    """The new period of an agreement."""

    _name = "b2b.agreement.renew"
    _description = "Renew an Agreement"

    agreement_id = fields.Many2one("b2b.agreement", required=True)
    number = fields.Char("New number")
    date_start = fields.Date(
        "Valid from",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_end = fields.Date(
        "Valid until",
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: open-ended.",
    )

    @api.depends("agreement_id")
    def _compute_dates(self):
        """The day after the end, at the earliest today; as long as the old period."""
        for wizard in self:
            today = fields.Date.context_today(wizard)
            start, end = wizard.agreement_id.date_start, wizard.agreement_id.date_end
            wizard.date_start = (
                max(today, end + relativedelta(days=1)) if end else today
            )
            wizard.date_end = False
            if start and end:
                length = relativedelta(end + relativedelta(days=1), start)
                wizard.date_end = wizard.date_start + length - relativedelta(days=1)

    def action_renew(self):
        """Make the new agreement and open it."""
        self.ensure_one()
        agreement = self.agreement_id._b2b_renew(
            self.date_start, self.date_end, self.number
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "b2b.agreement",
            "res_id": agreement.id,
            "view_mode": "form",
        }
