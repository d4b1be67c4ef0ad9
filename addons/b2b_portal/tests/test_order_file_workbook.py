"""XLSX, XLSM, XLS, header recognition and every refusal of a whole file."""

import io
import struct
import zipfile

try:
    from .order_file_common import (
        FILES,
        MAIN,
        OrderFileCase,
        order_file,
        raw_xlsx,
        tagged,
        workbook_xls,
        workbook_xlsx,
        zip_bytes,
    )
except ImportError:
    from order_file_common import (
        FILES,
        MAIN,
        OrderFileCase,
        order_file,
        raw_xlsx,
        tagged,
        workbook_xls,
        workbook_xlsx,
        zip_bytes,
    )

HEAD = '<row r="1"><c r="A1" t="str"><v>Артикул</v></c><c r="B1" t="str"><v>Кол-во</v></c></row>'  # noqa: E501


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ole_entry(name):
    """Directory entry of an OLE container."""
    encoded = name.encode("utf-16-le") + b"\0\0"
    return encoded.ljust(64, b"\0") + struct.pack("<HB", len(encoded), 2) + bytes(61)


def line(row, article, quantity):
    """XML of a row from the XML of two cells (without their references)."""
    cells = (
        article.replace("<c", f'<c r="A{row}"'),
        quantity.replace("<c", f'<c r="B{row}"'),
    )
    return f'<row r="{row}">{"".join(cells)}</row>'


def text(value):
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


def number(value, style=0):
    return f'<c s="{style}"><v>{value}</v></c>'


@tagged("post_install", "-at_install")
class TestSavedFiles(OrderFileCase):
    def test_the_usual_mess(self):
        expected = [
            ("BLT-M8-40", "100", "шт", None),
            ("4607123456789", "1000.5", "шт", None),  # a number, in full
            ("123", "12", "шт", None),  # 'уп' stood in the unit column
            ("4,60712E+12", "50", "шт", "scientific_article"),
            ("ANC-10", None, "шт", "zero_quantity"),
            ("BLT-M8-40", "2", "кор", None),
            ("NO-SUCH", None, "шт", "bad_quantity"),
            ("FRM-1", "200", "шт", None),  # a formula's cached value
            ("ERR-1", None, "шт", "cell_error"),
            ("DATE-1", "2.5", "шт", None),
        ]
        skipped = [(1, "title"), (2, "title"), (3, "empty"), (4, "header")]
        skipped += [(8, "empty"), (16, "total"), (17, "empty"), (18, "section")]
        for name in ("order_mess.xlsx", "order_mess.xls"):
            with self.subTest(name=name):
                result = self.read((FILES / name).read_bytes(), name)
                self.assertEqual(self.lines(result), expected)
                self.assertEqual(result.skipped, skipped)
                self.assertEqual(result.sheet, "Заказ")
                self.assertEqual(result.other_sheets, ["Справочник", "Скрытый"])
                self.assertEqual(result.format, name.rpartition(".")[2])
                self.assertEqual(result.rows[0].note, "срочно")
                self.assertEqual(result.rows[0].name, "Болт М8х40 DIN 933")

    def test_a_printed_form_of_1c(self):
        for name in ("order_1c_form.xlsx", "order_1c_form.xls"):
            with self.subTest(name=name):
                result = self.read((FILES / name).read_bytes(), name)
                self.assertEqual(
                    self.lines(result),
                    [
                        ("00001234", "120", "шт", None),
                        ("00001235", "240", "шт", None),
                        ("00001301", "15", "шт", None),
                    ],
                )
                self.assertEqual(result.header_row, 8)
                reasons = dict(result.skipped)
                self.assertEqual((reasons[7], reasons[8]), ("header", "header"))
                self.assertEqual((reasons[9], reasons[13]), ("column_numbers", "total"))


