# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from .carts import Carts


class RateCarts(Carts):
    """Rates and prices of a cart: what has changed, and taking it over."""

    def _get_cart_values(self, cart):
        values = super()._get_cart_values(cart)
        codes = {check["code"] for check in values["checks"]}
        shown = codes & {"rate_changed", "price_changed"}
        return values | {
            "repricing": cart._b2b_get_repricing() if shown else None,
            "equivalent": cart._b2b_get_equivalent(cart.amount_total),
            "seen": cart._b2b_get_fingerprint(),
        }

    @route(
        "/my/carts/<int:cart_id>/recalculate",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def recalculate(self, cart_id, back="", **kwargs):
        """Take today's rates and prices into the cart; ``back`` names the page."""
        cart = self._get_cart(cart_id)
        try:
            with request.env.cr.savepoint():
                cart._b2b_recalculate()
        except (AccessError, UserError) as error:
            self._tell(str(error), "danger")
        else:
            self._tell(request.env._("The cart is recalculated at today's prices."))
        page = "/checkout" if back == "checkout" else ""
        return request.redirect(f"/my/carts/{cart_id}{page}")

    @route()
    def submit(self, cart_id, seen="", **kwargs):
        """Place what the page has shown; see ``sale.order._b2b_submit``."""
        request.update_context(b2b_seen=seen)
        return super().submit(cart_id, **kwargs)
