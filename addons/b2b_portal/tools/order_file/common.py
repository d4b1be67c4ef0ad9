"""What every part of the reader shares: limits, codes, results, cells.

No sentence for a user lives here: whole-file refusals and line problems are
codes with parameters, and the Odoo layer owns one translated message per code
(``FILE_ERRORS``, ``PROBLEMS``, ``SKIP_REASONS`` list them all, so that a test
can prove that none is missing).
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

MB = 1024 * 1024

# Whole-file refusals: code -> parameters that OrderFileError carries.
FILE_ERRORS = {
    "empty": (),
    "too_large": ("limit_mb", "size_mb"),
    "not_a_spreadsheet": ("kind",),
    "wrong_extension": ("kind", "extension"),
    "html_not_supported": ("kind",),
    "ods_not_supported": (),
    "binary_workbook": (),
    "old_format": (),
    "encrypted": (),
    "zip_bomb": ("limit_mb",),
    "damaged": ("reason",),
    "too_many_rows": ("limit", "row"),
    "too_many_columns": ("limit",),
    "no_columns": (),
    "no_rows": (),
}

# Problems of one line: the line is reported, the rest of the file is read.
PROBLEMS = (
    "no_article",
    "no_quantity",
    "bad_quantity",
    "ambiguous_quantity",
    "negative_quantity",
    "zero_quantity",
    "huge_quantity",
    "scientific_article",
    "date_article",
    "formula_without_value",
    "cell_error",
    "too_long",
    "nul_byte",
)

# Why a row of the file is no order line.
SKIP_REASONS = (
    "empty",  # nothing but white space
    "title",  # above the header
    "header",  # the header itself, or one repeated by a page break
    "column_numbers",  # the "1 2 3 4" row of a printed form
    "section",  # below the header, neither an article nor a quantity
    "total",  # "Итого", or an unlabelled sum of the quantities above
    "separator",  # the "sep=;" line that Excel understands
    "not_ordered",  # of the seller's form, without a quantity
)


class OrderFileError(Exception):
    """The file as a whole cannot be read.

    :param code: a key of ``FILE_ERRORS``
    :param params: values for the message, named as in ``FILE_ERRORS``
    """

    def __init__(self, code, **params):
        if code not in FILE_ERRORS:
            raise ValueError(f"unknown code {code!r}")
        self.code = code
        self.params = {name: params.get(name) for name in FILE_ERRORS[code]}
        super().__init__(f"{code} {self.params}")


@dataclass(frozen=True)
class Limits:
    """Bounds of one file; each keeps memory or time of a web worker bounded."""

    # The upload is held in memory as a whole, a CSV as bytes and as text.
    max_bytes: int = 10 * MB
    # xlrd keeps the whole workbook as Python objects and cannot stream.
    max_xls_bytes: int = 5 * MB
    # Order lines; an order beyond this is priced and stored in no web request.
    max_rows: int = 5000
    # Rows of a seller's form, of which the buyer fills a few: see form.py.
    max_form_rows: int = 100_000
    # Columns looked at; a printed form of 1C has about 40 narrow ones.
    max_columns: int = 64
    # Characters of one cell; articles, units and remarks are far shorter.
    max_cell_chars: int = 1000
    # Blank rows above the last filled one, all together: each is reported.
    max_blank_rows: int = 5000
    # Filled rows above the first line in which the header is looked for.
    header_rows: int = 50
    # Sheets looked at when the best one is chosen.
    max_sheets: int = 50
    # Sanity bound against an EAN typed into the quantity column.
    max_quantity: Decimal = Decimal(10_000_000)
    # Unpacked bytes read from one workbook, all parts together. Sheets are
    # streamed, so this bounds time, not memory: 1,048,576 formatted but empty
    # rows are 105 MB as Excel writes them.
    max_unpacked_bytes: int = 256 * MB
    # Parts that are held in memory: shared strings, styles, workbook.
    max_strings_bytes: int = 20 * MB
    max_strings: int = 400_000
    max_part_bytes: int = 8 * MB
    # Real sheets pack up to about 100:1, deflate itself ends at 1032:1.
    max_ratio: int = 200
    max_zip_entries: int = 5000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of the order as the buyer wrote it.

    ``quantity`` is set only when it is usable; ``quantity_raw`` always holds
    what stands in the file. ``problem`` is None or a code of ``PROBLEMS``.
    ``row`` counts from 1, as a spreadsheet program shows it.
    """

    row: int
    article: str
    quantity: Decimal | None = None
    quantity_raw: str = ""
    unit: str = ""
    name: str = ""
    note: str = ""
    problem: str | None = None
    hidden: bool = False


@dataclass
class OrderFile:
    """All that was read. ``read == len(rows) + len(skipped)``, always.

    ``columns`` maps a field (article, quantity, unit, name, note, barcode) to
    its 0-based column; ``header_row`` is 1-based, None without a header (of a
    header of two rows: the lower one). ``other_sheets`` names the sheets that
    hold something and were not read.
    """

    rows: list[OrderRow]
    skipped: list[tuple[int, str]]
    format: str
    columns: dict[str, int] = field(default_factory=dict)
    header_row: int | None = None
    sheet: str | None = None
    other_sheets: list[str] = field(default_factory=list)
    encoding: str | None = None
    delimiter: str | None = None

    @property
    def read(self):  # pylint: disable=method-required-super
        """Number of rows of the file, order lines or not."""
        return len(self.rows) + len(self.skipped)


class NumberFormat(NamedTuple):
    """What a number format of Excel changes for us."""

    is_date: bool = False
    digits: int = 0  # "00000" shows 123 as 00123
    decimals: int = 0  # "0.00" shows 12.5 as 12.50
    unit: str = ""  # '0" шт"' shows 12 as 12 шт


class Cell(NamedTuple):
    """A cell that is not plain text; plain text cells are ``str``."""

    text: str
    kind: str  # number, date, bool, error, formula (no cached value)
    format: NumberFormat | None = None


class GridRow(NamedTuple):
    """A row that holds something; ``number`` counts from 1."""

    number: int
    cells: list  # of str | Cell, "" where there is nothing
    hidden: bool = False


@dataclass
class Grid:
    """The filled rows of a sheet and where it came from."""

    rows: list[GridRow]
    format: str
    # Something stands to the right of the last column that is read.
    wide: bool = False
    # Rows known not to be data before we look: row number -> reason.
    known: dict[int, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    other_sheets: list[str] = field(default_factory=list)
    # Rows of a form that are not ordered and were not kept.
    dropped: list[int] = field(default_factory=list)


def collect(rows, limits, dropped=None, make_sieve=None):
    """List the filled rows of an iterator, refusing as soon as it is too long.

    Blank rows at the end are never seen here, so they do not count.

    :param list dropped: takes the numbers of rows that a form does not order
    :param make_sieve: see :func:`.form.make_sieve`
    """
    result, sieve, without = [], None, 0
    for row in rows:
        if make_sieve and len(result) == limits.header_rows and not without:
            sieve, make_sieve = make_sieve(result, limits), None
        if sieve and not sieve(row):
            without += 1
            dropped.append(row.number)
        else:
            result.append(row)
        too_many = len(result) > limits.max_rows + limits.header_rows
        blank = row.number - len(result) - without
        if too_many or without > limits.max_form_rows or blank > limits.max_blank_rows:
            raise OrderFileError("too_many_rows", limit=limits.max_rows, row=row.number)
    return result
