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
