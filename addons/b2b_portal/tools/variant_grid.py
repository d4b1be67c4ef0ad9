# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where the variants of a product stand in a matrix: rows, columns, sections."""

from dataclasses import dataclass, field, replace
from itertools import product

# What a page can show at a glance and price in one go.
MAX_CELLS = 240
MAX_COLUMNS = 12
MAX_ROWS = 60
# Stands for the value of a variant that has none of an attribute.
NO_VALUE = 0


@dataclass(frozen=True)
class Axis:
    """An attribute that tells variants apart; values: pairs (id, name), in order."""

    attribute_id: int
    name: str
    values: tuple

    def keep(self, value_ids):
        """The axis with only these values."""
        kept = tuple(pair for pair in self.values if pair[0] in value_ids)
        return replace(self, values=kept)


@dataclass
class Section:
    """A part of the matrix: lines are (row value, variant ids or None by column)."""

    # (attribute's name, value's name) of the attributes that are folded
    values: list
    lines: list


@dataclass
class Choice:
    """An attribute of which the matrix shows one value; values: (id, name, chosen)."""

    axis: Axis
    values: list


@dataclass
class Grid:
    """A page of a matrix. ``columns`` is None where one attribute is left."""

    rows: Axis = None
    columns: Axis = None
    sections: list = field(default_factory=list)
    choices: list = field(default_factory=list)
    page: int = 1
    # the first and the last row value of each page
    pages: list = field(default_factory=list)

    @property
    def variant_ids(self):
        """Variants of the page, in order."""
        return [
            variant_id
            for section in self.sections
            for _value, cells in section.lines
            for variant_id in cells
            if variant_id
        ]

    @property
    def chosen(self):
        """Ids of the values that the choices stand at."""
        return [
            value_id
            for choice in self.choices
            for value_id, _name, chosen in choice.values
            if chosen
        ]


def lay_out(axes, places, wanted=(), page=0):
    """Put variants into a matrix.

    Rows are the attribute with most values, for one scrolls down; columns the one with
    most values of the others, if a screen holds them. All others make sections; where
    these are too many cells, one attribute after another is narrowed to one value,
    and rows come in pages.

    :param list axes: of :class:`Axis`, in the order of the product's attributes
    :param dict places: variant id -> dict attribute id -> value id
    :param wanted: ids of values to narrow to, and to show the page of
    :param int page: of the rows; 0: the one with a wanted value, else the first
    :return: :class:`Grid`
    """
    wanted = set(wanted)
    rows, columns, folded = _choose_axes(_trim(axes, places))
    if rows is None:
        return Grid()
    choices = []
    while folded and _count_cells(rows, columns, folded) > MAX_CELLS:
        # the one with most values leaves least
        axis = max(folded, key=lambda a: len(a.values))
        choice, places = _narrow(axis, places, wanted)
        choices.append(choice)
        left = [other for other in folded if other != axis]
        rows, columns, *folded = _trim([rows, columns, *left], places)
    size = min(
        MAX_ROWS, max(MAX_CELLS // len(columns.values), 1) if columns else MAX_ROWS
    )
    pages = [rows.values[i : i + size] for i in range(0, len(rows.values), size)]
    page = page or next(
        (i for i, pairs in enumerate(pages, 1) if wanted & {id_ for id_, _n in pairs}),
        1,
    )
    page = min(max(page, 1), len(pages))
    shown = replace(rows, values=pages[page - 1])
    return Grid(
        rows=shown,
        columns=columns,
        sections=_make_sections(shown, columns, folded, places),
        choices=choices,
        page=page,
        pages=[(pairs[0][1], pairs[-1][1]) for pairs in pages],
    )


def _trim(axes, places):
    """The axes with only those values that variants have; None stays None."""
    trimmed = []
    for axis in axes:
        if axis is not None:
            used = {place.get(axis.attribute_id, NO_VALUE) for place in places.values()}
            if NO_VALUE in used - {value_id for value_id, _name in axis.values}:
                axis = replace(axis, values=(*axis.values, (NO_VALUE, "—")))
            axis = axis.keep(used)
        trimmed.append(axis)
    return trimmed


def _choose_axes(axes):
    """(rows, columns, the others) of axes; what all variants share is left out."""
    axes = [axis for axis in axes if len(axis.values) > 1]
    if not axes:
        return None, None, []
    rows = max(axes, key=lambda axis: len(axis.values))
    others = [axis for axis in axes if axis != rows]
    fitting = [axis for axis in others if len(axis.values) <= MAX_COLUMNS]
    columns = max(fitting, key=lambda axis: len(axis.values), default=None)
    return rows, columns, [axis for axis in others if axis != columns]


def _count_cells(rows, columns, folded):
    count = len(rows.values) * (len(columns.values) if columns else 1)
    for axis in folded:
        count *= len(axis.values)
    return count


def _narrow(axis, places, wanted):
    """(:class:`Choice` of one value of an axis, the places that have it)."""
    ids = [value_id for value_id, _name in axis.values]
    chosen = next((value_id for value_id in ids if value_id in wanted), ids[0])
    choice = Choice(
        axis, [(value_id, name, value_id == chosen) for value_id, name in axis.values]
    )
    kept = {
        variant_id: place
        for variant_id, place in places.items()
        if place.get(axis.attribute_id, NO_VALUE) == chosen
    }
    return choice, kept


def _make_sections(rows, columns, folded, places):
    """Sections that have variants, and of these the lines that have some."""

    def get_key(place):
        axes = [*folded, rows, *([columns] if columns else [])]
        return tuple(place.get(axis.attribute_id, NO_VALUE) for axis in axes)

    at = {get_key(place): variant_id for variant_id, place in places.items()}
    heads = columns.values if columns else ((None, ""),)
    sections = []
    for pairs in product(*(axis.values for axis in folded)):
        above = tuple(value_id for value_id, _name in pairs)
        lines = []
        for value in rows.values:
            key = (*above, value[0])
            cells = [
                at.get((*key, head_id) if columns else key) for head_id, _n in heads
            ]
            if any(cells):
                lines.append((value, cells))
        if lines:
            names = [
                (axis.name, name)
                for axis, (_id, name) in zip(folded, pairs, strict=True)
            ]
            sections.append(Section(names, lines))
    return sections
