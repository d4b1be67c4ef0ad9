"""Values, pasted lines and delimited text of the order file reader."""

from decimal import Decimal

try:
    from .order_file_common import FILES, OrderFileCase, order_file, tagged
except ImportError:
    from order_file_common import FILES, OrderFileCase, order_file, tagged

NBSP, THIN, ZERO_WIDTH = "\u00a0", "\u202f", "\u200b"


@tagged("post_install", "-at_install")
class TestValues(OrderFileCase):
    def test_normalise_article(self):
        cases = {
            "  BLT-M8  ": "BLT-M8",
            f"{NBSP}A{NBSP}{NBSP}1{THIN}": "A 1",
            "'00123": "00123",
            "''00123": "00123",
            f"{ZERO_WIDTH}A{ZERO_WIDTH}-1\ufeff": "A-1",
            "A\tB\nC": "A B C",
            "ＡＢ１２": "AB12",  # full width letters of an Asian keyboard
            "aBc": "aBc",
            "М8х40": "М8х40",  # Cyrillic stays Cyrillic: lookup decides
            "A\0B": "A\u2400B",
            "A\ud800": "A\ufffd",
            "": "",
            "'": "",
        }
        for text, expected in cases.items():
            with self.subTest(text=text):
                self.assertEqual(order_file.normalise_article(text), expected)

    def test_quantities_that_read(self):
        cases = {
            "10": ("10", ""),
            "007": ("7", ""),
            "1,5": ("1.5", ""),
            "10.0": ("10.0", ""),
            ",5": ("0.5", ""),
            "0,500": ("0.500", ""),  # no thousand starts with a zero
            "1 000": ("1000", ""),
            f"1{NBSP}000,5": ("1000.5", ""),
            f"1{THIN}234{THIN}567": ("1234567", ""),
            "1'000": ("1000", ""),
            "1’000.25": ("1000.25", ""),
            "1 000,500": ("1000.500", ""),
            "1500,000": ("1500.000", ""),
            "1,000.5": ("1000.5", ""),
            "1.000,50": ("1000.50", ""),
            "1,000,000": ("1000000", ""),
            "1.000.000": ("1000000", ""),
            "12 шт": ("12", "шт"),
            "12шт.": ("12", "шт."),
            "2,5 кг": ("2.5", "кг"),
            "3 (уп)": ("3", "уп"),
            "12 м2": ("12", "м2"),
            "5 пог. м": ("5", "пог. м"),
            "1 000 тыс. шт": ("1000", "тыс. шт"),
            "'12": ("12", ""),
            f" 12{NBSP}": ("12", ""),
        }
        for text, (value, unit) in cases.items():
            with self.subTest(text=text):
                expected = (Decimal(value), unit, None)
                self.assertEqual(order_file.parse_quantity(text), expected)

    def test_quantities_that_do_not(self):
        cases = {
            "no_quantity": ["", "  ", NBSP, "'"],
            "bad_quantity": [
                *("1e3", "1E+3", "1Е3", "=5", "+3", "½", "1/2", "10-20", "10 - 20"),
                *("١٢", "१२", "１２", "x", "шт", "по наличию", "12 5", "1 00", "5x2"),
                *("1 0000", "1,00,000", "1,,5", "1.2.3", "12.", "12,", "~10", ">5"),
                *("5%", "10 #", "#REF!", "1,000,00", "0,000,000", "1 000'000", "--5"),
                "9" * 65,
                "1" * 100_000,
            ],
            "ambiguous_quantity": ["1,000", "1.000", "12,345", "999.999", "1,000 шт"],
            "negative_quantity": ["-3", "\u22123", "–3", "- 3", "-1 000,5 шт"],
            "zero_quantity": ["0", "0,0", "000", "0 шт", "-0"],
            "huge_quantity": ["10000001", "4607123456789", "99 999 999"],
        }
        for problem, texts in cases.items():
            for text in texts:
                with self.subTest(text=text[:20]):
                    value, _unit, found = order_file.parse_quantity(text)
                    self.assertEqual((value, found), (None, problem))

    def test_a_thousand_or_one_is_told_by_the_file(self):
        parse = order_file.parse_quantity
        self.assertEqual(parse("1,000", decimal=",")[0], 1)
        self.assertEqual(parse("1,000", grouping=",")[0], 1000)
        self.assertEqual(parse("1.000", grouping=".")[0], 1000)
        self.assertEqual(parse("1.000", decimal=",")[2], "ambiguous_quantity")
        both = parse("1,000", decimal=",", grouping=",")
        self.assertEqual(both[2], "ambiguous_quantity")


