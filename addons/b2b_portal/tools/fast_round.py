# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Core's rounding for hundreds of thousands of amounts."""

from functools import lru_cache, partial
from math import floor

from odoo.tools import float_round
from odoo.tools.float_utils import float_invert

# Nearer to a half than this, or larger, core decides with its epsilon.
_HALF = 0.499999
_LARGE = 1e8


@lru_cache(maxsize=64)
def get_rounder(step):
    """A function that rounds as ``float_round(value, precision_rounding=step)`` does.

    To the last bit: values that are no close call are rounded by the same operations
    in floating point, without core's checks and logarithm; the others by core.

    :param float step: such as 0.01
    """
    exact = partial(float_round, precision_rounding=step)
    scale = float_invert(step) if 0 < step < 1 else 0.0
    if not scale.is_integer() or not scale:
        return exact

    def round_fast(value):
        scaled = value * scale
        if 0.0 < scaled < _LARGE:
            whole = floor(scaled + 0.5)
            if -_HALF < scaled - whole < _HALF:
                return whole / scale
        return exact(value)

    return round_fast
