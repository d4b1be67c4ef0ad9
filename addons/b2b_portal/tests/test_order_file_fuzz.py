"""Whatever the bytes, the reader answers with rows or with a refusal.

``B2B_FUZZ_EXAMPLES`` raises the number of examples for a long run; without it
the examples are the same in every run.
"""

import io
import os
import unittest
import zipfile
from unittest.mock import MagicMock

try:
    from .order_file_common import (
        FILES,
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
        OrderFileCase,
        order_file,
        raw_xlsx,
        tagged,
        workbook_xls,
        workbook_xlsx,
        zip_bytes,
    )
try:
    from hypothesis import HealthCheck, assume, given, settings
    from hypothesis import strategies as st
except ImportError:  # the classes below are skipped, but must still be built
    HealthCheck = assume = st = None

if st is None:
    st = MagicMock()

    def fuzz(_share, **_strategies):
        return lambda method: method
else:
    EXAMPLES = int(os.environ.get("B2B_FUZZ_EXAMPLES", 0))

    def fuzz(share, **strategies):
        """Run a test with ``share`` examples, or a share of a long run."""
        options = settings(
            max_examples=EXAMPLES or share,
            derandomize=not EXAMPLES,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        return lambda method: options(given(**strategies)(method))


MAGIC = [
    b"",
    b"PK\3\4",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x09\x08\x10\0\0\6\5\0",
    b"\x09\0\4\0\2\0\x10\0",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"<?xml ",
    b"sep=;\n",
    "Артикул;Кол-во\n".encode(),
    "Артикул;Кол-во\n".encode("cp1251"),
]
MESS = "".join(
    (*" \t\r\n\0\ufeff\u00a0\u200b\ud800\"'=;,|.-+0123456789", "Ee#/½٣шт", "ArtКол-во")
)
mess = st.text(st.sampled_from(MESS) | st.characters(), max_size=80)
names = st.sampled_from(["a.xlsx", "a.xls", "a.csv", "a.txt", "a", "", "a.pdf"])
mutations = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),  # where, as a part of the whole
        st.sampled_from(["set", "drop", "copy", "cut", "swap", "large"]),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=6,
)


def mutate(data, changes):
    """Damage bytes in a reproducible way."""
    data = bytearray(data)
    for where, kind, value in changes:
        place = int(where * len(data))
        if kind == "set":
            data[place : place + 1] = bytes([value])
        elif kind == "drop":
            del data[place : place + value]
        elif kind == "copy":
            data[place:place] = data[place : place + value]
        elif kind == "cut" and value < 64:
            del data[place:]
        elif kind == "swap":
            data[place : place + 8] = data[place : place + 8][::-1]
        elif kind == "large":
            data[place : place + 4] = b"\xff\xff\xff\x7f"
    return bytes(data)


@tagged("post_install", "-at_install")
@unittest.skipUnless(HealthCheck, "hypothesis is not installed")
class TestAnything(OrderFileCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small = order_file.Limits(max_rows=50, max_blank_rows=50)
        xls = [FILES / "order_mess.xls", FILES / "order_1c_form.xls"]
        xlsx = [FILES / "order_mess.xlsx", FILES / "order_1c_form.xlsx"]
        cls.xls = [path.read_bytes() for path in xls]
        cls.xlsx = [path.read_bytes() for path in xlsx]
        cls.csv = (FILES / "order_mess_cp1251.csv").read_bytes()

    def survive(self, data, name="order.xlsx", limits=None):
        """Rows whose counts add up, or a refusal; nothing else."""
        try:
            result = order_file.read_order_file(
                data, name, limits or order_file.DEFAULT_LIMITS
            )
        except order_file.OrderFileError as error:
            self.assertIn(error.code, order_file.FILE_ERRORS)
            return
        self.assert_complete(result)
        self.assert_storable(result)

    def assert_storable(self, result):
        """PostgreSQL and the XLSX of the report take every text."""
        for row in result.rows:
            texts = row.article, row.quantity_raw, row.unit, row.name, row.note
            for text in texts:
                self.assertNotIn("\0", text)
                self.assertLessEqual(len(text), 1000)
                text.encode()
            if row.quantity is not None:
                self.assertGreater(row.quantity, 0)
                self.assertLessEqual(row.quantity, 10_000_000)

    @fuzz(120, head=st.sampled_from(MAGIC), tail=st.binary(max_size=600), name=names)
    def test_random_bytes(self, head, tail, name):
        self.survive(head + tail, name)

    @fuzz(120, head=st.sampled_from(MAGIC[-3:]), text=mess, code=st.booleans())
    def test_random_text_files(self, head, text, code):
        encoding = "utf-16" if code else "utf-8"
        self.survive(head + text.encode(encoding, "replace"), "a.csv", self.small)

    @fuzz(150, text=mess)
    def test_random_pastes(self, text):
        try:
            result = order_file.read_order_text(text, self.small)
        except order_file.OrderFileError as error:
            self.assertIn(error.code, order_file.FILE_ERRORS)
            return
        self.assert_complete(result)
        self.assert_storable(result)

    @fuzz(120, which=st.integers(0, 1), changes=mutations)
    def test_damaged_xls(self, which, changes):
        self.survive(mutate(self.xls[which], changes), "a.xls")

    @fuzz(60, which=st.integers(0, 1), changes=mutations)
    def test_damaged_zip(self, which, changes):
        self.survive(mutate(self.xlsx[which], changes))

    @fuzz(150, which=st.integers(0, 1), part=st.integers(0, 50), changes=mutations)
    def test_damaged_parts(self, which, part, changes):
        archive = zipfile.ZipFile(io.BytesIO(self.xlsx[which]))
        parts = {name: archive.read(name) for name in archive.namelist()}
        wanted = [name for name in parts if name.startswith(("xl/", "_rels"))]
        name = wanted[part % len(wanted)]
        parts[name] = mutate(parts[name], changes)
        self.survive(zip_bytes(parts, zipfile.ZIP_STORED))

    @fuzz(80, changes=mutations)
    def test_damaged_csv(self, changes):
        self.survive(mutate(self.csv, changes), "a.csv")


cells = st.one_of(
    st.just(""),
    st.sampled_from(["Артикул", "Кол-во", "Итого", "A-1", "12 шт", "1,000", "#REF!"]),
    st.integers(-5, 10**16),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=8),
)
grids = st.lists(st.lists(cells, max_size=5), min_size=1, max_size=12)
articles = st.from_regex(r"[A-Z]{2}[0-9]{3,6}(-[A-Z0-9]{1,4})?", fullmatch=True)
orders = st.lists(
    st.tuples(articles, st.integers(1, 99_999), st.sampled_from(["шт", "уп", "кг"])),
    min_size=2,
    max_size=12,
)


