# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.http import route

from .carts import Carts


class CheckoutAddress(Carts):
    @route()
    def checkout(self, cart_id, **kwargs):
        """Choose the address whose default agreement is that of the cart."""
        response = super().checkout(cart_id, **kwargs)
        values = getattr(response, "qcontext", {})
        if "addresses" in values:
            cart = values["cart"]
            values["address"] = cart._b2b_get_checkout_address(values["addresses"])
        return response
