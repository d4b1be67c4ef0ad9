# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import B2bCommon
from .test_article_numbers import CodeMixin


@tagged("post_install", "-at_install")
class TestCodesInOrders(CodeMixin, B2bCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cart = cls._create_cart(cls.buyer)
        cls.imports = cls.env["b2b.cart.import"].with_user(cls.buyer.user_id)

    def _run(self, text):
        return self.imports._run_text(self.cart, text)

    def test_an_order_by_own_numbers(self):
        run = self._run("n001;24\nA-77;200\nS-555;10\nBLT-M8;1")
        self.assertEqual(
            run.line_ids.mapped("product_id.default_code"), ["BLT-M8", "NUT-M8"]
        )
        self.assertEqual(
            run.line_ids.mapped("outcome"), ["added", "added", "rejected", "changed"]
        )
        self.assertEqual(run.line_ids[2].reasons, "unknown_article")
        self.assertEqual(run.line_ids.code_id, self.whole | self.own)
        self.assertEqual((self.whole.uses, self.own.uses), (1, 1))
        self.assertTrue(self.own.used_at)
        self.assertFalse(self.foreign.uses)

    def test_the_unit_of_a_number(self):
        self.whole.uom_id = self.box
        run = self._run("N-001;2\nN-001;3;шт\nN-001;1;кор")
        self.assertEqual(run.line_ids.uom_id, self.box | self.bolt.uom_id)
        self.assertEqual(run.line_ids[0].uom_id, self.box)
        self.assertEqual(run.line_ids[1].uom_id, self.bolt.uom_id)

    def test_our_article_of_other_goods_asks(self):
        clash = self._create_code(self.north, "NUT-M8", self.bolt)
        run = self._run("NUT-M8;100")
        self.assertEqual(run.line_ids.reasons, "own_article_clash")
        self.assertFalse(self.cart.order_line)
        self.assertTrue(run.line_ids._get_text())
        line = run.line_ids
        line._b2b_choose_goods(self.bolt)
        # the buyer may not change what holds for the whole account
        code = line._b2b_learn(self.bolt)
        self.assertEqual((code.entity_id, code.clash), (self.north_a, "own"))
        self.assertEqual(clash.clash, "ask")
        self.assertEqual(self.cart.order_line.product_id, self.bolt)
        run = self._run("NUT-M8;100")
        self.assertEqual(run.line_ids.product_id, self.bolt)

    def test_our_article_may_be_meant(self):
        clash = self._create_code(
            self.north, "NUT-M8", self.bolt, entity_id=self.north_a.id
        )
        line = self._run("NUT-M8;100").line_ids
        self.assertEqual(line._b2b_learn(self.nut), clash)
        self.assertEqual((clash.clash, clash.product_id), ("seller", self.bolt))
        self.assertEqual(self._run("NUT-M8;100").line_ids.product_id, self.nut)

    def test_the_same_goods_ask_nothing(self):
        self._create_code(self.north, "BLT-M8", self.bolt)
        self.assertEqual(self._run("BLT-M8;10").line_ids.outcome, "added")

    def test_goods_no_longer_sold(self):
        self.bolt.is_published = False
        self.assertEqual(self._run("N-001;10").line_ids.reasons, "not_sold")

    def test_a_role_without_the_right_finds_nothing(self):
        permission = self.env.ref("b2b_portal.permission_buyer_customer_code_read")
        permission.unlink()
        self.assertEqual(self._run("N-001;10").line_ids.reasons, "unknown_article")

    # === CHOICE === #

    def test_choose_and_learn(self):
        run = self._run("Z 1;24\nBLT-M8;10")
        line = run.line_ids[0]
        wish = line._b2b_choose_goods(self.bolt)
        self.assertEqual(wish.outcome, "added")
        self.assertEqual((run.count_added, run.count_rejected), (2, 0))
        self.assertEqual(self.cart.order_line.product_uom_qty, 34)
        code = line._b2b_learn(self.bolt)
        self.assertEqual(code.entity_id, self.north_a, "a buyer: for the own entity")
        self.assertEqual(code.source, "learned")
        self.assertEqual(self._run("z-1;5").line_ids.product_id, self.bolt)
        code.active = False
        self.assertEqual(self._run("z-1;5").line_ids.outcome, "rejected")

    def test_learn_anew(self):
        line = self._run("Z1;24").line_ids
        code = line._b2b_learn(self.bolt)
        self.assertEqual(line._b2b_learn(self.nut), code)
        self.assertEqual(code.product_id, self.nut)

    def test_nothing_to_learn(self):
        line = self._run("Z1;24").line_ids
        line.article = "BLT-M8"
        self.assertFalse(line._b2b_learn(self.bolt), "our own article")
        line.article = "4,6E+12"
        self.assertFalse(line._b2b_learn(self.bolt), "what Excel made of a number")
        line.article = "x" * 65
        self.assertFalse(line._b2b_learn(self.bolt))
        self.env["b2b.permission"].search(
            [("object", "=", "customer_code"), ("verb", "=", "create")]
        ).unlink()
        line.article = "Z1"
        self.assertFalse(line._b2b_learn(self.bolt), "no right")

    def test_head_learns_for_the_whole_account(self):
        cart = self._create_cart(self.head)
        imports = self.env["b2b.cart.import"].with_user(self.head.user_id)
        line = imports._run_text(cart, "Z1;24").line_ids
        self.assertFalse(line._b2b_learn(self.bolt).entity_id)

    def test_a_choice_obeys_units_and_steps(self):
        line = self._run("Z1;150").line_ids
        wish = line._b2b_choose_goods(self.nut)
        self.assertEqual((wish.outcome, line.quantity), ("changed", 200))
        line = self._run("Z2;1;паллета").line_ids
        self.assertEqual(line._b2b_choose_goods(self.nut).outcome, "rejected")
        self.assertEqual(line.reasons, "wrong_unit")

    # === PAPERS === #

    def test_the_line_keeps_the_number(self):
        self._run("N-001;24\nNUT-M8;100")
        lines = self.cart.order_line
        self.assertEqual(lines.mapped("b2b_customer_code"), ["N-001", "A 77"])
        self.own.code = "B 88"
        self.whole.active = False
        self.assertEqual(lines.mapped("b2b_customer_code"), ["N-001", "A 77"])
        lines[0].product_id = self.nut
        self.assertEqual(lines[0].b2b_customer_code, "B 88")

    def test_the_typed_one_of_several(self):
        self._create_code(self.north, "N-OLD", self.bolt)
        self._run("N-001;24")
        self.assertEqual(self.cart.order_line.b2b_customer_code, "N-001")

    def test_papers_print_it(self):
        self._run("N-001;24\nNUT-M8;100")
        self.own.active = False
        self.cart._b2b_submit()
        order = self.cart.with_user(self.env.user)
        self.assertEqual(order.state, "sale")
        codes = [row["own_code"] for row in order._b2b_print_rows()]
        self.assertEqual(codes, ["N-001", "A 77"])
        picking = order.picking_ids
        self.assertEqual(
            sorted(row["own_code"] for row in picking._b2b_print_rows()),
            ["A 77", "N-001"],
        )
        invoice = order._create_invoices() if order._get_invoiceable_lines() else None
        if invoice:
            self.assertIn("N-001", [r["own_code"] for r in invoice._b2b_print_rows()])
        html = self.env["ir.actions.report"]._render_qweb_html(
            "b2b_portal.report_proforma_document", order.ids
        )[0]
        self.assertIn(b"N-001", html)
        plain = order._b2b_print_row_height({"name": "x"}, 7)
        coded = order._b2b_print_row_height({"name": "x", "own_code": "N-001"}, 7)
        self.assertGreater(coded, plain)

    def test_queries_of_a_run_do_not_grow(self):
        counts = []
        for size in (5, 60):
            cart = self._create_cart(self.buyer)
            goods = [self._create_product(f"R{size}-{i}", 1) for i in range(size)]
            for product in goods:
                self._create_code(self.north, f"OWN-{product.default_code}", product)
            text = "\n".join(f"OWN-{p.default_code};1" for p in goods)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run = self.imports._run_text(cart, text)
            self.env.flush_all()
            self.assertEqual(run.count_added, size)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 12, counts)