@tagged("post_install", "-at_install")
class TestColumns(OrderFileCase):
    def columns(self, *rows):
        return self.read(workbook_xlsx(*rows)).columns

    def test_header_names(self):
        articles = (
            "Артикул,Код,Код товара,Номенклатура,SKU,Article,Part number,Штрихкод"
        )
        articles += (
            ",EAN,Каталожный номер,Артикул (внутренний),АРТИКУЛ:,Part No.,Item code"
        )
        quantities = "Кол-во,Количество,Заказ,Qty,Quantity,Кол-во заказ,ЗАКАЗАТЬ,Кол."
        for article in articles.split(","):
            for quantity in quantities.split(","):
                with self.subTest(article=article, quantity=quantity):
                    # the content alone would be read the other way round
                    found = self.columns(
                        (quantity, article), (12345, "7"), (23456, "8")
                    )
                    self.assertEqual(found, {"article": 1, "quantity": 0})

    def test_other_fields(self):
        head = ("Name", "Comment", "UoM", "Qty", "SKU")
        found = self.columns(head, ("Bolt", "x", "pcs", 5, "A-1"))
        fields = {"name": 0, "note": 1, "unit": 2, "quantity": 3, "article": 4}
        self.assertEqual(found, fields)
        for unit in ("Ед.", "Ед. изм.", "Единица", "Единица измерения", "Unit"):
            found = self.columns(("Артикул", unit, "Заказ"), ("A-1", "шт", 5))
            self.assertEqual(found["unit"], 1)

    def test_the_better_of_two_articles(self):
        head = ("Код", "Артикул", "Номенклатура", "Кол-во")
        found = self.columns(head, ("ЦБ-1", "A-1", "Болт", 5))
        self.assertEqual((found["article"], found["name"]), (1, 2))
        found = self.columns(head, ("ЦБ-1", "", "Болт", 5), ("ЦБ-2", "", "Гайка", 5))
        self.assertEqual(found["article"], 0)

    def test_barcode_stands_in_for_a_missing_article(self):
        head = ("Штрихкод", "Артикул", "Кол-во")
        result = self.read(workbook_xlsx(head, (4607123456789, "", 5), ("", "A-1", 6)))
        self.assertEqual(self.short(result), [("4607123456789", "5"), ("A-1", "6")])

    def test_stock_and_packs_are_not_ordered(self):
        head = (
            "Артикул",
            "Кол-во в упаковке",
            "Остаток",
            "Цена",
            "Количество",
            "Заказ",
        )
        result = self.read(workbook_xlsx(head, ("A-1", 100, 5000, 9.5, 70, 3)))
        self.assertEqual(self.short(result), [("A-1", "3")])
        result = self.read(workbook_xlsx(head, ("A-1", 100, 5000, 9.5, 70, "")))
        self.assertEqual(self.short(result), [("A-1", "no_quantity")])
        result = self.read(workbook_xlsx(("Артикул", "Остаток"), ("A-1", 70)))
        self.assertEqual(self.short(result), [("A-1", "no_quantity")])

    def test_unit_in_the_header(self):
        for label in ("Кол-во, уп.", "Количество (уп.)", "Заказ, уп."):
            result = self.read(
                workbook_xlsx(("Артикул", label), ("A-1", 5), ("A-2", "7 шт"))
            )
            units = [row.unit for row in result.rows]
            self.assertEqual(units, ["уп.", "шт"])

    def test_repeated_header_and_totals(self):
        head = ("Артикул", "Наименование", "Кол-во")
        rows = head, ("A-1", "Болт", 5), ("Всего по странице", "", 5), head
        rows += ("", "Гайки", ""), ("A-2", "Гайка", 6), ("", "", 11), ("", "Кран", 4)
        result = self.read(workbook_xlsx(*rows))
        expected = [("A-1", "5"), ("A-2", "6"), ("", "no_article")]
        self.assertEqual(self.short(result), expected)
        skipped = [
            (1, "header"),
            (3, "total"),
            (4, "header"),
            (5, "section"),
            (7, "total"),
        ]
        self.assertEqual(result.skipped, skipped)

    def test_without_a_header(self):
        cases = [
            ([("A-1", 5), ("A-2", 6)], {"article": 0, "quantity": 1}),
            ([(5, "A-1"), (6, "A-2")], {"article": 1, "quantity": 0}),
            ([(4607123456789, 5), (4607123456780, 5)], {"article": 0, "quantity": 1}),
            ([(1, "A-1", 50), (2, "A-2", 60)], {"article": 1, "quantity": 2}),
            ([("A-1", "Болт М8", 5, 9.99)] * 3, {"article": 0, "quantity": 2}),
            ([("Болт М8х40", "5 шт"), ("Гайка", 6)], {"article": 0, "quantity": 1}),
            ([("A-1",), ("B-22",)], {"article": 0}),
        ]
        for rows, expected in cases:
            with self.subTest(rows=rows):
                self.assertEqual(self.columns(*rows), expected)
        titled = [("Заявка от 5 мая", ""), ("", ""), ("A-1", 5), ("A-2", 6)]
        result = self.read(workbook_xlsx(*titled))
        self.assertEqual(result.skipped, [(1, "title"), (2, "empty")])

    def test_no_article_column(self):
        for rows in (
            [("Наименование", "Кол-во"), ("Болт оцинкованный", 5)],
            [("Доброе утро", "всем"), ("пришлите", "прайс пожалуйста")],
        ):
            self.assert_refused("no_columns", workbook_xlsx(*rows))


