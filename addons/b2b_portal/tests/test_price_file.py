# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io
from collections import Counter
from datetime import datetime, timedelta

import openpyxl

from odoo import fields
from odoo.tests import tagged

from ..tools.price_file import FIELDS, parse_day, read_price_file, safe_text
from .common import B2bCommon

HEAD = "article;price;min quantity;from;to;currency;unit\n"


@tagged("post_install", "-at_install")
class TestPriceFile(B2bCommon):
    def _rule(self, product=None, **values):
        return self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.price_type.id,
                "applied_on": "1_product",
                "product_tmpl_id": (product or self.bolt).product_tmpl_id.id,
                "compute_price": "fixed",
                "fixed_price": 5,
            }
            | values
        )

    def _import(self, text, apply=True, **values):
        data = text if isinstance(text, bytes) else (HEAD + text).encode()
        return self.price_type._b2b_import_prices(data, "prices", apply=apply, **values)

    def _outcomes(self, *args, **values):
        return [row.outcome for row in self._import(*args, **values)]

    def _prices(self):
        items = self.price_type.item_ids
        return {i.product_tmpl_id.default_code: i.fixed_price for i in items}

    # === ROUND TRIP === #

    def test_export_read_back_changes_nothing(self):
        now = fields.Datetime.now()
        self.env.user.tz = "Europe/Berlin"
        self._rule(fixed_price=0.0712)
        self._rule(fixed_price=1234567.89, min_quantity=24.5)
        self._rule(
            self.nut, date_start=now, date_end=now + timedelta(days=9, seconds=7)
        )
        self._rule(applied_on="0_product_variant", product_id=self.nut.id)
        self._rule(
            self.nut, compute_price="percentage", percent_price=7, min_quantity=3
        )
        self._rule(
            applied_on="3_global",
            product_tmpl_id=False,
            compute_price="formula",
            price_discount=5,
        )
        danger = self._create_product("=1+1", 5)
        danger.name = "@SUM(A1)"
        self._rule(danger)
        before = self.price_type.item_ids.read()
        rows = self._import(self.price_type._b2b_write_workbook())
        self.assertEqual(Counter(r.outcome for r in rows), {"unchanged": 7})
        self.assertEqual(self.price_type.item_ids.read(), before)

    def test_heads_are_understood_in_every_language(self):
        """The reader knows the heads that the export writes, also in Russian."""
        self.env["res.lang"]._activate_lang("ru_RU")
        self._rule(date_end=datetime(2027, 3, 1))
        for lang in ("en_US", "ru_RU"):
            pricelist = self.price_type.with_context(lang=lang)
            rows = read_price_file(pricelist._b2b_write_workbook())
            self.assertEqual(set(rows[0].texts), set(FIELDS))

    def test_an_edited_export(self):
        item, other = self._rule(), self._rule(self.nut)
        book = openpyxl.load_workbook(io.BytesIO(self.price_type._b2b_write_workbook()))
        for row in book.active.iter_rows(min_row=2):
            if row[0].value == "BLT-M8":
                row[3].value = 5.25
                row[6].value = datetime(2027, 1, 2)
                row[7].value = "31.01.2027"
        buffer = io.BytesIO()
        book.save(buffer)
        self.env.user.tz = "UTC"
        rows = self._import(buffer.getvalue())
        self.assertEqual(
            Counter(r.outcome for r in rows), {"changed": 1, "unchanged": 1}
        )
        self.assertEqual(item.fixed_price, 5.25)
        self.assertEqual(item.date_start, datetime(2027, 1, 2))
        self.assertEqual(item.date_end, datetime(2027, 1, 31, 23, 59, 59))
        self.assertEqual(other.fixed_price, 5)

    def test_text_cells_are_no_formulas(self):
        danger = self._create_product("+7", 5)
        danger.name = "=HYPERLINK(1)"
        self._rule(danger)
        book = openpyxl.load_workbook(io.BytesIO(self.price_type._b2b_write_workbook()))
        cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        texts = [cell.value for cell in cells if isinstance(cell.value, str)]
        self.assertIn("'=HYPERLINK(1)", texts)
        self.assertFalse([text for text in texts if text[:1] in "=+-@"])

    def test_export_wizard(self):
        self._rule()
        action = self.price_type.action_b2b_export()
        export = self.env["b2b.price.export"].browse(int(action["url"].split("/")[4]))
        rows = read_price_file(base64.b64decode(export.data))
        self.assertEqual([row.texts["article"] for row in rows], ["BLT-M8"])

    # === ROWS === #

    def test_new_and_changed(self):
        self._rule(self.nut)
        self.assertEqual(
            self._outcomes("BLT-M8;9,50;;;;;\nNUT-M8;4.10;;;;;\n"), ["added", "changed"]
        )
        self.assertEqual(self._prices(), {"BLT-M8": 9.5, "NUT-M8": 4.1})
        self.assertEqual(
            self._outcomes("BLT-M8;9.50;;;;;\nNUT-M8;4,1;;;;;\n"), ["unchanged"] * 2
        )

    def test_how_numbers_are_written(self):
        for text, price in (
            ("1 234,56", 1234.56),
            ("1.234,56", 1234.56),
            ("1,234.56", 1234.56),
            ("12", 12),
            ("0,0712", 0.0712),
        ):
            self._import(f"BLT-M8;{text};;;;;\n")
            self.assertAlmostEqual(self._prices()["BLT-M8"], price, 6)

    def test_rejected_rows_say_why(self):
        self._create_product("TWIN", 1)
        self._create_product("TWIN", 1)
        currency = self.price_type.currency_id.name
        wrong = "XAU"
        bad = [
            "NOPE;5;;;;;",
            "TWIN;5;;;;;",
            ";5;;;;;",
            "BLT-M8;-5;;;;;",
            "BLT-M8;0;;;;;",
            "BLT-M8;;;;;;",
            "BLT-M8;abc;;;;;",
            "BLT-M8;1,000;;;;;",
            f"BLT-M8;5;;;;{wrong};",
            "BLT-M8;5;;;;;furlong",
            "BLT-M8;5;x;;;;",
            "BLT-M8;5;;2027-13-01;;;",
            "BLT-M8;5;;2027-02-01;2027-01-01;;",
        ]
        rows = self._import("\n".join([*bad, f"NUT-M8;5;;;;{currency};"]))
        self.assertEqual([r.outcome for r in rows], ["rejected"] * 13 + ["added"])
        self.assertEqual([r.row for r in rows], list(range(2, 16)))
        texts = [r.text for r in rows[:13]]
        self.assertTrue(all(texts))
        self.assertEqual(len(set(texts)), 13)
        self.assertEqual(self._prices(), {"NUT-M8": 5})

    def test_zero_only_if_allowed(self):
        self.assertEqual(self._outcomes("BLT-M8;0;;;;;\n"), ["rejected"])
        self.assertEqual(self._outcomes("BLT-M8;0;;;;;\n", allow_zero=True), ["added"])

    def test_duplicates_and_overlaps_in_a_file(self):
        rows = self._import(
            "BLT-M8;5;;;;;\nBLT-M8;6;;;;;\nBLT-M8;6;10;;;;\n"
            "NUT-M8;1;;;31.01.2027;;\nNUT-M8;2;;01.02.2027;;;\nNUT-M8;3;;15.01.2027;;;\n"
        )
        self.assertEqual(
            [r.outcome for r in rows],
            ["added", "rejected", "added", "added", "added", "rejected"],
        )
        self.assertIn("2", rows[1].text)

    def test_overlap_with_what_is_there(self):
        self._rule(date_end=datetime(2027, 3, 1))
        self.assertEqual(self._outcomes("BLT-M8;6;;2027-02-01;;;\n"), ["rejected"])
        self.assertEqual(self._outcomes("BLT-M8;6;;2027-03-02;;;\n"), ["added"])

    def test_rule_of_another_list(self):
        other = self.env["product.pricelist"].create({"name": "Other"})
        item = self._rule(pricelist_id=other.id)
        rows = self._import(f"article;price;rule\nBLT-M8;1;{item.id}\n".encode())
        self.assertEqual(rows[0].outcome, "rejected")
        mine = self._rule()
        rows = self._import(f"article;price;rule\nNUT-M8;1;{mine.id}\n".encode())
        self.assertEqual(rows[0].outcome, "rejected")
        self.assertEqual((item | mine).mapped("fixed_price"), [5, 5])

    def test_dry_run_and_wizard(self):
        wizard = self.env["b2b.price.import"].create(
            {
                "pricelist_id": self.price_type.id,
                "data": base64.b64encode((HEAD + "BLT-M8;6;;;;;\nX;1;;;;;\n").encode()),
                "filename": "p.csv",
            }
        )
        wizard.action_preview()
        self.assertEqual(wizard.state, "preview")
        self.assertFalse(self.price_type.item_ids)
        counts = (wizard.count_read, wizard.count_added, wizard.count_rejected)
        self.assertEqual(counts, (2, 1, 1))
        wizard.action_apply()
        self.assertEqual(self._prices(), {"BLT-M8": 6})
        self.assertEqual(len(wizard.line_ids), 2)

    def test_queries_do_not_grow_with_the_rows(self):
        templates = self.env["product.template"].create(
            [
                {"name": f"Q{i}", "default_code": f"Q{i}", "taxes_id": []}
                for i in range(300)
            ]
        )
        self.assertTrue(templates)

        def count(first, number, price):
            rows = [f"Q{i};{price};;;;;" for i in range(first, first + number)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            outcomes = set(self._outcomes("\n".join(rows)))
            self.env.flush_all()
            return outcomes, self.env.cr.sql_log_count - before

        count(0, 5, 1)
        few, many = count(10, 10, 1), count(50, 80, 1)
        self.assertEqual(few[0], {"added"})
        self.assertEqual(few, many)
        few, many = count(10, 10, 2), count(50, 80, 2)
        self.assertEqual(few[0], {"changed"})
        self.assertEqual(few, many)

    def test_dates(self):
        self.assertEqual(parse_day("2027-01-02"), datetime(2027, 1, 2))
        self.assertEqual(parse_day("2.1.2027 8:05"), datetime(2027, 1, 2, 8, 5))
        self.assertEqual(
            parse_day("2.1.2027", is_end=True), datetime(2027, 1, 2, 23, 59, 59)
        )
        for text in ("2027", "31.02.2027", "1/2/2027", "tomorrow"):
            self.assertIsNone(parse_day(text))

    def test_safe_text(self):
        for text in ("=1", "+1", "-1", "@a", "\t=1"):
            self.assertEqual(safe_text(text), f"'{text}")
        self.assertEqual(safe_text("M8-20"), "M8-20")
