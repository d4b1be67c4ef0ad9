# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from lxml import html

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .catalogue_common import CatalogueCase
from .common import Command, find_ragged_rows
from .test_agreement_terms import TermsMixin


class TableCase(TermsMixin, CatalogueCase):
    def _page(self, url=None):
        page = self.url_open(url or f"/shop?search={self.mark}&view=table").text
        self.assertFalse(find_ragged_rows(page))
        return html.fromstring(page)

    def _heads(self, url=None):
        return [th.get("data-code") for th in self._page(url).xpath("//thead//th")]

    def _set(self, **values):
        return self._rpc("/shop/table/columns", **values).json()

    def _add_all(self, *rows, cart=0, agreement=None):
        return self._rpc(
            "/shop/table/add_all",
            rows=[
                {"product_id": p.id, "quantity": q, "uom_id": unit}
                for p, q, unit in rows
            ],
            cart_id=cart and cart.id,
            agreement_id=(agreement or self.agreement).id,
        ).json()["result"]


@tagged("post_install", "-at_install")
class TestTableColumns(TableCase):
    """Which columns there are, and that each member has their own."""

    def test_usual_columns(self):
        self._login(self.buyer)
        heads = self._heads()
        for code in ("article", "name", "stock", "retail", "price", "quantity", "sum"):
            self.assertIn(code, heads)
        for code in ("picture", "brand", "barcode", "special"):
            self.assertNotIn(code, heads)
        self.assertEqual(heads[:2], ["article", "name"])

    def test_saved_per_member(self):
        self._login(self.buyer)
        usual = self._heads()
        order = ["sum", "quantity", "price", "barcode", "name"]
        shown = {"barcode": True, "stock": False, "name": False, "article": False}
        self._set(order=order, shown=shown, widths={"price": 133, "name": 99999})
        heads = self._heads()
        self.assertEqual(heads[0], "name", "what is pinned or fixed stays")
        self.assertNotIn("stock", heads)
        places = [heads.index(code) for code in ("sum", "quantity", "price", "barcode")]
        self.assertEqual(places, sorted(places))
        widths = [c.get("width") for c in self._page().xpath("//colgroup/col")]
        self.assertEqual(widths[heads.index("price")], "133")
        self.assertEqual(widths[heads.index("name")], "800", "the most there is")
        self._login(self.head)
        self.assertEqual(self._heads(), usual)
        self._login(self.buyer)
        self._rpc("/shop/table/columns/reset")
        self.assertEqual(self._heads(), usual)

    def test_forged_codes(self):
        self._login(self.buyer)
        usual = self._heads()
        for order in ("price", {"a": 1}, [["price"], None, 5, "x" * 5000], 7):
            self._set(order=order)
        for shown in ([1], {"x": True, "__class__": 1}, "y", None):
            self._set(shown=shown)
        for widths in ({"price": "wide", "stock": -5, "sum": 1e99}, [], {"": 3}):
            self._set(widths=widths)
        for section in (-1, "x", 99999999, [1], None):
            self._set(section_id=section, shown={"attribute_1": True})
        self.assertEqual(self._heads(), usual)
        (settings,) = self.env["b2b.table.setting"].search(
            [("member_id", "=", self.buyer.id)]
        )
        self.assertNotIn("x", settings.columns["shown"])
        self.assertNotIn("attribute_1", settings.columns["shown"])

    def test_a_new_column_appears_where_it_usually_is(self):
        self._login(self.buyer)
        self._set(order=["price", "retail", "sum", "quantity"])
        self._set_warehouses(self.main, self.second)
        heads = self._heads()
        for warehouse in self.main | self.second:
            self.assertIn(f"warehouse_{warehouse.id}", heads)
        self.assertLess(heads.index("price"), heads.index("retail"))

    def test_warehouses_leave_room_for_the_price(self):
        """Columns of warehouses take the place of properties and of less used ones."""
        attributes = self.env["product.attribute"].create(
            [{"name": "Zqx thread"}, {"name": "Zqx length"}]
        )
        (section,) = self.env["product.public.category"].create(
            {"name": "Zqx table", "b2b_column_ids": [Command.set(attributes.ids)]}
        )
        self.goods.product_tmpl_id.public_categ_ids = section
        self._login(self.buyer)
        url = f"/shop/category/{section.id}?view=table"
        codes = [f"attribute_{attribute.id}" for attribute in attributes]
        self.assertEqual([c for c in self._heads(url) if c in codes], codes)
        self._set_warehouses(self.main, self.second)
        heads = self._heads(url)
        self.assertEqual([c for c in heads if c in codes], codes[:1])
        self.assertNotIn("step", heads)
        self.assertIn("price", heads)
        self.assertNotIn("margin", self._heads())

    def test_rights(self):
        viewer = self._create_member(
            self.north, "viewer", "b2b_viewer", all_entities=True
        )
        self._login(viewer)
        heads = self._heads()
        self.assertFalse({"unit", "quantity", "sum"} & set(heads))
        self._set(shown={"sum": True}, order=["sum"])
        self.assertNotIn("sum", self._heads())
        self._login(self.buyer)
        self._post("/b2b/client-mode", {"on": "1", "page": "/shop"})
        heads = self._heads()
        self.assertIn("retail", heads)
        secret = {"price", "special", "margin", "step", "sum"}
        self.assertFalse(secret & set(heads))
        self.assertFalse(self._page().xpath("//*[@data-prices]"))
        self._post("/b2b/client-mode", {"on": "", "page": "/shop"})
        self.buyer.stage = "registered"
        self.website.b2b_access_mode = "members"
        heads = self._heads()
        self.assertFalse((secret | {"retail", "stock", "quantity"}) & set(heads))
        self.assertFalse(self._page().xpath("//*[@data-prices]"))

    def test_guests_set_nothing(self):
        self.authenticate(None, None)
        before = self.env["b2b.table.setting"].search_count([])
        with mute_logger("odoo.http"):
            answer = self._set(order=["price"])
        self.assertIn("error", answer)
        self.assertEqual(self.env["b2b.table.setting"].search_count([]), before)

    def test_properties_of_the_section(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Zthread", "value_ids": [Command.create({"name": "M77"})]}
        )
        section = self.env["product.public.category"].create(
            {"name": "Zsection", "b2b_column_ids": [Command.set(attribute.ids)]}
        )
        template = self.plain.product_tmpl_id
        template.public_categ_ids = section
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]
        self._login(self.buyer)
        url = f"/shop/category/{section.id}?view=table"
        heads = self._heads(url)
        place = heads.index(f"attribute_{attribute.id}")
        (row,) = self._page(url).xpath("//tbody/tr[@data-product-id]")
        self.assertEqual(row.xpath("./td")[place].text_content().strip(), "M77")
        self.assertNotIn(f"attribute_{attribute.id}", self._heads())

    def test_size_and_queries(self):
        """A row is below 2.2 kB, and 60 rows cost the queries of 15."""
        products = self.env["product.product"]
        for number in range(60):
            word = "Few" if number < 15 else "Many"
            products |= self._create_product(
                f"SIZE-{number}", 10, name=f"Sized{word} bolt {number}"
            )
        self._login(self.buyer)
        self._set(shown={"barcode": True, "brand": True, "own_code": True})
        counts = []
        for word in ("SizedFew", "Sized"):
            url = f"/shop?search={word}&per_page=100&view=table"
            self.url_open(url)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page = self.url_open(url).text
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)
        body = page[page.index("<tbody>") : page.index("</tbody>")]
        self.assertLess(len(body.encode()) / 60, 2200)