@tagged("post_install", "-at_install")
class TestXlsx(OrderFileCase):
    def one(self, article, quantity, **options):
        """The only line of a sheet made from the XML of two cells."""
        result = self.read(raw_xlsx(HEAD + line(2, article, quantity), **options))
        return self.short(result)[0]

    def test_cells(self):
        cases = [
            (text("A-1"), number("5"), ("A-1", "5")),
            ("<c><v>123.0</v></c>", number("5"), ("123", "5")),
            ("<c><v>4.607123456789E12</v></c>", number("5"), ("4607123456789", "5")),
            (text("A-1"), number("0.30000000000000004"), ("A-1", "0.3")),
            (text("A-1"), number("1.234"), ("A-1", "1.234")),
            (text("A-1"), text("1.234"), ("A-1", "ambiguous_quantity")),
            (text("A-1"), number("-5"), ("A-1", "negative_quantity")),
            (text("A-1"), number("1E+300"), ("A-1", "huge_quantity")),
            (text("A-1"), number("1E+999999999"), ("A-1", "cell_error")),
            ("<c><v>4.6071E+20</v></c>", number("1"), (None, "scientific_article")),
            ("<c><v>1E+20</v></c>", number("1"), (None, "scientific_article")),
            (text("A-1"), '<c t="b"><v>1</v></c>', ("A-1", "bad_quantity")),
            (text("A-1"), '<c t="e"><v>#REF!</v></c>', ("A-1", "cell_error")),
            (text("A-1"), "<c><f>B1*2</f></c>", ("A-1", "formula_without_value")),
            (
                text("A-1"),
                "<c><f>B1*2</f><v></v></c>",
                ("A-1", "formula_without_value"),
            ),
            ('<c t="str"><f>X1</f></c>', number("1"), ("", "formula_without_value")),
            (text("A-1"), '<c t="str"><f>""</f><v></v></c>', ("A-1", "no_quantity")),
            (text("A-1"), "<c><f>B1*2</f><v>7</v></c>", ("A-1", "7")),
            (text("A_x0000_B"), number("1"), ("A\u2400B", "nul_byte")),
            (text("A_xD800_B"), number("1"), ("A\ufffdB", "1")),
            (text("A" * 1001), number("1"), ("A" * 1000, "too_long")),
            ('<c t="d"><v>2025-02-01</v></c>', number("1"), (None, "date_article")),
        ]
        for article, quantity, expected in cases:
            with self.subTest(article=article[:40], quantity=quantity):
                found = self.one(article, quantity)
                self.assertEqual(found[1], expected[1])
                self.assertIn(expected[0], (None, found[0]))

    def test_number_formats(self):
        formats = ["00000", "dd\\.mm\\.yyyy", "0&quot; уп&quot;", "0.00", "#,##0.00"]
        formats.append("[$-409]00000")
        for style, article, quantity, expected in (
            (1, number("123", 1), number("5"), ("00123", "5")),
            (2, number("45689", 2), number("5"), ("2025-02-01", "date_article")),
            (2, text("A-1"), number("45689", 2), ("A-1", "bad_quantity")),
            (4, number("12.5", 4), number("5"), ("12.50", "5")),
            (5, number("12.5", 5), number("5"), ("12.5", "5")),
            (6, number("472", 6), number("5"), ("00472", "5")),
        ):
            with self.subTest(style=style):
                self.assertEqual(self.one(article, quantity, formats=formats), expected)
        rows = HEAD + line(2, text("A-1"), number("5", 3))
        result = self.read(raw_xlsx(rows, formats=formats))
        self.assertEqual(self.lines(result), [("A-1", "5", "уп", None)])

    def test_rich_and_phonetic_text(self):
        strings = (
            "<si><r><t>BLT</t></r><r><t>-1</t></r><rPh><t>no</t></rPh></si>",
            "<si/>",
        )
        found = self.one('<c t="s"><v>0</v></c>', number("1"), strings=strings)
        self.assertEqual(found, ("BLT-1", "1"))
        self.assertEqual(
            self.one(text("A"), '<c t="s"><v>1</v></c>', strings=strings),
            ("A", "no_quantity"),
        )

    def test_hidden_rows_are_read_and_marked(self):
        rows = HEAD + line(2, text("A-1"), number("1"))
        rows += line(3, text("A-2"), number("2")).replace("<row", '<row hidden="1"')
        result = self.read(raw_xlsx(rows))
        self.assertEqual([row.hidden for row in result.rows], [False, True])

    def test_rows_and_cells_without_numbers(self):
        rows = "".join(
            f"<row><c/><c t='str'><v>{a}</v></c><c t='str'><v>{q}</v></c></row>"
            for a, q in (("Артикул", "Кол-во"), ("A-1", "5"))
        )
        result = self.read(raw_xlsx("<row/>" + rows))
        self.assertEqual(result.columns, {"article": 1, "quantity": 2})
        self.assertEqual(result.rows[0].row, 3)

    def test_prefixed_xml(self):
        rows = HEAD + line(2, text("A-1"), number("5"))
        sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        sheet = sheet.replace("</", "\1").replace("<", "<x:").replace("\1", "</x:")
        sheet = sheet.replace("xmlns=", "xmlns:x=")
        part = {"xl/worksheets/sheet1.xml": sheet}
        result = self.read(raw_xlsx("", replace=part))
        self.assertEqual(self.short(result), [("A-1", "5")])

    def test_the_right_sheet(self):
        order = HEAD + line(2, text("A-1"), number("5"))
        empty = HEAD + line(2, text("A-9"), "")
        notes = '<row r="1"><c r="A1" t="str"><v>Склад</v></c></row>'
        cases = (
            ({"Инфо": ("visible", notes), "Б": ("visible", order)}, "Б", ["Инфо"]),
            ({"А": ("visible", empty), "Б": ("visible", order)}, "Б", ["А"]),
            ({"А": ("hidden", order), "Б": ("visible", empty)}, "Б", ["А"]),
            ({"А": ("veryHidden", order), "Б": ("visible", notes)}, "А", ["Б"]),
            ({"А": ("visible", order), "Б": ("visible", order)}, "А", ["Б"]),
            ({"А": ("visible", ""), "Б": ("visible", order)}, "Б", []),
        )
        for sheets, chosen, others in cases:
            with self.subTest(sheets=list(sheets)):
                result = self.read(raw_xlsx("", sheets=sheets))
                self.assertEqual((result.sheet, result.other_sheets), (chosen, others))

    def test_a_million_formatted_empty_rows(self):
        tail = "".join(
            f'<row r="{row}" s="1"><c r="A{row}" s="1"/><c r="B{row}" s="1"></c></row>'
            for row in range(3, 1_048_577)
        )
        result = self.read(raw_xlsx(HEAD + line(2, text("A-1"), number("5")) + tail))
        self.assertEqual((self.short(result), result.read), ([("A-1", "5")], 2))

    def test_macros_are_not_looked_at(self):
        macro = {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"Workbook_Open" * 9}
        data = raw_xlsx(HEAD + line(2, text("A-1"), number("5")), replace=macro)
        self.assertEqual(self.short(self.read(data, "order.xlsm")), [("A-1", "5")])

    def test_name_does_not_matter(self):
        data = workbook_xlsx(("Артикул", "Кол-во"), ("A-1", 5))
        self.assertEqual(self.read(data, "order.xls").format, "xlsx")
        self.assertEqual(self.read(data, "").format, "xlsx")
        self.assertEqual(self.read("sku;qty\nA;5", "order.xlsx").format, "csv")


