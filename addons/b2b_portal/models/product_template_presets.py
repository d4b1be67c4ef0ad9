# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain

from ..tools.catalogue_query import CatalogueQuery


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _search_get_detail(self, website, order, options):
        """Add the filters of a landing page to core's search.

        Options come from programs, too: what is no domain of ours is left alone.
        """
        detail = super()._search_get_detail(website, order, options)
        conditions = options.get("b2b_conditions") or ()
        detail["base_domain"] += [c for c in conditions if isinstance(c, Domain)]
        query = options.get("b2b_query")
        detail["b2b_query"] = query if isinstance(query, CatalogueQuery) else None
        return detail

    @api.model
    def _search_fetch(self, search_detail, search, limit, order):
        """Put the goods of a landing page into the order that staff have chosen."""
        found, count = super()._search_fetch(search_detail, search, limit, order)
        query = search_detail.get("b2b_query")
        if query and found:
            templates = found._search(Domain("id", "in", found.ids))
            self.env["b2b.catalogue"]._sort(templates, query, None)
            found = found.browse(templates.get_result_ids())
        return found, count
