# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Saved filters of the visitor on the pages of the catalogue."""

from urllib.parse import urlsplit

from odoo import models
from odoo.http import request

from ..tools.preset_query import PresetQuery


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_catalogue(self, query, section):
        values = super()._b2b_get_catalogue(query, section)
        may = self.env["b2b.member"]._may
        saved = self.env["b2b.saved.filter"]
        plain = query.plain if isinstance(query, PresetQuery) else query
        return values | {
            "b2b_saved": saved._b2b_get_listed(self),
            "b2b_member": request.b2b.member,
            "b2b_default_filter": request.b2b.member.default_filter_id,
            "b2b_may_save": may("saved_filter", "create", request.b2b.entity),
            "b2b_may_share": saved._b2b_may_share(request.b2b.entity),
            "b2b_save_address": plain.change().get_url(
                self._b2b_get_section_path(section)
            ),
        }

    def _b2b_get_filter_url(self, saved):
        """The address that a saved filter (single, sudo) opens.

        What it names and no longer exists is left out.

        :return: (address, labels of filters that lost values)
        """
        query, lost = self.env["b2b.catalogue"]._leave_gone(saved._get_query())
        sections = self.env["product.public.category"].sudo()
        section = sections.browse(query.section or [])
        return query.get_url(self._b2b_get_section_path(section)), lost

    def _b2b_get_default_filter(self):
        """The filter that the catalogue opens with for the visitor, in sudo.

        Asked for by a plain request for /shop from outside of the catalogue: within
        it, /shop means all goods.

        :return: ``b2b.saved.filter``, empty: none
        """
        filters = self.env["b2b.saved.filter"]
        asked, acting = request.httprequest, request.b2b
        if asked.method != "GET" or asked.query_string or not self._b2b_get_view():
            return filters
        referrer = urlsplit(asked.referrer or "")
        if referrer.netloc == asked.host and self._b2b_is_catalogue(referrer.path):
            return filters
        chosen = acting.member.default_filter_id
        if not chosen or chosen.website_id != self:
            return filters
        # a colleague may have stopped sharing it
        return filters.search([("id", "=", chosen.id)]).sudo()

    def _b2b_is_catalogue(self, path):
        """Whether a path is one of the catalogue's, in any language."""
        parts = [part for part in path.split("/") if part]
        return "shop" in parts[:2]

    def _b2b_get_menu(self):
        rows = super()._b2b_get_menu()
        if not self.env["b2b.member"]._may("saved_filter", "read"):
            return rows
        return [
            *rows,
            {
                "code": "saved_filters",
                "label": self.env._("Saved filters"),
                "url": "/my/saved-filters",
                "icon": "filter",
                "sequence": 7,
            },
        ]

    def _b2b_describe_filters(self, filters):
        """Saved filters (sudo) in words: names are read once for all.

        :return: dict filter -> list of ``Wording``
        """
        provider = self.env["b2b.catalogue"]
        queries = {saved: saved._get_query() for saved in filters}
        names = provider._get_names(queries.values())
        return {
            saved: provider._describe(query, names) for saved, query in queries.items()
        }
