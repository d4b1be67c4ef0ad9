# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrder(models.Model):
    """Rates that the prices of an order are converted at."""

    _inherit = "sale.order"

    def _b2b_get_rates(self):
        """Rates of the order (at most one): its agreement's.

        :return: dict as of ``res.currency._b2b_rates``; empty: the official rates
        """
        agreement = self.b2b_agreement_id.sudo()
        return agreement._b2b_get_rates(self.date_order) if agreement else {}
