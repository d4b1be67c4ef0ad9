"""A price list as XLSX in which the customer fills quantities.

XlsxWriter makes the workbook: styles, widths, filter, validation, heads. It makes a
second sheet of the same kind slowly, cell by cell: at 650,000 cells that is most of the
time of a price list. So it writes one sample row, whose styles are read back, and the
rows are streamed into its place as the text they are. A test holds that the result is
what XlsxWriter would have written.
"""

import io
import re
import zipfile
from datetime import date

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

# Rows above the head: title, lines of text, totals.
_SHEET = "xl/worksheets/sheet1.xml"
_ROW = re.compile(r'<row r="(\d+)"[^>]*>(.*?)</row>|<row r="(\d+)"[^>]*/>', re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+)\d+"(?: s="(\d+)")?')
_SPECIAL = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What Excel holds: rows of a sheet.
MAX_ROWS = 1_048_000
_CHUNK = 2000
_EPOCH = 693594  # proleptic ordinal of 1899-12-30


def write_xlsx(target, layout, rows, count):
    """Write a price list as a workbook of one sheet.

    :param target: binary file, open for writing
    :param layout: :class:`Layout`
    :param rows: iterable of rows, see :class:`Layout`
    :param int count: number of rows, which the totals and the filter span
    """
    if count > MAX_ROWS:
        raise ValueError("more rows than a sheet has")
    first = _get_head_row(layout) + 1  # 0-based number of the first row of data
    frame = io.BytesIO()
    _write_frame(frame, layout, first, count)
    # the level that costs least: the text repeats itself on every row
    result = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with zipfile.ZipFile(frame) as source, result:
        for name in source.namelist():
            if name != _SHEET:
                result.writestr(name, source.read(name))
                continue
            text = source.read(name).decode()
            with result.open(name, "w", force_zip64=True) as sheet:
                for chunk in _iter_sheet(text, layout, rows, first):
                    sheet.write(chunk.encode())


def _get_head_row(layout):
    """0-based number of the row with the heads of the columns."""
    return 2 + len(layout.lines)


def _write_frame(target, layout, first, count):
    """The workbook with one sample row in place of the data."""
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False}
    )
    book.set_calc_mode("auto")
    sheet = book.add_worksheet(layout.sheet[:31])
    formats = _make_formats(book, layout)
    sheet.write_string(0, 0, layout.title, formats["title"])
    for number, line in enumerate(layout.lines, start=1):
        sheet.write_string(number, 0, line, formats["line"])
    last = first + max(count, 1) - 1
    _write_totals(sheet, layout, formats, first, last)
    for place, column in enumerate(layout.columns):
        sheet.set_column(place, place, column.width)
        style = "head_end" if column.kind in _NUMBERS else "head"
        if column.kind == "order":
            style = "head_order"
        sheet.write_string(first - 1, place, column.label, formats[style])
        sheet.write_string(first, place, "x", formats[column.kind])
    sheet.freeze_panes(first, min(2, len(layout.columns)))
    sheet.autofilter(first - 1, 0, last, len(layout.columns) - 1)
    place = layout.find("order")
    if place is not None:
        sheet.data_validation(
            first,
            place,
            last,
            place,
            {
                "validate": "decimal",
                "criteria": ">=",
                "value": 0,
                "ignore_blank": True,
                "error_title": layout.labels["order"],
                "error_message": layout.labels["order_error"],
            },
        )
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(first - 1)
    sheet.set_footer("&C&P / &N")
    book.set_properties({"title": layout.title})
    book.close()


_NUMBERS = ("money", "quantity", "order", "sum", "date")


def _make_formats(book, layout):
    """Formats by kind of column and of head."""
    money = "#,##0." + "0" * layout.decimals if layout.decimals else "#,##0"
    head = {"bold": True, "bg_color": "#E9ECEF", "border": 1, "text_wrap": True}
    head |= {"border_color": "#ADB5BD", "valign": "vcenter"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "line": book.add_format({"font_color": "#495057"}),
        "total": book.add_format({"bold": True, "num_format": money}),
        "total_count": book.add_format({"bold": True, "num_format": "#,##0"}),
        "total_label": book.add_format({"bold": True, "align": "right"}),
        "head": book.add_format(head),
        "head_end": book.add_format(head | {"align": "right"}),
        "head_order": book.add_format(head | {"align": "right", "bg_color": "#FFF3CD"}),
        "text": book.add_format({}),
        "code": book.add_format({"num_format": "@"}),
        "url": book.add_format({"font_color": "#0B5ED7", "underline": 1}),
        "money": book.add_format({"num_format": money}),
        "quantity": book.add_format({"num_format": "#,##0.###"}),
        "date": book.add_format({"num_format": layout.date_format}),
        "order": book.add_format(
            {
                "num_format": "#,##0.###",
                "bg_color": "#FFF9E6",
                "border": 1,
                "border_color": "#E0C97F",
            }
        ),
        "sum": book.add_format({"num_format": money}),
    }


