# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import re
import zipfile

import openpyxl

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from odoo.addons.b2b_portal.tests.common import find_ragged_rows

FOLDER = "b2b_portal/demo/order_files"
SUMMARY = re.compile(
    r"(\d+) rows, (\d+) order lines: (\d+) added, (\d+) added with a correction, "
    r"(\d+) rejected; (\d+) rows that are no order lines"
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_expectations():
    """What order_files/README.md promises.

    :return: dict file -> (six counts, dict row -> (outcome, reason))
    """
    with file_open(f"{FOLDER}/README.md") as readme:
        sections = readme.read().split("\n## ")[1:]
    expected = {}
    for section in sections:
        rows = {}
        for line in section.splitlines():
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) > 6 and cells[1].isdigit():
                rows[int(cells[1])] = (cells[5], cells[6])
        counts = tuple(int(count) for count in SUMMARY.search(section).groups())
        expected[section.splitlines()[0].strip()] = (counts, rows)
    return expected


class OrderFilesCase(HttpCase):
    def setUp(self):
        super().setUp()
        self.agreement = self.env.ref("b2b_portal.agreement_north_dealer_demo")
        login = "buyer@north.example"
        self.authenticate(login, login)
        self._post("/b2b/agreement", {"agreement_id": self.agreement.id})

    def _post(self, url, data, files=None):
        data = data | {"csrf_token": Request.csrf_token(self)}
        return self.url_open(url, data=data, files=files, timeout=120)

    def _upload(self, name, data, cart_id=0):
        return self._post(
            "/shop/quick-order/run", {"cart_id": cart_id}, {"file": (name, data)}
        )

    def _get_runs(self):
        return self.env["b2b.cart.import"].search([])


