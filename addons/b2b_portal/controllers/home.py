# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.website import MESSAGE_SESSION_KEY


class MemberHome(CustomerPortal):
    """The desk of members at /my; other portal users keep core's page."""

    @route()
    def home(self, **kwargs):
        """What waits for the visitor, figures, recent orders and papers."""
        if not request.website._b2b_is_member():
            return super().home(**kwargs)
        if request.website._b2b_in_client_mode():
            # sums wherever one looks, and the way in after a sign-in
            return request.redirect("/shop")
        values = request.website._b2b_get_home()
        values |= {
            "message": request.session.pop(MESSAGE_SESSION_KEY, None),
            "page_name": "home",
        }
        return request.render("b2b_portal.home", values)
