"""XLS (Excel 97-2003, BIFF8) and what xlrd can read of older ones.

xlrd cannot stream: the whole workbook becomes Python objects, hence the lower
limit on size. Not known of an .xls: hidden rows and the number format of a cell
(xlrd reads both only with ``formatting_info``, which costs several times the
memory), so '00123' stored as the number 123 is read as 123.
"""

from dataclasses import dataclass

import xlrd

from .common import MB, Cell, GridRow, NumberFormat, OrderFileError
from .detect import extension, refuse
from .values import clean_text, number_cell

_DIRECTORY_ENTRY = 128  # bytes of one entry of an OLE container's directory
# Streams that say what an OLE container is, when it is no workbook.
_OTHER_STREAMS = (
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("VisioDocument", "vsd"),
    ("__properties_version1.0", "msg"),
)


class _NoLog:
    """xlrd writes its warnings here: nowhere."""

    def write(self, _text):  # pylint: disable=method-required-super
        """Drop the text."""

    def flush(self):
        """Nothing to write out."""


@dataclass
class _Sheet:
    name: str
    index: int
    hidden: bool


class XlsBook:
    """A workbook: ``sheets`` and, per sheet, its filled rows as an iterator."""

    format = "xls"

    def __init__(self, data, filename, limits, is_ole=True):
        limit = limits.max_xls_bytes
        if len(data) > limit:
            size = -(-len(data) // MB)
            raise OrderFileError("too_large", limit_mb=limit // MB, size_mb=size)
        self.limits = limits
        self.wide = False
        self.is_ole = is_ole
        if is_ole:
            _check_container(data, filename)
        self.book = self._open(data)
        self.sheets = [
            _Sheet(clean_text(name)[:100], index, hidden)
            for index, (name, hidden) in enumerate(self._names())
        ]

    def _open(self, data):
        try:
            return xlrd.open_workbook(
                file_contents=data,
                on_demand=True,
                ragged_rows=True,
                formatting_info=False,
                logfile=_NoLog(),
            )
        except Exception as error:  # xlrd raises whatever it meets
            raise self._failure(error) from error

    def _failure(self, error):
        if isinstance(error, xlrd.XLRDError) and "encrypted" in str(error):
            return OrderFileError("encrypted")
        if self.is_ole:
            return OrderFileError("damaged", reason="xls")
        return OrderFileError("old_format")

    def _names(self):
        """Names and visibility; a chart sheet has no cells and is left out."""
        states = getattr(self.book, "_sheet_visibility", ())
        for index, name in enumerate(self.book.sheet_names()):
            yield name, index < len(states) and states[index] != 0

    def rows(self, sheet):
        """Filled rows of a sheet, top down."""
        try:
            table = self.book.sheet_by_index(sheet.index)
            for index in range(table.nrows):
                cells = self._cells(table.row_types(index), table.row_values(index))
                if cells:
                    yield GridRow(index + 1, cells)
        except OrderFileError:
            raise
        except Exception as error:  # see _open
            raise self._failure(error) from error
        finally:
            self.book.unload_sheet(sheet.index)

    def _cells(self, kinds, values):
        limit = self.limits.max_columns
        cells = [_cell(kind, value) for kind, value in zip(kinds, values, strict=True)]
        if len(cells) > limit:
            self.wide = self.wide or any(cells[limit:])
            del cells[limit:]
        while cells and not cells[-1]:
            cells.pop()
        return cells


def _cell(kind, value):
    """Cell of an xlrd type and value."""
    if kind == xlrd.XL_CELL_TEXT:
        return clean_text(value)
    if kind == xlrd.XL_CELL_NUMBER:
        return number_cell(value)
    if kind == xlrd.XL_CELL_DATE:
        return number_cell(value, NumberFormat(is_date=True))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return Cell("TRUE" if value else "FALSE", "bool")
    if kind == xlrd.XL_CELL_ERROR:
        return Cell(xlrd.error_text_from_code.get(value, "#ERROR"), "error")
    return ""


def _check_container(data, filename):
    """Refuse OLE containers that hold no readable workbook."""
    if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
        return
    if _has_stream(data, "EncryptedPackage"):  # an XLSX with a password
        raise OrderFileError("encrypted")
    for name, kind in _OTHER_STREAMS:
        if _has_stream(data, name):
            refuse(kind, filename)
    # Called .xls it is most likely one whose directory is cut off.
    if extension(filename) in ("xls", "xlt") or not _has_stream(data, "Root Entry"):
        raise OrderFileError("damaged", reason="xls")
    refuse("ole", filename)


def _has_stream(data, name):
    """Whether a directory entry of this name exists, without parsing the rest."""
    encoded = name.encode("utf-16-le") + b"\0\0"
    place = data.find(encoded)
    while place >= 0:
        length = int.from_bytes(data[place + 64 : place + 66], "little")
        if place % _DIRECTORY_ENTRY == 0 and length == len(encoded):
            return True
        place = data.find(encoded, place + 1)
    return False