@tagged("post_install", "-at_install")
class TestXls(OrderFileCase):
    def test_cells(self):
        import xlwt

        date = xlwt.easyxf(num_format_str="DD.MM.YYYY")
        book = xlwt.Workbook()
        sheet = book.add_sheet("Заказ")
        rows = [
            ("Артикул", "Кол-во"),
            ("A-1", 5),
            (4607123456789, "1 000,5"),
            (123.0, 2.5),
        ]
        rows += [("A-3", True), ("", "")]
        for index, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(index, column, value)
        sheet.write(6, 0, 45689, date)
        sheet.write(6, 1, 5)
        buffer = io.BytesIO()
        book.save(buffer)
        result = self.read(buffer.getvalue(), "order.xls")
        expected = [("A-1", "5"), ("4607123456789", "1000.5"), ("123", "2.5")]
        expected += [("A-3", "bad_quantity"), ("2025-02-01", "date_article")]
        self.assertEqual(self.short(result), expected)
        self.assertEqual(result.skipped, [(1, "header"), (6, "empty")])

    def test_limits(self):
        small = order_file.Limits(max_rows=3, header_rows=2)
        head = "Артикул", "Кол-во"
        data = workbook_xls(head, *[("A", 1)] * 3)
        self.assertEqual(len(self.read(data, limits=small).rows), 3)
        data = workbook_xls(head, *[("A", 1)] * 4)
        self.assert_refused("too_many_rows", data, limits=small)
        padded = data + bytes(5 * 1024 * 1024)
        params = self.assert_refused("too_large", padded, "order.xls")
        self.assertEqual(params, {"limit_mb": 5, "size_mb": 6})
        wide = workbook_xls(("",) * 70 + head, ("",) * 70 + ("A", 1))
        self.assert_refused("too_many_columns", wide)

    def test_excel_2_without_a_container(self):
        data = struct.pack("<HHHH", 0x0009, 4, 2, 0x10)
        for row, (article, quantity) in enumerate([("SKU", "Qty"), ("A-1", 5)]):
            for column, value in enumerate((article, quantity)):
                place = struct.pack("<HH", row, column) + bytes(3)
                if isinstance(value, str):
                    body = place + bytes([len(value)]) + value.encode()
                    data += struct.pack("<HH", 0x0004, len(body)) + body
                else:
                    body = place + struct.pack("<d", value)
                    data += struct.pack("<HH", 0x0003, len(body)) + body
        data += struct.pack("<HH", 0x000A, 0)
        self.assertEqual(self.short(self.read(data, "order.xls")), [("A-1", "5")])
        self.assert_refused("old_format", data[:20], "order.xls")


