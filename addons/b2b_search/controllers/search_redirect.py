# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.http import request, route

from odoo.addons.b2b_portal.controllers.catalogue import PART_HEADER, CatalogueShop
from odoo.addons.b2b_portal.tools.catalogue_query import CatalogueQuery


class SearchShop(CatalogueShop):
    @route()
    def shop(self, page=0, category=None, search="", **post):
        """Rules of staff may show another page in place of a search."""
        if search and (url := self._get_search_redirect(page, category)):
            return request.redirect(url)
        return super().shop(page=page, category=category, search=search, **post)

    def _get_search_redirect(self, page, category):
        """The other page, or None; a script that changes filters stays on its list."""
        website = request.website
        if category or PART_HEADER in request.httprequest.headers:
            return None
        if not website.has_ecommerce_access():
            return None
        query = CatalogueQuery.from_args(request.httprequest.args, page=page or 1)
        return website._b2b_get_search_redirect(query)
