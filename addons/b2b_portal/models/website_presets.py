# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Landing pages, popular choices and the tag cloud on the pages of the catalogue."""

from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from odoo import models
from odoo.fields import Domain
from odoo.http import request

from ..tools.catalogue_address import read_address
from ..tools.preset_query import USUAL, PresetQuery
from .b2b_catalogue_cloud import MAX_SHOWN

# Links of a section to landing pages.
MAX_CHOICES = 30


class Website(models.Model):
    _inherit = "website"

    # === ADDRESSES === #

    def _b2b_get_hosts(self):
        """Names under which this website (single) is reached, with their ports."""
        hosts = {urlsplit(url).netloc for url in (self.domain, self.get_base_url())}
        if request:
            hosts.add(request.httprequest.host)
        return {host for host in hosts if host}

    def _b2b_read_catalogue_address(self, address):
        """The filters of an address of this website's (single) catalogue.

        :return: :class:`~..tools.catalogue_query.CatalogueQuery`, that of a landing
            page with what the page adds; None: it is no such address
        """
        found = read_address(address, self._b2b_get_hosts())
        if not found or not found.slug:
            return found and found.query
        preset = self.env["b2b.catalogue.preset"]._find(found.slug, self)
        if not preset:
            return None
        path = preset._get_path()
        return PresetQuery.from_request(
            found.args, preset._get_query(), path, "/shop"
        ).plain

    # === LANDING PAGES === #

    def _b2b_get_preset_query(self, preset, args, page=1, limit=None):
        """The query of a request to a landing page.

        :param preset: ``b2b.catalogue.preset`` (single, sudo)
        :return: :class:`~..tools.preset_query.PresetQuery`
        """
        return PresetQuery.from_request(
            args,
            preset._get_query(),
            preset._get_path(),
            self._b2b_get_section_path(preset.section_id),
            page,
            limit,
        )

    def _b2b_get_catalogue(self, query, section):
        values = super()._b2b_get_catalogue(query, section)
        if isinstance(query, PresetQuery):
            values |= self._b2b_get_preset_values(query, values)
        preview = self._b2b_get_preview()
        values["b2b_may_save_view"] = preview and preview["may_save_view"]
        if query.search:
            # who searches knows what for
            return values
        preset = values.get("b2b_preset")
        values["b2b_choices"] = self._b2b_get_choices(section, preset)
        if not preset:
            values |= self._b2b_get_cloud_values(section, request.b2b)
        return values

    def _b2b_get_preset_values(self, query, values):
        """What a landing page shows otherwise than the catalogue."""
        orders = values["orders"]
        if query.base.order:
            # the usual order needs a name: an address without one means the page's
            orders = {key or USUAL: orders[key] for key in orders}
        return {
            "b2b_preset": request.b2b_preset,
            "main_object": request.b2b_preset,
            "path": query.pick_path,
            "orders": orders,
            "pager": self.pager(
                query.pick_path,
                values["found"].total,
                page=query.page,
                step=query.limit,
                url_args=MultiDict(query.get_own_params()),
            ),
        }

    def _b2b_get_choices(self, section, shown=None):
        """Landing pages that a section links to, shown now.

        :param section: ``product.public.category``; none: the first page
        :param shown: ``b2b.catalogue.preset`` that the visitor is on, or none
        :return: list of dicts: name, path, current
        """
        place = (
            Domain("place_ids", "in", section.ids)
            if section
            else Domain("on_front", "=", True)
        )
        # whoever sees the catalogue sees its landing pages
        presets = self.env["b2b.catalogue.preset"].sudo()
        domain = place & presets._get_shown_domain(self)
        found = presets.search_fetch(domain, ["name", "slug"], limit=MAX_CHOICES)
        return [
            {
                "name": preset.name,
                "path": preset._get_path(),
                "current": preset == shown,
            }
            for preset in found
        ]

    # === TAG CLOUD === #

    def _b2b_get_cloud_values(self, section, acting):
        """:return: dict: b2b_cloud (words), b2b_cloud_more (those behind 'more')"""
        cloud = self.env["b2b.catalogue.cloud"]
        words = cloud._get_cloud(self, section.sudo(), acting)
        return {"b2b_cloud": words[:MAX_SHOWN], "b2b_cloud_more": words[MAX_SHOWN:]}
