# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import Forbidden

from odoo.exceptions import UserError, ValidationError
from odoo.http import request, route
from odoo.tools import email_normalize

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.website_sale.controllers.delivery import Delivery
from odoo.addons.website_sale.controllers.main import WebsiteSale

from .common import MemberPages

CONTACT_FIELDS = ("name", "phone", "email")


class MemberAccount(MemberPages, CustomerPortal):
    """Core's forms of contacts and addresses are closed to members.

    Core writes what a contact enters up to its company; members have pages where
    the role decides, and a page for their own contact.
    """

    @route()
    def account(self, **kwargs):
        """A member's own contact: name, phone, e-mail."""
        if request.website._b2b_is_member():
            partner = request.env.user.partner_id
            texts = {name: partner[name] or "" for name in CONTACT_FIELDS}
            return self._render_contact(texts)
        return super().account(**kwargs)

    def _render_contact(self, texts, error=None):
        return request.render(
            "b2b_portal.my_contact",
            {
                "texts": texts,
                "error": error,
                "login": request.env.user.login,
                "message": self._pop_message(),
                "page_name": "b2b_contact",
            },
        )

    @route("/my/contact", type="http", auth="user", website=True, methods=["POST"])
    def save_contact(self, **posted):
        """Change the visitor's own contact; nothing else can be named here."""
        self._check_member()
        texts = {
            name: " ".join((posted.get(name) or "").split())[:100]
            for name in CONTACT_FIELDS
        }
        try:
            if not texts["name"]:
                raise UserError(request.env._("Enter your name."))
            if not email_normalize(texts["email"]):
                raise UserError(request.env._("Enter your e-mail address."))
            with request.env.cr.savepoint():
                partner = request.env.user.partner_id
                values = {name: text or False for name, text in texts.items()}
                partner.sudo().write(values)
        except (UserError, ValidationError) as error:
            return self._render_contact(texts, str(error))
        self._tell(request.env._("Saved."))
        return request.redirect("/my/account")

    @route()
    def my_addresses(self, **query_params):
        """Members' addresses belong to legal entities."""
        if request.website._b2b_is_member():
            return request.redirect("/my/entities")
        return super().my_addresses(**query_params)

    @route()
    def portal_address(self, *args, **kwargs):
        """See :meth:`my_addresses`."""
        if request.website._b2b_is_member():
            return request.redirect("/my/entities")
        return super().portal_address(*args, **kwargs)

    @route()
    def portal_address_submit(self, *args, **kwargs):
        """Closed to members: see :meth:`save_contact`."""
        if request.website._b2b_is_member():
            raise Forbidden
        return super().portal_address_submit(*args, **kwargs)

    @route()
    def address_archive(self, partner_id):
        """Closed to members."""
        if request.website._b2b_is_member():
            raise Forbidden
        return super().address_archive(partner_id)


class MemberExpressCheckout(WebsiteSale):
    """Ways of core's checkout that write addresses without its steps."""

    @route()
    def process_express_checkout(self, *args, **kwargs):
        """Closed to members: their orders go through our checkout."""
        if request.website._b2b_is_member():
            raise Forbidden
        return super().process_express_checkout(*args, **kwargs)

    @route()
    def shop_update_address(self, *args, **kwargs):
        """Closed to members: the address is chosen in our checkout."""
        if request.website._b2b_is_member():
            raise Forbidden
        return super().shop_update_address(*args, **kwargs)


class MemberDelivery(Delivery):
    @route()
    def express_checkout_process_delivery_address(self, *args, **kwargs):
        """Closed to members: it writes an address."""
        if request.website._b2b_is_member():
            raise Forbidden
        return super().express_checkout_process_delivery_address(*args, **kwargs)