@tagged("post_install", "-at_install")
@unittest.skipUnless(HealthCheck, "hypothesis is not installed")
class TestTables(OrderFileCase):
    def read_if_order(self, data, name):
        try:
            self.read(data, name)  # checks the counts
        except order_file.OrderFileError as error:
            wanted = "no_columns", "no_rows", "empty", "not_a_spreadsheet"
            self.assertIn(error.code, wanted)

    @fuzz(60, rows=grids)
    def test_any_workbook(self, rows):
        self.read_if_order(workbook_xlsx(*rows), "a.xlsx")
        self.read_if_order(workbook_xls(*rows), "a.xls")

    @fuzz(80, rows=grids, delimiter=st.sampled_from(",;\t|"))
    def test_any_csv(self, rows, delimiter):
        text = "\n".join(delimiter.join(map(str, row)) for row in rows)
        self.read_if_order(text.encode("utf-8-sig"), "a.csv")

    @fuzz(
        80,
        order=orders,
        titles=st.integers(0, 4),
        gap=st.integers(0, 13),
        shuffle=st.permutations(range(4)),
        kind=st.sampled_from(["xlsx", "xls", *",;\t|"]),
        encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1251"]),
    )
    def test_an_order_comes_out_as_it_went_in(
        self, order, titles, gap, shuffle, kind, encoding
    ):
        head = "№", "Артикул", "Кол-во", "Ед."
        table = [[number, *line] for number, line in enumerate(order, 1)]
        rows = [[row[i] for i in shuffle] for row in [head, *table]]
        rows[1 + gap : 1 + gap] = [[""] * 4]
        rows.append(
            [("", "Итого", sum(line[1] for line in order), "")[i] for i in shuffle]
        )
        rows = [["Заявка на поставку товара", "", "", ""]] * titles + rows
        if kind == "xlsx":
            data = workbook_xlsx(*rows)
        elif kind == "xls":
            data = workbook_xls(*rows)
        else:
            text = "\r\n".join(kind.join(map(str, row)) for row in rows)
            data = text.encode(encoding)
        result = self.read(data, "order." + (kind if kind.isalpha() else "csv"))
        expected = [(article, str(qty), unit, None) for article, qty, unit in order]
        self.assertEqual(self.lines(result), expected)
        self.assertEqual(result.skipped[-1][1], "total")

    @fuzz(60, rows=st.lists(st.text('<>/cr="s1A vftis&;!-[]', max_size=30), max_size=6))
    def test_any_sheet_xml(self, rows):
        try:
            self.read(raw_xlsx("".join(rows)))
        except order_file.OrderFileError as error:
            self.assertIn(error.code, order_file.FILE_ERRORS)


@tagged("post_install", "-at_install")
@unittest.skipUnless(HealthCheck, "hypothesis is not installed")
class TestValues(OrderFileCase):
    @fuzz(300, text=mess)
    def test_any_text(self, text):
        article = order_file.normalise_article(text)
        self.assertEqual(order_file.normalise_article(article), article)
        value, unit, problem = order_file.parse_quantity(text)
        self.assertEqual(value is None, problem is not None)
        self.assertIsInstance(unit, str)

    @fuzz(
        300,
        number=st.decimals(0, 9_999_999, places=2),
        group=st.sampled_from(["", " ", "\u00a0", "\u202f", "'", "’", ".", ","]),
        mark=st.sampled_from(".,"),
        unit=st.sampled_from(["", "шт", " шт.", " кг"]),
    )
    def test_every_way_to_write_a_number(self, number, group, mark, unit):
        assume(group != mark and number)
        text = f"{number:,.2f}".replace(",", "\1").replace(".", mark)
        text = text.replace("\1", group) + unit
        expected = number, unit.strip(), None
        self.assertEqual(order_file.parse_quantity(text), expected)
