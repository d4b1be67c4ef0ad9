"""Price lists as files: what was asked for, how a file is laid out, the writers.

Pure Python, no Odoo: every text comes translated in the :class:`Layout`, every row as
a list of plain values. Writers take an iterator and hold one row at a time, so that a
file of 50,000 rows needs the memory of one of fifty.
"""

from .csv_file import write_csv
from .layout import Column, Layout
from .options import FORMATS, MAX_CHOICES, PriceListOptions, spell_query
from .pdf_file import NoFontError, write_pdf
from .xls_file import write_xls
from .xlsx_file import write_xlsx

WRITERS = {
    "xlsx": write_xlsx,
    "xls": write_xls,
    "csv": write_csv,
    "pdf": write_pdf,
}

__all__ = [
    "FORMATS",
    "MAX_CHOICES",
    "WRITERS",
    "Column",
    "Layout",
    "NoFontError",
    "PriceListOptions",
    "spell_query",
]
