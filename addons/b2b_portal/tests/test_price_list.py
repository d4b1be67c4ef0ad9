# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
import io
import random

import openpyxl
import xlrd
from pypdf import PdfReader

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.order_file import read_order_file
from ..tools.price_list import PriceListOptions
from .common import B2bCommon

Command = fields.Command


class PriceListMixin:
    """A section with goods of every kind, and the maker of price lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sections = cls.env["product.public.category"]
        cls.root = sections.create({"name": "Zq fasteners"})
        cls.bolts = sections.create({"name": "Zq bolts", "parent_id": cls.root.id})
        cls.tools = sections.create({"name": "Zq tools"})
        (cls.bolt | cls.nut).public_categ_ids = cls.bolts
        cls.saw = cls._create_product("SAW-1", 1234.5, barcode="2000000000017")
        cls.saw.public_categ_ids = cls.tools
        cls.hidden = cls._create_product("HID-1", 5.0, is_published=False)
        cls.hidden.public_categ_ids = cls.bolts
        cls.agreement.discount = 10
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )

    def _make(self, member=None, agreement=None, **values):
        """(model as the member, task) of a price list of the test's sections."""
        member = member or self.buyer
        values.setdefault("sections", (self.root.id, self.tools.id))
        lists = self.env["b2b.price.list"]
        where = self.website, agreement or self.agreement, member.user_id
        task = lists._make_task(*where, PriceListOptions(**values))
        return lists._as_user(*where), task

    def _write(self, file_format, **values):
        lists, task = self._make(format=file_format, **values)
        pairs = lists._find(task)
        rows = lists._read_rows(task, pairs)
        return lists._write_file(task, pairs, lambda: rows), task

    def _read(self, **values):
        """dict article -> dict of the values by code of column."""
        lists, task = self._make(**values)
        rows = lists._read_rows(task, lists._find(task))
        codes = [column.code for column in task.columns]
        dicts = [dict(zip(codes, row[1:], strict=True)) for row in rows]
        return {row["article"]: row for row in dicts}


