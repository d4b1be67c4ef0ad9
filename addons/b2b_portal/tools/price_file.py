# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Price lists as tables: reader of XLSX, XLS and CSV, and what makes cells safe.

Pure Python, no Odoo, on top of the reader of order files. Codes only, no sentences:
the Odoo layer translates.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from decimal import Decimal

from .order_file import DEFAULT_LIMITS, OrderFileError, parse_quantity, read_table_file
from .order_file.common import Cell
from .order_file.table import cell_at, plain
from .order_file.values import mark_evidence
from .table_heads import find_cell_problem, find_fullest_head

MAX_ROWS = 20_000
MAX_PRICE = Decimal(10) ** 12
LIMITS = replace(
    DEFAULT_LIMITS, max_rows=MAX_ROWS, max_blank_rows=MAX_ROWS, max_quantity=MAX_PRICE
)

_VOCABULARY = {
    "article": "артикул|код|код товара|article|code|sku|internal reference|item code",
    "name": "наименование|название|имя|товар|номенклатура|name|product|goods"
    "|description",
    "unit": "единица|ед|ед изм|единица измерения|unit|uom|unit of measure",
    "price": "цена|новая цена|стоимость|price|new price|unit price",
    "currency": "валюта|currency",
    "min_quantity": "от количества|минимальное количество|мин количество|количество от"
    "|minimum quantity|min quantity|min qty|from quantity",
    "date_start": "действует с|с|дата начала|начало|from|valid from|start date",
    "date_end": "действует по|действует до|по|до|дата окончания|окончание|until|to"
    "|valid until|end date",
    "rule": "правило|номер правила|код правила|rule|rule id|id",
}
_FIELD_OF_LABEL = {
    label: name for name, labels in _VOCABULARY.items() for label in labels.split("|")
}
FIELDS = tuple(_VOCABULARY)
_NEEDED = {"price"}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_DATE = re.compile(
    r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))"
    r"(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)


@dataclass
class PriceRow:
    """One row below the head; ``row`` counts from 1, as a spreadsheet shows it.

    ``texts`` holds a text for every column that the file has. ``price`` and
    ``min_quantity`` are Decimals or None; ``problem`` is None or one of 'cell_error',
    'nul_byte', 'no_price', 'bad_price', 'ambiguous_price', 'negative_price',
    'huge_price', 'bad_minimum'. A price of zero is no problem here.
    """

    row: int
    texts: dict = field(default_factory=dict)
    price: Decimal | None = None
    min_quantity: Decimal | None = None
    problem: str | None = None


def safe_text(text):
    """A text that no spreadsheet program takes for a formula, in whatever format.

    The apostrophe is the programs' own mark for text; the reader takes it off again.
    """
    text = str(text or "")
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def parse_day(text, is_end=False):
    """A date or datetime of a cell: '2026-12-01', '01.12.2026 08:30'.

    :param is_end: a date without a time means the end of its day
    :return: naive datetime in the zone of the reader, or None: the text is none
    """
    match = _DATE.fullmatch(text.strip())
    if not match:
        return None
    parts = match.groups()
    year, month, day = parts[:3] if parts[0] else (parts[5], parts[4], parts[3])
    clock = time(23, 59, 59) if is_end else time.min
    try:
        if parts[6]:
            clock = time(int(parts[6]), int(parts[7]), int(parts[8] or 0))
        moment = datetime(int(year), int(month), int(day))
    except ValueError:
        return None
    return datetime.combine(moment, clock)


def read_price_file(data, filename=""):
    """Rows of an uploaded price list.

    :return: list of :class:`PriceRow`, at least one
    :raise OrderFileError: the file as a whole cannot be read; ``no_columns``: no
        column with prices, or none that names the goods
    """
    grid = read_table_file(data, filename, LIMITS, _usability)
    start, columns = find_fullest_head(grid.rows, _FIELD_OF_LABEL, LIMITS.header_rows)
    if not _is_usable(columns):
        raise OrderFileError("no_columns")
    body = grid.rows[start:]
    if not body:
        raise OrderFileError("no_rows")
    if len(body) > MAX_ROWS:
        raise OrderFileError("too_many_rows", limit=MAX_ROWS, row=body[MAX_ROWS].number)
    marks = mark_evidence(
        cell
        for row in body
        if isinstance(cell := cell_at(row, columns["price"]), str) and cell
    )
    return [_read_row(row, columns, marks) for row in body]


def _is_usable(columns):
    return columns.keys() >= _NEEDED and bool({"article", "rule"} & columns.keys())


def _usability(rows, limits):
    """How many columns of a sheet are recognised, those needed first."""
    _start, columns = find_fullest_head(rows, _FIELD_OF_LABEL, limits.header_rows)
    return int(_is_usable(columns)), len(columns)


def _read_row(row, columns, marks):
    cells = {name: cell_at(row, column) for name, column in columns.items()}
    texts = {name: " ".join(plain(cell).split()) for name, cell in cells.items()}
    result = PriceRow(row.number, texts)
    result.problem = find_cell_problem(cells.values(), texts.values())
    if not result.problem:
        result.price, result.problem = _read_number(cells["price"], marks)
        minimum, problem = _read_number(cells.get("min_quantity") or "0", marks)
        result.min_quantity = minimum
        result.problem = result.problem or (problem and "bad_minimum")
    return result


def _read_number(cell, marks):
    """The number of a cell, which may be zero.

    :return: (Decimal or None, problem or None)
    """
    text = plain(cell)
    if isinstance(cell, Cell):
        if cell.kind != "number":
            return None, "bad_price"
        number = Decimal(text)
        problem = None
        if number < 0:
            problem = "negative_price"
        elif number > MAX_PRICE:
            problem = "huge_price"
        return (None if problem else number), problem
    number, _unit, problem = parse_quantity(text, *marks, maximum=MAX_PRICE)
    if problem == "zero_quantity":
        return Decimal(0), None
    return number, problem and problem.replace("quantity", "price")
