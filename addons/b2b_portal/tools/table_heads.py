# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Heads of the columns of a table that somebody uploads. Pure Python, no Odoo."""

from .order_file.common import Cell
from .order_file.headers import normalise_label
from .order_file.table import plain
from .order_file.values import NUL_MARK


def find_fullest_head(rows, field_of_label, limit):
    """The row, among the first ones, that names most columns.

    :param dict field_of_label: normalised label -> name of the field
    :param int limit: how many rows may be heads
    :return: (index of the first row below it, dict field -> column)
    """
    best, start = {}, 0
    for index, row in enumerate(rows[:limit]):
        texts = (
            cell[:60] if cell and not isinstance(cell, Cell) else ""
            for cell in row.cells
        )
        columns = _name_columns(texts, field_of_label)
        if len(columns) > len(best):
            best, start = columns, index + 1
    return start, best


def find_first_head(rows, field_of_label, needed, limit):
    """The first row that names all columns that are needed.

    :param set needed: names of fields
    :return: (index of the first row below it, dict field -> column); (0, {}): none
    """
    for index, row in enumerate(rows[:limit]):
        columns = _name_columns(map(plain, row.cells), field_of_label)
        if columns.keys() >= needed:
            return index + 1, columns
    return 0, {}


def _name_columns(texts, field_of_label):
    columns = {}
    for column, text in enumerate(texts):
        if name := field_of_label.get(normalise_label(text)):
            columns.setdefault(name, column)
    return columns


def find_cell_problem(cells, texts):
    """What makes a row unusable: 'cell_error', 'nul_byte' or None.

    :param cells: cells as read
    :param texts: their texts
    """
    kinds = {cell.kind for cell in cells if isinstance(cell, Cell)}
    if kinds & {"error", "formula"}:
        return "cell_error"
    return "nul_byte" if any(NUL_MARK in text for text in texts) else None
