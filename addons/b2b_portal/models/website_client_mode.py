# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""'Show to my client': a session in which only retail prices leave the server."""

from odoo import models
from odoo.http import request

CLIENT_MODE_SESSION_KEY = "b2b_client_mode"
# Routes whose pages make no sense without the agreement's prices.
CLOSED_PATHS = (
    "/shop/why",
    "/my/agreements",
    "/my/quotes",
    "/my/orders",
    "/my/invoices",
    "/my/documents",
    "/my/price-changes",
    "/my/carts/<int:cart_id>/checkout",
    "/my/carts/<int:cart_id>/submit",
    "/my/carts/<int:cart_id>/compare",
    "/my/carts/<int:cart_id>/agreement",
    "/my/carts/<int:cart_id>/recalculate",
)


class Website(models.Model):
    _inherit = "website"

    def _b2b_in_client_mode(self):
        """Whether the member shows the catalogue to a customer of theirs.

        A flag of the browser's session: prices of the agreement are not hidden, they
        are not sent.
        """
        session = getattr(request, "session", None) if request else None
        return bool(
            session
            and session.get(CLIENT_MODE_SESSION_KEY)
            and hasattr(request, "b2b")
            and request.b2b
        )

    def _b2b_set_client_mode(self, on):
        """Enter or leave the mode in this session."""
        if on:
            request.session[CLIENT_MODE_SESSION_KEY] = True
        else:
            request.session.pop(CLIENT_MODE_SESSION_KEY, None)

    def _get_and_cache_current_pricelist(self):
        """Retail, in the one place that all of core's prices come from."""
        if self._b2b_in_client_mode() and request.b2b.agreement:
            return request.b2b.agreement._get_retail_pricelist()
        return super()._get_and_cache_current_pricelist()

    def _prepare_sale_order_values(self, partner_sudo):
        """A cart is the agreement's, whatever prices the page shows."""
        values = super()._prepare_sale_order_values(partner_sudo)
        if self._b2b_in_client_mode() and request.b2b.agreement:
            values["pricelist_id"] = request.b2b.agreement.pricelist_id.id
        return values

    def _b2b_get_bar(self):
        """No amount, agreement or limit in the header while a client looks on."""
        bar = super()._b2b_get_bar()
        if not bar:
            return bar
        bar["client_mode"] = self._b2b_in_client_mode()
        bar["may_client_mode"] = bool(bar["acting"].agreement) and self._b2b_may_see(
            "prices"
        )
        if bar["client_mode"]:
            bar |= {"figures": [], "may_see_agreements": False}
        return bar

    def _b2b_get_client_mode_text(self):
        return self.env._(
            "Prices and sums are hidden: you show the catalogue to a client. Leave the "
            "client mode (Alt+P) to see them."
        )

    def _b2b_get_client_mode_closed(self):
        """Beginnings of routes that the client mode closes; a hook for addons."""
        return CLOSED_PATHS

    def _b2b_get_cart_bar(self, cart):
        """What the cart in the header shows of a cart (single, sudo)."""
        Order = self.env["sale.order"].with_user(self.env.user)
        domain = self._b2b_cart_domain_current()
        carts = Order.search(domain, order="write_date desc", limit=20)
        client_mode = self._b2b_in_client_mode()
        return {"cart": cart, "carts": carts.sudo(), "client_mode": client_mode}
