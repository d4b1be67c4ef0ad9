# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .b2b_condition_measure import INVOICES

KINDS = ("volume", "discipline")


class AccountMove(models.Model):
    """Posted and withdrawn invoices count in the conditions of agreements."""

    _inherit = "account.move"

    def _b2b_queue_conditions(self):
        """Have the discounts of the customers of invoices (batch) computed soon."""
        moves = self.sudo().filtered(lambda move: move.move_type in INVOICES)
        accounts = moves.commercial_partner_id.b2b_account_id
        if accounts:
            self.env["b2b.condition.queue"]._add(accounts=accounts, kinds=KINDS)

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._b2b_queue_conditions()
        return posted

    def button_cancel(self):
        result = super().button_cancel()
        self._b2b_queue_conditions()
        return result

    def button_draft(self):
        result = super().button_draft()
        self._b2b_queue_conditions()
        return result
