"""Builders of order files for the tests of ``tools.order_file``.

The reader needs no Odoo, and so do its tests: without Odoo they run as
``python -m unittest test_order_file`` in this folder.
"""

import io
import pathlib
import sys
import zipfile

try:
    from odoo.tests import BaseCase, tagged
except ImportError:
    from unittest import TestCase as BaseCase

    def tagged(*_tags):
        return lambda cls: cls


try:
    from ..tools import order_file
    from ..tools.order_file import common, csv_reader, decode, package
except ImportError:
    tools = pathlib.Path(__file__).resolve().parents[1] / "tools"
    sys.path.insert(0, str(tools))
    import order_file
    from order_file import common, csv_reader, decode, package

FILES = pathlib.Path(__file__).resolve().parent / "files"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"

__all__ = [
    "FILES",
    "OrderFileCase",
    "common",
    "csv_reader",
    "decode",
    "order_file",
    "package",
    "raw_xlsx",
    "tagged",
    "workbook_xls",
    "workbook_xlsx",
    "zip_bytes",
]


class OrderFileCase(BaseCase):
    """Assertions that every test of the reader shares."""

    def read(self, data, filename="order.xlsx", **options):  # pylint: disable=method-required-super  # noqa: E501
        """Read a file and check that its counts add up."""
        if isinstance(data, str):
            data = data.encode()
        result = order_file.read_order_file(data, filename, **options)
        self.assert_complete(result)
        return result

    def paste(self, text, **options):
        """Read pasted lines and check that the counts add up."""
        result = order_file.read_order_text(text, **options)
        self.assert_complete(result)
        return result

    def assert_complete(self, result):
        """Every row once, from 1 to the last, each with known codes."""
        numbers = [row.row for row in result.rows]
        numbers += [number for number, _reason in result.skipped]
        self.assertEqual(sorted(numbers), list(range(1, len(numbers) + 1)))
        self.assertEqual(result.read, len(numbers))
        for row in result.rows:
            self.assertIn(row.problem, (None, *order_file.PROBLEMS))
        for _number, reason in result.skipped:
            self.assertIn(reason, order_file.SKIP_REASONS)

    def lines(self, result):
        """(article, quantity as text, unit, problem) of every line."""
        return [
            (
                row.article,
                None if row.quantity is None else format(row.quantity, "f"),
                row.unit,
                row.problem,
            )
            for row in result.rows
        ]

    def short(self, result):
        """(article, quantity as text or problem) of every line."""
        return [(art, problem or qty) for art, qty, _u, problem in self.lines(result)]

    def assert_refused(self, code, data, filename="order.xlsx", **options):
        """The whole file is refused; returns the parameters."""
        if isinstance(data, str):
            data = data.encode()
        with self.assertRaises(order_file.OrderFileError) as caught:
            order_file.read_order_file(data, filename, **options)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.params


def zip_bytes(parts, compression=zipfile.ZIP_DEFLATED):
    """A zip of a dict name -> text or bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def raw_xlsx(rows, strings=(), formats=(), replace=None, sheets=None):
    """A minimal XLSX around the XML of rows, for what no library writes.

    :param rows: XML inside <sheetData> of the first sheet
    :param strings: XML of the <si> elements
    :param formats: number format codes of the styles 1, 2, ...
    :param replace: parts to add or to put in the place of ours
    :param sheets: {name: (state, rows)} instead of one sheet
    """
    sheets = sheets or {"Sheet1": ("visible", rows)}
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE_RELS}"><Relationship Id="r"'
        f' Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/styles.xml": _styles(formats),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(strings)}</sst>',
    }
    listed, relations = "", ""
    for index, (name, (state, content)) in enumerate(sheets.items(), 1):
        listed += f'<sheet name="{name}" sheetId="{index}" state="{state}"'
        listed += f' r:id="s{index}"/>'
        relations += f'<Relationship Id="s{index}" Type="{RELS}/worksheet"'
        relations += f' Target="worksheets/sheet{index}.xml"/>'
        parts[f"xl/worksheets/sheet{index}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{content}</sheetData></worksheet>'
        )
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets>{listed}</sheets></workbook>'  # noqa: E501
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE_RELS}">{relations}</Relationships>'
    )
    return zip_bytes(parts | (replace or {}))


def _styles(formats):
    custom = "".join(
        f'<numFmt numFmtId="{164 + i}" formatCode="{code}"/>'
        for i, code in enumerate(formats)
    )
    used = "".join(f'<xf numFmtId="{164 + i}"/>' for i in range(len(formats)))
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{custom}</numFmts><cellStyleXfs>'
        f'<xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{used}'
        f"</cellXfs></styleSheet>"
    )


def workbook_xlsx(*rows):
    """An XLSX of one sheet, written by XlsxWriter."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False})
    sheet = book.add_worksheet("Заказ")
    for index, row in enumerate(rows):
        sheet.write_row(index, 0, row)
    book.close()
    return buffer.getvalue()


def workbook_xls(*rows):
    """An XLS (BIFF8) of one sheet, written by xlwt."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Заказ")
    for index, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(index, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
