# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Payments, and payments taken back, count in the payment discipline."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials.debit_move_id.move_id._b2b_queue_conditions()
        return partials

    def unlink(self):
        moves = self.debit_move_id.move_id
        result = super().unlink()
        moves._b2b_queue_conditions()
        return result
