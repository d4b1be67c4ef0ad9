# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrder(models.Model):
    """The delivery address that the checkout offers."""

    _inherit = "sale.order"

    def _b2b_get_checkout_address(self, addresses):
        """The address that is chosen at first for the cart (single, sudo).

        That of the cart, unless another one has the cart's agreement as default.

        :param addresses: ``res.partner`` to choose from
        """
        self.ensure_one()
        current = self.partner_shipping_id & addresses
        agreement = self.b2b_agreement_id
        preferred = addresses.filtered(
            lambda a: agreement and a.b2b_agreement_id == agreement
        )
        if not preferred or current in preferred:
            return current or addresses[:1]
        return preferred[0]
