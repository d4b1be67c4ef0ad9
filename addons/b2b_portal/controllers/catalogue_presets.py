# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from ..models.b2b_catalogue_preset import PRESET_PATH
from ..tools.parse_id import parse_id
from ..tools.slug import is_slug
from .catalogue import PART_HEADER, CatalogueShop

_STAFF = "b2b_portal.group_staff_admin"
# Visitors without an agreement have no price of their own: that of everybody counts.
_CORE_ORDERS = {"price": "list_price asc", "price_desc": "list_price desc"}


def sitemap_presets(env, rule, qs):
    """Landing pages for search engines, where guests see the catalogue."""
    website = env["website"].get_current_website()
    if not website.has_ecommerce_access():
        return
    presets = env["b2b.catalogue.preset"].sudo()
    for preset in presets.search(presets._get_shown_domain(website)):
        path = preset._get_path()
        if not qs or qs.lower() in path:
            yield {"loc": path, "lastmod": preset.write_date.date()}


class CataloguePresets(CatalogueShop):
    """Landing pages: the catalogue with filters, an address and texts of its own."""

    @route(
        [
            f"{PRESET_PATH}/<string:slug>",
            f"{PRESET_PATH}/<string:slug>/page/<int:page>",
        ],
        type="http",
        auth="public",
        website=True,
        sitemap=sitemap_presets,
    )
    def pick(self, slug, page=0, view=None, category=None, tags="", **post):
        """The goods of a landing page, narrowed by the filters of the address.

        :param category: core's old way to name a section, of no meaning here
        """
        website = request.website
        if not website.has_ecommerce_access():
            return request.redirect(f"/web/login?redirect={request.httprequest.path}")
        preset = request.env["b2b.catalogue.preset"]._find(slug, website)
        is_staff = request.env.user.has_group("b2b_portal.group_staff_user")
        if preset.state == "expired" and not is_staff:
            return self._show_expired(preset)
        if not preset or (preset.state != "shown" and not is_staff):
            return self._show_missing(slug)
        request.b2b_preset = preset
        if website._b2b_get_view(view):
            return self._show_preset(preset, page)
        # the visitor may see the section or not; its goods are what counts
        sections = request.env["product.public.category"]
        section = sections.search([("id", "=", preset.section_id.id)])
        return self.shop(page=page, category=section or None, tags=tags, **post)

    def _show_preset(self, preset, page):
        """The members' catalogue with the filters of a landing page."""
        website, args = request.website, request.httprequest.args
        limit = website._b2b_get_per_page(parse_id(args.get("per_page")))
        query = website._b2b_get_preset_query(preset, args, page, limit)
        part = request.httprequest.headers.get(PART_HEADER)
        if not query.is_within:
            if not part:
                return request.redirect(query.get_url(query.pick_path))
            query = query.plain
        values = website._b2b_get_catalogue(query, preset.section_id)
        template = "catalogue_content" if part else "catalogue"
        return request.render(f"b2b_portal.{template}", values)

    def _show_expired(self, preset):
        """A page that says what has ended and where similar goods are."""
        website = request.website
        values = {
            "preset": preset,
            "path": website._b2b_get_section_path(preset.section_id),
            "choices": website._b2b_get_choices(preset.section_id),
        }
        response = request.render("b2b_portal.preset_expired", values)
        response.status_code = 410
        return response

    def _show_missing(self, slug):
        """Where an old address leads, or nowhere.

        :raise NotFound: there is no such page
        """
        redirect = is_slug(slug) and request.env["ir.http"]._serve_redirect()
        if not redirect:
            raise NotFound
        query = request.httprequest.query_string.decode("utf-8", "replace")
        url = f"{redirect.url_to}?{query}" if query else redirect.url_to
        return request.redirect(url, code=int(redirect.redirect_type))

    # === CORE'S PAGE, FOR VISITORS WHO ARE NO MEMBERS === #

    def _get_preset(self):
        """The landing page of this request, in sudo; None: it is for another page."""
        return getattr(request, "b2b_preset", None)

    def _get_search_options(self, **kwargs):
        options = super()._get_search_options(**kwargs)
        if preset := self._get_preset():
            provider = request.env["b2b.catalogue"]
            query = preset._get_query()
            conditions = provider._get_conditions(query, request.b2b)
            options["b2b_conditions"] = tuple(conditions.values())
            # one that the visitor chooses goes before that of the page
            if not kwargs.get("order") and query.order not in _CORE_ORDERS:
                options["b2b_query"] = query if query.order else None
        return options

    def _get_search_order(self, post):
        preset = self._get_preset()
        order = preset and _CORE_ORDERS.get(preset._get_query().order)
        if order and not post.get("order"):
            post = {**post, "order": order}
        return super()._get_search_order(post)

    @staticmethod
    def _get_shop_path(category=None, page=0):
        preset = getattr(request, "b2b_preset", None)
        if not preset or (category or preset.section_id) != preset.section_id:
            return CatalogueShop._get_shop_path(category, page)
        path = preset._get_path()
        return f"{path}/page/{page}" if page else path

    def _get_additional_shop_values(self, values, **kwargs):
        found = super()._get_additional_shop_values(values, **kwargs)
        website, preset = request.website, self._get_preset()
        section = values["category"] or request.env["product.public.category"]
        if preset:
            found |= {"b2b_preset": preset, "main_object": preset}
        elif values["search"] or values["attrib_values"]:
            return found
        found["b2b_choices"] = website._b2b_get_choices(section, preset)
        has_tags = website.is_view_active("website_sale.filter_products_tags")
        if has_tags and not preset:
            found |= website._b2b_get_cloud_values(section, None)
        return found

    # === STAFF === #

    @route(
        "/b2b/catalogue-page/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def save_view(self, address="", **kwargs):
        """Make a draft of a landing page of what staff see, and open its form."""
        if not request.env.user.has_group(_STAFF):
            raise NotFound
        website = request.website
        presets = request.env["b2b.catalogue.preset"]
        query = website._b2b_read_catalogue_address(address)
        if query is None:
            raise UserError(request.env._("This is no address of the catalogue."))
        sections = request.env["product.public.category"]
        name = sections.browse(query.section or []).exists().name or query.search
        preset = presets.create(
            {
                "name": name or request.env._("New landing page"),
                "website_id": website.id,
            }
        )
        preset.address = address
        action = request.env.ref("b2b_portal.b2b_catalogue_preset_action")
        return request.redirect(f"/odoo/action-{action.id}/{preset.id}")
