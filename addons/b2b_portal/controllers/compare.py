# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

from ..tools.parse_id import parse_id
from ..tools.refusal import Refusal
from .common import MemberPages


class Compare(MemberPages, Controller):
    """A cart under the agreements of its legal entity, and the move to another."""

    @route(
        "/my/carts/<int:cart_id>/compare",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def compare(self, cart_id, **kwargs):
        """The cart under each agreement, side by side. Nothing is written."""
        cart = self._get_cart(cart_id, "read")
        self._check_may("agreement", "read", cart.b2b_entity_id)
        if not request.website._b2b_may_see("prices"):
            raise Refusal("agreement", "read")
        if cart.state != "draft":
            return request.redirect(f"/my/orders/{cart.id}")
        offers = cart._b2b_compare()
        return request.render(
            "b2b_portal.compare",
            {
                "cart": cart,
                "offers": offers,
                "lines": cart.order_line.filtered("product_id"),
                "lowest": self._find_lowest(cart, offers),
                "compare_rows": self._align_rows(offers),
                "show_company": len({o.order.currency_id for o in offers}) > 1,
                "show_stock": request.website._b2b_may_see("stock"),
                "can_write": bool(cart._b2b_filtered("write")),
                "manual_text": self._get_manual_text(cart),
                "message": self._pop_message(),
                "page_name": "b2b_cart",
            },
        )

    def _get_manual_text(self, cart):
        """What is said of prices that staff have set by hand, or an empty text."""
        products = cart._b2b_get_manual_lines().product_id
        if not products:
            return ""
        return request.env._(
            "Your manager has set prices by hand: %s. A move replaces them by the "
            "agreement's.",
            ", ".join(products.mapped("display_name")),
        )

    def _align_rows(self, offers):
        """Rows of the offers, each label once.

        :return: list of (label, list with a text or None for each offer)
        """
        labels = {}
        for offer in offers:
            for row in offer.rows:
                labels.setdefault(row["code"], (row["sequence"], row["label"]))
        values = [{row["code"]: row["value"] for row in o.rows} for o in offers]
        return [
            (label, [texts.get(code) for texts in values])
            for code, (_sequence, label) in sorted(
                labels.items(), key=lambda item: item[1][0]
            )
        ]

    def _find_lowest(self, cart, offers):
        """Offers with the lowest price of each line, where prices differ.

        :return: dict id of the cart's line -> set of ids of agreements
        """
        currency = cart.company_id.currency_id
        lowest = {}
        for line in cart.order_line.filtered("product_id"):
            prices = {
                offer.agreement.id: offer.order._b2b_to_company(
                    offer.lines[line.id].price_total
                )
                for offer in offers
            }
            least = min(prices.values(), default=0.0)
            best = {
                key
                for key, price in prices.items()
                if not currency.compare_amounts(price, least)
            }
            lowest[line.id] = best if len(best) < len(prices) else set()
        return lowest

    @route(
        "/my/carts/<int:cart_id>/agreement",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def move(self, cart_id, agreement_id=0, **kwargs):
        """Put the cart under another agreement, which the visitor then acts under."""
        cart = self._get_cart(cart_id, "write")
        # not seen and not there is one answer: the move refuses both
        agreement = request.env["b2b.agreement"].search(
            [("id", "=", parse_id(agreement_id))]
        )
        try:
            with request.env.cr.savepoint():
                changes, warnings = cart._b2b_move_to(agreement.sudo())
        except (AccessError, UserError) as error:
            self._tell(str(error), "danger")
            return request.redirect(f"/my/carts/{cart_id}")
        request.website._b2b_switch_cart(cart.sudo(False))
        text = request.env._("The cart is under “%s” already.", agreement.name)
        if changes:
            text = request.env._("The cart has moved: %s.", "; ".join(changes))
        self._tell("\n".join([text, *warnings]), "warning" if warnings else "success")
        return request.redirect(f"/my/carts/{cart_id}")
