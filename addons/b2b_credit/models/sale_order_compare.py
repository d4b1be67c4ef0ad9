# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _b2b_get_compare_rows(self, agreement, order):
        """Add the free limit of the agreement, for those who may see it."""
        rows = super()._b2b_get_compare_rows(agreement, order)
        line = self.env["b2b.credit.line"].sudo(False)
        line = line.search([("agreement_id", "=", agreement.id)], limit=1)
        if line:
            rows.append(
                {
                    "code": "credit",
                    "label": self.env._("Free limit"),
                    "value": agreement.currency_id.format(line.available),
                    "sequence": 15,
                }
            )
        return rows
