# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

KINDS = ("volume", "tenure")


class SaleOrder(models.Model):
    """Confirmed and cancelled orders count in the conditions of agreements."""

    _inherit = "sale.order"

    def _b2b_queue_conditions(self):
        """Have the discounts of the customers of orders (batch) computed soon."""
        accounts = self.sudo().b2b_entity_id.b2b_account_id
        if accounts:
            self.env["b2b.condition.queue"]._add(accounts=accounts, kinds=KINDS)

    def _action_confirm(self):
        result = super()._action_confirm()
        self._b2b_queue_conditions()
        return result

    def _action_cancel(self):
        confirmed = self.filtered(lambda order: order.state == "sale")
        result = super()._action_cancel()
        confirmed._b2b_queue_conditions()
        return result
