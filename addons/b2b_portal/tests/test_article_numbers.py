# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io

import openpyxl
import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.b2b_customer_code_import import OUTCOMES
from ..tools.code_file import MAX_ROWS, article_keys, read_code_file
from ..tools.order_file import OrderFileError
from .common import B2bCommon


class CodeMixin:
    """Own numbers of both customers for the same goods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.whole = cls._create_code(cls.north, "N-001", cls.bolt)
        cls.own = cls._create_code(cls.north, "A 77", cls.nut, entity_id=cls.north_a.id)
        cls.foreign = cls._create_code(cls.south, "S-555", cls.bolt)

    @classmethod
    def _create_code(cls, account, code, product, **values):
        return cls.env["b2b.customer.code"].create(
            {"account_id": account.id, "code": code, "product_id": product.id} | values
        )

    def _make_csv(self, *rows, head="Own article;Seller's article;Own name;Unit"):
        return "\n".join([head, *(";".join(row) for row in rows)]).encode()

    def _import(self, data, member=None, entity=None, filename="codes.csv"):
        codes = self.env["b2b.customer.code"]
        codes = codes.with_user((member or self.head).user_id)
        account = (member or self.head).account_id.with_user(codes.env.user).sudo()
        entity = self.env["res.partner"].sudo() if entity is None else entity
        rows = codes._b2b_import(account, data, filename, entity)
        outcomes = [row.outcome for row in rows]
        counts = {outcome: outcomes.count(outcome) for outcome in OUTCOMES}
        self.assertEqual(sum(counts.values()), len(rows))
        return rows, counts


@tagged("post_install", "-at_install")
class TestArticleNumbers(CodeMixin, B2bCommon):
    # === COMPARING === #

    def test_keys(self):
        for text, keys in (
            ("ab-12 3", ("AB-12 3", "AB123")),
            ("\u00a0ab\u201012", ("AB\u201012", "AB12")),
            ("'00123", ("00123", "00123")),
            ("--", ("--", "--")),
            ("", ("", "")),
        ):
            self.assertEqual(article_keys(text), keys, text)

    def test_one_number_once_for_each_buyer(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._create_code(self.north, "n-001", self.nut)
        self._create_code(self.north, "N-001", self.nut, entity_id=self.north_a.id)
        self._create_code(self.south, "N-001", self.nut)
        self.whole.active = False
        self.whole.flush_recordset()
        self._create_code(self.north, "N-001", self.nut)

    def test_refused_values(self):
        for values in (
            {"code": " "},
            {"code": "x" * 65},
            {"entity_id": self.south_a.id},
            {"uom_id": self.env.ref("uom.product_uom_kgm").id},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.whole.write(values)

    # === FINDING === #

    def _find(self, text, entity=None, account=None):
        account = account or self.north
        found = account._b2b_find_codes([text], entity or self.north_a)
        return found.get(text, self.whole.browse()).product_id

    def test_find(self):
        self.assertEqual(self._find("n001"), self.bolt)
        self.assertEqual(self._find(" N-001 "), self.bolt)
        self.assertEqual(self._find("a77"), self.nut)
        self.assertFalse(self._find("A 77", self.north_b), "of another legal entity")
        self.assertFalse(self._find("S-555"), "of another account")
        self.assertFalse(self._find("N-00"))

    def test_exact_goes_before_loose(self):
        self._create_code(self.north, "N-00-1", self.nut)
        self.assertEqual(self._find("N-001"), self.bolt)
        self.assertEqual(self._find("N-00-1"), self.nut)
        self.assertEqual(self._find("N001"), self.bolt | self.nut)

    def test_the_entity_goes_before_the_account(self):
        self._create_code(self.north, "N-001", self.nut, entity_id=self.north_a.id)
        self.assertEqual(self._find("N-001"), self.nut)
        self.assertEqual(self._find("N-001", self.north_b), self.bolt)
        codes = self.north._b2b_get_customer_codes
        self._create_code(self.north, "B-1", self.bolt, entity_id=self.north_b.id)
        self.assertEqual(codes(self.bolt, self.north_a), {self.bolt.id: "N-001"})
        self.assertEqual(codes(self.bolt, self.north_b), {self.bolt.id: "B-1"})

    def test_a_learned_number_names_no_goods_that_have_another(self):
        self._create_code(self.north, "typo", self.bolt, source="learned")
        found = self.north._b2b_get_customer_codes(self.bolt | self.nut, self.north_a)
        self.assertEqual(found, {self.bolt.id: "N-001", self.nut.id: "A 77"})

    def test_queries_do_not_grow(self):
        counts = []
        for number in (2, 1, 60):
            products = self.env["product.product"].union(
                *(self._create_product(f"Q{number}-{i}", 1) for i in range(number))
            )
            for product in products:
                self._create_code(self.north, f"C-{product.default_code}", product)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self.north._b2b_get_customer_codes(products, self.north_a)
            self.assertEqual(len(found), number)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    # === SCOPE === #

    def test_who_sees_what(self):
        codes = self.env["b2b.customer.code"]
        for member, seen in (
            (self.head, self.whole | self.own),
            (self.buyer, self.whole | self.own),
            (self.accountant, self.whole | self.own),
            (self.stranger, self.foreign),
        ):
            there = codes.with_user(member.user_id)
            domain = [("id", "in", (self.whole | self.own | self.foreign).ids)]
            self.assertEqual(there.search(domain), seen)
        self.buyer.entity_ids = self.north_b
        there = codes.with_user(self.buyer.user_id)
        self.assertEqual(there.search([("account_id", "=", self.north.id)]), self.whole)
        with self.assertRaises(AccessError):
            codes.with_user(self.retail_user).search([])

    def test_who_changes_what(self):
        for member, verb, seen in (
            (self.head, "write", self.whole | self.own),
            (self.buyer, "write", self.own),
            (self.buyer, "delete", self.own),
            (self.accountant, "write", self.whole.browse()),
            (self.stranger, "write", self.foreign),
        ):
            codes = (self.whole | self.own | self.foreign).with_user(member.user_id)
            self.assertEqual(codes._b2b_filtered(verb), seen, (member.name, verb))
        with self.assertRaises(AccessError):
            self.own.with_user(self.head.user_id).write({"code": "x"})

    # === TABLES === #

    def test_import(self):
        data = self._make_csv(
            ("N-1", "BLT-M8", "Bolt of ours", "кор"),
            ("n-001", "BLT-M8", "", ""),
            ("N-001 ", "BLT-M8", "", ""),
            ("N-2", "NOPE", "", ""),
            ("", "BLT-M8", "", ""),
            ("N-3", "", "", ""),
            ("N-4", "NUT-M8", "", "кор"),
            ("x" * 65, "NUT-M8", "", ""),
            ("A 77", "NUT-M8", "Nut", ""),
        )
        rows, counts = self._import(data)
        self.assertEqual(
            counts, {"added": 2, "changed": 0, "unchanged": 1, "rejected": 6}
        )
        for row in rows:
            self.assertEqual(bool(row.text), row.outcome == "rejected", row)
        self.assertEqual([row.row for row in rows], list(range(2, 11)))
        added = self.north.code_ids.filtered(lambda c: c.code == "N-1")
        self.assertEqual(added.uom_id, self.box)
        self.assertEqual(added.source, "import")
        _rows, counts = self._import(data)
        self.assertEqual(counts["added"] + counts["changed"], 0, "once more: nothing")

    def test_import_changes(self):
        self.whole.name = "Keep me"
        rows, counts = self._import(self._make_csv(("N-001", "NUT-M8", "", "")))
        self.assertEqual(counts["changed"], 1, rows)
        self.assertEqual(self.whole.product_id, self.nut)
        self.assertEqual(self.whole.product_tmpl_id, self.nut.product_tmpl_id)
        self.assertEqual(self.whole.name, "Keep me")

    def test_import_keeps_no_unit_of_other_goods(self):
        self.whole.uom_id = self.box
        _rows, counts = self._import(self._make_csv(("N-001", "NUT-M8", "", "")))
        self.assertEqual(counts["rejected"], 1)
        self.assertEqual(self.whole.product_id, self.bolt)

    def test_import_names_legal_entities(self):
        head = "Own article;Seller's article;Legal entity"
        data = self._make_csv(
            ("N-1", "BLT-M8", self.north_a.name),
            ("N-1", "BLT-M8", self.north_b.name),
            ("N-1", "BLT-M8", self.south_a.name),
            head=head,
        )
        _rows, counts = self._import(data)
        self.assertEqual((counts["added"], counts["rejected"]), (2, 1))
        _rows, counts = self._import(data, self.buyer, self.north_a)
        self.assertEqual((counts["unchanged"], counts["rejected"]), (1, 2))

    def test_import_obeys_rights(self):
        data = self._make_csv(("N-001", "NUT-M8", "", ""), ("N-9", "NUT-M8", "", ""))
        _rows, counts = self._import(data, self.buyer)
        self.assertEqual(counts["rejected"], 2, "for the whole account")
        _rows, counts = self._import(data, self.buyer, self.north_a)
        self.assertEqual(counts["added"], 2, "for the buyer's own legal entity")
        self.assertEqual(self.whole.product_id, self.bolt)

    def test_import_finds_no_hidden_goods(self):
        self.nut.is_published = False
        _rows, counts = self._import(self._make_csv(("N-9", "NUT-M8", "", "")))
        self.assertEqual(counts["rejected"], 1)

    def test_import_says_what_excel_has_done(self):
        book = openpyxl.Workbook()
        book.active.append(["Свой артикул", "Артикул поставщика"])
        book.active.append([4607e9, "BLT-M8"])
        book.active.append(["4,6E+12", "BLT-M8"])
        book.active.append(["=1+1", "BLT-M8"])
        buffer = io.BytesIO()
        book.save(buffer)
        rows, counts = self._import(buffer.getvalue(), filename="codes.xlsx")
        self.assertEqual((counts["added"], counts["rejected"]), (1, 2), rows)
        self.assertTrue(
            self.north.code_ids.filtered(lambda c: c.code == "4607000000000")
        )

    def test_files_that_are_refused(self):
        many = "Own article;Article\n" + "1;2\n" * (MAX_ROWS + 1)
        for data, code in (
            (b"", "empty"),
            (b"a;b\n1;2", "no_columns"),
            (b"Own article;Article", "no_rows"),
            (many.encode(), "too_many_rows"),
        ):
            with self.assertRaises(OrderFileError) as caught:
                read_code_file(data, "x.csv")
            self.assertEqual(caught.exception.code, code)
            with self.assertRaises(UserError):
                self._import(data)

    def test_import_in_sets(self):
        counts = []
        for size in (20, 400):
            rows = [(f"I{size}-{i}", "BLT-M8", "", "") for i in range(size)]
            changed = [(code, "NUT-M8", "", "") for code, *_rest in rows]
            for table in (rows, changed):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self._import(self._make_csv(*table))
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[0] + 10, counts)
        self.assertLessEqual(counts[3], counts[1] + 2, counts)


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
