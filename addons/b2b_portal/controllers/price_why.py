# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
from dataclasses import dataclass

from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import Controller, request, route

from ..tools.parse_id import parse_id
from ..tools.refusal import Refusal
from .common import MemberPages

_MAX_QUANTITY = 1e9


@dataclass
class Question:
    """What a price is asked for; records in sudo.

    :param cart: ``sale.order``, empty: the question is not about a cart
    :param line: the cart's line of the product, or empty
    """

    product: object
    agreement: object
    quantity: float
    uom: object
    cart: object
    line: object


def parse_positive(text):
    """A positive number of an address, or None."""
    try:
        number = float((text or "").replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 < number < _MAX_QUANTITY else None


class PriceWhy(MemberPages, Controller):
    """'Why this price': the way from the list price to the visitor's price."""

    @route(
        "/shop/why/<int:product_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def why(self, product_id, fragment=None, **options):
        """Explain the price of a product under the acting agreement.

        A page, or with ``fragment`` what a dialog shows of it.

        :param options: qty, uom_id (one of the units the product is sold by),
            cart_id (a cart of the visitor: its agreement, its rates, its quantity),
            agreement_id (one that the visitor may act under)
        :raise NotFound: no such product in this shop, no such cart, no such agreement
        :raise Refusal: no member, no agreement, or no prices for this visitor
        """
        self._check_price_reader()
        question = self._get_question(product_id, options)
        with request.env["res.currency"]._b2b_rates(question.cart._b2b_get_rates()):
            why = question.agreement._explain_price(
                question.product,
                question.quantity,
                question.uom,
                question.cart.date_order or None,
            )
            values = self._get_why_values(question, why)
        name = "b2b_portal.price_why" if fragment else "b2b_portal.price_why_page"
        return request.render(name, values | {"fragment": bool(fragment)})

    def _check_price_reader(self):
        """Let in members who may see prices, and nobody while a client looks on.

        :raise Refusal: with the reason
        """
        self._check_member()
        website = request.website
        if not website._b2b_may_see("prices") or not website._b2b_may_see("promotions"):
            raise Refusal(
                text=request.env._(
                    "Prices are for approved customers. Ask your manager."
                )
            )
        if website._b2b_in_client_mode():
            raise Refusal(
                text=request.env._(
                    "Your own prices are hidden while you show the catalogue to a "
                    "client. Leave this mode to see how a price comes about."
                )
            )

    def _get_question(self, product_id, options):
        """The question of an address, checked.

        :return: :class:`Question`
        """
        product = self._get_visible_product(product_id)
        cart = request.env["sale.order"].sudo()
        if options.get("cart_id"):
            cart = self._get_cart(parse_id(options["cart_id"]), "read")
        agreement = cart.b2b_agreement_id or self._get_agreement(options)
        if not agreement:
            raise Refusal(
                text=request.env._(
                    "You have no active agreement yet. Ask your manager for one."
                )
            )
        uom = product._b2b_allowed_units().filtered(
            lambda unit: unit.id == parse_id(options.get("uom_id"))
        )
        lines = cart.order_line.filtered(lambda line: line.product_id == product)
        line = lines.filtered(lambda line: line.product_uom_id == uom) or lines
        line = line[:1]
        uom = uom or line.product_uom_id or product.uom_id
        quantity = parse_positive(options.get("qty"))
        quantity = quantity or line.product_uom_qty or 1.0
        if line:
            product = product.with_context(**line._get_product_price_context())
        return Question(product, agreement, quantity, uom, cart, line)

    def _get_visible_product(self, product_id):
        """The product, in sudo, as far as this shop shows it to the visitor."""
        domain = Domain(request.website.sale_product_domain())
        domain &= Domain("id", "=", product_id) & Domain("is_published", "=", True)
        product = request.env["product.product"].search(domain)
        if not product:
            raise NotFound
        return product.sudo()

    def _get_agreement(self, options):
        """The agreement that the address names, else the acting one, in sudo."""
        if not options.get("agreement_id"):
            return request.b2b.agreement
        wanted = parse_id(options["agreement_id"])
        agreement = request.website._b2b_get_agreements()
        agreement = agreement.filtered(lambda a: a.id == wanted)
        if not agreement:
            raise NotFound
        return agreement

    def _get_why_values(self, question, why):
        """Values of the page and of the dialog."""
        taxed = why.agreement._get_taxed_price(why)
        currency = why.currency
        line = question.line
        in_cart = None
        if line and line.product_uom_id == why.uom:
            same_quantity = not why.uom.compare(line.product_uom_qty, why.quantity)
            if same_quantity and currency.compare_amounts(
                line.price_reduce_taxinc, taxed
            ):
                in_cart = line.price_reduce_taxinc
        return {
            "why": why,
            "product": why.product,
            "agreement": why.agreement,
            "amount": why.agreement._format_price,
            "next_texts": why.agreement._get_next_texts(why),
            "taxed": taxed if currency.compare_amounts(taxed, why.price) else None,
            "in_cart": in_cart,
            "quantity": why.uom._b2b_format,
            "valid_until": why.agreement._get_validity_text(why),
            "page_name": "b2b_why",
        }
