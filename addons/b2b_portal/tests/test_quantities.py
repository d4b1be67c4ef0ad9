# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unittest
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ..tools.quantities import Quantities, QuantityTerms, to_fraction

try:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st
except ImportError:
    HealthCheck = None

if HealthCheck:
    HUNDREDTHS = st.integers(0, 500_000).map(lambda number: number / 100)
    STEPS = st.sampled_from([0, 0.01, 0.1, 0.25, 0.5, 1, 5, 7, 24, 50, 100, 1000])
    FACTORS = st.sampled_from(
        [1, 24, 25, 1000, 1000.0 * 24, 0.001, 0.05, 12.5, 0.45359237, 1 / 3]
    )
    GRIDS = st.builds(
        lambda low, step, high, *rest: Quantities(
            QuantityTerms(low, step, high), *rest
        ),
        HUNDREDTHS,
        STEPS,
        st.one_of(st.just(0.0), HUNDREDTHS),
        FACTORS,
        st.sampled_from([0.01, 1.0]),
        st.sampled_from([0.0, 1.0]),
    )
    WISHES = st.one_of(
        HUNDREDTHS, st.floats(0.01, 1e7), st.floats(0.01, 100).map(lambda f: 3 * f)
    )


@tagged("post_install", "-at_install")
class TestQuantities(BaseCase):
    """Which quantities may be ordered: exact, whatever floats do."""

    def _settle(self, wish, *terms, **kwargs):
        quantity, reason = Quantities(QuantityTerms(*terms), **kwargs).settle(wish)
        return float(quantity), reason

    def _neighbours(self, wish, *terms, **kwargs):
        found = Quantities(QuantityTerms(*terms), **kwargs).get_neighbours(wish)
        return tuple(value and float(value) for value in found)

    def test_the_example_of_the_issue(self):
        self.assertEqual(self._neighbours(95, 0, 24), (72, 96))
        self.assertEqual(self._neighbours(96, 0, 24), (96, 96))
        self.assertEqual(self._settle(95, 0, 24), (96, "multiple"))

    def test_terms_that_meet(self):
        self.assertEqual(self._settle(1, 30, 24), (48, "minimum"))
        self.assertEqual(self._settle(31, 30, 24), (48, "multiple"))
        self.assertEqual(self._neighbours(31, 30, 24), (None, 48))
        self.assertEqual(self._settle(40, 0, 24, 40), (24, "maximum"))
        self.assertEqual(self._neighbours(100, 0, 24, 40), (24, None))
        self.assertEqual(self._settle(5, 30, 24, 40), (5, "impossible"))
        self.assertEqual(self._neighbours(5, 30, 24, 40), (None, None))

    def test_floats_do_not_drift(self):
        for number in range(1, 2000):
            wish = number * 0.1
            self.assertEqual(self._settle(wish, 0, 0.1), (round(wish, 2), None))
        self.assertEqual(self._settle(0.1 + 0.2, 0, 0.1)[1], None)
        self.assertEqual(self._settle(0.25, 0, 0.1), (0.3, "multiple"))

    def test_tonnes_of_what_is_counted_in_kilograms_and_pieces(self):
        self.assertEqual(self._settle(1.5, 0, 500, factor=1000), (1.5, None))
        self.assertEqual(self._settle(1.6, 0, 500, factor=1000), (2, "multiple"))
        # 0.02 kg a piece: 50 pieces to the kilogram, 1000-piece boxes
        self.assertEqual(self._settle(0.02, 0, 1000, factor=50000), (0.02, None))
        self.assertEqual(self._settle(0.03, 0, 1000, factor=50000), (0.04, "multiple"))

    def test_packs_that_do_not_fit_the_step(self):
        """Boxes of 24 in steps of 100 pieces meet at 600, half boxes at 300."""
        whole = {"factor": 24, "rounding": 1}
        self.assertEqual(self._neighbours(26, 0, 100, **whole), (25, 50))
        self.assertEqual(self._settle(1, 0, 100, **whole), (25, "multiple"))
        self.assertEqual(self._neighbours(26, 0, 100, factor=24), (25, 37.5))

    def test_half_a_box(self):
        self.assertEqual(self._settle(2.5, factor=24), (2.5, None))
        self.assertEqual(self._settle(2.5, factor=24, rounding=1), (3, "multiple"))
        self.assertEqual(self._settle(2.5, own_step=1), (3, "multiple"))
        # half a piece does not come in packs of three either
        self.assertEqual(self._settle(0.5, factor=3, own_step=1), (1, "multiple"))


@unittest.skipUnless(HealthCheck, "hypothesis is not installed")
@tagged("post_install", "-at_install")
class TestQuantityProperties(BaseCase):
    def test_neighbours(self):
        @settings(max_examples=2000, deadline=None, derandomize=True)
        @given(GRIDS, WISHES)
        def check(grid, wish):
            exact = grid.snap(wish)
            lower, upper = grid.get_neighbours(wish)
            if grid.is_empty:
                assert (lower, upper) == (None, None)
                return
            assert lower is not None or upper is not None
            for value in (lower, upper):
                if value is not None:
                    self._check_valid(grid, value)
            assert lower is None or lower <= exact
            assert upper is None or upper >= exact
            if lower is None:
                assert upper == grid.at(grid.first)
            if upper is None:
                assert lower == grid.at(grid.last)
            if None not in (lower, upper) and lower != upper:
                # nothing that may be ordered lies between them
                middle = grid.get_neighbours(float((lower + upper) / 2))
                assert set(middle) <= {lower, upper}

        check()

    def _check_valid(self, grid, value):
        """Neighbours of a valid quantity are itself, as a float of the database too."""
        assert grid.get_neighbours(float(value)) == (value, value)
        assert grid.settle(float(value)) == (value, None)
        assert value >= grid.minimum
        assert not grid.maximum or value <= grid.maximum
        assert (value / grid.rounding).denominator == 1

    def test_settling(self):
        @settings(max_examples=1000, deadline=None, derandomize=True)
        @given(GRIDS, WISHES)
        def check(grid, wish):
            quantity, reason = grid.settle(wish)
            lower, upper = grid.get_neighbours(wish)
            if reason == "impossible":
                assert grid.is_empty
            elif reason == "maximum":
                assert (quantity, upper) == (lower, None)
            else:
                assert quantity == upper
                assert (reason is None) == (quantity == grid.snap(wish))

        check()

    def test_exact_steps(self):
        """Whole multiples of a step are never corrected, for any number of decimals."""

        @settings(max_examples=1000, deadline=None, derandomize=True)
        @given(st.integers(1, 100_000), st.integers(1, 10_000))
        def check(count, hundredths):
            step = hundredths / 100
            grid = Quantities(QuantityTerms(step=step))
            assert grid.settle(count * step)[1] is None
            assert grid.pitch == to_fraction(step) == Fraction(hundredths, 100)

        check()
