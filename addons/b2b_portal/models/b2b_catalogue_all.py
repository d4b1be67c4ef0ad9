# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class B2bCatalogue(models.AbstractModel):
    """All pages of the catalogue at once: for price lists, feeds and counts."""

    _inherit = "b2b.catalogue"

    @api.model
    def _find_all(self, query, acting):
        """The goods that :meth:`_find` shows on all its pages, in no order.

        An addon whose ``_find`` goes by an index answers this by it, too.

        :return: ``odoo.tools.Query`` on product_template, by the visitor's rights
        """
        conditions = self._get_conditions(query, acting)
        if query.search and (word := self._find(query, acting).corrected):
            conditions["search"] = self._get_text_domain(word, acting)
        return self._search_templates(conditions)
