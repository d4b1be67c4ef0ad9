# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What tells the variants of a product apart."""

from odoo import models
from odoo.tools import SQL

from ..tools.variant_grid import Axis

# Columns that are read by SQL; None: all of them.
_AXES_READ = {
    "product.product": ["product_template_attribute_value_ids"],
    "product.template.attribute.value": None,
    "product.template.attribute.line": None,
    "product.attribute": ["name"],
    "product.attribute.value": ["name", "sequence"],
}


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_axes(self, variants):
        """What tells variants (batch, of one product, in sudo) apart: one query.

        :return: (list of :class:`~..tools.variant_grid.Axis`, dict variant id -> dict
            attribute id -> id of the ``product.attribute.value``)
        """
        lines, places = {}, {variant.id: {} for variant in variants}
        for variant_id, line, line_name, value, value_name in self._b2b_read_axes(
            variants
        ):
            _sequence, _line_id, attribute_id = line
            values = lines.setdefault(line, (line_name, {}))[1]
            values[value] = value_name
            places[variant_id][attribute_id] = value[1]
        axes = []
        for (_sequence, _line_id, attribute_id), (name, values) in sorted(
            lines.items()
        ):
            pairs = tuple((value[1], values[value]) for value in sorted(values))
            axes.append(Axis(attribute_id, name, pairs))
        return axes, places

    def _b2b_read_axes(self, variants):
        """Values of variants (batch): of attributes with a choice, as core has it.

        :return: list of (variant id, (sequence, line id, attribute id), attribute's
            name, (sequence, value id), value's name), in the order of the lines
        """
        for name, fields_read in _AXES_READ.items():
            self.env[name].flush_model(fields_read)
        attributes = self.env["product.attribute"]
        values = self.env["product.attribute.value"]
        query = SQL(
            """
            SELECT link.product_product_id, COALESCE(line.sequence, 0), line.id,
                   attribute.id, %(attribute_name)s,
                   COALESCE(value.sequence, 0), value.id, %(value_name)s
              FROM product_variant_combination link
              JOIN product_template_attribute_value own
                   ON own.id = link.product_template_attribute_value_id
              JOIN product_template_attribute_line line
                   ON line.id = own.attribute_line_id AND line.value_count > 1
              JOIN product_attribute attribute ON attribute.id = line.attribute_id
              JOIN product_attribute_value value
                   ON value.id = own.product_attribute_value_id
             WHERE link.product_product_id = ANY(%(ids)s)
          ORDER BY line.sequence, line.id, own.id
            """,
            attribute_name=attributes._field_to_sql("attribute", "name"),
            value_name=values._field_to_sql("value", "name"),
            ids=list(variants.ids),
        )
        return [
            (row[0], row[1:4], row[4], row[5:7], row[7])
            for row in self.env.execute_query(query)
        ]
