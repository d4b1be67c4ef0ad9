# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Customers' own article numbers: how they are compared, and files of them.

Pure Python, no Odoo, on top of the reader of order files. Codes only, no sentences:
the Odoo layer translates.
"""

import re
from dataclasses import dataclass, field, replace

from .order_file import (
    DEFAULT_LIMITS,
    OrderFileError,
    normalise_article,
    read_table_file,
)
from .order_file.common import Cell
from .order_file.table import cell_at, plain
from .order_file.values import article_of_number, is_scientific
from .table_heads import find_cell_problem, find_fullest_head

MAX_ROWS = 10_000
MAX_CODE = 64
LIMITS = replace(DEFAULT_LIMITS, max_rows=MAX_ROWS, max_blank_rows=MAX_ROWS)

_VOCABULARY = {
    "code": "свой артикул|ваш артикул|мой артикул|артикул клиента|артикул покупателя"
    "|код клиента|код покупателя|ваш код|свой код|внутренний код|внутренний артикул"
    "|номенклатурный номер|own article|own article number|your article|my article"
    "|customer article|customer code|own code|your number|own number",
    "article": "артикул поставщика|артикул продавца|артикул|код поставщика"
    "|seller s article|sellers article|supplier article|supplier code|vendor code"
    "|article|sku",
    "name": "свое название|ваше название|свое наименование|ваше наименование"
    "|название у вас|own name|your name|customer name",
    "unit": "единица|ед|ед изм|единица измерения|unit|uom|unit of measure",
    "entity": "юрлицо|юридическое лицо|контрагент|организация|инн|legal entity"
    "|company|tax number|tax id",
}
_FIELD_OF_LABEL = {
    label: name for name, labels in _VOCABULARY.items() for label in labels.split("|")
}
FIELDS = tuple(_VOCABULARY)
_NEEDED = {"code", "article"}
_FILLERS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")


def article_keys(text):
    """The forms in which an own article number is compared.

    :return: (exact, loose): without regard to case and outer spaces; and without any
        space or dash as well. Both empty: there is no number.
    """
    exact = normalise_article(text or "").upper()
    return exact, _FILLERS.sub("", exact) or exact


@dataclass(frozen=True)
class CodeRow:
    """One row below the head.

    ``texts`` holds a text for every column that the file has; ``problem`` is None,
    'cell_error', 'nul_byte', 'scientific_article' or 'date_article'. ``row`` counts
    from 1, as a spreadsheet shows it.
    """

    row: int
    texts: dict = field(default_factory=dict)
    problem: str | None = None


def read_code_file(data, filename=""):
    """Rows of an uploaded table of own article numbers.

    :return: list of :class:`CodeRow`, at least one
    :raise OrderFileError: the file as a whole cannot be read; ``no_columns``: no
        column with own numbers, or none with the seller's articles
    """
    grid = read_table_file(data, filename, LIMITS, _usability)
    start, columns = find_fullest_head(grid.rows, _FIELD_OF_LABEL, LIMITS.header_rows)
    if not columns.keys() >= _NEEDED:
        if grid.wide:
            raise OrderFileError("too_many_columns", limit=LIMITS.max_columns)
        raise OrderFileError("no_columns")
    body = grid.rows[start:]
    if not body:
        raise OrderFileError("no_rows")
    if len(body) > MAX_ROWS:
        raise OrderFileError("too_many_rows", limit=MAX_ROWS, row=body[MAX_ROWS].number)
    return [_read_row(row, columns) for row in body]


def _usability(rows, limits):
    """How many columns of a sheet are recognised, those needed first."""
    _start, columns = find_fullest_head(rows, _FIELD_OF_LABEL, limits.header_rows)
    return int(columns.keys() >= _NEEDED), len(columns)


def _read_row(row, columns):
    cells = {name: cell_at(row, column) for name, column in columns.items()}
    texts = {name: " ".join(_read_text(cell).split()) for name, cell in cells.items()}
    problem = find_cell_problem(cells.values(), texts.values())
    for name in _NEEDED:
        problem = problem or _find_article_problem(cells[name], texts[name])
    return CodeRow(row.number, texts, problem)


def _read_text(cell):
    """What a cell shows: a number with its leading zeros."""
    if isinstance(cell, Cell) and cell.kind == "number":
        return article_of_number(cell)
    return plain(cell)


def _find_article_problem(cell, text):
    """What Excel has made of an article, or None."""
    if isinstance(cell, Cell) and cell.kind == "date":
        return "date_article"
    return "scientific_article" if is_scientific(text) else None
