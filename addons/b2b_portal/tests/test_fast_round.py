# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
import random

from odoo.tests import BaseCase, tagged
from odoo.tools import float_round

from ..tools.fast_round import get_rounder


@tagged("post_install", "-at_install")
class TestFastRound(BaseCase):
    def test_the_same_as_core_to_the_last_bit(self):
        chance = random.Random(11)  # noqa: S311
        for step in (0.01, 0.1, 0.001, 0.05, 0.5, 1.0, 5.0, 10.0, 0.03, 1e-6):
            rounder = get_rounder(step)
            values = [0.0, -0.0, -1e-9, 1e-9, 2.675, 1.005, 1e9, 1e15, 1e300]
            for _try in range(3000):
                values.append(chance.uniform(-1, 1) * 10 ** chance.randint(-4, 12))
                # close calls on both sides of a half
                half = (chance.randint(0, 10**7) + 0.5) * step
                values += [half, math.nextafter(half, 0), math.nextafter(half, 1e12)]
                values.append(half * (1 + chance.uniform(-1e-9, 1e-9)))
            for value in values:
                core = float_round(value, precision_rounding=step)
                self.assertEqual(
                    rounder(value).hex(), core.hex(), f"{value!r} to {step}"
                )
