# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from ..tools.parse_id import parse_id
from .catalogue import PART_HEADER
from .common import MemberPages

# An address names at most so many values of attributes.
_MAX_VALUES = 50


class VariantPages(MemberPages, Controller):
    """The variants of a product, opened in a list of the catalogue."""

    @route(
        "/shop/variants/<int:template_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def variants(self, template_id, values="", rows=0, **kwargs):
        """The matrix of a product as a part of a page; its own page without a script.

        :param str values: ids of attribute values that the matrix is narrowed to
        :param rows: page of the matrix's rows
        :raise Refusal: the visitor is no member
        :raise NotFound: no such product for this visitor; the answer does not tell
            whether there is one
        """
        self._check_member()
        website = request.website
        template = website._b2b_find_template(template_id)
        if not template or not request.b2b.agreement:
            raise NotFound
        if not request.httprequest.headers.get(PART_HEADER):
            asked = {"values": values, "rows": rows}
            query = urlencode({name: value for name, value in asked.items() if value})
            return request.redirect(f"{template.website_url}?{query}".rstrip("?"))
        wanted = [parse_id(text) for text in str(values).split(",")[:_MAX_VALUES]]
        matrix = website._b2b_get_matrix(template, wanted, parse_id(rows))
        client_mode = website._b2b_in_client_mode()
        values = {
            "matrix": matrix,
            "template": template,
            "b2b_in_cart": {} if client_mode else website._b2b_get_cart_quantities(),
        }
        return request.render(
            "b2b_portal.variants_part", website._b2b_get_order_values() | values
        )
