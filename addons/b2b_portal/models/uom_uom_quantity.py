# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import ValidationError

from ..tools.quantities import Quantities, to_fraction


class UomUom(models.Model):
    _inherit = "uom.uom"

    b2b_whole = fields.Boolean(
        "Whole quantities only",
        help="Half of it cannot be ordered: a box, a pallet, a piece.",
    )

    def _b2b_get_rounding(self):
        """The least quantity that can be ordered in the unit (single)."""
        return 1.0 if self.b2b_whole else self.rounding

    def _b2b_get_factor(self, own):
        """How many of the unit ``own`` one of this unit (single) holds.

        :return: exact ``Fraction``
        """
        return to_fraction(self.factor) / to_fraction(own.factor)

    def _b2b_usable_for(self, own):
        """Those of the units in which goods counted in ``own`` may be ordered."""
        return self.filtered(
            lambda unit: unit == own
            or (unit.active and unit._has_common_reference(own))
        )

    def _b2b_check_related(self, unit, name):
        """Refuse a unit that does not convert to this one (single).

        Core converts 3 kg to 3000 pieces without a word.

        :param str name: the goods, for the message
        :raise ValidationError: the units have nothing in common
        """
        if not self._has_common_reference(unit):
            raise ValidationError(
                self.env._(
                    "%(product)s: %(unit)s cannot be converted to %(own)s. Define "
                    "the unit as a number of %(own)s.",
                    product=name,
                    unit=unit.name,
                    own=self.name,
                )
            )

    def _b2b_check_terms(self, terms, name):
        """Refuse terms that no quantity in this unit (single) fulfils.

        :param terms: :class:`QuantityTerms`
        :param str name: the goods or the rule, for the message
        :raise ValidationError: with the figures
        """
        values = {
            "name": name,
            "minimum": self._b2b_format(terms.minimum),
            "step": self._b2b_format(terms.step),
            "maximum": self._b2b_format(terms.maximum),
        }
        if terms.maximum and terms.maximum < terms.minimum:
            raise ValidationError(
                self.env._(
                    "%(name)s: the maximum of %(maximum)s is below the minimum of "
                    "%(minimum)s.",
                    **values,
                )
            )
        own_step = 1.0 if self.b2b_whole else 0.0
        if Quantities(terms, rounding=self.rounding, own_step=own_step).is_empty:
            raise ValidationError(
                self.env._(
                    "%(name)s: no multiple of %(step)s lies between the minimum of "
                    "%(minimum)s and the maximum of %(maximum)s.",
                    **values,
                )
            )
