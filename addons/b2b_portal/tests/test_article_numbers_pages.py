# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import json
import re

import openpyxl

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .catalogue_common import SUGGESTIONS
from .common import B2bMixin, find_ragged_rows
from .test_article_numbers import CodeMixin

URL = "/my/article-numbers"


@tagged("post_install", "-at_install")
class TestArticleNumberPages(CodeMixin, B2bMixin, HttpCase):
    def _login(self, member):
        login = member.user_id.login
        self.authenticate(login, login.ljust(8, "x"))

    def _post(self, url, **data):
        data = {"csrf_token": Request.csrf_token(self)} | data
        return self.url_open(url, data=data)

    def _upload(self, data, name="codes.csv", **values):
        return self.url_open(
            f"{URL}/import/run",
            data={"csrf_token": Request.csrf_token(self)} | values,
            files={"file": (name, data)},
        )

    def _codes(self, account=None):
        self.env.invalidate_all()
        return (account or self.north).code_ids

    # === LIST === #

    def test_list(self):
        self._login(self.buyer)
        page = self.url_open(URL)
        self.assertEqual(find_ragged_rows(page.text), [])
        self.assertIn("N-001", page.text)
        self.assertIn("A 77", page.text)
        self.assertNotIn("S-555", page.text)
        self.assertIn(f"{URL}/{self.own.id}/delete", page.text)
        self.assertNotIn(f"{URL}/{self.whole.id}/delete", page.text)

    def test_search(self):
        self._login(self.buyer)
        for text, found in (("n001", True), ("BLT-M8", True), ("a77", False)):
            page = self.url_open(f"{URL}?search={text}").text
            self.assertEqual("<b>N-001</b>" in page, found, text)
        for text in ("zzz", "%25", "_", "x" * 10_000, "'"):
            page = self.url_open(f"{URL}?search={text}")
            self.assertEqual(page.status_code, 200)
            self.assertNotIn("<b>N-001</b>", page.text, text)

    def test_bad_addresses(self):
        self._login(self.buyer)
        for query in (
            "entity_id=x",
            "entity_id=-1",
            "edit=x",
            "deleted=9e9",
            "page=-5",
        ):
            self.assertEqual(self.url_open(f"{URL}?{query}").status_code, 200, query)
        page = self.url_open(f"{URL}?deleted={self.foreign.id}").text
        self.assertNotIn("S-555", page)

    def test_edit_row_is_for_those_who_may(self):
        self._login(self.buyer)
        self.assertIn("o_b2b_edit", self.url_open(f"{URL}?edit={self.own.id}").text)
        page = self.url_open(f"{URL}?edit={self.whole.id}").text
        self.assertNotIn("o_b2b_edit", page)

    def test_visitors(self):
        self._login(self.stranger)
        self.assertIn("S-555", self.url_open(URL).text)
        self.authenticate("b2b_retail", "b2b_retail")
        self.assertEqual(self.url_open(URL).status_code, 403)
        self.assertEqual(self.url_open("/shop/goods/suggest?q=bolt").status_code, 403)

    # === ONE NUMBER === #

    def test_add(self):
        self._login(self.buyer)
        entity = str(self.north_a.id)
        self._post(f"{URL}/add", code="Q 1", article="BLT-M8", entity_id=entity)
        code = self._codes().filtered(lambda c: c.code == "Q 1")
        self.assertEqual((code.product_id, code.source), (self.bolt, "manual"))
        page = self._post(f"{URL}/add", code="q 1", article="NUT-M8", entity_id=entity)
        self.assertIn("alert-danger", page.text)
        self.assertEqual(code.product_id, self.bolt, "what is there stays")
        for values in ({"code": "Q2", "article": "NOPE"}, {"code": "", "article": "x"}):
            page = self._post(f"{URL}/add", entity_id=entity, **values)
            self.assertIn("alert-danger", page.text)

    def test_add_for_whom_one_may_not(self):
        self._login(self.buyer)
        before = len(self._codes())
        for entity in ("", "0", "x", str(self.north_b.id), str(self.south_a.id)):
            answer = self._post(
                f"{URL}/add", code="Q1", article="BLT-M8", entity_id=entity
            )
            self.assertEqual(answer.status_code, 403, entity)
        self.assertEqual(len(self._codes()), before)
        self.assertEqual(len(self._codes(self.south)), 1)

    def test_save(self):
        self._login(self.buyer)
        url = f"{URL}/{self.own.id}/save"
        self._post(url, code="A 78", article="BLT-M8", name="Mine", unit="")
        self.own.invalidate_recordset()
        self.assertEqual(
            (self.own.code, self.own.product_id, self.own.name, self.own.key),
            ("A 78", self.bolt, "Mine", "A 78"),
        )
        self.bolt.is_published = False
        self._post(url, code="A 79", article="BLT-M8", name="", unit="")
        self.own.invalidate_recordset()
        self.assertEqual((self.own.code, self.own.name), ("A 79", False))
        answer = self._post(
            f"{URL}/{self.whole.id}/save", code="stolen", article="BLT-M8"
        )
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(
            self._post(f"{URL}/{self.foreign.id}/save", code="stolen").status_code, 404
        )

    def test_remove_and_undo(self):
        self._login(self.buyer)
        page = self._post(f"{URL}/{self.own.id}/delete")
        self.own.invalidate_recordset()
        self.assertFalse(self.own.active)
        self.assertIn(f"{URL}/{self.own.id}/restore", page.text)
        self._post(f"{URL}/{self.own.id}/restore")
        self.own.invalidate_recordset()
        self.assertTrue(self.own.active)
        self.own.active = False
        self.own.flush_recordset()
        self._create_code(self.north, "A-77", self.bolt, entity_id=self.north_a.id)
        self._create_code(self.north, "A 77", self.bolt, entity_id=self.north_a.id)
        self._post(f"{URL}/{self.own.id}/restore")
        self.own.invalidate_recordset()
        self.assertFalse(self.own.active, "the number has been given again")

    # === TABLES === #

    def test_import_report(self):
        self._login(self.head)
        data = self._make_csv(("N-1", "BLT-M8", "", ""), ("N-2", "NOPE", "", ""))
        page = self._upload(data)
        self.assertEqual(find_ragged_rows(page.text), [])
        counts = re.sub(
            r"<[^>]+>", "", page.text.partition("o_b2b_counts")[2].partition(">")[2]
        )
        self.assertEqual(re.findall(r"\d+", counts)[:5], ["2", "1", "0", "0", "1"])
        self.assertIn("N-2", page.text.partition("o_b2b_import")[2])
        for name, data in (("x.png", b"\x89PNG\r\n\x1a\n"), ("x.csv", b"a;b")):
            self.assertIn("alert-danger", self._upload(data, name).text)
        self.assertIn("alert-danger", self._post(f"{URL}/import/run").text)

    def test_download_may_be_uploaded_again(self):
        self.own.write({"name": "=cmd()", "uom_id": self.nut.uom_id.id})
        self._login(self.head)
        answer = self.url_open(f"{URL}.xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        self.assertEqual([row[0] for row in rows], ["A 77", "N-001"])
        self.assertEqual(rows[0][2], "=cmd()")
        self.assertEqual(sheet["C2"].data_type, "s")
        page = self._upload(answer.content, "codes.xlsx")
        counts = re.sub(
            r"<[^>]+>", "", page.text.partition("o_b2b_counts")[2].partition(">")[2]
        )
        self.assertEqual(re.findall(r"\d+", counts)[:5], ["2", "0", "0", "2", "0"])
        template = self.url_open(f"{URL}/template.xlsx").content
        sheet = openpyxl.load_workbook(io.BytesIO(template)).active
        self.assertEqual(sheet.max_row, 1)

    def test_tables_are_for_those_who_may(self):
        self._login(self.accountant)
        self.assertEqual(self.url_open(URL).status_code, 200)
        for path in ("/import", "/template.xlsx"):
            self.assertEqual(self.url_open(URL + path).status_code, 403, path)
        data = self._make_csv(("N-1", "BLT-M8", "", ""))
        self.assertEqual(self._upload(data).status_code, 403)

    # === SEARCH AND CHOICE === #

    def test_the_shop_finds_own_numbers(self):
        self._create_code(self.north, "ЯЯ 12345", self.nut)
        for member, text, found in (
            (self.buyer, "n001", self.bolt),
            (self.buyer, "яя12345", self.nut),
            (self.buyer, "S-555", None),
            (self.stranger, "S-555", self.bolt),
            (self.stranger, "N-001", None),
        ):
            self._create_agreement(self.south_a) if member == self.stranger else None
            self._login(member)
            page = self.url_open(f"/shop?search={text}").text
            for product in (self.bolt, self.nut):
                shown = product.name in page
                self.assertEqual(shown, product == found, (member.name, text))

    def test_suggestions(self):
        self._login(self.buyer)
        for text, articles in (
            ("n-001", ["BLT-M8"]),
            ("product nut", ["NUT-M8"]),
            ("S-555", []),
            ("x", []),
            ("%", []),
            ("'; --", []),
        ):
            answer = self.url_open("/shop/goods/suggest", params={"q": text})
            rows = json.loads(answer.text)
            mine = [r["article"] for r in rows if r["article"].endswith("-M8")]
            self.assertEqual(mine, articles, text)
        self.nut.is_published = False
        answer = self.url_open("/shop/goods/suggest", params={"q": "NUT-M8"})
        self.assertEqual(json.loads(answer.text), [])

    def test_the_header_suggests_by_own_numbers(self):
        """Core's suggestions, with core's correction of slips of the pen."""
        for member, term, seen in (
            (self.buyer, "n-001", True),
            (self.buyer, "S-555", False),
            (self.stranger, "n-001", False),
        ):
            self._login(member)
            answer = self.url_open(
                "/website/snippet/autocomplete",
                data=json.dumps(
                    {
                        "jsonrpc": "2.0",
                        "method": "call",
                        "params": {
                            "search_type": "products",
                            "term": term,
                            "order": "name asc",
                            "limit": 10,
                            "options": SUGGESTIONS | {"allowFuzzy": True},
                        },
                    }
                ),
                headers={"Content-Type": "application/json"},
            )
            found = self.bolt.name in answer.text
            self.assertEqual(found, seen, (member.name, term))

    def _run(self, text):
        page = self._post("/shop/quick-order/run", cart_id="0", text=text)
        return self.env["b2b.cart.import"].search([], order="id desc", limit=1), page

    def test_choose_on_the_page(self):
        self._login(self.buyer)
        run, page = self._run("Z1;24\nBLT-M8;1")
        self.assertEqual(find_ragged_rows(page.text), [])
        row = run.line_ids[0]
        url = f"/shop/quick-order/{run.id}/choose"
        page = self._post(url, row=str(row.id), q="product nut")
        self.assertIn(f'value="{self.nut.id}"', page.text)
        product = str(self.nut.id)
        page = self._post(url, row=str(row.id), product_id=product, learn="1")
        self.assertEqual(find_ragged_rows(page.text), [])
        run.invalidate_recordset()
        self.assertEqual((run.count_rejected, row.product_id), (0, self.nut))
        code = self._codes().filtered(lambda c: c.code == "Z1")
        self.assertEqual((code.product_id, row.code_id), (self.nut, code))
        self.assertIn(f"{URL}/{code.id}/delete", page.text)
        before = run.order_id.order_line.mapped("product_uom_qty")
        page = self._post(url, row=str(row.id), product_id=product)
        self.assertIn("alert-danger", page.text, "twice")
        self.env.invalidate_all()
        self.assertEqual(run.order_id.order_line.mapped("product_uom_qty"), before)
        back = f"/shop/quick-order/{run.id}#row_{row.id}"
        page = self._post(f"{URL}/{code.id}/delete", back=back)
        self.assertFalse(self._codes().filtered(lambda c: c.code == "Z1"))
        self.assertIn("/shop/quick-order/", page.url)

    def test_choose_without_learning(self):
        self._login(self.buyer)
        run, _page = self._run("Z1;24")
        url = f"/shop/quick-order/{run.id}/choose"
        self._post(url, row=str(run.line_ids.id), product_id=str(self.nut.id))
        self.assertFalse(self._codes().filtered(lambda c: c.code == "Z1"))

    def test_choices_that_are_none(self):
        self._login(self.buyer)
        run, _page = self._run("Z1;24\nBLT-M8;1")
        hidden = self._create_product("HID-1", 1, is_published=False)
        bad, good = (str(line.id) for line in run.line_ids)
        for values in (
            {"row": bad, "product_id": str(hidden.id)},
            {"row": bad, "product_id": "x"},
            {"row": good, "product_id": str(self.nut.id)},
            {"row": "x", "product_id": str(self.nut.id)},
        ):
            page = self._post(f"/shop/quick-order/{run.id}/choose", **values)
            self.assertIn("alert-danger", page.text, values)
        self.assertEqual(run.order_id.order_line.product_id, self.bolt)
        self._login(self.buyer2)
        answer = self._post(
            f"/shop/quick-order/{run.id}/choose", row=bad, product_id=str(self.nut.id)
        )
        self.assertEqual(answer.status_code, 404)
