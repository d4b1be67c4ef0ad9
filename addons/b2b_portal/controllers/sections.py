# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.http import Controller, request, route

from ..tools.catalogue_query import CatalogueQuery
from .catalogue import PART_HEADER, CatalogueShop
from .common import MemberPages


class CataloguePanel(CatalogueShop):
    """Parts of the panel that are fetched when they are unfolded."""

    def _show_catalogue(self, page, category):
        if request.httprequest.headers.get(PART_HEADER) != "unfold":
            return super()._show_catalogue(page, category)
        return self._show_unfolded(category)

    def _show_unfolded(self, category):
        """All values of the facet, or the branch of the section, that ``unfold`` names.

        The rest of the address is that of the list: counts are under its filters.
        """
        website, args = request.website, request.httprequest.args
        # the route has checked that the visitor sees the section
        section = (category or request.env["product.public.category"]).sudo()
        query = CatalogueQuery.from_args(args, section.id or 0)
        unfold = website._b2b_get_unfold()
        slug = unfold[-1] if unfold else ""
        values = {
            "query": query,
            "path": website._b2b_get_section_path(section),
            "unfold": unfold,
        }
        if slug.startswith("section-"):
            nodes = website._b2b_get_branch(query, section, slug) or []
            return request.render("b2b_portal.panel_branch", values | {"nodes": nodes})
        facet = website._b2b_get_facet(query, section, slug)
        if not facet:
            raise request.not_found()
        return request.render("b2b_portal.panel_facet", values | {"facet": facet})


class CatalogueSections(MemberPages, Controller):
    @route(
        "/shop/sections",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def list_sections(self, **kwargs):
        """Sections with goods as JSON, for the search by name in the panel."""
        self._check_member()
        return request.make_json_response(request.website._b2b_get_section_names())
