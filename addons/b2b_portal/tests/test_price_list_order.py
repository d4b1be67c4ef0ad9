# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io

import openpyxl

from odoo.tests import tagged

from .common import B2bCommon
from .test_price_list import PriceListMixin

HEAD = 5


@tagged("post_install", "-at_install")
class TestPriceListOrder(PriceListMixin, B2bCommon):
    """A price list comes back as an order, whatever was done to it in between."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.screws = [cls._create_product(f"SCR-{n}", 2.0 + n) for n in range(6)]
        for product in cls.screws:
            product.public_categ_ids = cls.tools
        # an article of digits, as Excel likes to spoil it
        cls.washer = cls._create_product("000123", 1.5)
        cls.washer.public_categ_ids = cls.tools

    def _open(self, **values):
        data, task = self._write("xlsx", **values)
        self.book = openpyxl.load_workbook(io.BytesIO(data))
        self.sheet = self.book.active
        self.places = {c.code: n for n, c in enumerate(task.columns, start=1)}
        return self.sheet

    def _cell(self, row, code):
        return self.sheet.cell(row, self.places[code])

    def _find(self, article):
        for row in range(HEAD + 1, self.sheet.max_row + 1):
            if self._cell(row, "article").value == article:
                return row
        raise AssertionError(article)

    def _fill(self, **quantities):
        for article, quantity in quantities.items():
            row = self._find(article.replace("_", "-"))
            self._cell(row, "order").value = quantity

    def _order(self):
        """Upload the workbook: (cart, run)."""
        target = io.BytesIO()
        self.book.save(target)
        cart = self._create_cart(self.buyer)
        run = self.env["b2b.cart.import"]._run_file(
            cart, target.getvalue(), "price.xlsx"
        )
        self.assertEqual(
            run.count_read,
            run.count_added
            + run.count_changed
            + run.count_rejected
            + run.count_skipped,
        )
        return cart, run

    def _lines(self, cart):
        return {
            line.product_id.default_code: (
                line.product_uom_qty,
                line.product_uom_id,
                line.price_unit,
            )
            for line in cart.order_line
        }

    def _reasons(self, run):
        return {line.article: line.reasons for line in run.line_ids if line.reasons}

    def test_filled_in_as_it_is(self):
        self._open()
        self._fill(SCR_1=7, NUT_M8=300)
        self._cell(self._find("000123"), "order").value = 4
        # the formulas of the sums are still there, without values
        self.assertTrue(str(self._cell(HEAD + 1, "sum").value).startswith("=IF("))
        cart, run = self._order()
        unit = self.bolt.uom_id
        self.assertEqual(
            self._lines(cart),
            {
                "SCR-1": (7, unit, 2.7),
                "NUT-M8": (300, unit, 3.6),
                "000123": (4, unit, 1.35),
            },
        )
        # the rows without a quantity were no order, and nobody is told of each
        self.assertEqual(run.count_added, 3)
        told = run.line_ids.filtered(lambda line: line.outcome != "skipped")
        self.assertEqual(len(told), 3)
        # the head, no more
        self.assertLessEqual(len(run.line_ids), 3 + HEAD)

    def test_texts_in_the_column(self):
        self._open()
        self._fill(
            SCR_0="5",
            SCR_1="12 шт",
            SCR_2="1 000",
            SCR_3="много",
            SCR_4="-5",
            SCR_5=0,
            BLT_M8="2,5 x",
        )
        cart, run = self._order()
        lines = {code: line[0] for code, line in self._lines(cart).items()}
        self.assertEqual((lines["SCR-0"], lines["SCR-2"]), (5, 1000))
        self.assertFalse({"SCR-3", "SCR-4", "SCR-5"} & set(lines))
        reasons = self._reasons(run)
        self.assertLessEqual({"SCR-3", "SCR-4"}, set(reasons))
        # each row was either ordered or has a reason
        self.assertTrue(lines.get("SCR-1") == 12 or reasons.get("SCR-1"))

    def test_prices_that_the_customer_changed(self):
        self._open()
        self._fill(SAW_1=2)
        row = self._find("SAW-1")
        for code in ("price", "retail"):
            self._cell(row, code).value = 0.01
        self._cell(row, "sum").value = 0.02
        cart, _run = self._order()
        self.assertEqual(self._lines(cart)["SAW-1"][2], 1111.05)

    def test_sorted_and_rows_deleted(self):
        """As Excel sorts: values move, formulas are written anew for their row."""
        self._open()
        self._fill(SCR_1=7, SCR_4=3, NUT_M8=100)
        sheet = self.sheet
        last = sheet.max_row
        rows = [
            [sheet.cell(row, n).value for n in range(1, sheet.max_column + 1)]
            for row in range(HEAD + 1, last + 1)
        ]
        price = self.places["price"] - 1
        rows.sort(key=lambda row: -row[price])
        for number, row in enumerate(rows, start=HEAD + 1):
            for place, value in enumerate(row, start=1):
                sheet.cell(number, place).value = value
        sheet.delete_rows(self._find("SCR-2"))
        sheet.delete_rows(self._find("BLT-M8"))
        cart, run = self._order()
        lines = {code: line[0] for code, line in self._lines(cart).items()}
        self.assertEqual(lines, {"SCR-1": 7, "SCR-4": 3, "NUT-M8": 100})
        self.assertEqual(run.count_rejected, 0)

    def test_head_cut_off_and_columns_moved(self):
        self._open()
        self._fill(SCR_1=7)
        self.sheet.delete_rows(1, HEAD - 1)
        self.sheet.move_range(
            f"A1:A{self.sheet.max_row}", cols=self.sheet.max_column + 1
        )
        cart, _run = self._order()
        self.assertEqual(self._lines(cart)["SCR-1"][0], 7)

    def test_a_quantity_by_a_formula_without_a_value(self):
        """What no program has worked out is asked about, never guessed."""
        self._open()
        self._fill(SCR_1="=2+3", SCR_2=4)
        cart, run = self._order()
        self.assertEqual(set(self._lines(cart)), {"SCR-2"})
        self.assertIn("SCR-1", self._reasons(run))

    def test_the_unit_of_the_row(self):
        self._open()
        row = self._find("BLT-M8")
        self._cell(row, "order").value = 2
        self._cell(row, "unit").value = self.box.name
        cart, _run = self._order()
        self.assertEqual(self._lines(cart)["BLT-M8"][:2], (2, self.box))

    def test_own_numbers(self):
        columns = ("article", "own_article", "name", "unit", "price")
        self.env["b2b.customer.code"].create(
            {
                "account_id": self.north.id,
                "code": "ОУР-77",
                "product_id": self.saw.id,
            }
        )
        self._open(columns=columns)
        row = self._find("SAW-1")
        self.assertEqual(self._cell(row, "own_article").value, "ОУР-77")
        self._cell(row, "order").value = 1
        cart, _run = self._order()
        self.assertEqual(set(self._lines(cart)), {"SAW-1"})
        # for nobody else, and not for a role that may not see them
        foreign = self._create_agreement(self.south_a)
        self.env.ref("b2b_portal.permission_buyer_customer_code_read").unlink()
        for member, agreement in (
            (self.stranger, foreign),
            (self.buyer, self.agreement),
        ):
            _lists, task = self._make(member, agreement, columns=columns)
            codes = [column.code for column in task.columns]
            self.assertNotIn("own_article", codes)