@tagged("post_install", "-at_install")
class TestRefusals(OrderFileCase):
    def test_every_code_is_tested_somewhere(self):
        # The list is closed: a new code needs a message and a test.
        self.assertEqual(len(order_file.FILE_ERRORS), 15)
        self.assertEqual(len(set(order_file.PROBLEMS)), 13)
        with self.assertRaises(ValueError):
            order_file.OrderFileError("no_such_code")

    def test_empty(self):
        for data in (b"", b"\0\0\0", b" \r\n\t"):
            self.assert_refused("empty", data)

    def test_something_else(self):
        kinds = {
            "pdf": b"%PDF-1.7\n%\xe2\xe3",
            "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
            "png": b"\x89PNG\r\n\x1a\n\0\0",
            "exe": b"MZ\x90\0\x03\0\0\0",
            "rar": b"Rar!\x1a\x07\x01\0",
            "7z": b"7z\xbc\xaf\x27\x1c\0\4",
            "gzip": b"\x1f\x8b\x08\0",
            "rtf": b"{\\rtf1\\ansi",
            "xml": b"<?xml version='1.0'?><order/>",
            "zip": zip_bytes({"photo.jpg": "x"}),
            "docx": zip_bytes({"_rels/.rels": "<a/>", "word/document.xml": "<a/>"}),
            "ole": OLE + bytes(504) + ole_entry("Root Entry") + ole_entry("Other"),
            "doc": OLE + bytes(504) + ole_entry("WordDocument"),
        }
        for kind, data in kinds.items():
            with self.subTest(kind=kind):
                params = self.assert_refused("wrong_extension", data, "order.xlsx")
                self.assertEqual(params, {"kind": kind, "extension": "xlsx"})
                params = self.assert_refused("not_a_spreadsheet", data, "order." + kind)
                self.assertEqual(params, {"kind": kind})
        binary = bytes(range(256)) * 20
        self.assert_refused("not_a_spreadsheet", binary, "order.csv")

    def test_other_table_formats(self):
        html = (FILES / "order.html").read_bytes()
        excel = (
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office"
        )
        for data, kind in (
            (html, "html"),
            (b"\xef\xbb\xbf\r\n<table><tr><td>A</td></tr>", "html"),
            ("<html><body>".encode("utf-16"), "html"),
            (excel + b":spreadsheet'/>", "xml2003"),
            (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "mht"),
        ):
            params = self.assert_refused("html_not_supported", data, "order.xls")
            self.assertEqual(params, {"kind": kind})
        ods = (FILES / "order.ods").read_bytes()
        self.assert_refused("ods_not_supported", ods, "order.xlsx")
        flat = b"<?xml version='1.0'?><office:document xmlns:office='urn:oasis:names:tc"
        self.assert_refused("ods_not_supported", flat + b":opendocument:xmlns'>")
        binary = zip_bytes({"_rels/.rels": "<a/>", "xl/workbook.bin": "x"})
        self.assert_refused("binary_workbook", binary, "order.xlsx")

    def test_encrypted(self):
        for name in ("encrypted.xls", "encrypted.xlsx"):
            self.assert_refused("encrypted", (FILES / name).read_bytes(), name)
        data = bytearray(zip_bytes({"xl/workbook.xml": "x"}))
        data[data.index(b"PK\1\2") + 8] |= 1
        self.assert_refused("encrypted", bytes(data))

    def test_no_rows(self):
        self.assert_refused("no_rows", workbook_xlsx(("Артикул", "Кол-во")))
        self.assert_refused("no_rows", raw_xlsx(""))
        self.assert_refused(
            "no_rows", workbook_xls(("Артикул", "Кол-во"), ("Итого", 0))
        )

    def test_damaged(self):
        data = workbook_xlsx(("Артикул", "Кол-во"), *[(f"A-{i}", i) for i in range(99)])
        self.assert_refused("damaged", data[: len(data) // 2])
        self.assert_refused("damaged", data.replace(b"xl/worksheets", b"xl/workshopss"))
        xls = (FILES / "order_mess.xls").read_bytes()
        for size in (600, len(xls) // 2):
            self.assert_refused("damaged", xls[:size], "order.xls")
        sheet = "xl/worksheets/sheet1.xml"
        for content in ("", "<worksheet><sheetData>", "<a>" + "x" * 10, "\1\2"):
            self.assert_refused("damaged", raw_xlsx("", replace={sheet: content}))
        bad = '<row r="2"><c r="A2" t="s"><v>99</v></c></row>'
        self.assert_refused("damaged", raw_xlsx(HEAD + bad))

    def test_limits(self):
        small = order_file.Limits(max_rows=3, header_rows=2, max_blank_rows=4)
        rows = HEAD + "".join(line(i, text("A"), number("1")) for i in range(2, 6))
        params = self.assert_refused("too_many_rows", raw_xlsx(rows), limits=small)
        self.assertEqual(params, {"limit": 3, "row": 5})
        far = HEAD + line(8, text("A"), number("1"))
        params = self.assert_refused("too_many_rows", raw_xlsx(far), limits=small)
        self.assertEqual(params, {"limit": 3, "row": 8})
        self.assert_refused("too_large", b"PK\3\4" + bytes(10_485_760))


@tagged("post_install", "-at_install")
class TestBombs(OrderFileCase):
    SHEET = "xl/worksheets/sheet1.xml"

    def test_dense_part(self):
        bomb = raw_xlsx(HEAD, replace={"xl/media/image1.png": bytes(30_000_000)})
        self.assertLess(len(bomb), 40_000)
        self.assertEqual(self.assert_refused("zip_bomb", bomb), {"limit_mb": 256})

    def test_too_much_in_all(self):
        small = order_file.Limits(max_unpacked_bytes=10_000)
        data = raw_xlsx(HEAD, replace={"xl/media/a.bin": bytes(20_000)})
        self.assert_refused("zip_bomb", data, limits=small)

    def test_lying_sizes(self):
        """What the directory states is too small: the real size is counted."""
        rows = "".join(line(i, text("A"), number("1")) for i in range(2, 3000))
        data = bytearray(raw_xlsx(HEAD + rows))
        entry = data.rindex(self.SHEET.encode()) - 46
        self.assertEqual(data[entry : entry + 4], b"PK\1\2")
        data[entry + 24 : entry + 28] = struct.pack("<I", 500)
        self.assert_refused("damaged", bytes(data))

    def test_overlapping_parts_share_one_budget(self):
        rows = "".join(line(i, text("A"), number("1")) for i in range(2, 600))
        names = [f"S{i}" for i in range(40)]
        sheets = {name: ("visible", HEAD + rows) for name in names}
        data = raw_xlsx("", sheets=sheets)
        size = sum(
            info.file_size for info in zipfile.ZipFile(io.BytesIO(data)).infolist()
        )
        tight = order_file.Limits(max_unpacked_bytes=size + 1)
        # every sheet is probed and the chosen one read once more
        self.assert_refused("zip_bomb", data, limits=tight)
        self.assertTrue(self.read(data).rows)

    def test_too_many_parts(self):
        parts = {f"xl/media/{i}": "" for i in range(5001)}
        self.assert_refused("zip_bomb", raw_xlsx(HEAD, replace=parts))

    def test_entities(self):
        laughs = "<!DOCTYPE w [<!ENTITY a 'ha'>" + "".join(
            f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(2, 10)
        )
        external = "<!DOCTYPE w [<!ENTITY x SYSTEM 'file:///etc/passwd'>"
        for start in (laughs + "]><worksheet>&a9;", external + "]><worksheet>&x;"):
            for part in (self.SHEET, "xl/workbook.xml", "xl/sharedStrings.xml"):
                with self.subTest(part=part):
                    data = raw_xlsx(HEAD, replace={part: start + "</worksheet>"})
                    params = self.assert_refused("damaged", data)
                    self.assertEqual(params, {"reason": "doctype"})

    def test_shared_strings(self):
        small = order_file.Limits(max_strings=10, max_strings_bytes=5000)
        rows = HEAD + line(2, text("A-1"), number("1"))
        many = raw_xlsx(rows, strings=["<si><t>a</t></si>"] * 11)
        self.assert_refused("too_many_rows", many, limits=small)
        large = raw_xlsx(rows, strings=["<si><t>" + "a" * 6000 + "</t></si>"])
        self.assert_refused("zip_bomb", large, limits=small)

    def test_endless_tag(self):
        """One tag of megabytes would take quadratic time in older expats."""
        noise = "".join(f"{i * 7919 % 1000003:x}" for i in range(900_000))
        data = raw_xlsx(HEAD + f'<row r="2" x="{noise}"/>')
        self.assert_refused("damaged", data)
