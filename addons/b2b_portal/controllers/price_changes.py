# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route
from odoo.tools.misc import format_date

from ..models.sale_order_cart import CartRequest
from ..tools.refusal import Refusal
from .common import MemberPages

_URL = "/my/price-changes"


class PriceChanges(MemberPages, Controller):
    """Coming changes of prices of goods that the visitor's company buys."""

    def _check_changes(self):
        """Let in who may read agreements and see prices.

        :raise Refusal: the role does not allow it
        """
        self._check_may("agreement", "read")
        if not request.website._b2b_may_see("prices"):
            raise Refusal("agreement", "read")

    def _get_agreement(self, agreement_id):
        """One of the visitor's agreements: the wanted one, else the acting one."""
        agreements = request.website._b2b_get_agreements()
        wanted = agreements.filtered(lambda a: str(a.id) == str(agreement_id))
        return wanted or request.b2b.agreement or agreements[:1], agreements

    @route(_URL, type="http", auth="user", website=True, readonly=True)
    def price_changes(self, agreement_id=None, **kwargs):
        """What changes when, under one agreement."""
        self._check_changes()
        agreement, agreements = self._get_agreement(agreement_id)
        changes = agreement._b2b_get_price_changes() if agreement else []
        may = request.env["b2b.member"]._may
        return request.render(
            "b2b_portal.price_changes",
            {
                "agreement": agreement,
                "agreements": agreements,
                "changes": changes,
                "may_order": bool(agreement)
                and may("cart", "create", agreement.entity_id),
                "empty_text": request.env._(
                    "No price of goods that your company buys is going to change "
                    "within %s days.",
                    agreement.company_id.b2b_price_horizon,
                ),
                "until_text": self._get_until_text(agreement),
                "member": request.b2b.member,
                "message": self._pop_message(),
                "page_name": "b2b_price_changes",
            },
        )

    def _get_until_text(self, agreement):
        """What is said of the end of an agreement, or an empty text."""
        if not agreement.date_end:
            return ""
        return request.env._(
            "The agreement is valid until %s: later prices are not known yet.",
            format_date(request.env, agreement.date_end),
        )

    @route(f"{_URL}/buy", type="http", auth="user", website=True, methods=["POST"])
    def buy_before(self, line_id=0, agreement_id=0, **kwargs):
        """Put what was last bought of a product into the current cart."""
        self._check_changes()
        agreement, agreements = self._get_agreement(agreement_id)
        back = f"{_URL}?agreement_id={agreement.id}"
        if str(agreement.id) != str(agreement_id):
            return request.redirect(_URL)
        lines = {str(line.id): line for line in agreement._b2b_get_bought().values()}
        line = lines.get(str(line_id))
        if not line:
            return request.redirect(back)
        wish = CartRequest(line.product_id, line.product_uom_id, line.product_uom_qty)
        try:
            with request.env.cr.savepoint():
                cart = self._get_open_cart(agreement)
                cart._b2b_add([wish])
        except (AccessError, UserError) as error:
            self._tell(str(error), "danger")
            return request.redirect(back)
        self._tell_added(cart, wish)
        return request.redirect(back)

    def _get_open_cart(self, agreement):
        """The current cart under an agreement, or a new one."""
        website = request.website
        if request.b2b.agreement != agreement:
            website._b2b_switch_agreement(agreement.id)
            request.b2b = website._b2b_get_acting()
            request.cart = website._get_and_cache_current_cart()
        return request.cart or website._create_cart()

    def _tell_added(self, cart, wish):
        """Say what became of a wish for the cart."""
        unit = wish.uom
        lines = request.env["b2b.cart.import.line"]
        texts = [lines._get_wish_text(wish, cart.b2b_agreement_id)]
        if wish.outcome != "rejected":
            added = request.env._(
                "%(product)s, %(quantity)s %(unit)s: in the cart “%(cart)s”.",
                product=wish.product.display_name,
                quantity=unit._b2b_format(wish.added_quantity),
                unit=unit.name,
                cart=cart.b2b_name or cart.name,
            )
            texts = [added, *texts]
        self._tell(
            " ".join(filter(None, texts)), "warning" if wish.reasons else "success"
        )

    @route(f"{_URL}/digest", type="http", auth="user", website=True, methods=["POST"])
    def set_digest(self, digest="", **kwargs):
        """Switch the weekly mail on or off for the visitor themself."""
        self._check_member()
        request.b2b.member.sudo().price_digest = bool(digest)
        text = request.env._("You will get no more mails about price changes.")
        if digest:
            text = request.env._("You will be told of price changes by mail.")
        self._tell(text)
        return request.redirect(_URL)
