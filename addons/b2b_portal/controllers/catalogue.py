# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import Controller, request, route
from odoo.tools import lazy

from odoo.addons.website_sale.controllers.main import WebsiteSale
from odoo.addons.website_sale.controllers.variant import WebsiteSaleVariantController

from ..models.sale_order_cart import CartRequest
from ..tools.catalogue_query import CatalogueQuery, read_attributes, read_ids
from ..tools.parse_id import parse_id
from .common import MemberPages

# A script that changes filters wants the list without the page around it.
PART_HEADER = "X-B2b-Part"
_QUANTITY, _UNIT = "qty_", "uom_"
# More rows than a page of the catalogue can have are no form of ours.
_MAX_ROWS = 2000


class CatalogueShop(WebsiteSale):
    """The members' catalogue in place of core's; other visitors have core's."""

    @route()
    def shop(
        self,
        page=0,
        category=None,
        search="",
        min_price=0.0,
        max_price=0.0,
        tags="",
        view=None,
        **post,
    ):
        """A list of goods; filters are those of ``CatalogueQuery``.

        :param str view: 'table', 'list' or 'grid', remembered for the session
        """
        website = request.website
        in_path = not category or not isinstance(category, str)
        if website._b2b_get_view(view) and website.has_ecommerce_access() and in_path:
            return self._show_catalogue(page, category)
        return super().shop(
            page=page,
            category=category,
            search=search,
            min_price=min_price,
            max_price=max_price,
            # core takes every part for a number
            tags=",".join(map(str, read_ids(tags))),
            **post,
        )

    def _get_search_order(self, post):
        """Core's order, if it is one that core's page offers."""
        if post.get("order") not in dict(request.website._get_product_sort_mapping()):
            post = {**post, "order": ""}
        return super()._get_search_order(post)

    @staticmethod
    def _get_attribute_value_dict(attribute_values):
        """Core's reading of properties, which fails on what is no number."""
        return {key: list(ids) for key, ids in read_attributes(attribute_values)}

    def _show_catalogue(self, page, category):
        """The catalogue as a page, or only its changing part where a script asks."""
        website, args = request.website, request.httprequest.args
        limit = website._b2b_get_per_page(parse_id(args.get("per_page")))
        # the route has checked that the visitor sees the section
        section = (category or request.env["product.public.category"]).sudo()
        query = CatalogueQuery.from_args(args, section.id or 0, page, limit)
        values = website._b2b_get_catalogue(query, section)
        part = request.httprequest.headers.get(PART_HEADER)
        template = "catalogue_content" if part else "catalogue"
        return request.render(f"b2b_portal.{template}", values)

    def _prepare_product_values(self, product, category, **kwargs):
        values = super()._prepare_product_values(product, category, **kwargs)
        website = request.website
        rows = website._b2b_get_order_rows(values["product_variant"])
        if rows:
            values |= website._b2b_get_price_values() | {"b2b_row": rows[0]}
        return values


class CatalogueVariant(WebsiteSaleVariantController):
    @route()
    def get_combination_info_website(
        self,
        product_template_id,
        product_id,
        combination,
        add_qty,
        uom_id=None,
        **kwargs,
    ):
        """Add the block of prices for the variant, unit and quantity chosen."""
        info = super().get_combination_info_website(
            product_template_id, product_id, combination, add_qty, uom_id, **kwargs
        )
        website = request.website
        product = request.env["product.product"].browse(info["product_id"])
        uom = request.env["uom.uom"].browse(parse_id(uom_id) or [])
        if uom and product and uom not in product._b2b_allowed_units():
            uom = uom.browse()
        quantity = (add_qty and float(add_qty)) or 1.0
        if product and (rows := website._b2b_get_order_rows(product, quantity, uom)):
            info["b2b_price_block"] = request.env["ir.ui.view"]._render_template(
                "b2b_portal.price_block",
                website._b2b_get_price_values()
                | {"b2b_row": rows[0], "website": website},
            )
        return info


