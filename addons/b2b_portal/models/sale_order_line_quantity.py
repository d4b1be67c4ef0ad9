# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..tools.quantities import to_fraction


class SaleOrderLine(models.Model):
    """The unit and the quantity of a line: what was wished, what may be ordered."""

    _inherit = "sale.order.line"

    b2b_wish_qty = fields.Float(
        "Wished quantity",
        digits="Product Unit",
        copy=False,
        help="What the customer asked for, where it cannot be ordered.",
    )

    @api.constrains("product_id", "product_uom_id")
    def _check_b2b_unit(self):
        """Refuse a unit that core would convert to nonsense without a word."""
        for line in self:
            own, unit = line.product_id.uom_id, line.product_uom_id
            if own and unit and own != unit and line.order_id.b2b_agreement_id:
                own._b2b_check_related(unit, line.product_id.display_name)

    def _b2b_get_choice(self, terms):
        """What is wrong with the quantity of the line (single), and what is not.

        The wish counts, until another quantity is chosen.

        :param dict terms: as of ``_b2b_get_quantity_terms``
        :return: None where all is well, else a dict: text (what is wrong), choices
            (list of dicts as of ``_b2b_get_neighbours``, the upper one first), valid
            (whether the line's quantity is one that may be ordered by now)
        """
        self.ensure_one()
        product, unit = self.product_id, self.product_uom_id
        if not product or unit not in product._b2b_allowed_units():
            return None
        wish = self.b2b_wish_qty or self.product_uom_qty
        limits = terms[product.id]
        _quantity, reason = product._b2b_round_quantity(wish, unit, terms=limits)
        if not reason:
            return None
        found = product._b2b_get_neighbours(wish, unit, terms=limits)
        taken = product._b2b_round_quantity(self.product_uom_qty, unit, terms=limits)
        return {
            "valid": not taken[1],
            "text": product._b2b_get_wish_text(wish, unit, reason, limits),
            "choices": [c for c in (found["upper"], found["lower"]) if c],
        }

    def _b2b_convert(self, quantity, unit):
        """A quantity of the line (single) in another unit, rounded up to what it can
        express.

        :return: (quantity, whether nothing was rounded)
        :raise ValidationError: the units have nothing in common
        """
        name = self.product_id.display_name
        self.product_uom_id._b2b_check_related(unit, name)
        exact = to_fraction(quantity) * self.product_uom_id._b2b_get_factor(unit)
        rounding = to_fraction(unit._b2b_get_rounding())
        rounded = -(-exact // rounding) * rounding
        return float(rounded), rounded == exact
