# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.b2b_cart_import import OUTCOMES
from ..tools.order_file import PROBLEMS, SKIP_REASONS, OrderFileError
from ..tools.order_file.common import FILE_ERRORS
from .common import B2bCommon


@tagged("post_install", "-at_install")
class TestCartImport(B2bCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cart = cls._create_cart(cls.buyer)
        cls.imports = cls.env["b2b.cart.import"].with_user(cls.buyer.user_id)

    def _run(self, text):
        run = self.imports._run_text(self.cart, text)
        counts = sum(run[f"count_{code}"] for code, _label in OUTCOMES)
        self.assertEqual(run.count_read, counts, "read = added + changed + ...")
        self.assertEqual(len(run.line_ids), counts)
        return run

    def test_every_line_says_what_became_of_it(self):
        run = self._run(
            "BLT-M8;10\nblt-m8;2;кор\nNUT-M8;150\nNOPE-1;3\nBLT-M8;0\nBLT-M8;1;паллета"
        )
        outcomes = run.line_ids.mapped("outcome")
        self.assertEqual(
            outcomes, ["added", "added", "changed", "rejected", "rejected", "rejected"]
        )
        self.assertEqual(
            run.line_ids.mapped("reasons"),
            ["", "", "multiple", "unknown_article", "zero_quantity", "wrong_unit"],
        )
        quantities = {
            (line.product_id, line.product_uom_id): line.product_uom_qty
            for line in self.cart.order_line
        }
        unit = self.bolt.uom_id
        self.assertEqual(
            quantities,
            {(self.bolt, unit): 10, (self.bolt, self.box): 2, (self.nut, unit): 200},
        )
        for line in run.line_ids.filtered("reasons"):
            self.assertTrue(line._get_text())

    def test_duplicates_add_up(self):
        run = self._run("BLT-M8;3\nBLT-M8;4")
        self.assertEqual(self.cart.order_line.product_uom_qty, 7)
        self.assertEqual(run.line_ids[1].reasons, "merged")

    def test_barcode_and_packaging_barcode(self):
        self.bolt.barcode = "4600000000017"
        self.env["product.uom"].create(
            {
                "product_id": self.bolt.id,
                "uom_id": self.box.id,
                "barcode": "4600000000024",
            }
        )
        self._run("4600000000017;5\n4600000000024;1")
        units = {
            line.product_uom_id: line.product_uom_qty for line in self.cart.order_line
        }
        self.assertEqual(units, {self.bolt.uom_id: 5, self.box: 1})

    def test_stock_is_shared_by_the_lines(self):
        self.bolt.allow_out_of_stock_order = False
        location = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.bolt, location, 30)
        run = self._run("BLT-M8;20\nBLT-M8;1;кор\nBLT-M8;20")
        self.assertEqual(
            run.line_ids.mapped("reasons"), ["", "no_stock", "stock,merged"]
        )
        self.assertEqual(self.cart.order_line.product_uom_qty, 30)

    def test_unpublished_is_rejected(self):
        self.bolt.is_published = False
        self.assertEqual(self._run("BLT-M8;1").line_ids.reasons, "not_sold")
        self.assertFalse(self.cart.order_line)

    def test_refused_file_leaves_no_trace(self):
        for data in (b"", b"%PDF-1.4 nothing", b"\x00" * 2000):
            with self.assertRaises(UserError):
                self.imports._run_file(self.cart, data, "order.xlsx")
        self.assertFalse(self.cart.order_line)
        self.assertFalse(self.env["b2b.cart.import"].search_count([]))

    def test_foreign_cart_is_refused(self):
        imports = self.env["b2b.cart.import"].with_user(self.buyer2.user_id)
        with self.assertRaises(AccessError):
            imports._run_text(self.cart.with_user(self.buyer2.user_id).sudo(), "A;1")

    def test_queries_do_not_grow_with_the_lines(self):
        for number in range(120):
            self._create_product(f"Q-{number}", number + 1)

        def count(lines):
            cart = self._create_cart(self.buyer)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            text = "\n".join(f"Q-{number};2" for number in range(lines))
            self.imports._run_text(cart, text)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(5)
        few, many = count(20), count(120)
        self.assertLessEqual(many - few, 5)

    def test_every_code_has_words(self):
        texts = self.imports.line_ids._get_reason_texts()
        self.assertLessEqual(set(PROBLEMS) | set(SKIP_REASONS), texts.keys())
        for code in FILE_ERRORS:
            self.assertTrue(self.imports._get_file_error_text(OrderFileError(code)))