class CatalogueTable(MemberPages, Controller):
    """Quantities from the table into a cart."""

    @route("/shop/table/add", type="http", auth="user", website=True, methods=["POST"])
    def add_rows(self, cart_id=0, agreement_id=0, page="/shop", only="", **values):
        """Put all filled quantities (``qty_<product id>``) into the named cart.

        :param only: id of a product; the others are left alone
        """
        self._check_member()
        if only:
            values = {k: v for k, v in values.items() if k.split("_")[-1] == only}
        try:
            with request.env.cr.savepoint():
                wishes = self._read_rows(values)
                cart = self._add_to_cart(cart_id, agreement_id, wishes)
        except (AccessError, UserError) as error:
            self._forget_new_cart(cart_id)
            self._tell(str(error), "danger")
        else:
            self._tell(*self._summarize(cart, wishes))
        return request.redirect(page, local=True)

    @route("/shop/table/add_row", type="jsonrpc", auth="user", website=True)
    def add_row(self, product_id, quantity, cart_id=0, agreement_id=0, uom_id=0):
        """Put one quantity into the named cart.

        :param str quantity: as it was typed
        :return: dict: outcome, text (what was added and why), in_cart (what the cart
            holds of the product now), cart_id, cart (HTML of the header's cart)
        """
        self._check_member()
        key = str(parse_id(product_id))
        wishes = self._read_rows(
            {_QUANTITY + key: str(quantity), _UNIT + key: str(uom_id or "")}
        )
        try:
            with request.env.cr.savepoint():
                cart = self._add_to_cart(cart_id, agreement_id, wishes)
        except (AccessError, UserError) as error:
            self._forget_new_cart(cart_id)
            return {"outcome": "rejected", "text": str(error)}
        if not wishes:
            text = request.env["b2b.cart.import.line"]._get_reason_texts()
            return {"outcome": "rejected", "text": text["no_quantity"]}
        request.cart = cart
        in_cart = request.website._b2b_get_cart_quantities()
        return {
            "outcome": wishes[0].outcome,
            "text": self._get_wish_text(wishes[0]),
            "in_cart": in_cart.get(wishes[0].product.id, ""),
            "cart_id": cart.id,
            "cart": self._render_cart(cart),
        }

    # === READING === #

    def _read_rows(self, values):
        """The wishes of a posted form.

        :return: list of :class:`CartRequest`; what cannot be read or is not sold is
            rejected already
        """
        texts = {}
        for name, text in values.items():
            key = name.removeprefix(_QUANTITY)
            if key != name and parse_id(key) and str(text).strip():
                texts[parse_id(key)] = str(text)
        if len(texts) > _MAX_ROWS:
            raise UserError(request.env._("These are too many rows at once."))
        products = self._find_products(texts)
        wishes = []
        for product_id, text in texts.items():
            product = products.get(product_id, request.env["product.product"])
            number, problem = self._read_quantity(text)
            uom = self._find_unit(product, values.get(f"{_UNIT}{product_id}"))
            wish = CartRequest(product, uom, float(number or 0))
            if not product:
                wish.reject("not_sold")
            elif problem:
                wish.reject(problem)
            wishes.append(wish)
        return wishes

    def _find_products(self, ids):
        """Products of the catalogue that the visitor sees: dict by id, in sudo."""
        domain = Domain("id", "in", list(ids))
        domain &= Domain(request.website.sale_product_domain())
        products = request.env["product.product"].search(domain)
        return {product.id: product for product in products.sudo()}

    def _find_unit(self, product, uom_id):
        """The unit of a row; one that is not the product's is judged by the cart."""
        units = request.env["uom.uom"].sudo().browse(parse_id(uom_id) or [])
        return units.exists() or product.uom_id

    # === WRITING === #

    def _add_to_cart(self, cart_id, agreement_id, wishes):
        """Put wishes into the cart that the page names, or into a new one.

        :return: ``sale.order`` in sudo; empty where there is nothing to add
        :raise UserError: the page belongs to another agreement than the session
        """
        agreement = request.b2b.agreement
        if str(agreement_id) != str(agreement.id):
            raise UserError(
                request.env._(
                    "This page was opened for another agreement. Reload it: prices "
                    "and cart belong to %(agreement)s now.",
                    agreement=agreement._b2b_print_name() or "—",
                )
            )
        named = parse_id(cart_id)
        cart = self._get_cart(named) if named else request.env["sale.order"].sudo()
        if all(wish.outcome == "rejected" for wish in wishes):
            return cart
        if cart and cart.b2b_agreement_id != agreement:
            raise UserError(
                request.env._("The cart belongs to another agreement. Reload the page.")
            )
        cart = cart or request.website._create_cart()
        cart._b2b_add(wishes)
        return cart

    def _forget_new_cart(self, cart_id):
        """Take a cart that was rolled back out of the session and the request."""
        if not parse_id(cart_id):
            request.website.sale_reset()
            request.cart = lazy(request.website._get_and_cache_current_cart)

    def _render_cart(self, cart):
        """HTML of the cart in the header."""
        bar = request.website._b2b_get_cart_bar(cart)
        return request.env["ir.ui.view"]._render_template(
            "b2b_portal.cart_switch", {"b2b_bar": bar}
        )

    # === SAYING === #

    def _get_wish_text(self, wish):
        """What became of one wish, in words."""
        lines = request.env["b2b.cart.import.line"]
        reasons = lines._get_wish_text(wish, request.b2b.agreement)
        if wish.outcome == "rejected":
            return reasons
        added = request.env._(
            "Added %(quantity)s %(unit)s.",
            quantity=wish.uom._b2b_format(wish.added_quantity),
            unit=wish.uom.name,
        )
        return f"{added} {reasons}".strip()

    def _summarize(self, cart, wishes):
        """The message after a form: counts that add up, then each row with a reason.

        :return: (text, kind)
        """
        if not wishes:
            return request.env._("Enter a quantity in at least one row."), "warning"
        count = {"added": 0, "changed": 0, "rejected": 0}
        for wish in wishes:
            count[wish.outcome] += 1
        lines = [
            request.env._(
                "%(rows)s rows: %(added)s added, %(changed)s changed, %(rejected)s "
                "rejected.",
                rows=len(wishes),
                **count,
            )
        ]
        lines += [
            f"{wish.product.default_code or wish.product.name or '—'}: "
            f"{self._get_wish_text(wish)}"
            for wish in wishes
            if wish.reasons
        ]
        kind = "success" if count["added"] == len(wishes) else "warning"
        return "\n".join(lines), kind