@tagged("post_install", "-at_install")
class TestDemoOrderFiles(OrderFilesCase):
    """The demo files through the page: each row ends as the README says."""

    def _run(self, name):
        with file_open(f"{FOLDER}/{name}", "rb") as file:
            data = file.read()
        before = self._get_runs()
        response = self._upload(name, data)
        self.assertEqual(response.status_code, 200, response.text[-2000:])
        run = self._get_runs() - before
        self.assertEqual(len(run), 1, response.text[-2000:])
        self.assertTrue(response.url.endswith(f"/shop/quick-order/{run.id}"))
        return run, response.text

    def _check(self, name):
        (read, goods, *counts, skipped), rows = read_expectations()[name]
        run, page = self._run(name)
        outcomes = {
            line.row: (line.outcome, line.reasons or "") for line in run.line_ids
        }
        expected = {row: rows.get(row, ("added", "")) for row in range(1, read + 1)}
        self.assertEqual(outcomes, expected)
        self.assertEqual(
            (run.count_read, run.count_skipped), (read, skipped), "rows are counted"
        )
        self.assertEqual(
            [run.count_added, run.count_changed, run.count_rejected], counts
        )
        self.assertEqual(goods, sum(counts))
        self.assertEqual(page.count('data-outcome="'), read)
        self.assertEqual(find_ragged_rows(page), [])
        self.assertEqual(run.order_id.b2b_agreement_id, self.agreement)
        taken = {}
        for line in run.line_ids:
            if line.outcome in ("added", "changed"):
                key = (line.product_id, line.uom_id)
                taken[key] = taken.get(key, 0) + line.quantity
        in_cart = {
            (line.product_id, line.product_uom_id): line.product_uom_qty
            for line in run.order_id.order_line
        }
        self.assertEqual(in_cart, taken, "the cart holds what the page says")
        return run

    def test_xlsx_with_the_usual_mess(self):
        run = self._check("zakaz_severny_veter.xlsx")
        unpriced = run.line_ids.filtered(lambda line: line.reasons == "no_price")
        checks = {check["code"] for check in run.order_id._b2b_get_checks()}
        self.assertIn("no_price", checks)
        run.order_id.order_line.filtered(
            lambda line: line.product_id == unpriced.product_id
        ).unlink()
        checks = {check["code"] for check in run.order_id._b2b_get_checks()}
        self.assertNotIn("no_price", checks)

    def test_xls(self):
        self._check("zakaz_severny_veter.xls")

    def test_csv_in_cp1251(self):
        self._check("zakaz_cp1251.csv")

    def test_a_thousand_lines(self):
        run = self._check("zakaz_1000.xlsx")
        self.assertEqual(len(run.order_id.order_line), 1000)
        response = self.url_open(f"/shop/quick-order/{run.id}/xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        self.assertEqual(sheet.max_row, 1 + run.count_read)


@tagged("post_install", "-at_install")
class TestBadFiles(OrderFilesCase):
    """A bad file through the page: a clear message, and no trace."""

    def _workbook(self, rows):
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    def _bomb(self):
        buffer = io.BytesIO(self._workbook([("Артикул", "Кол-во")]))
        with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/image1.png", bytes(300_000_000))
        return buffer.getvalue()

    def _get_traces(self):
        return (
            self.env["sale.order"].search_count([]),
            self.env["sale.order.line"].search_count([]),
            self.env["b2b.cart.import"].search_count([]),
            self.env["ir.attachment"].search_count([("res_model", "=", "sale.order")]),
        )

    def _assert_refused(self, name, data, words):
        before = self._get_traces()
        response = self._upload(name, data)
        self.assertEqual(response.status_code, 200, response.text[-2000:])
        alert = re.search(r'role="alert"[^>]*>(.*?)</div>', response.text, re.S)
        self.assertTrue(alert, response.text[-3000:])
        self.assertIn(words, alert.group(1))
        self.assertEqual(self._get_traces(), before)

    def test_what_is_no_order(self):
        with file_open("b2b_portal/tests/files/encrypted.xlsx", "rb") as file:
            encrypted = file.read()
        jpeg = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 20
        many = "Артикул;Кол-во\r\n" + "BLT-933-M8X40-ZN;100\r\n" * 100_000
        cases = (
            ("zakaz.xlsx", b"", "пуст"),
            ("zakaz.xlsx", jpeg, "не соответствует"),
            ("zakaz.xlsx", encrypted, "парол"),
            ("zakaz.csv", b"\x00" * 5000, "пуст"),
            ("zakaz.xls", OLE + bytes(4000), "поврежд"),
            ("zakaz.xlsx", self._bomb(), "256"),
            ("zakaz.csv", many.encode("cp1251"), "5000"),
        )
        for name, data, words in cases:
            with self.subTest(name=name, words=words):
                self._assert_refused(name, data, words)

    def test_a_hundred_thousand_rows(self):
        rows = [("Артикул", "Кол-во"), *[("BLT-933-M8X40-ZN", 100)] * 100_000]
        self._assert_refused("zakaz.xlsx", self._workbook(rows), "5000")

    def test_fifty_megabytes(self):
        self._assert_refused("zakaz.csv", b"BLT;1\r\n" * 7_500_000, "10 МБ")

    def test_wrong_extension_and_macros_do_not_matter(self):
        """The content decides, and macros are never looked at."""
        rows = [("Артикул", "Кол-во"), ("BLT-933-M8X40-ZN", 100)]
        buffer = io.BytesIO(self._workbook(rows))
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("xl/vbaProject.bin", OLE + bytes(4000))
        for name in ("zakaz.xlsm", "zakaz.xls", "zakaz.csv"):
            before = self._get_runs()
            self._upload(name, buffer.getvalue())
            run = self._get_runs() - before
            self.assertEqual(run.count_added, 1, name)

    def test_a_formula_counts_by_its_saved_result(self):
        rows = [
            ("Артикул", "Кол-во"),
            ("BLT-933-M8X40-ZN", "=10*10"),
            ("BLT-933-M8X50-ZN", 100),
        ]
        before = self._get_runs()
        self._upload("zakaz.xlsx", self._workbook(rows))
        run = self._get_runs() - before
        reasons = run.line_ids.mapped("reasons")
        self.assertEqual(reasons, ["header", "formula_without_value", ""])

    def test_a_refused_file_leaves_the_chosen_cart_alone(self):
        cart = self.env.ref("b2b_portal.cart_parnas_demo")
        lines = cart.order_line.mapped(lambda line: (line.id, line.product_uom_qty))
        response = self._upload("zakaz.xlsx", b"", cart_id=cart.id)
        self.assertIn('role="alert"', response.text)
        cart.invalidate_recordset()
        self.assertEqual(
            cart.order_line.mapped(lambda line: (line.id, line.product_uom_qty)), lines
        )