@tagged("post_install", "-at_install")
class TestTableAdd(TableCase):
    """All filled rows of all pages in one post."""

    def test_add_all(self):
        cart = self._create_cart(self.buyer, lines=[(self.plain, 1)])
        other = self._create_cart(self.buyer)
        self._login(self.buyer)
        answer = self._add_all(
            (self.plain, "12,0", 0),
            (self.boxed, "2", self.box.id),
            (self.broken, "many", 0),
            cart=cart,
        )
        rows = answer["rows"]
        self.assertNotEqual(rows[str(self.plain.id)]["outcome"], "rejected")
        self.assertEqual(rows[str(self.broken.id)]["outcome"], "rejected")
        self.assertTrue(rows[str(self.broken.id)]["text"])
        lines = {li.product_id: li for li in cart.order_line}
        self.assertEqual(set(lines), {self.plain, self.boxed})
        self.assertEqual(lines[self.boxed].product_uom_id, self.box)
        self.assertFalse(other.order_line)
        self.assertEqual(answer["cart_id"], cart.id)
        choice = self._page().xpath("//select[@name='cart_id']/option")
        self.assertEqual(choice[0].get("value"), str(cart.id), "the current one now")

    def test_forged(self):
        self._login(self.buyer)
        rows = [None, 5, {"product_id": "x"}, {"product_id": self.plain.id}]
        for posted in (rows, "text", None, {"a": 1}):
            answer = self._rpc(
                "/shop/table/add_all", rows=posted, agreement_id=self.agreement.id
            ).json()["result"]
            self.assertEqual(answer["kind"], "warning")
            self.assertFalse(answer["rows"])
        answer = self._add_all((self.plain, "1", 0), agreement=self.agreement_south)
        self.assertEqual(answer["kind"], "danger")
        many = [{"product_id": n, "quantity": "1"} for n in range(1, 2100)]
        answer = self._rpc(
            "/shop/table/add_all", rows=many, agreement_id=self.agreement.id
        ).json()["result"]
        self.assertEqual(answer["kind"], "danger")
        strange = self._create_cart(self.stranger, self.agreement_south)
        with mute_logger("odoo.http"):
            answer = self._rpc(
                "/shop/table/add_all",
                rows=[{"product_id": self.plain.id, "quantity": "1"}],
                cart_id=strange.id,
                agreement_id=self.agreement.id,
            ).json()
        self.assertIn("error", answer)
        self.assertFalse(strange.order_line)

    def test_sums_are_those_of_the_cart(self):
        """What the page multiplies by is what a line of the cart is charged."""
        self._login(self.buyer)
        page = self._page()
        cart = self._create_cart(self.buyer)
        for product, unit, quantity in (
            (self.plain, self.plain.uom_id, 7),
            (self.broken, self.broken.uom_id, 9),
            (self.broken, self.broken.uom_id, 10),
            (self.boxed, self.box, 3),
        ):
            (row,) = page.xpath(f"//tr[@data-product-id='{product.id}']")
            steps = json.loads(row.get("data-prices"))[str(unit.id)]
            price = [p for least, p in steps if least <= quantity][-1]
            line = self.env["sale.order.line"].create(
                {
                    "order_id": cart.id,
                    "product_id": product.id,
                    "product_uom_id": unit.id,
                    "product_uom_qty": quantity,
                }
            )
            self.assertEqual(
                self.currency.round(price * quantity), line.price_subtotal, product.name
            )