def _write_totals(sheet, layout, formats, first, last):
    """The row above the heads: how many positions are ordered, and for how much."""
    order, total = layout.find("order"), layout.find("sum")
    if order is None:
        return
    if order:
        label = layout.labels["total"]
        sheet.write_string(first - 2, order - 1, label, formats["total_label"])
    for place, function, style in (
        (order, "COUNT", "total_count"),
        (total, "SUM", "total"),
    ):
        if place is not None:
            name = xl_col_to_name(place)
            formula = f"={function}({name}{first + 1}:{name}{last + 1})"
            sheet.write_formula(first - 2, place, formula, formats[style], 0)


# === ROWS === #


def _iter_sheet(text, layout, rows, first):
    """Text of the sheet with all rows in place of the sample."""
    for match in _ROW.finditer(text):
        if match.group(1) == str(first + 1):
            break
    else:
        raise ValueError("the sample row is missing")
    styles = [style or "0" for _name, style in _CELL.findall(match.group(2))]
    head, tail = text[: match.start()], text[match.end() :]
    # the size of the sheet is told in front of the rows, and nobody needs it
    yield re.sub(r'<dimension ref="[^"]*"/>', "", head)
    cells = _get_cell_writers(layout, styles)
    lines, number = [], first
    for row in rows:
        number += 1
        values = iter(row)
        next(values)  # the section
        lines.append(
            f'<row r="{number}">'
            + "".join([cell(value, number) for cell, value in zip(cells, values)])  # noqa: B905
            + "</row>"
        )
        if len(lines) == _CHUNK:
            yield "".join(lines)
            lines = []
    yield "".join(lines)
    yield tail


def _get_cell_writers(layout, styles):
    """For each column a function (value, number of the row) -> text of the cell."""
    price, order = layout.find_code("price"), layout.find("order")
    writers = []
    for place, (column, style) in enumerate(zip(layout.columns, styles, strict=True)):
        name = xl_col_to_name(place)
        if column.kind in ("money", "quantity"):
            writers.append(_number_writer(name, style))
        elif column.kind == "date":
            writers.append(_date_writer(name, style))
        elif column.kind == "order":
            writers.append(_blank_writer(name, style))
        elif column.kind == "sum":
            cells = xl_col_to_name(order), xl_col_to_name(price)
            writers.append(_sum_writer(name, style, *cells))
        else:
            writers.append(_text_writer(name, style))
    return writers


def _number_writer(name, style):
    put_text = _text_writer(name, style)

    def write(value, number):
        if value is None:
            return ""
        if value.__class__ is str:
            return put_text(value, number)
        return f'<c r="{name}{number}" s="{style}"><v>{value!r}</v></c>'

    return write


def _date_writer(name, style):
    known = {}

    def write(value, number):
        if not value:
            return ""
        if value not in known:
            known[value] = date.fromisoformat(value).toordinal() - _EPOCH
        return f'<c r="{name}{number}" s="{style}"><v>{known[value]}</v></c>'

    return write


def _blank_writer(name, style):
    def write(_value, number):
        return f'<c r="{name}{number}" s="{style}"/>'

    return write


def _sum_writer(name, style, order, price):
    def write(_value, number):
        formula = f'IF({order}{number}="","",{order}{number}*{price}{number})'
        return f'<c r="{name}{number}" s="{style}" t="str"><f>{formula}</f><v></v></c>'

    return write


def _text_writer(name, style):
    known = {}

    def write(value, number):
        if not value:
            return ""
        text = known.get(value)
        if text is None:
            text = _escape(value)
            if len(known) < 20000:
                known[value] = text
        return (
            f'<c r="{name}{number}" s="{style}" t="inlineStr"><is><t'
            f' xml:space="preserve">{text}</t></is></c>'
        )

    return write


def _escape(value):
    """Text for XML, as long as a cell may be."""
    value = value[:32000]
    if not _SPECIAL.search(value):
        return value
    value = _ILLEGAL.sub("", value)
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
