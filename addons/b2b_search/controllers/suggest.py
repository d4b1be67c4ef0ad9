# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import Controller, request, route

from odoo.addons.b2b_portal.controllers.catalogue import CatalogueShop
from odoo.addons.b2b_portal.controllers.common import MemberPages
from odoo.addons.b2b_portal.controllers.portal import MemberPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

# The page of a search takes no longer text.
MAX_TEXT = 200


def read_text(text):
    """A text of an address: cut, without what PostgreSQL refuses.

    A blank at the end stays: it finishes the last word.
    """
    text = str(text or "")[:MAX_TEXT].replace("\0", " ")
    blank = " " if text[-1:].isspace() else ""
    return " ".join(text.split()) + blank


class Suggest(MemberPages, Controller):
    """Suggestions below the search box."""

    # its address has no language: the visitor's holds, without a redirect to it
    @route(
        "/shop/suggest",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        multilang=False,
    )
    def suggest(self, text="", area="catalogue", brief="", **kwargs):
        """What a text may mean that is still being typed, as JSON.

        :param str area: code of a ``SearchArea`` that the visitor has
        :param str brief: '1': goods without figures, in half the time; for whoever
            is going to type on
        :return: html (of the drop-down, empty where there is nothing to say), count
            (rows that may be chosen), status (the same in words)
        :raise NotFound: the visitor has no such area
        """
        self._check_member()
        website = request.website.with_context(b2b_brief=brief == "1")
        found = website._b2b_find_area(area)
        if not found:
            raise NotFound
        values = website._b2b_suggest(found, read_text(text))
        count = website._b2b_count_suggestions(values)
        html = ""
        if len(values["text"]) > 1:
            html = request.env["ir.ui.view"]._render_template(
                "b2b_search.suggestions",
                values | {"website": website, "brief": brief == "1"},
            )
        status = request.env._("Suggestions: %s", count) if html else ""
        if html and not count:
            status = request.env._("Nothing is found.")
        return request.make_json_response(
            {"html": str(html), "count": count, "status": status}
        )


class SearchedShop(CatalogueShop):
    @route()
    def shop(self, page=0, category=None, search="", **post):
        """Without a script, the box sends searches of every area here."""
        code = request.httprequest.args.get("area")
        if code and request.website._b2b_is_member():
            area = request.website._b2b_find_area(code)
            if area and area.url != "/shop":
                pairs = {"search": read_text(search).strip()}
                return request.redirect(f"{area.url}?{urlencode(pairs)}", local=True)
        return super().shop(page=page, category=category, search=search, **post)


class SearchedOrders(MemberPortal):
    """The list of orders by number."""

    def _prepare_orders_domain(self, partner):
        domain = super()._prepare_orders_domain(partner)
        text = self._get_order_text()
        if text:
            domain = list(Domain(domain) & request.website._b2b_get_order_search(text))
        return domain

    def _get_order_text(self):
        if not request.website._b2b_is_member():
            return ""
        return read_text(request.httprequest.args.get("search")).strip()

    def _prepare_sale_portal_rendering_values(self, quotation_page=False, **kwargs):
        values = super()._prepare_sale_portal_rendering_values(
            quotation_page=quotation_page, **kwargs
        )
        if quotation_page or not request.website._b2b_is_member():
            return values
        text = self._get_order_text()
        values["b2b_order_search"] = text
        if text:
            # core's pages know nothing of the search
            values["pager"] = self._get_order_pager(values, text, **kwargs)
        return values

    def _get_order_pager(self, values, text, page=1, **kwargs):
        domain = self._prepare_orders_domain(request.env.user.partner_id)
        names = ("date_begin", "date_end", "sortby")
        args = {name: kwargs[name] for name in names if kwargs.get(name)}
        return portal_pager(
            url=values["default_url"],
            total=request.env["sale.order"].search_count(domain),
            page=page,
            step=self._items_per_page,
            url_args=args | {"search": text},
        )
