# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.http import Controller, Response, request, route

from odoo.addons.b2b_portal.tools.parse_id import parse_id
from odoo.addons.website_sale.controllers.main import WebsiteSale

# Clicks of one session that count, in so many seconds.
CLICKS = 120, 600
_MAX_KEY = 128


class SearchClicks(Controller):
    @route(
        "/shop/search/click", type="http", auth="user", website=True, methods=["POST"]
    )
    def click(self, key="", product_id=0, place=0, **kwargs):
        """A product of a list was opened; sent beside the visit of its page.

        The answer never says whether the click was counted.

        :param str key: of the search, as the list has it
        :param product_id: of a product.product of the list
        :param place: in the list, from 1
        """
        self._count(str(key)[:_MAX_KEY], parse_id(product_id), parse_id(place))
        return Response(status=204)

    def _count(self, key, product_id, place):
        visits = request.env["b2b.search.visit"].sudo()
        # sudo keeps the user: hashes are those of the visitor
        visitor = visits._get_visitor()
        if not (visitor and key and product_id and place):
            return
        limits = request.env["b2b.rate.limit"].sudo()
        if not limits._hit(f"search_click:{visitor.session}", *CLICKS):
            return
        # as the visitor: what is not seen cannot have been opened
        product = request.env["product.product"].browse(product_id).exists()
        template_id = product and product.sudo().product_tmpl_id.id
        if template_id:
            visits.env["b2b.search.log"]._after_response(
                lambda env: env["b2b.search.visit"]._write_click(
                    visitor.session, key, template_id, place
                )
            )


class GuestSearch(WebsiteSale):
    def _shop_lookup_products(self, options, post, search, website):
        """Searches of guests in core's shop count, too; not those narrowed further."""
        result = super()._shop_lookup_products(options, post, search, website)
        corrected, number, found = result
        args = request.httprequest.args
        if search and not {"attribute_values", "min_price", "max_price"} & set(args):
            self._note_guest(search, number, found, bool(options.get("category")))
        return result

    def _note_guest(self, search, number, found, in_section):
        provider = request.env["b2b.catalogue"]
        analysis, dropped = None, ()
        if provider._is_indexed():
            analysis, matches = provider._get_matches(search)
            dropped = matches.dropped
        request.env["b2b.search.visit"]._note_search(
            search,
            number,
            "section" if in_section else "catalogue",
            analysis=analysis,
            dropped=dropped,
            shown=found[:100].ids,
        )
