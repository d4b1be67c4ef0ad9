"""Parsers of the two large parts of an XLSX file: strings and a sheet."""

import re

from .common import Cell, GridRow, OrderFileError
from .values import clean_text, number_cell

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]*")
_MAX_ROW = 1_048_576
_MAX_NUMBER_CHARS = 40


# Formatted but empty cells and rows. A sheet may hold millions of them, and a
# regular expression drops them many times faster than events of a parser.
_EMPTY_CELL = re.compile(
    rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,6}")?(?:/>|></c>)'
)
_EMPTY_ROW = re.compile(rb'<row r="[0-9]{1,7}"[^<>]*(?:/>|></row>)')
_UNNUMBERED = re.compile(rb'<(?:c|row)(?! r=")[\s/>]')


def squeeze(chunk):
    """Sheet XML without its empty cells and rows, as far as they are in one chunk.

    Only where everything is numbered: otherwise their places would be lost.
    """
    if _UNNUMBERED.search(chunk):
        return chunk
    return _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", chunk))


class _TextBuffer:
    """Characters of one cell, no more than are ever used."""

    def __init__(self, limits):
        self.limit = limits.max_cell_chars + 1
        self.room = 0
        self.pieces = []

    def open(self):
        """Start a new cell."""
        self.pieces, self.room = [], self.limit

    def text(self, characters):
        """Add characters as long as there is room."""
        if self.room > 0:
            self.pieces.append(characters[: self.room])
            self.room -= len(characters)

    def close(self):
        """The cell's text."""
        self.room = 0
        return "".join(self.pieces)


def _unescape(text):
    """_x000D_ is how a control character is written in a string."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return clean_text(text)


class StringsParser:
    """Shared strings: <si><t>..</t></si>, rich text in runs, no phonetics."""

    def __init__(self, limits):
        self.limits = limits
        self.strings = []
        self.buffer = _TextBuffer(limits)
        self.in_text = self.phonetic = False

    def start(self, tag, _attributes):
        """Handle an opening tag."""
        if tag == "si":
            self.buffer.open()
        elif tag == "t":
            self.in_text = not self.phonetic
        elif tag == "rPh":
            self.phonetic = True

    def end(self, tag):
        """Handle a closing tag."""
        if tag == "t":
            self.in_text = False
        elif tag == "rPh":
            self.phonetic = False
        elif tag == "si":
            self.strings.append(_unescape(self.buffer.close()))
            if len(self.strings) > self.limits.max_strings:
                raise OrderFileError("too_many_rows", limit=self.limits.max_rows)

    def text(self, characters):
        """Handle characters."""
        if self.in_text:
            self.buffer.text(characters)


class SheetParser:
    """Rows of a sheet: only those that hold something, only what is used.

    Tags: <row r hidden><c r t s><f/><v/><is><t/></is></c></row>.
    """

    def __init__(self, strings, formats, limits):
        self.strings, self.formats, self.limits = strings, formats, limits
        self.buffer = _TextBuffer(limits)
        self.done = self.wide = False
        self.rows = []
        self.number = 0  # of the current row
        self.hidden = False
        self.cells = {}
        self.column = -1
        self.cell = {}  # attributes of the current cell
        self.has_value = self.has_formula = False
        self.in_text = self.phonetic = False

    def take(self):
        """Rows completed since the last call."""
        rows, self.rows = self.rows, []
        return rows

    def start(self, tag, attributes):
        """Handle an opening tag."""
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "v":
            self.has_value = self.in_text = True
        elif tag == "t":
            self.has_value = True
            self.in_text = not self.phonetic
        elif tag == "f":
            self.has_formula = True
        elif tag == "rPh":
            self.phonetic = True

    def end(self, tag):
        """Handle a closing tag."""
        if tag == "c":
            if self.has_value or self.has_formula:
                self._end_cell()
        elif tag in ("v", "t"):
            self.in_text = False
        elif tag == "row":
            if self.cells:
                self._end_row()
        elif tag == "rPh":
            self.phonetic = False
        elif tag == "sheetData":
            self.done = True

    def text(self, characters):
        """Handle characters."""
        if self.in_text:
            self.buffer.text(characters)

    def _start_row(self, attributes):
        stated = attributes.get("r", "")
        number = self.number + 1
        if stated.isdecimal() and len(stated) <= 7:
            number = max(number, int(stated))
        if number > _MAX_ROW:
            raise OrderFileError("damaged", reason="row number")
        self.number = number
        self.hidden = attributes.get("hidden") in ("1", "true")
        self.cells = {}
        self.column = -1

    def _end_row(self):
        last = max(self.cells)
        cells = [self.cells.get(column, "") for column in range(last + 1)]
        self.rows.append(GridRow(self.number, cells, self.hidden))
        self.cells = {}

    def _start_cell(self, attributes):
        self.cell = attributes
        self.has_value = self.has_formula = False
        self.buffer.open()
        match = _REFERENCE.match(attributes.get("r", ""))
        self.column = _column(match[1]) if match else self.column + 1

    def _end_cell(self):
        cell = self._value(self.buffer.close())
        if not cell:
            return
        if self.column >= self.limits.max_columns:
            self.wide = True
            return
        self.cells[self.column] = cell

    def _value(self, text):
        """Cell of the current attributes and text, '' for an empty one."""
        kind = self.cell.get("t", "n")
        if kind == "s":
            return self._shared(text.strip())
        if kind in ("str", "inlineStr"):
            return _unescape(text) if self.has_value else Cell("", "formula")
        text = text.strip()
        if not text:
            return Cell("", "formula") if self.has_formula else ""
        if kind == "e":
            return Cell(clean_text(text), "error")
        if kind == "d":
            return Cell(clean_text(text)[:20], "date")
        if kind == "b":
            return Cell("TRUE" if text in ("1", "true") else "FALSE", "bool")
        return self._number(text)

    def _shared(self, text):
        index = int(text) if text.isdecimal() and len(text) < 9 else -1
        if not 0 <= index < len(self.strings):
            raise OrderFileError("damaged", reason="shared string")
        return self.strings[index]

    def _number(self, text):
        try:
            value = float(text[:_MAX_NUMBER_CHARS])
        except ValueError:
            return clean_text(text)
        style = self.cell.get("s", "0")
        index = int(style) if style.isdecimal() and len(style) < 9 else -1
        known = 0 <= index < len(self.formats)
        return number_cell(value, self.formats[index] if known else None)


def _column(letters):
    """0-based column of 'A' .. 'XFD'."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
