"""Entry points: a file or a pasted text to an :class:`OrderFile`."""

from .columns import find_layout, usability
from .common import DEFAULT_LIMITS, MB, Grid, OrderFileError, collect
from .csv_reader import find_delimiter, read_csv, read_table
from .detect import detect
from .form import make_sieve
from .infer import code_share
from .lines import read_lines
from .table import build
from .xls_reader import XlsBook
from .xlsx_reader import XlsxBook

_PROBE_ROWS = 500  # rows of each sheet that are compared to choose one
_CODES = 0.5


def read_order_file(data, filename="", limits=DEFAULT_LIMITS):
    """Read an uploaded order, whatever its name claims it to be.

    :param data: bytes of the file
    :param filename: its name; only used to word a refusal
    :param limits: a :class:`Limits`
    :return: :class:`OrderFile` with at least one line
    :raise OrderFileError: with a code of ``FILE_ERRORS`` and its parameters
    """
    kind = _check_file(data, filename, limits)
    if kind == "text":
        return _read_text_file(data, limits)
    book = _open_book(data, filename, limits, kind)
    return build(_best_sheet(book, limits, usability), limits)


def read_table_file(data, filename, limits, usable):
    """Read an uploaded table of any kind: the meaning of columns is the caller's.

    :param data: bytes of the file
    :param filename: its name; only used to word a refusal
    :param limits: a :class:`Limits`
    :param usable: function (rows, limits) -> tuple to compare: how good a sheet
        is, by its first rows
    :return: :class:`Grid` with at least one filled row
    :raise OrderFileError: with a code of ``FILE_ERRORS`` and its parameters
    """
    kind = _check_file(data, filename, limits)
    if kind != "text":
        book = _open_book(data, filename, limits, kind)
        return _best_sheet(book, limits, usable)
    grid, _text, _encoding = read_csv(data, limits)
    if not grid or not grid.rows:
        raise OrderFileError("no_columns")
    return grid


def _check_file(data, filename, limits):
    """Kind of content, as of :func:`detect`; refuses what is empty or too large."""
    if not data:
        raise OrderFileError("empty")
    if len(data) > limits.max_bytes:
        limit, size = limits.max_bytes // MB, -(-len(data) // MB)
        raise OrderFileError("too_large", limit_mb=limit, size_mb=size)
    return detect(data, filename)


def _open_book(data, filename, limits, kind):
    """The workbook of a file that is no text."""
    if kind == "zip":
        return XlsxBook(data, filename, limits)
    return XlsBook(data, filename, limits, is_ole=kind == "ole")


def read_order_text(text, limits=DEFAULT_LIMITS, units=()):
    """Read pasted lines, or a table copied from a spreadsheet program.

    :param text: what the buyer pasted
    :param units: spellings of units the portal knows, beside the built-in ones
    :return: :class:`OrderFile`; ``row`` is the line's number
    :raise OrderFileError: empty, too_large, too_many_rows, no_rows, damaged
    """
    if len(text) > limits.max_bytes:
        limit, size = limits.max_bytes // MB, -(-len(text) // MB)
        raise OrderFileError("too_large", limit_mb=limit, size_mb=size)
    if not text.strip("\0 \t\r\n\ufeff\u00a0"):
        raise OrderFileError("empty")
    text = text.lstrip("\ufeff").rstrip()
    if _is_pasted_table(text, limits):
        grid = read_table(text, limits, "text", sieve=make_sieve)
        if grid and find_layout(grid.rows, limits):
            return build(grid, limits)
    return read_lines(text, limits, units)


def _is_pasted_table(text, limits):
    """Whether tabs or semicolons make columns in every line."""
    delimiter = find_delimiter(text, limits)
    if delimiter not in ("\t", ";"):
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) > 1 and all(delimiter in line for line in lines)


def _read_text_file(data, limits):
    """A delimited table, or lines that each stand for themselves."""
    grid, text, encoding = read_csv(data, limits, make_sieve)
    if grid:
        return build(grid, limits)
    result = read_lines(text, limits, source="csv", encoding=encoding)
    ordered = any(row.quantity is not None for row in result.rows)
    codes = code_share([row.article for row in result.rows if row.article])
    if not ordered and codes < _CODES:
        raise OrderFileError("no_columns")
    return result


def _best_sheet(book, limits, usable):
    """Grid of the sheet that is most likely the order.

    Visible sheets come first: a hidden one is read only when no visible one
    has an article column. Sheets that hold something and are not read are
    named in the result.
    """
    sheets = book.sheets[: limits.max_sheets]
    chosen, best, filled = None, (-1, (0, 0)), []
    for sheet in sheets:
        if len(sheets) == 1:
            chosen = sheet
            break
        probe = _probe(book, sheet)
        if not probe:
            continue
        filled.append(sheet)
        score = usable(probe, limits)
        key = (bool(score[0]) and not sheet.hidden, score)
        if key > best:
            chosen, best = sheet, key
    dropped = []
    sieve = make_sieve if usable is usability else None
    rows = collect(book.rows(chosen), limits, dropped, sieve) if chosen else []
    if not rows:
        _refuse_empty(book, limits)
    others = [sheet.name for sheet in filled if sheet is not chosen]
    return Grid(
        rows,
        book.format,
        wide=book.wide,
        sheet=chosen.name,
        other_sheets=others,
        dropped=dropped,
    )


def _refuse_empty(book, limits):
    """Nothing in the columns that are read."""
    if book.wide:
        raise OrderFileError("too_many_columns", limit=limits.max_columns)
    raise OrderFileError("no_rows")


def _probe(book, sheet):
    """First filled rows of a sheet."""
    rows = []
    for row in book.rows(sheet):
        rows.append(row)
        if len(rows) >= _PROBE_ROWS:
            break
    return rows
