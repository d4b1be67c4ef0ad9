# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Simple tables as XLSX. Pure Python, no Odoo."""

import io
from datetime import date

import xlsxwriter

_WIDTH = 18


def write_table(heads, rows, frozen=1):
    """A table with a head as the bytes of a workbook.

    Texts stay texts, whatever they begin with: an article such as "=1+1" or "00123" is
    no formula and no number.

    :param heads: texts
    :param rows: iterable of rows of texts, numbers, dates or None
    :param int frozen: number of columns that stay when one scrolls
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False}
    )
    sheet = workbook.add_worksheet()
    text = workbook.add_format({"num_format": "@"})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet.set_column(0, len(heads) - 1, _WIDTH)
    sheet.write_row(0, 0, heads, workbook.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value, text)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif value is not None and value is not False:
                sheet.write_number(number, column, value)
    sheet.freeze_panes(1, frozen)
    workbook.close()
    return buffer.getvalue()
