"""A price list in the format of Excel 97: several sheets, 65,535 rows each.

xlwt is no longer developed but complete, free (BSD) and one of Odoo's own
requirements. It flushes rows to disk as they come.
"""

from datetime import date

import xlwt
from xlwt.Utils import rowcol_to_cell

MAX_ROWS = 65_000
_FLUSH = 1000
_MAX_CELL = 32_000


def write_xls(target, layout, rows, count):
    """Write a price list as an XLS workbook.

    :param target: binary file, open for writing
    :param layout: :class:`Layout`
    :param rows: iterable of rows, see :class:`Layout`
    :param int count: number of rows
    """
    book = xlwt.Workbook(encoding="utf-8")
    styles = _make_styles(layout)
    sheet, number, start = None, 0, len(layout.lines) + 3
    for done, row in enumerate(rows):
        if done % MAX_ROWS == 0:
            rest = min(MAX_ROWS, count - done)
            name = layout.sheet[:24]
            if done:
                name = f"{name} {done // MAX_ROWS + 1}"
            sheet = book.add_sheet(name)
            _write_head(sheet, layout, styles, start, rest)
            number = start
        _write_row(sheet, layout, styles, number, row)
        number += 1
        if number % _FLUSH == 0:
            sheet.flush_row_data()
    if sheet is None:
        _write_head(book.add_sheet(layout.sheet[:24]), layout, styles, start, 1)
    book.save(target)


def _make_styles(layout):
    money = "#,##0." + "0" * layout.decimals if layout.decimals else "#,##0"
    head = "font: bold on; align: wrap on, vert centre; borders: bottom thin;"
    head += "pattern: pattern solid, fore_colour gray25;"
    return {
        "title": xlwt.easyxf("font: bold on, height 280"),
        "head": xlwt.easyxf(head),
        "total": xlwt.easyxf("font: bold on", num_format_str=money),
        "text": xlwt.easyxf(""),
        "code": xlwt.easyxf("", num_format_str="@"),
        "url": xlwt.easyxf("font: colour blue"),
        "money": xlwt.easyxf("", num_format_str=money),
        "quantity": xlwt.easyxf("", num_format_str="#,##0.###"),
        "date": xlwt.easyxf("", num_format_str=layout.date_format),
        "order": xlwt.easyxf(
            "pattern: pattern solid, fore_colour light_yellow; borders: left thin, "
            "right thin, top thin, bottom thin",
            num_format_str="#,##0.###",
        ),
        "sum": xlwt.easyxf("", num_format_str=money),
    }


def _write_head(sheet, layout, styles, start, count):
    sheet.write(0, 0, layout.title, styles["title"])
    for number, line in enumerate(layout.lines, start=1):
        sheet.write(number, 0, line)
    for place, column in enumerate(layout.columns):
        sheet.col(place).width = min(column.width, 250) * 256
        sheet.write(start - 1, place, column.label, styles["head"])
    total = layout.find("sum")
    if total is not None:
        first = rowcol_to_cell(start, total)
        last = rowcol_to_cell(start + max(count, 1) - 1, total)
        formula = xlwt.Formula(f"SUM({first}:{last})")
        sheet.write(start - 2, total, formula, styles["total"])
    sheet.set_panes_frozen(True)
    sheet.set_horz_split_pos(start)
    sheet.set_vert_split_pos(min(2, len(layout.columns)))


def _write_row(sheet, layout, styles, number, row):
    line = sheet.row(number)
    for place, column in enumerate(layout.columns):
        kind, value = column.kind, row[place + 1]
        if kind == "order":
            line.set_cell_blank(place, styles[kind])
        elif kind == "sum":
            order = rowcol_to_cell(number, layout.find("order"))
            price = rowcol_to_cell(number, layout.find_code("price"))
            formula = xlwt.Formula(f'IF({order}="","",{order}*{price})')
            line.write(place, formula, styles[kind])
        elif value is None or value == "":
            continue
        elif kind in ("money", "quantity") and not isinstance(value, str):
            line.set_cell_number(place, value, styles[kind])
        elif kind == "date":
            line.set_cell_date(place, date.fromisoformat(value), styles[kind])
        else:
            line.set_cell_text(place, str(value)[:_MAX_CELL], styles[kind])