@tagged("post_install", "-at_install")
class TestPriceList(PriceListMixin, B2bCommon):
    def test_rows_are_what_a_cart_is_charged(self):
        self.env["stock.quant"]._update_available_quantity(
            self.bolt, self.warehouse.lot_stock_id, 40
        )
        rows = self._read()
        self.assertEqual(set(rows), {"BLT-M8", "NUT-M8", "SAW-1"})
        self.assertAlmostEqual(rows["BLT-M8"]["price"], 9.0)
        self.assertAlmostEqual(rows["SAW-1"]["price"], 1111.05)
        self.assertAlmostEqual(rows["SAW-1"]["retail"], 1234.5)
        self.assertEqual(rows["NUT-M8"]["multiple"], 100)
        self.assertEqual(rows["BLT-M8"]["stock"], 40)
        self.assertEqual(rows["SAW-1"]["barcode"], "2000000000017")
        self.assertEqual(rows["BLT-M8"]["section"], "Zq fasteners / Zq bolts")
        goods = self.bolt | self.nut | self.saw
        for row in self.agreement.sudo()._get_price_rows(goods):
            mine = rows[row.product.default_code]
            self.assertAlmostEqual(mine["price"], row.price, msg=row)
            self.assertAlmostEqual(mine["retail"], row.retail, msg=row)
        self.assertEqual(
            {code: row["stock"] for code, row in rows.items()},
            {
                self.env["product.product"].browse(key).default_code: quantity
                for key, quantity in self.agreement.sudo()._get_row_stock(goods).items()
            },
        )

    def test_taxes_shown_as_core_shows_them(self):
        taxes = self.env["account.tax"]
        for included in (False, True):
            tax = taxes.create(
                {
                    "name": f"Zq {included}",
                    "amount": 22,
                    "price_include_override": (
                        "tax_included" if included else "tax_excluded"
                    ),
                    "company_id": self.company.id,
                }
            )
            self.saw.taxes_id = tax
            chance = random.Random(5)  # noqa: S311
            for shown in ("tax_excluded", "tax_included"):
                self.website.show_line_subtotals_tax_selection = shown
                for _try in range(6):
                    self.saw.list_price = round(chance.uniform(0.01, 5000), 2)
                    row = self._read()["SAW-1"]
                    (core,) = self.agreement.sudo()._get_price_rows(self.saw)
                    self.assertAlmostEqual(row["price"], core.price, 6)
                    self.assertAlmostEqual(row["retail"], core.retail, 6)

    def test_list_prices_are_those_of_core(self):
        value = self.env["product.attribute"].create(
            {
                "name": "Zq size",
                "value_ids": [Command.create({"name": n}) for n in "ab"],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": "Zq variants",
                "list_price": 7.35,
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": value.id,
                            "value_ids": [Command.set(value.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        values = template.attribute_line_ids.product_template_value_ids
        values[0].price_extra = 1.25
        goods = template.product_variant_ids | self.bolt
        core = goods._price_compute("list_price")
        ours = goods._b2b_get_list_prices()
        self.assertEqual({key: price for key, (price, _c) in ours.items()}, core)
        self.assertEqual(ours[self.bolt.id][1], self.bolt.currency_id)

    def test_queries_do_not_grow(self):
        def count():
            lists, task = self._make()
            pairs = lists._find(task)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lists._read_rows(task, pairs)
            return self.env.cr.sql_log_count - before, len(pairs)

        count()
        few, small = count()
        for number in range(30):
            self._create_product(f"MORE-{number}", 3.0).public_categ_ids = self.tools
        many, large = count()
        self.assertEqual((small, large), (3, 33))
        self.assertLessEqual(many, few + 2)

    def test_in_stock_brand_and_sections(self):
        self.env["stock.quant"]._update_available_quantity(
            self.saw, self.warehouse.lot_stock_id, 2
        )
        self.assertEqual(set(self._read(in_stock=True)), {"SAW-1"})
        brand = self.env["b2b.brand"].create({"name": "Zq brand"})
        self.nut.b2b_brand_id = brand
        self.assertEqual(set(self._read(brands=(brand.id,))), {"NUT-M8"})
        self.assertEqual(
            set(self._read(sections=(self.bolts.id,))), {"BLT-M8", "NUT-M8"}
        )
        self.assertFalse(self._read(sections=(999999999,)))

    def test_what_the_catalogue_shows(self):
        def read(**query):
            return set(self._read(sections=(), query=tuple(query.items())))

        section = f"zq-bolts-{self.bolts.id}"
        self.assertEqual(read(categories=section), {"BLT-M8", "NUT-M8"})
        self.assertEqual(read(categories=section, search="nut m8"), {"NUT-M8"})
        self.assertEqual(read(categories=section, within="none such"), set())
        self.assertEqual(read(categories=section, brands="999999999"), set())

    def test_special_price_with_its_end(self):
        self.agreement.pricelist_id.item_ids = [
            Command.create(
                {
                    "applied_on": "1_product",
                    "product_tmpl_id": self.bolt.product_tmpl_id.id,
                    "compute_price": "fixed",
                    "fixed_price": 5.0,
                    "date_end": "2099-12-31 12:00:00",
                }
            )
        ]
        row = self._read()["BLT-M8"]
        self.assertEqual((row["price"], row["special"]), (5.0, 5.0))
        self.assertEqual(row["special_until"], "2099-12-31")

    def test_rights(self):
        keeper = self._create_member(
            self.north, "storekeeper", "b2b_keeper", all_entities=True
        )
        for member in (keeper, self.stranger):
            with self.assertRaises(UserError):
                self._make(member)
        self.website.b2b_access_mode = "members"
        self._make()
        self.website.b2b_show_stock = "everyone"
        self.website.b2b_approved_stage = "confirmed"
        self.buyer.stage = "verified"
        with self.assertRaises(UserError):
            self._make()
        self.buyer.stage = "confirmed"
        self.agreement.state = "suspended"
        with self.assertRaises(UserError):
            self._make()

    def test_forged_columns_are_left_out(self):
        _lists, task = self._make(columns=("price", "standard_price", "x" * 40))
        codes = [column.code for column in task.columns]
        self.assertEqual(codes, ["article", "price", "order", "sum"])

    # === FILES === #

    def _fill(self, data, filename):
        order = read_order_file(data, filename)
        self.assertEqual(order.read, len(order.rows) + len(order.skipped))
        return {row.article: (row.quantity, row.problem) for row in order.rows}

    def test_xlsx_is_a_workbook_and_an_order(self):
        data, task = self._write("xlsx")
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheet = book.active
        head = 5
        columns = {c.code: n for n, c in enumerate(task.columns, start=1)}
        self.assertEqual(
            [cell.value for cell in sheet[head]], [c.label for c in task.columns]
        )
        self.assertEqual(sheet.max_row, head + 3)
        self.assertEqual(sheet.freeze_panes, f"C{head + 1}")
        self.assertIn(f"A{head}:", sheet.auto_filter.ref)
        articles = [
            sheet.cell(row, columns["article"]).value
            for row in range(head + 1, head + 4)
        ]
        self.assertEqual(sorted(articles), ["BLT-M8", "NUT-M8", "SAW-1"])
        cell = sheet.cell(head + 1, columns["price"])
        self.assertEqual(cell.number_format, "#,##0.00")
        row = head + 1 + articles.index("NUT-M8")
        self.assertTrue(str(sheet.cell(row, columns["sum"]).value).startswith("=IF("))
        sheet.cell(row, columns["order"]).value = 300
        target = io.BytesIO()
        book.save(target)
        rows = self._fill(target.getvalue(), "price.xlsx")
        self.assertEqual(rows, {"NUT-M8": (300, None)})

    def test_xls_and_csv_are_orders(self):
        data, task = self._write("xls")
        sheet = xlrd.open_workbook(file_contents=data).sheet_by_index(0)
        self.assertEqual(sheet.nrows, 8)
        place = [c.code for c in task.columns].index("price")
        self.assertIsInstance(sheet.cell_value(5, place), float)
        data, _task = self._write("csv")
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
        self.assertEqual(len(rows), 4)
        filled = [row for row in rows if "NUT-M8" in row]
        filled[0][-1] = "200"
        target = io.StringIO()
        csv.writer(target, delimiter=";").writerows(rows)
        found = self._fill(target.getvalue().encode("utf-8-sig"), "price.csv")
        self.assertEqual(found, {"NUT-M8": (200, None)})

    def test_a_name_is_no_formula(self):
        self.saw.name = "=HYPERLINK(1) <b> & \x0b"
        data, task = self._write("xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        place = [c.code for c in task.columns].index("name") + 1
        cells = [sheet.cell(row, place) for row in range(6, 9)]
        (cell,) = [cell for cell in cells if "HYPERLINK" in cell.value]
        self.assertIn(cell.data_type, ("s", "inlineStr"))
        self.assertEqual(cell.value, "=HYPERLINK(1) <b> & ")
        data, _task = self._write("csv")
        self.assertNotIn(";=HYPER", data.decode("utf-8-sig"))

    def test_pdf_counts_its_pages(self):
        for number in range(120):
            product = self._create_product(f"Я-{number:04}", 3.0)
            product.public_categ_ids = self.tools
            product.name = f"Zq изделие {number} " + "с длинным названием " * 6
        data, task = self._write("pdf")
        pages = PdfReader(io.BytesIO(data)).pages
        self.assertGreater(len(pages), 2)
        label = next(c.label for c in task.columns if c.code == "article").split()[0]
        for number, page in enumerate(pages, start=1):
            text = page.extract_text()
            self.assertRegex(text, rf"{number}\s+\S+\s+{len(pages)}")
            self.assertIn(label, text)
        text = "".join(page.extract_text() for page in pages)
        for number in range(120):
            self.assertEqual(text.count(f"Я-{number:04}"), 1)

    def test_an_order_without_quantities_is_no_order_line(self):
        lines = ["Артикул;Ваш заказ", *(f"A-{n};" for n in range(5)), "B-1;7"]
        rows = self._fill("\n".join(lines).encode(), "form.csv")
        self.assertEqual(rows, {"B-1": (7, None)})
        # in any other file that is a mistake
        lines[0] = "Артикул;Количество"
        rows = self._fill("\n".join(lines).encode(), "order.csv")
        self.assertEqual(len(rows), 6)
        self.assertEqual(rows["A-0"], (None, "no_quantity"))

    def test_a_long_form_is_read(self):
        lines = ["Артикул;Наименование;Цена;Ваш заказ"]
        lines += [f"A-{n};Изделие {n};1,50;" for n in range(20000)]
        lines[15000] += "3"
        order = read_order_file("\n".join(lines).encode(), "form.csv")
        self.assertEqual([row.article for row in order.rows], ["A-14999"])
        self.assertEqual(order.read, 20001)
        cart = self._create_cart(self.buyer)
        run = self.env["b2b.cart.import"]._run(cart, order, "form")
        self.assertEqual(run.count_read, 20001)
        self.assertEqual(
            run.count_read,
            run.count_added
            + run.count_changed
            + run.count_rejected
            + run.count_skipped,
        )
        self.assertLess(len(run.line_ids), 5)
