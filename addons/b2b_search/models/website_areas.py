# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where the search box of members looks."""

from dataclasses import dataclass

from odoo import models
from odoo.http import request


@dataclass(frozen=True)
class SearchArea:
    """A place to look in.

    ``hint``: what the empty box says; ``url``: the page that lists what is found, which
    takes the text as ``search``.
    """

    code: str
    label: str
    hint: str
    url: str = "/shop"


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_search_areas(self):
        """Where the visitor may search, the usual place first; a hook.

        Areas that this website does not have, or that the visitor's role does not
        show, are not among them. No query: every page asks.

        :return: list of :class:`SearchArea`
        """
        env, areas = self.env, []
        if self._b2b_may_see("catalogue"):
            areas += [
                SearchArea("catalogue", env._("Catalogue"), env._("Article or name")),
                SearchArea(
                    "card", env._("Descriptions"), env._("Words of the description")
                ),
            ]
            if self._b2b_shows_reviews():
                hint = env._("Words of a review")
                areas.append(SearchArea("reviews", env._("Reviews"), hint))
        if "blog.post" in env:
            hint = env._("Words of an article")
            areas.append(SearchArea("blog", env._("Articles"), hint, "/blog"))
        return areas + self._b2b_get_own_areas()

    def _b2b_get_own_areas(self):
        """Areas of the customer's own orders and papers, by the visitor's rights."""
        if self._b2b_in_client_mode():
            return []
        env, may = self.env, self.env["b2b.member"]._may
        areas = []
        if may("order", "read"):
            hint = env._("Number of an order")
            areas.append(SearchArea("orders", env._("My orders"), hint, "/my/orders"))
        objects = env["b2b.document"]._b2b_objects()
        if any(may(name, "read") for name in objects):
            hint = env._("Number of a document")
            areas.append(
                SearchArea("documents", env._("My documents"), hint, "/my/documents")
            )
        return areas

    def _b2b_shows_reviews(self):
        """Whether reviews of goods are published on this website."""
        return bool(self.is_view_active("website_sale.product_comment"))

    def _b2b_find_area(self, code):
        """An area by its code, or None where the visitor has no such one."""
        for area in self._b2b_get_search_areas():
            if area.code == code:
                return area
        return None

    def _b2b_get_search_box(self):
        """What the search box of the header shows.

        :return: dict: areas, area (the chosen one), text (what the page is a search
            for)
        """
        areas = self._b2b_get_search_areas()
        args, path = request.httprequest.args, request.httprequest.path
        code = args.get("area")
        chosen = [area for area in areas if area.code == code]
        if not chosen and not path.startswith("/shop"):
            chosen = [area for area in areas if path == area.url]
        on_page = chosen or path.startswith("/shop")
        return {
            "areas": areas,
            "area": (chosen or areas or [None])[0],
            "text": args.get("search", "")[:200] if on_page else "",
        }

    def _b2b_get_chips(self, query):
        chips = super()._b2b_get_chips(query)
        area = query.search and query.area and self._b2b_find_area(query.area)
        if area:
            chips.insert(0, (area.label, query.change(area="")))
        return chips

    def _b2b_get_catalogue(self, query, section):
        values = super()._b2b_get_catalogue(query, section)
        if query.search and query.area == "reviews":
            # how the text was read is of another search
            values["b2b_search"] = None
        return values
