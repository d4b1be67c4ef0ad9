# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which sections have goods: every page of a customer asks, through a record rule."""

from odoo import api, models
from odoo.tools import SQL

from ..tools.id_in import id_in


class ProductPublicCategory(models.Model):
    _inherit = "product.public.category"

    @api.depends("product_tmpl_ids.is_published", "child_id.has_published_products")
    def _compute_has_published_products(self):
        """Core's answer by one query; core asks again on every level of the tree.

        The whole tree is kept: a recursive field is computed one by one, and a change
        spreads to the sections above only over those that are known.
        """
        query = SQL(
            "SELECT id, id IN (%s) FROM product_public_category",
            self._b2b_get_filled_query(),
        )
        filled = dict(self.env.execute_query(query))
        for section in self:
            section.has_published_products = filled.get(section._origin.id, False)
        self._fields["has_published_products"]._insert_cache(
            self.browse(filled), filled.values()
        )

    @api.model
    def _search_has_published_products(self, operator, value):
        """Core's answer without joining all goods of the catalogue."""
        if operator != "in":
            return NotImplemented
        return id_in(self._b2b_get_filled_query())

    @api.model
    def _b2b_get_filled_query(self):
        """Sections with a published product in them or below.

        A look-up in each section stops at the first product that it finds.

        :return: ``odoo.tools.SQL``: SELECT of ids
        """
        self.flush_model(["parent_path"])
        goods = self.env["product.template"]
        goods.flush_model(["is_published", "active", "public_categ_ids"])
        return SQL(
            """
            SELECT DISTINCT
                unnest(string_to_array(rtrim(section.parent_path, '/'), '/')::int[])
            FROM product_public_category section
            CROSS JOIN LATERAL (
                SELECT 1
                FROM product_public_category_product_template_rel link
                JOIN product_template goods ON goods.id = link.product_template_id
                    AND goods.is_published AND goods.active
                WHERE link.product_public_category_id = section.id
                LIMIT 1
            ) AS one
            """
        )
