# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Core's own search boxes, answered from the index."""

from odoo import api, models
from odoo.fields import Domain
from odoo.http import request


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.model
    def _search_fetch(self, search_detail, search, limit, order):
        """Goods of core's shop, search box and snippets; best matches first.

        An order that the visitor has asked for goes before.
        """
        provider = self.env["b2b.catalogue"]
        if not search or not provider._is_indexed():
            return super()._search_fetch(search_detail, search, limit, order)
        _analysis, matches = provider._get_matches(search)
        domain = Domain.AND(map(Domain, search_detail["base_domain"]))
        domain &= Domain("id", "in", list(matches.scores))
        if request and request.httprequest.args.get("order"):
            order = search_detail.get("order", order)
            found = self.search(domain, order=order)
            return found[:limit] if limit else found, len(found)
        ids = self._search(domain, order="id").get_result_ids()
        ranked = sorted(ids, key=lambda id_: (-matches.scores[id_], id_))
        return self.browse(ranked[:limit] if limit else ranked), len(ranked)


class Website(models.Model):
    _inherit = "website"

    def _search_find_fuzzy_term(
        self, search_details, search, limit=1000, word_list=None
    ):
        """Where goods are looked for, the index knows what was meant.

        Core compares the word with every word of every product.
        """
        models_ = {detail["model"] for detail in search_details}
        provider = self.env["b2b.catalogue"]
        if "product.template" in models_ and search and provider._is_indexed():
            analysis, matches = provider._get_matches(search)
            if matches.scores:
                told = provider._get_told_correction(analysis, matches)
                return told or search.lower()
            if models_ <= {"product.template", "product.public.category"}:
                return None
        return super()._search_find_fuzzy_term(search_details, search, limit, word_list)