@tagged("post_install", "-at_install")
class TestStockDisplay(TableCase):
    """Quantity, more than so many, or words: nowhere more than the rule tells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.write({"b2b_stock_few": 10, "b2b_stock_limits": "10, 50, 100"})
        cls.full = cls._create_product(
            "ZQY-2", 5.0, name="Zqx full", allow_out_of_stock_order=False
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.full, cls.main.lot_stock_id, 7319
        )

    def setUp(self):
        super().setUp()
        self._set_warehouses(self.main, self.second)
        self._login(self.buyer)

    def _tell(self, quantity, agreement=None):
        uom = self.full.uom_id
        return self.website._b2b_tell_stock(quantity, uom, agreement or self.agreement)

    def test_words(self):
        self.agreement.stock_display = "lights"
        kinds = [self._tell(q)[0] for q in (0, 1, 10, 11, 9999)]
        self.assertEqual(kinds, ["stop", "few", "few", "good", "good"])
        self.assertFalse(any(c.isdigit() for c in self._tell(57)[1]))
        self.agreement.stock_display = "more"
        for quantity, text in ((5, "10"), (11, ">10"), (50, ">10"), (9999, ">100")):
            self.assertIn(text, self._tell(quantity)[1])
        self.agreement.stock_display = "exact"
        self.assertIn("57", self._tell(57)[1])

    def test_nearest_rule_wins(self):
        segment = self.env["b2b.segment"].create({"name": "Z", "stock_display": "more"})
        get = self.website._b2b_get_stock_display
        self.assertEqual(get(self.agreement), "exact")
        self.website.b2b_stock_display = "lights"
        self.assertEqual(get(self.agreement), "lights")
        self.north.segment_id = segment
        self.assertEqual(get(self.agreement), "more")
        self.agreement.stock_display = "exact"
        self.assertEqual(get(self.agreement), "exact")

    def test_nothing_leaks(self):
        """The exact figure is on no page and in no answer."""
        pages = [
            f"/shop?search={self.mark}&view={v}" for v in ("table", "list", "grid")
        ]
        pages.append(self.full.website_url)
        figure = r"7(?:[\s\u202f\xa0.,']|&nbsp;|&#160;)?319"
        for url in pages:
            self.assertRegex(self.url_open(url).text, figure)
        for display in ("lights", "more"):
            self.agreement.stock_display = display
            for url in pages:
                self.assertNotRegex(self.url_open(url).text, figure)
            info = self._rpc(
                "/website_sale/get_combination_info",
                product_template_id=self.full.product_tmpl_id.id,
                product_id=self.full.id,
                combination=[],
                add_qty=1,
            )
            self.assertNotRegex(info.text, figure)
            with mute_logger("odoo.http"):
                answer = self._rpc(
                    "/web/dataset/call_kw",
                    model="product.product",
                    method="read",
                    args=[self.full.ids, ["free_qty", "qty_available"]],
                    kwargs={},
                )
            self.assertNotIn("7319", answer.text)

    def test_the_cart_cuts_nothing_to_the_figure(self):
        cart = self._create_cart(self.buyer)
        answer = self._add_all((self.full, "9000", 0), cart=cart)
        self.assertEqual(cart.order_line.product_uom_qty, 7319)
        cart.order_line.unlink()
        self.agreement.stock_display = "lights"
        answer = self._add_all((self.full, "9000", 0), cart=cart)
        row = answer["rows"][str(self.full.id)]
        self.assertEqual(row["outcome"], "rejected")
        self.assertNotIn("319", json.dumps(answer["rows"]))
        self.assertFalse(cart.order_line)
        self._add_all((self.full, "7000", 0), cart=cart)
        self.assertEqual(cart.order_line.product_uom_qty, 7000)
        checks = cart.with_user(self.buyer.user_id).sudo()._b2b_get_checks()
        self.assertNotIn("stock", [check["code"] for check in checks])
        cart.order_line.product_uom_qty = 9000
        checks = cart.with_user(self.buyer.user_id).sudo()._b2b_get_checks()
        (check,) = [check for check in checks if check["code"] == "stock"]
        self.assertNotRegex(check["message"], r"1\D?681")

    def test_one_query_for_all_warehouses(self):
        stocks = self.agreement._get_row_stocks(self.full | self.plain)
        total, by_warehouse = stocks[self.full.id]
        self.assertEqual(total, 7319)
        self.assertEqual(by_warehouse, {self.main.id: 7319, self.second.id: 0})
        self.env.invalidate_all()
        (self.full | self.plain).mapped("is_storable")
        self.agreement._b2b_get_warehouses().mapped("lot_stock_id")
        before = self.env.cr.sql_log_count
        (self.full | self.plain).sudo()._b2b_get_free_by_warehouse(
            self.main | self.second
        )
        self.assertLessEqual(self.env.cr.sql_log_count - before, 6)

    def test_bad_limits(self):
        for text in ("ten", "-5", "1,2,3,4,5,6,7", ""):
            with self.assertRaises(ValidationError, msg=text), self.cr.savepoint():
                self.website.b2b_stock_limits = text
                self.website.flush_recordset()
