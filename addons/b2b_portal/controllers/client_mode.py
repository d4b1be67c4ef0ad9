# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from odoo.addons.website_sale.controllers.cart import Cart

from .common import MemberPages


class ClientMode(MemberPages, Controller):
    """'Show to my client'."""

    @route("/b2b/client-mode", type="http", auth="user", website=True, methods=["POST"])
    def toggle(self, on="", page="/shop", **kwargs):
        """Show retail prices only (``on`` is '1'), or the agreement's again."""
        self._check_member()
        request.website._b2b_set_client_mode(on == "1")
        return request.redirect(page, local=True)


class ClientModeCart(Cart):
    """What of core's carts would tell the agreement's prices."""

    def _get_cart_notification_information(self, order, added_qty_per_line):
        values = super()._get_cart_notification_information(order, added_qty_per_line)
        if request.website._b2b_in_client_mode():
            for line in values.get("lines", ()):
                for key in [key for key in line if "price" in key]:
                    line[key] = 0.0
        return values

    def _get_tracking_information(self, *args, **kwargs):
        if request.website._b2b_in_client_mode():
            return []
        return super()._get_tracking_information(*args, **kwargs)

    @route()
    def quick_add(self, product_template_id, product_id, quantity=1.0, **kwargs):
        """The answer is a cart with its sums: not in the client mode."""
        self._check_no_client_mode()
        return super().quick_add(product_template_id, product_id, quantity, **kwargs)

    @route()
    def update_cart(self, line_id, quantity, product_id=None, **kwargs):
        """The answer is a cart with its sums: not in the client mode."""
        self._check_no_client_mode()
        return super().update_cart(line_id, quantity, product_id, **kwargs)

    def _check_no_client_mode(self):
        if request.website._b2b_in_client_mode():
            raise UserError(request.website._b2b_get_client_mode_text())
