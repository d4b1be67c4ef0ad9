# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which quantities of a product may be ordered, in exact fractions.

Floats drift: 3 x 0.1 is no multiple of 0.1. Here every figure becomes the fraction that
its decimal digits say, and nothing is a float before the answer.
"""

from fractions import Fraction
from math import ceil, floor, gcd, lcm
from typing import NamedTuple

# Above this many steps the common grid of a step and a unit is of no use to anybody:
# pounds and whole kilograms meet first at 45 359 237 kg.
_MAX_STEPS = 1000


class QuantityTerms(NamedTuple):
    """What limits the quantity of a line, in the product's own unit; 0: nothing."""

    minimum: float = 0.0
    step: float = 0.0
    maximum: float = 0.0


def to_fraction(number):
    """The fraction that the first 12 digits of a float say."""
    return Fraction(f"{number:.12g}")


def _common_multiple(one, other):
    """The least fraction that is a whole multiple of both (both above zero)."""
    return Fraction(
        lcm(one.numerator, other.numerator), gcd(one.denominator, other.denominator)
    )


class Quantities:
    """The quantities that may be ordered of one product in one unit.

    They are ``at(first)``, ``at(first + 1)``, ... up to ``at(last)`` (None: no end),
    each the next multiple of ``pitch`` that the unit can express.

    :param terms: :class:`QuantityTerms`
    :param float factor: how many of the product's own unit one of the unit holds
    :param float rounding: least quantity that the unit can express
    :param float own_step: least quantity of the product's own unit; 0: any
    """

    def __init__(self, terms, factor=1.0, rounding=0.01, own_step=0.0):
        self.factor = to_fraction(factor)
        self.rounding = to_fraction(rounding)
        self.pitch = self._get_pitch(to_fraction(terms.step), to_fraction(own_step))
        self.minimum = to_fraction(terms.minimum) / self.factor
        self.maximum = to_fraction(terms.maximum) / self.factor
        self.first = max(ceil(self.minimum / self.pitch), 1)
        self.last = None
        if self.maximum:
            self.last = floor(self.maximum / self.pitch)
            while self.last and self.at(self.last) > self.maximum:
                self.last -= 1

    def _get_pitch(self, step, own_step):
        """The distance of two quantities, in the unit."""
        if step and own_step:
            step = _common_multiple(step, own_step)
        step = (step or own_step) / self.factor
        if not step:
            return self.rounding
        grid = _common_multiple(step, self.rounding)
        if grid > _MAX_STEPS * max(step, self.rounding):
            return step
        return grid

    def at(self, number):
        """The quantity of that number, as a fraction."""
        return ceil(number * self.pitch / self.rounding) * self.rounding

    @property
    def is_empty(self):
        """Whether the terms contradict each other: no quantity fulfils them."""
        return self.last is not None and self.last < self.first

    def _number_below(self, wish):
        """The number of the last quantity that is not above a wish."""
        number = floor(wish / self.pitch)
        while number and self.at(number) > wish:
            number -= 1
        return number

    def snap(self, wish, step=0.01):
        """A wish as the database would store it, as a fraction."""
        step = to_fraction(step)
        return floor(to_fraction(wish) / step + Fraction(1, 2)) * step

    def get_neighbours(self, wish):
        """The quantities around a wish; both are the wish where it may be ordered.

        :return: (lower, upper) fractions; None: there is none on that side
        """
        wish = self.snap(wish)
        if self.is_empty:
            return None, None
        number = self._number_below(wish)
        if number < self.first:
            return None, self.at(self.first)
        if self.last is not None and number >= self.last:
            lower = self.at(self.last)
            return lower, lower if lower == wish else None
        lower = self.at(number)
        return lower, lower if lower == wish else self.at(number + 1)

    def settle(self, wish):
        """What may be ordered in place of a wish: not less, where that is possible.

        :return: (quantity, reason): a fraction, and None, 'minimum', 'multiple',
            'maximum' or 'impossible' (the wish is returned then)
        """
        exact = self.snap(wish)
        lower, upper = self.get_neighbours(wish)
        if lower is None and upper is None:
            return exact, "impossible"
        if upper is None:
            return lower, "maximum"
        if upper == exact:
            return exact, None
        return upper, "minimum" if exact < self.minimum else "multiple"

    def get_below(self, wish):
        """The largest quantity that may be ordered up to a wish, or None."""
        return self.get_neighbours(wish)[0]
