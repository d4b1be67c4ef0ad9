# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.http import request, route

from odoo.addons.website_sale.controllers.cart import Cart
from odoo.addons.website_sale.controllers.main import WebsiteSale


class MemberCart(Cart):
    @route()
    def cart(self, id=None, access_token=None, revive_method="", **post):
        """Members have one cart page: ours; a token moves no cart to them."""
        if request.website._b2b_is_member():
            cart = request.cart
            return request.redirect(f"/my/carts/{cart.id}" if cart else "/my/carts")
        return super().cart(
            id=id, access_token=access_token, revive_method=revive_method, **post
        )


class MemberShop(WebsiteSale):
    def _check_cart(self, order_sudo):
        """Lead members from every step of core's checkout to ours."""
        if request.website._b2b_is_member():
            cart = request.cart
            return request.redirect(
                f"/my/carts/{cart.id}/checkout" if cart else "/my/carts"
            )
        return super()._check_cart(order_sudo)

    def _apply_pricelist(self, pricelist=None):
        """Keep the prices of the agreement: no link or code changes them.

        The one way of core to a cart's price list, by link, code and query alike.
        """
        if request.website._b2b_is_member():
            return None
        return super()._apply_pricelist(pricelist=pricelist)