@tagged("post_install", "-at_install")
class TestPastedLines(OrderFileCase):
    def test_one_line(self):
        cases = {
            "ART 10": ("ART", "10", "", None),
            "ART;10;шт": ("ART", "10", "шт", None),
            "ART;шт;10": ("ART", "10", "шт", None),
            "ART\t10": ("ART", "10", "", None),
            "ART\tБолт М8\t10\tшт": ("ART", "10", "шт", None),
            "ART x 10": ("ART", "10", "", None),
            "ART х 10": ("ART", "10", "", None),  # Cyrillic
            "ART ×10 шт": ("ART", "10", "шт", None),
            "ART * 10": ("ART", "10", "", None),
            "ART - 10 шт": ("ART", "10", "шт", None),
            "ART — 10шт.": ("ART", "10", "шт.", None),
            "ART: 10": ("ART", "10", "", None),
            "ART, 10": ("ART", "10", "", None),
            "ART = 10 шт;": ("ART", "10", "шт", None),
            "ART,10": ("ART", "10", "", None),
            "ART 2,5 кг": ("ART", "2.5", "кг", None),
            "ART 10 пог. м": ("ART", "10", "пог. м", None),
            "ART 1 000": ("ART", "1000", "", None),
            "ART 2 000 000 шт": ("ART", "2000000", "шт", None),
            f"ART 1{NBSP}500 шт": ("ART", "1500", "шт", None),
            "4607123456789 5": ("4607123456789", "5", "", None),
            "Болт М8х40 DIN 933 100": ("Болт М8х40 DIN 933", "100", "", None),
            "BLT-M8/40-A2 5": ("BLT-M8/40-A2", "5", "", None),
            "10 x ART-1": ("ART-1", "10", "", None),
            "10 шт. ART-1": ("ART-1", "10", "шт.", None),
            "ART": ("ART", None, "", "no_quantity"),
            "ART-10": ("ART-10", None, "", "no_quantity"),
            "1000": ("1000", None, "", "no_quantity"),
            "Болт М8х40 оцинк": ("Болт М8х40 оцинк", None, "", "no_quantity"),
            "ART;": ("ART", None, "", "no_quantity"),
            "ART;много": ("ART", None, "", "bad_quantity"),
            "ART 0": ("ART", None, "", "zero_quantity"),
            "ART -3": ("ART", None, "", "negative_quantity"),
            "ART 1,000": ("ART", None, "", "ambiguous_quantity"),
            "ART,1,5": ("ART", None, "", "ambiguous_quantity"),
            "ART 99999999": ("ART", None, "", "huge_quantity"),
            ";10": ("", "10", "", "no_article"),
            "4,60712E+12 5": ("4,60712E+12", "5", "", "scientific_article"),
            "A\0B 5": ("A\u2400B", "5", "", "nul_byte"),
        }
        for text, expected in cases.items():
            with self.subTest(text=text):
                self.assertEqual(self.lines(self.paste(text)), [expected])

    def test_units_of_the_portal(self):
        text = "ART 10 бобин"
        self.assertEqual(self.short(self.paste(text)), [(text, "no_quantity")])
        result = self.paste(text, units=["бобин"])
        self.assertEqual(self.lines(result), [("ART", "10", "бобин", None)])

    def test_rows_are_counted(self):
        result = self.paste("Артикул Кол-во\n\nA-1 5\r\nA-2 6\r\r\nИтого: 11\n\n")
        self.assertEqual(self.short(result), [("A-1", "5"), ("A-2", "6")])
        self.assertEqual([row.row for row in result.rows], [3, 4])
        skipped = [(1, "header"), (2, "empty"), (5, "empty"), (6, "total")]
        self.assertEqual(result.skipped, skipped)

    def test_a_brand_called_total_is_no_total(self):
        result = self.paste("TOTAL 5W30-4L 6\nВсего 6")
        self.assertEqual(self.short(result), [("TOTAL 5W30-4L", "6")])

    def test_a_table_copied_from_excel(self):
        text = "№\tАртикул\tКол-во\tЕд.\n1\tA-1\t5\tшт\n\n2\tA 2\t1 000,5\tкг\n"
        result = self.paste(text)
        expected = [("A-1", "5", "шт", None), ("A 2", "1000.5", "кг", None)]
        self.assertEqual(self.lines(result), expected)
        self.assertEqual(result.columns["article"], 1)

    def test_mixed_lines(self):
        result = self.paste("A-1;5\nA-2 6\nA-3\t7")
        self.assertEqual(self.short(result), [("A-1", "5"), ("A-2", "6"), ("A-3", "7")])

    def test_refusals(self):
        small = order_file.Limits(max_rows=3, max_blank_rows=2)
        for code, text in (
            ("empty", " \n\t\r\n"),
            ("too_many_rows", "A 1\nA 2\nA 3\nA 4"),
            ("too_many_rows", "A 1\n\n\n\nA 4"),
            ("no_rows", "Итого 5"),
            ("too_large", "A" * 10_485_761),
        ):
            with self.subTest(code=code):
                with self.assertRaises(order_file.OrderFileError) as caught:
                    order_file.read_order_text(text, small)
                self.assertEqual(caught.exception.code, code)

    def test_long_line_is_cut_and_flagged(self):
        row = self.paste("A" * 5000).rows[0]
        self.assertEqual((len(row.article), row.problem), (1000, "too_long"))


