"""Delimited text: the delimiter is found by trying, not by csv.Sniffer.

Measured peak for 10 MB accepted: see the package docstring.
"""

import csv
import re

from .columns import find_layout
from .common import Grid, GridRow, OrderFileError, collect
from .decode import decode
from .values import cell_text

# In the order of preference when two fit equally well.
_DELIMITERS = "\t;|,"
_SAMPLE_ROWS = 60
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_SEP_LINE = re.compile(r"sep=(.)", re.IGNORECASE)
# Characters of one record, below csv's own limit of a field (a global that is
# not ours to change), and lines of one record: more is an unclosed quote.
_MAX_RECORD = 131_000
_MAX_RECORD_LINES = 100


class _BrokenQuotes(Exception):
    """Quotes are not used as quotes in this file (1/2" pipes)."""


def read_csv(data, limits, sieve=None):
    """Grid of a text file, or its text when it is no table.

    :return: (Grid or None, text, encoding)
    """
    text, encoding = decode(data)
    text = text.rstrip(" \t\r\n\x1a\0")
    return read_table(text, limits, "csv", encoding, sieve), text, encoding


def read_table(text, limits, source, encoding=None, sieve=None):
    """Grid of a delimited text, None when no delimiter makes a table of it."""
    text, known = _without_blank_end(text), {}
    named = _SEP_LINE.fullmatch(text[:200].splitlines()[0].strip()) if text else None
    if named and named.group(1) in _DELIMITERS:
        delimiter, known = named.group(1), {1: "separator"}
    else:
        delimiter = find_delimiter(text, limits)
    if delimiter is None:
        return None
    grid = Grid([], source, known=known, encoding=encoding, delimiter=delimiter)
    try:
        rows = _rows(text, delimiter, limits, grid, quoted=True)
        grid.rows = collect(rows, limits, grid.dropped, sieve)
    except _BrokenQuotes:
        grid.dropped = []
        rows = _rows(text, delimiter, limits, grid, quoted=False)
        grid.rows = collect(rows, limits, grid.dropped, sieve)
    return grid


def _without_blank_end(text):
    """Text without the millions of ';;;' lines of a formatted empty sheet.

    Two lines stay below the last filled one: they may close a quoted cell.
    """
    end = len(text.rstrip(f'"{_DELIMITERS} \r\n'))
    for _line in range(3):
        end = text.find("\n", end) + 1
        if not end:
            return text
    return text[:end]


def find_delimiter(text, limits):
    """The delimiter that makes the best table of the first lines, or None."""
    best, best_score = None, (0, 0, 0)
    for delimiter in _DELIMITERS:
        if delimiter not in text:
            continue
        score = _score(text, delimiter, limits)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _score(text, delimiter, limits):
    """(recognised header, share of lines of the usual width, that width > 1)."""
    try:
        rows = _first_rows(text, delimiter, limits, quoted=True)
    except (_BrokenQuotes, OrderFileError):
        rows = _first_rows(text, delimiter, limits, quoted=False)
    widths = [len(row.cells) for row in rows]
    wide = [width for width in widths if width > 1]
    if not wide:
        return 0, 0, 0
    layout = find_layout(rows, limits)
    header = layout.header.score if layout and layout.header else 0
    usual = max(set(wide), key=lambda width: (wide.count(width), width))
    regular = wide.count(usual) / len(widths)
    if delimiter == "," and not header and len(wide) <= len(widths) / 2:
        return 0, 0, 0  # a comma in a sentence, not a table
    return header, round(regular, 1), 1


def _first_rows(text, delimiter, limits, quoted):
    rows = []
    for row in _rows(text, delimiter, limits, Grid([], ""), quoted):
        rows.append(row)
        if len(rows) >= _SAMPLE_ROWS:
            break
    return rows


def _rows(text, delimiter, limits, grid, quoted):
    """Filled rows; a record of several lines is one row, as in Excel."""
    lines = _Lines(text, quoted)
    options = {"quoting": csv.QUOTE_NONE} if not quoted else {"strict": True}
    reader = csv.reader(lines, delimiter=delimiter, **options)
    number = blank = 0
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            if quoted:
                raise _BrokenQuotes from error
            raise OrderFileError("damaged", reason="csv") from error
        if record is None:
            return
        number += 1
        lines.start_record(number)
        if len(record) > limits.max_columns:
            grid.wide = grid.wide or any(record[limits.max_columns :])
            del record[limits.max_columns :]
        cells = [_cell(cell, quoted) for cell in record]
        while cells and not cells[-1]:
            cells.pop()
        blank += not cells
        if blank > limits.max_blank_rows:  # blank lines at the end are cut off
            raise OrderFileError("too_many_rows", limit=limits.max_rows, row=number)
        if cells:
            yield GridRow(number, cells)


def _cell(text, quoted):
    """A cell; without csv's quoting the outer quotes are still no content."""
    text = cell_text(text)
    if not quoted and len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"').strip()
    return text


class _Lines:
    """Lines of a text with their ends, bounding what one record may take."""

    def __init__(self, text, quoted):
        self.matches = _LINE.finditer(text)
        self.quoted = quoted
        self.number = 0
        self.chars = self.count = 0

    def __iter__(self):
        return self

    def start_record(self, number):
        """The record before is complete: count anew."""
        self.number = number
        self.chars = self.count = 0

    def __next__(self):
        match = next(self.matches, None)
        if match is None or not match.group():
            raise StopIteration
        line = match.group().replace("\0", "\u2400")
        self.chars += len(line)
        self.count += 1
        if self.count > _MAX_RECORD_LINES:
            raise _BrokenQuotes
        if self.chars > _MAX_RECORD:
            if self.quoted and self.count > 1:
                raise _BrokenQuotes
            raise OrderFileError("damaged", reason=f"row {self.number + 1}")
        return line
