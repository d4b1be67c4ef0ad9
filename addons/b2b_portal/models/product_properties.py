# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Properties of goods as the pages of the shop show them."""

from dataclasses import dataclass, field

from odoo import models
from odoo.tools import SQL

FLUSHED = (
    "product.attribute",
    "product.attribute.value",
    "product.template.attribute.line",
    "product.template.attribute.value",
    "b2b.attribute.group",
)


@dataclass
class Property:
    """One property of one product; texts in the user's language.

    ``value_ids`` are of ``product.attribute.value``; ``varies``: the value is what
    tells the variants of the product apart.
    """

    attribute_id: int
    name: str
    group: str
    values: list = field(default_factory=list)
    value_ids: list = field(default_factory=list)
    varies: bool = False

    @property
    def text(self):
        return ", ".join(self.values)


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _b2b_get_properties(self, attribute_ids=None):
        """Visible properties of variants (batch), in one query.

        Not judged by rights: the caller has found the goods as the visitor.

        :param attribute_ids: of those that are asked for; all, if it is left out
        :return: dict product id -> list of :class:`Property` in the order of their
            groups; of a property that makes variants only the variant's own value
        """
        found = {product.id: {} for product in self}
        if not self:
            return found
        by_template = {}
        for product in self:
            by_template.setdefault(product.product_tmpl_id.id, []).append(product.id)
        for row in self._b2b_read_properties(attribute_ids):
            template_id, attribute_id, name, group, value_id, value, several, own = row
            for product_id in by_template[template_id]:
                if own is not None and product_id not in own:
                    continue
                properties = found[product_id]
                if attribute_id not in properties:
                    properties[attribute_id] = Property(attribute_id, name, group or "")
                properties[attribute_id].values.append(value)
                properties[attribute_id].value_ids.append(value_id)
                properties[attribute_id].varies = own is not None and several
        return {
            product_id: list(properties.values())
            for product_id, properties in found.items()
        }

    def _b2b_read_properties(self, attribute_ids=None):
        """The rows of :meth:`_b2b_get_properties`, one a value of a template."""
        for name in FLUSHED:
            self.env[name].flush_model()
        lang = self.env.lang or "en_US"

        def text(alias):
            column = SQL.identifier(alias, "name")
            return SQL("COALESCE(%s->>%s, %s->>'en_US')", column, lang, column)

        asked = SQL("TRUE")
        if attribute_ids:
            asked = SQL("attribute.id IN %s", tuple(attribute_ids))
        query = SQL(
            """
            SELECT line.product_tmpl_id, attribute.id, %(attribute)s, %(group)s,
                   val.id, %(value)s, COUNT(*) OVER (PARTITION BY line.id) > 1,
                   CASE WHEN attribute.create_variant != 'no_variant' THEN ARRAY(
                        SELECT combination.product_product_id
                          FROM product_variant_combination combination
                         WHERE combination.product_template_attribute_value_id = ptav.id
                           AND combination.product_product_id IN %(products)s
                   ) END
              FROM product_template_attribute_line line
              JOIN product_attribute attribute ON attribute.id = line.attribute_id
              JOIN product_template_attribute_value ptav
                   ON ptav.attribute_line_id = line.id AND ptav.ptav_active
              JOIN product_attribute_value val
                   ON val.id = ptav.product_attribute_value_id
         LEFT JOIN b2b_attribute_group grp ON grp.id = attribute.b2b_group_id
             WHERE line.product_tmpl_id IN %(templates)s AND line.active
               AND attribute.visibility IS DISTINCT FROM 'hidden' AND %(asked)s
          ORDER BY grp.sequence NULLS LAST, grp.id, attribute.sequence, attribute.id,
                   val.sequence, val.id
            """,
            attribute=text("attribute"),
            group=text("grp"),
            value=text("val"),
            asked=asked,
            templates=tuple(self.product_tmpl_id.ids),
            products=tuple(self.ids),
        )
        return self.env.execute_query(query)