@tagged("post_install", "-at_install")
class TestDelimitedText(OrderFileCase):
    TABLE = [("A-1", "1.5", "шт", None), ("A-2", "20", "уп", None)]

    def test_every_delimiter_and_encoding(self):
        for delimiter in ",;\t|":
            comma = '"1,5"' if delimiter == "," else "1,5"
            rows = (
                ("Артикул", "Кол-во", "Ед."),
                ("A-1", comma, "шт"),
                ("A-2", "20", "уп"),
            )
            text = "\r\n".join(delimiter.join(row) for row in rows)
            for encoding in (
                *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
                *("cp1251", "cp866"),
            ):
                with self.subTest(delimiter=delimiter, encoding=encoding):
                    result = self.read(text.encode(encoding), "заказ.csv")
                    self.assertEqual(self.lines(result), self.TABLE)
                    self.assertEqual(result.encoding, encoding)
                    self.assertEqual(result.delimiter, delimiter)
                    self.assertEqual(result.header_row, 1)

    def test_saved_by_libreoffice(self):
        result = self.read((FILES / "order_mess_cp1251.csv").read_bytes(), "заказ.csv")
        self.assertEqual(result.encoding, "cp1251")
        self.assertEqual(len(result.rows), 10)
        self.assertIn(("4607123456789", "1000.5", "шт", None), self.lines(result))
        self.assertIn(("ANC-10", None, "шт", "zero_quantity"), self.lines(result))
        skipped = dict(result.skipped)
        self.assertEqual(
            (skipped[8], skipped[16], skipped[18]), ("empty", "total", "section")
        )

    def test_separator_line_of_excel(self):
        result = self.read("sep=|\nA-1|5\nA-2|6", "a.csv")
        self.assertEqual(self.short(result), [("A-1", "5"), ("A-2", "6")])
        self.assertEqual(result.skipped, [(1, "separator")])

    def test_quotes(self):
        text = 'Артикул;Название;Кол-во\n"A;1";"Труба 1/2""\nдлинная";5\nA-2;Труба 1/2";6\n'  # noqa: E501
        result = self.read(text, "a.csv")
        self.assertEqual(self.short(result), [("A;1", "5"), ("A-2", "6")])
        self.assertEqual([row.row for row in result.rows], [2, 3])

    def test_an_unclosed_quote_swallows_no_lines(self):
        text = 'Артикул;Название;Кол-во\nA-1;"Труба 1/2;5\nA-2;Кран;6\n"A-3";"Люк";7\n'
        result = self.read(text, "a.csv")
        expected = [("A-1", "5"), ("A-2", "6"), ("A-3", "7")]
        self.assertEqual(self.short(result), expected)

    def test_formula_text_of_csv_made_for_excel(self):
        result = self.read(
            'Артикул;Кол-во\n="00123";="5"\nA-1;=5\nA-2;#ССЫЛКА!\n', "a.csv"
        )
        expected = [("00123", "5"), ("A-1", "bad_quantity"), ("A-2", "cell_error")]
        self.assertEqual(self.short(result), expected)

    def test_decimal_comma_in_a_comma_file(self):
        result = self.read("Article,Qty\nA-1,5\nA-2,1,5\nA-3,7,\n", "a.csv")
        expected = [("A-1", "5"), ("A-2", "ambiguous_quantity"), ("A-3", "7")]
        self.assertEqual(self.short(result), expected)
        result = self.read("A-1,1,5\nA-2,2,0\n", "a.csv")
        problems = {row.problem for row in result.rows}
        self.assertEqual(problems, {"ambiguous_quantity"})

    def test_prices_tell_what_the_comma_means(self):
        table = "Артикул;Кол-во;Цена\nA-1;{};{}\nA-2;3;7\n"
        for price, expected in (
            ("12,50", "1.000"),
            ("1,000,000", "1000"),
            ("12.50", "ambiguous_quantity"),
            ("12", "ambiguous_quantity"),
        ):
            with self.subTest(price=price):
                result = self.read(table.format("1,000", price), "a.csv")
                self.assertEqual(self.short(result)[0], ("A-1", expected))

    def test_float_articles_of_a_data_frame(self):
        result = self.read("sku;qty\n123.0;5\n124.0;6\n", "a.csv")
        self.assertEqual(self.short(result), [("123", "5"), ("124", "6")])
        result = self.read("sku;qty\n123.0;5\nM8.0x1;6\n", "a.csv")
        self.assertEqual(self.short(result), [("123.0", "5"), ("M8.0x1", "6")])

    def test_lines_without_a_delimiter(self):
        result = self.read("A-1 5 шт\nA-2 6\n", "order.txt")
        self.assertEqual(self.short(result), [("A-1", "5"), ("A-2", "6")])
        result = self.read("Артикул\nA-1\nA-2\n", "order.csv")
        expected = [("A-1", "no_quantity"), ("A-2", "no_quantity")]
        self.assertEqual(self.short(result), expected)
        self.assert_refused(
            "no_columns", "Добрый день!\nПришлите, пожалуйста, прайс.\n"
        )

    def test_a_nul_byte_flags_its_line(self):
        result = self.read(b"sku;qty\n" + b"A-1;5\n" * 60 + b"A\0B;6\n", "a.csv")
        self.assertEqual(result.rows[-1].problem, "nul_byte")
        self.assertNotIn("\0", result.rows[-1].article)

    def test_a_few_broken_bytes(self):
        text = "Артикул;Наименование;Кол-во\nA-1;Болт оцинкованный;5\n".encode()
        result = self.read(text + b"A-2;\xd0;6\n", "a.csv")
        self.assertEqual(self.short(result), [("A-1", "5"), ("A-2", "6")])

    def test_millions_of_empty_lines_below(self):
        result = self.read("Артикул;Кол-во\nA-1;5\n" + ";;;;\n" * 500_000, "a.csv")
        self.assertEqual(self.short(result), [("A-1", "5")])
        self.assertEqual(result.read, 2)

    def test_limits(self):
        read, refused = self.read, self.assert_refused
        small = order_file.Limits(max_rows=3, header_rows=2, max_blank_rows=4)
        table = "sku;qty\n" + "A;1\n" * 3
        self.assertEqual(len(read(table, "a.csv", limits=small).rows), 3)
        params = refused("too_many_rows", table + "A;1\n", "a.csv", limits=small)
        self.assertEqual(params, {"limit": 3, "row": 5})
        refused("too_many_rows", table + "A;1\n" * 9, "a.csv", limits=small)
        refused("too_many_rows", table + ";\n" * 5 + "A;1", "a.csv", limits=small)
        self.assertEqual(
            read(table[:-4] + ";\n" * 4 + "A;1", "a.csv", limits=small).read, 8
        )
        params = refused("too_large", b"a" * 10_485_761, "a.csv")
        self.assertEqual(params, {"limit_mb": 10, "size_mb": 11})
        refused("damaged", "A;1\n" + "a;" * 100_000, "a.csv")
        long = read(f"sku;qty;note\n{'A' * 1001};5;\nA;5;{'n' * 1001}", "a.csv")
        self.assertEqual({row.problem for row in long.rows}, {"too_long"})
        self.assertEqual({len(row.article) for row in long.rows}, {1000, 1})

    def test_columns_beyond_the_last(self):
        wide = ";" * 70
        result = self.read(f"sku;qty{wide}more\nA;1{wide}x\n", "a.csv")
        self.assertEqual(self.short(result), [("A", "1")])
        params = self.assert_refused(
            "too_many_columns", f"x;y{wide}sku;qty\n1;;{wide}A;1\n"
        )
        self.assertEqual(params, {"limit": 64})
