# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The table of the catalogue for its script: all filled rows, the member's columns."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import Controller, request, route

from ..models.website_table import TABLE
from ..tools.parse_id import parse_id
from ..tools.refusal import Refusal
from .catalogue import _MAX_ROWS, _QUANTITY, _UNIT, CatalogueTable
from .common import MemberPages


class CatalogueTableAll(CatalogueTable):
    @route("/shop/table/add_all", type="jsonrpc", auth="user", website=True)
    def add_all(self, rows=None, cart_id=0, agreement_id=0):
        """Put quantities of any pages of the catalogue into the named cart at once.

        The cart is the current one from then on.

        :param list rows: dicts: product_id, quantity (as it was typed), uom_id
        :return: dict: rows (dict product id -> outcome, text, in_cart), text (of the
            whole), kind (a Bootstrap colour), cart_id, cart_name, cart_text (what it
            holds), cart (HTML of the header's cart)
        """
        self._check_member()
        try:
            with request.env.cr.savepoint():
                wishes = self._read_rows(self._read_posted(rows))
                cart = self._add_to_cart(cart_id, agreement_id, wishes)
        except (AccessError, UserError) as error:
            self._forget_new_cart(cart_id)
            return {"rows": {}, "text": str(error), "kind": "danger"}
        text, kind = self._summarize(cart, wishes)
        answer = {"rows": {}, "text": text.split("\n")[0], "kind": kind}
        if cart:
            self._make_current(cart)
            answer |= self._describe_cart(cart)
        in_cart = request.website._b2b_get_cart_quantities()
        for wish, product_id in zip(wishes, self._get_wish_ids(rows), strict=True):
            answer["rows"][product_id] = {
                "outcome": wish.outcome,
                "text": self._get_wish_text(wish),
                "in_cart": in_cart.get(product_id, ""),
            }
        return answer

    def _read_posted(self, rows):
        """Rows of the script as :meth:`_read_rows` takes them.

        :raise UserError: more rows than the catalogue's pages can hold
        """
        rows = rows if isinstance(rows, list) else []
        if len(rows) > _MAX_ROWS:
            raise UserError(request.env._("These are too many rows at once."))
        values = {}
        for row in rows:
            product_id = isinstance(row, dict) and parse_id(row.get("product_id"))
            if product_id:
                values[f"{_QUANTITY}{product_id}"] = str(row.get("quantity", ""))[:100]
                values[f"{_UNIT}{product_id}"] = str(row.get("uom_id") or "")
        return values

    def _get_wish_ids(self, rows):
        """Ids of the products that :meth:`_read_rows` made wishes of, in its order."""
        values = self._read_posted(rows)
        return [
            parse_id(name.removeprefix(_QUANTITY))
            for name, text in values.items()
            if name.startswith(_QUANTITY) and text.strip()
        ]

    def _make_current(self, cart):
        """The header goes on with the cart that was filled."""
        if request.cart != cart:
            website = request.website
            website._b2b_switch_cart(request.env["sale.order"].browse(cart.id))
            request.cart = cart

    def _describe_cart(self, cart):
        return {
            "cart_id": cart.id,
            "cart_name": cart.b2b_name or cart.name,
            "cart_text": request.website._b2b_get_cart_text(cart),
            "cart": self._render_cart(cart),
        }


class CatalogueColumns(MemberPages, Controller):
    """Columns of the table, as the visiting member likes them."""

    @route("/shop/table/columns", type="jsonrpc", auth="user", website=True)
    def set_columns(self, section_id=0, order=None, shown=None, widths=None):
        """Keep order, choice and widths of columns; what is left out stays.

        :param int section_id: whose properties have columns; 0: of the catalogue
        :param list order: codes; those that the visitor has no such column of are
            ignored, here and below
        :param dict shown: code -> bool
        :param dict widths: code -> pixels
        :return: True
        """
        section = self._find_section(section_id)
        request.website._b2b_set_columns(section, order, shown, widths)
        return True

    @route("/shop/table/columns/reset", type="jsonrpc", auth="user", website=True)
    def reset_columns(self):
        """Show the columns as whoever has chosen nothing sees them.

        :return: True
        """
        self._find_section(0)
        member = request.b2b.member
        request.env["b2b.table.setting"]._b2b_write(member, TABLE, None)
        return True

    def _find_section(self, section_id):
        """A section as the visitor sees it, in sudo; none for anything else.

        :raise Refusal: the visitor has no table
        """
        self._check_member()
        if not request.b2b.agreement or not request.b2b.member:
            raise Refusal()
        sections = request.env["product.public.category"]
        if not parse_id(section_id):
            return sections.sudo()
        domain = Domain("id", "=", parse_id(section_id))
        return sections.search(domain & request.website.website_domain()).sudo()
