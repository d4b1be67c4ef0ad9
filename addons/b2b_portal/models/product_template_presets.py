# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _search_get_detail(self, website, order, options):
        """Add the filters of a landing page to core's search.

        Options come from programs, too: what is no domain of ours is left alone.
        """
        detail = super()._search_get_detail(website, order, options)
        conditions = options.get("b2b_conditions") or ()
        detail["base_domain"] += [c for c in conditions if isinstance(c, Domain)]
        return detail
