# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ProductPublicCategory(models.Model):
    """The sections of a website as a tree, with counts of what a member sees."""

    _inherit = "product.public.category"

    def _b2b_in_order(self):
        """The sections (batch) as a tree is read: each above what is in it.

        :return: list of records; a section whose parent is not among them is a root
        """
        known = set(self._ids)
        children = {}
        for section in self:
            parent_id = section.parent_id.id
            children.setdefault(parent_id if parent_id in known else 0, []).append(
                section
            )
        order, stack = [], children.get(0, [])[::-1]
        while stack:
            section = stack.pop()
            order.append(section)
            stack += children.get(section.id, [])[::-1]
        return order

    @api.model
    def _b2b_get_tree(self, website, products_query):
        """Sections with goods in them, each with the number of different ones.

        :param website: ``website`` (single)
        :param products_query: query of the variants that count
        :return: list of dicts: section (record), count, depth, children (list of such
            dicts); the roots, in order. Three queries.
        """
        sections = self.sudo().search(
            Domain("website_id", "in", (False, website.id))
            & Domain("parent_path", "!=", False)
        )
        counts = self._b2b_count(sections, products_query)
        nodes, roots = {}, []
        for section in sections._b2b_in_order():
            if not counts.get(section.id):
                continue
            parent = nodes.get(section.parent_id.id)
            node = {
                "section": section,
                "count": counts[section.id],
                "depth": parent["depth"] + 1 if parent else 0,
                "children": [],
            }
            nodes[section.id] = node
            (parent["children"] if parent else roots).append(node)
        return roots

    @api.model
    def _b2b_count(self, sections, products_query):
        """Number of different variants in each section and those in it.

        :return: dict section id -> number
        """
        relation = self._fields["product_tmpl_ids"]
        table = SQL.identifier("products")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.%(section)s, array_agg(%(table)s.id)
                  FROM (%(products)s) AS %(table)s
                  JOIN product_product p ON p.id = %(table)s.id
                  JOIN %(relation)s r ON r.%(template)s = p.product_tmpl_id
                 GROUP BY r.%(section)s
                """,
                section=SQL.identifier(relation.column1),
                template=SQL.identifier(relation.column2),
                relation=SQL.identifier(relation.relation),
                products=products_query.select(),
                table=table,
            )
        )
        goods = {section_id: set(ids) for section_id, ids in rows}
        for section in sections._b2b_in_order()[::-1]:
            own = goods.get(section.id)
            parent_id = section.parent_id.id
            if own and parent_id:
                goods.setdefault(parent_id, set()).update(own)
        return {section_id: len(ids) for section_id, ids in goods.items()}
