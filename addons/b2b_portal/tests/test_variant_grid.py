# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import product as combine

from odoo.tests import BaseCase

from ..tools.variant_grid import MAX_CELLS, MAX_COLUMNS, Axis, lay_out


def make_axes(*sizes):
    """Axes of so many values each, and the places of all their combinations."""
    axes = [
        Axis(n, f"A{n}", tuple((1000 * n + i, f"v{i}") for i in range(size)))
        for n, size in enumerate(sizes, start=1)
    ]
    pairs = combine(*(axis.values for axis in axes))
    places = {
        number: {
            axis.attribute_id: value[0]
            for axis, value in zip(axes, values, strict=True)
        }
        for number, values in enumerate(pairs, start=1)
    }
    return axes, places


class TestVariantGrid(BaseCase):
    """Where variants stand, without a database."""

    def test_two_attributes(self):
        axes, places = make_axes(3, 5)
        grid = lay_out(axes, places)
        self.assertEqual((grid.rows, grid.columns), (axes[1], axes[0]))
        (section,) = grid.sections
        for value, cells in section.lines:
            for head, variant_id in zip(grid.columns.values, cells, strict=True):
                self.assertEqual(places[variant_id], {1: head[0], 2: value[0]})

    def test_gaps_and_what_nobody_has(self):
        axes, places = make_axes(3, 3)
        kept = {
            number: place
            for number, place in places.items()
            if place[1] != 1002 and place != {1: 1000, 2: 2000}
        }
        grid = lay_out(axes, kept)
        self.assertEqual(len(grid.columns.values), 2, "no column without a variant")
        cells = [cell for _v, line in grid.sections[0].lines for cell in line]
        self.assertEqual(cells.count(None), 1)
        self.assertEqual(sorted(grid.variant_ids), sorted(kept))

    def test_a_variant_without_a_value_is_not_lost(self):
        axes, places = make_axes(2, 2)
        places[99] = {1: 1000}
        self.assertIn(99, lay_out(axes, places).variant_ids)

    def test_three_attributes_make_sections(self):
        axes, places = make_axes(8, 2, 2)
        grid = lay_out(axes, places)
        self.assertEqual(len(grid.sections), 2)
        self.assertFalse(grid.choices)
        self.assertEqual(sorted(grid.variant_ids), sorted(places))

    def test_everything_can_be_reached_and_no_page_is_large(self):
        for sizes in (
            (10, 10, 10),
            (40, 25),
            (1000,),
            (13, 13, 13),
            (2,) * 10,
            (300, 2),
        ):
            axes, places = make_axes(*sizes)
            seen, waiting, asked = set(), [(), *((v,) for v in ())], set()
            while waiting:
                wanted = waiting.pop()
                if wanted in asked:
                    continue
                asked.add(wanted)
                for page in range(1, len(lay_out(axes, places, wanted).pages) + 1):
                    grid = lay_out(axes, places, wanted, page)
                    self.assertLessEqual(len(grid.variant_ids), MAX_CELLS)
                    if grid.columns:
                        self.assertLessEqual(len(grid.columns.values), MAX_COLUMNS)
                    seen.update(grid.variant_ids)
                for choice in grid.choices:
                    others = set(grid.chosen) - {v[0] for v in choice.axis.values}
                    for value_id, _name, _chosen in choice.values:
                        waiting.append(tuple(sorted(others | {value_id})))
            self.assertEqual(seen, set(places), sizes)

    def test_forged_wishes(self):
        axes, places = make_axes(30, 30)
        for wanted, page in (((0, 7, -1), 10**9), ((1029,), -5), ((2029, 1001), 0)):
            grid = lay_out(axes, places, wanted, page)
            self.assertTrue(grid.variant_ids)
        self.assertFalse(lay_out([], {}).sections)
