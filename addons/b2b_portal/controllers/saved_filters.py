# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from ..models.b2b_saved_filter import MAX_FILTERS, MAX_NAME
from ..tools.refusal import Refusal
from .catalogue import PART_HEADER, CatalogueShop
from .common import MemberPages

_URL = "/my/saved-filters"


class SavedFilterShop(CatalogueShop):
    @route()
    def shop(self, page=0, category=None, **post):
        """Open the catalogue with the visitor's own filter, where one is chosen."""
        is_part = PART_HEADER in request.httprequest.headers
        is_plain = not (page or category or any(post.values()) or is_part)
        if is_plain and (saved := request.website._b2b_get_default_filter()):
            return request.redirect(f"{_URL}/{saved.id}")
        return super().shop(page=page, category=category, **post)


class SavedFilters(MemberPages, Controller):
    """Filters that members have saved: opening, sharing, order."""

    # === PAGES === #

    @route(_URL, type="http", auth="user", website=True)
    def saved_filters(self, **kwargs):
        """Filters that the visitor may open."""
        self._check_may("saved_filter", "read")
        website = request.website
        filters = request.env["b2b.saved.filter"]._b2b_get_listed(website)
        bare = filters.with_env(request.env)
        values = {
            "filters": filters,
            "words": website._b2b_describe_filters(filters),
            "writable": bare._b2b_filtered("write"),
            "deletable": bare._b2b_filtered("delete"),
            "sharable": self._get_sharable(filters),
            "member": request.b2b.member,
            "max_name": MAX_NAME,
            "max_filters": MAX_FILTERS,
            "message": self._pop_message(),
            "page_name": "b2b_saved_filters",
        }
        return request.render("b2b_portal.saved_filters", values)

    def _get_sharable(self, filters):
        """Those of filters (sudo) that the visitor may share, or stop sharing."""
        saved = request.env["b2b.saved.filter"]
        may = {entity: saved._b2b_may_share(entity) for entity in filters.entity_id}
        return filters.filtered(lambda f: f.shared or may[f.entity_id])

    @route(f"{_URL}/save", type="http", auth="user", website=True, methods=["POST"])
    def save_filter(self, address="", name="", shared="", default="", **kwargs):
        """Save a state of the catalogue; ``address`` says which."""
        website, acting = request.website, request.b2b
        self._check_member()
        if not acting.agreement:
            raise Refusal("saved_filter", "create")
        self._check_may("saved_filter", "create", acting.entity)
        saved = request.env["b2b.saved.filter"]
        query = website._b2b_read_catalogue_address(address)
        try:
            if query is None:
                raise UserError(
                    request.env._("Only pages of the catalogue can be saved.")
                )
            share = bool(shared) and saved._b2b_may_share(acting.entity)
            kept = saved._b2b_save(acting, website, name, query, share)
        except UserError as error:
            self._tell(str(error), "danger")
        else:
            if default:
                acting.member.default_filter_id = kept
            self._tell(request.env._("The filter «%s» is saved.", kept.name))
        return request.redirect(address if query is not None else _URL, local=True)

    @route(f"{_URL}/<int:filter_id>", type="http", auth="user", website=True)
    def open_filter(self, filter_id, **kwargs):
        """Lead to the goods of a filter, and say what of it no longer exists."""
        saved = self._get_filter(filter_id)
        url, lost = request.website._b2b_get_filter_url(saved)
        if lost:
            self._tell(
                request.env._(
                    "«%(name)s»: part of this filter no longer exists (%(lost)s). "
                    "Shown is what is left.",
                    name=saved.name,
                    lost=", ".join(lost),
                ),
                "warning",
            )
        # a bare /shop would open the visitor's own filter once more
        return request.redirect(url if url != "/shop" else "/shop?order=")

    def _get_filter(self, filter_id, verb="read"):
        return self._get_record("b2b.saved.filter", filter_id, verb)

    @route(
        f"{_URL}/<int:filter_id>/update",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def update_filter(self, filter_id, name="", shared="", **kwargs):
        """Rename a filter, share it or keep it to oneself."""
        saved = self._get_filter(filter_id, "write")
        share = bool(shared) and bool(self._get_sharable(saved))
        try:
            saved._b2b_update(name, share)
        except UserError as error:
            self._tell(str(error), "danger")
        else:
            self._tell(request.env._("Saved."))
        return request.redirect(_URL)

    @route(
        f"{_URL}/<int:filter_id>/move",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def move_filter(self, filter_id, down="", **kwargs):
        """Move a filter up among its member's, or down."""
        self._get_filter(filter_id, "write")._b2b_move(1 if down else -1)
        return request.redirect(_URL)

    @route(
        f"{_URL}/<int:filter_id>/default",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def choose_default(self, filter_id, off="", **kwargs):
        """Open the catalogue with a filter that the visitor sees, or no longer."""
        saved = self._get_filter(filter_id)
        if off:
            saved = saved.browse()
        request.b2b.member.default_filter_id = saved
        return request.redirect(_URL)

    @route(
        f"{_URL}/<int:filter_id>/delete",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def delete_filter(self, filter_id, **kwargs):
        """Delete a filter."""
        saved = self._get_filter(filter_id, "delete")
        name = saved.name
        saved.unlink()
        self._tell(request.env._("The filter «%s» is deleted.", name))
        return request.redirect(_URL)
