# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io

from lxml import html
from PIL import Image

from odoo.tests import tagged

from .common import Command, find_ragged_rows
from .product_page_common import ProductPageCase

# Queries of the page beyond the frame of members' pages (other addons may add one), and
# in all: of a product, and of one with a matrix of variants.
MAX_OWN_QUERIES = 30
MAX_QUERIES = 57
MAX_QUERIES_MATRIX = 58


@tagged("post_install", "-at_install")
class TestProductPage(ProductPageCase):
    """What the members' page of a product shows, and to whom."""

    # === THE PRODUCT === #

    def test_the_product(self):
        template = self.boxed.product_tmpl_id
        brand = self.env["b2b.brand"].create({"name": "Zqx Works"})
        template.write(
            {
                "b2b_brand_id": brand.id,
                "description_sale": "Zqx in short",
                "description_ecommerce": "<p>Zqx at length</p>",
                "website_description": "<section><p>Zqx in blocks</p></section>",
                "b2b_min_qty": 48,
                "b2b_multiple": 24,
            }
        )
        self._login(self.buyer)
        response = self.url_open(self.boxed.website_url)
        self.assertFalse(find_ragged_rows(response.text))
        page = html.fromstring(response.text)
        text = page.text_content()
        for word in (
            "BOXED-1",
            "Zqx Works",
            "Zqx in short",
            "Zqx at length",
            "Zqx in blocks",
        ):
            self.assertIn(word, text)
        prices = self._get_prices(self.agreement)
        self.assertTrue(
            self._has(self._text(page, "o_b2b_block_price"), prices[self.boxed])
        )
        form = page.xpath("//form[contains(@class, 'o_b2b_product_order')]")[0]
        (quantity,) = form.xpath(".//input[starts-with(@name, 'qty_')]")
        self.assertEqual(quantity.get("value"), "48")
        units = form.xpath(".//select/option/@value")
        self.assertEqual(units, [str(self.boxed.uom_id.id), str(self.box.id)])
        self.assertTrue(page.xpath(f"//a[@href='/shop/why/{self.boxed.id}']"))

    def test_without_scripts(self):
        """The forms of the page work as they are."""
        self._login(self.buyer)
        page = self._page(self.boxed)
        (form,) = page.xpath("//form[contains(@class, 'o_b2b_product_order')]")
        data = {f.get("name"): f.get("value") or "" for f in form.xpath(".//input")}
        data.pop("csrf_token")
        data |= {"only": str(self.boxed.id), f"uom_{self.boxed.id}": str(self.box.id)}
        data[f"qty_{self.boxed.id}"] = "3"
        response = self._post("/shop/table/add", data)
        self.assertIn("/shop/", response.url)
        line = self.env["sale.order.line"].search(
            [("product_id", "=", self.boxed.id)], limit=1
        )
        self.assertEqual((line.product_uom_qty, line.product_uom_id), (3, self.box))

    def test_prices_follow_the_quantity(self):
        self._login(self.buyer)
        ask = {"product_id": self.broken.id, "uom_id": 0}
        for quantity, price in (("1", 0.0), ("10", 323.33), ("1 000", 292.04)):
            answer = self._rpc("/shop/product/price", quantity=quantity, **ask).json()
            block = answer["result"]["block"]
            if price:
                self.assertTrue(self._has(block, price), quantity)
        self.assertRegex(answer["result"]["sum"], r"292.?03\d|292.?04\d")
        for quantity in ("1e9", "999999999999", "-5", "text", "", "NaN", "∞"):
            answer = self._rpc("/shop/product/price", quantity=quantity, **ask).json()
            self.assertEqual(answer["result"]["sum"], "", quantity)
        hidden = self.plain
        hidden.is_published = False
        for product_id in (hidden.id, 99999999, "x", None, [1], -4):
            answer = self._rpc("/shop/product/price", product_id=product_id, quantity=1)
            self.assertIn("error", answer.json(), product_id)
            self.assertNotIn("731", answer.text)

    def test_properties_under_headings(self):
        self._login(self.buyer)
        page = self._page(self.plain)
        rows = page.xpath("//table[contains(@class, 'o_b2b_properties')]//tr")
        texts = [" ".join(row.text_content().split()) for row in rows]
        self.assertEqual(texts, ["Zqx Sizes", "Zqx Size Zqx M8", "Zqx Coat Zqx zinc"])
        self.coat.visibility = "hidden"
        self.assertNotIn("Zqx Coat", self._page(self.plain).text_content())

    def test_variants(self):
        color = self._create_attribute("Zqx Color", "always", ("red", "blue"))
        template = self.agreed.product_tmpl_id
        self._describe(self.agreed, color, 0, 1)
        red, blue = template.product_variant_ids
        red.default_code, blue.default_code = "ZQX-1", "ZQX-2"
        self._stock(blue, self.main, 17)
        self._login(self.buyer)
        page = self._page(blue)
        self.assertIn("Zqx blue", page.xpath("//h1")[0].text_content())
        rows = page.xpath("//section[@aria-labelledby='o_b2b_offers']//tbody/tr")
        self.assertEqual(
            [row.get("data-product-id") for row in rows], [str(red.id), str(blue.id)]
        )
        self.assertEqual(rows[1].get("aria-current"), "true")
        self.assertIn("17", self._cell(rows[1], "o_b2b_cell_stock"))
        self.assertIn("Zqx blue", self._cell(rows[1], "o_b2b_cell_property"))
        blue.active = False
        page = self._page(red)
        self.assertFalse(page.xpath("//section[@aria-labelledby='o_b2b_offers']"))

    def test_goods_put_together_have_cores_page(self):
        """A value to choose that makes no variant."""
        self._login(self.buyer)
        self.assertIn("o_b2b_product_main", self.url_open(self.plain.website_url).text)
        self._describe(self.offered, self.size, 0, 1)
        text = self.url_open(self.offered.website_url).text
        self.assertNotIn("o_b2b_product_main", text)
        self.assertIn("o_b2b_price_block", text)

    def test_pictures(self):
        image = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(image, "PNG")
        picture = base64.b64encode(image.getvalue())
        template = self.plain.product_tmpl_id
        self._login(self.buyer)
        self.assertTrue(self._text(self._page(self.plain), "o_b2b_no_picture"))
        template.image_1920 = picture
        template.product_template_image_ids = [
            Command.create({"name": "Side", "image_1920": picture})
        ]
        page = self._page(self.plain)
        links = page.xpath("//a[contains(@class, 'o_b2b_thumb')]/@href")
        self.assertEqual(len(links), 2)
        steps = page.xpath("//button[contains(@class, 'o_b2b_gallery_step')]")
        self.assertEqual([step.get("data-by") for step in steps], ["-1", "1"])
        self.assertTrue(all(step.get("aria-label") for step in steps))
        for link in links:
            self.assertEqual(self.url_open(link).status_code, 200)

    def test_breadcrumbs(self):
        self.section.parent_id = self.env["product.public.category"].create(
            {"name": "Zqx above"}
        )
        self._login(self.buyer)
        page = self._page(self.plain)
        crumbs = page.xpath("//ol[contains(@class, 'breadcrumb')]//a")
        texts = [" ".join(crumb.text_content().split()) for crumb in crumbs]
        self.assertEqual(texts[1:], ["Zqx above", "Zqx goods"])
        for crumb in crumbs:
            self.assertEqual(self.url_open(crumb.get("href")).status_code, 200)

    # === STOCK === #

    def test_stock_and_arrivals(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Zqx Second", "code": "ZQX2", "company_id": self.company.id}
        )
        self.agreement.warehouse_line_ids = [
            Command.create({"warehouse_id": second.id, "sequence": 20})
        ]
        self._stock(self.plain, self.main, 1317)
        self._stock(self.plain, second, 43)
        self._receive(self.plain, second, 120, days=9)
        self._send(self.plain, second, 123)
        self._login(self.buyer)
        page = self._page(self.plain)
        rows = page.xpath("//*[contains(@class, 'o_b2b_product_stock')]//tbody/tr")
        first, other, coming = [" ".join(row.text_content().split()) for row in rows]
        self.assertIn(self.main.name, first)
        self.assertRegex(first, r"1.?317")
        self.assertRegex(other, r"Zqx Second.*\b43\b")
        self.assertRegex(coming, r"120 .*\b40\b")
        self.website.b2b_show_stock = "members"
        self.buyer.stage = "registered"
        text = self._page(self.plain).text_content()
        self.assertNotRegex(text, r"1.?317|Zqx Second")

    def test_analogues_come_first_when_there_is_none(self):
        self._link(self.plain, "analogue", self.broken)
        self._link(self.plain, "accessory", self.boxed)
        self.env["stock.quant"].search([]).filtered(
            lambda quant: quant.product_id in self.goods
        ).sudo().unlink()

        def position(text, mark):
            return text.index(mark)

        self._login(self.buyer)
        self.plain.description_ecommerce = "<p>Zqx at length</p>"
        marks = "o_b2b_goods_analogues", "o_b2b_product_text"
        for quantity, first in ((0, True), (5, False)):
            if quantity:
                self._stock(self.plain, self.main, quantity)
            text = self.url_open(self.plain.website_url).text
            there = [position(text, mark) for mark in marks]
            self.assertEqual(there[0] < there[1], first)
        # the order of the sections tells nothing to those who may not see stock
        self.website.b2b_show_stock = "members"
        self.buyer.stage = "registered"
        self.env["stock.quant"]._update_available_quantity(
            self.plain, self.main.lot_stock_id, -5
        )
        text = self.url_open(self.plain.website_url).text
        self.assertGreater(*[position(text, mark) for mark in marks])

    # === OWN ORDERS === #

    def test_already_in_and_bought_before(self):
        cart = self._create_cart(self.buyer, lines=[(self.plain, 23)])
        cart.b2b_name = "Zqx cart"
        for quantity in (200, 300, 700):
            order = self._create_cart(self.buyer, lines=[(self.plain, quantity)])
            order.action_confirm()
        theirs = self._create_cart(
            self.stranger, self.agreement_south, lines=[(self.plain, 611)]
        )
        theirs.action_confirm()
        colleague = self._create_cart(self.buyer2, lines=[(self.plain, 977)])
        colleague.action_confirm()
        self._login(self.buyer)
        page = self._page(self.plain)
        own = self._text(page, "o_b2b_ordered")
        self.assertIn("Zqx cart", own)
        for quantity in (23, 200, 300, 700):
            self.assertIn(str(quantity), own)
        self.assertIn(order.name, own)
        for foreign in ("611", "977", theirs.name, colleague.name):
            self.assertNotIn(foreign, own)
        bought = self._text(page, "o_b2b_bought")
        self.assertIn("300", bought, "the median")
        price = self._get_prices(self.agreement)[self.plain]
        self.assertTrue(self._has(self._text(page, "o_b2b_paid"), price))
        self._login(self.stranger)
        page = self._page(self.plain)
        self.assertIn("611", self._text(page, "o_b2b_ordered"))
        self.assertNotIn("300", self._text(page, "o_b2b_bought"))

    # === RIGHTS === #

    def test_client_mode(self):
        self._create_cart(self.buyer, lines=[(self.plain, 23)])
        self._link(self.plain, "analogue", self.broken)
        self._link(self.plain, "accessory", self.agreed)
        self._login(self.buyer)
        north = self._get_prices(self.agreement)
        self._post("/b2b/client-mode", {"on": "1", "page": "/my"})
        text = self.url_open(self.plain.website_url).text
        page = html.fromstring(text)
        for product in (self.plain, self.broken, self.agreed):
            self.assertFalse(self._has(text, north[product]), product.default_code)
        self.assertTrue(self._has(text, 731.37 + 1.11))
        self.assertFalse(page.xpath("//*[contains(@class, 'o_b2b_product_own')]//li"))
        self.assertFalse(page.xpath("//a[starts-with(@href, '/shop/why')]"))
        answer = self._rpc(
            "/shop/product/price", product_id=self.plain.id, quantity="10"
        )
        self.assertFalse(self._has(answer.text, north[self.plain]))
        self.assertEqual(answer.json()["result"]["sum"], "")

    def test_without_prices(self):
        self._link(self.plain, "analogue", self.broken)
        self.website.b2b_show_prices = "members"
        self.buyer.stage = "registered"
        self._login(self.buyer)
        north = self._get_prices(self.agreement)
        for product in (self.plain, self.broken):
            text = self.url_open(self.plain.website_url).text
            for price in (north[product], product.list_price + 1.11):
                self.assertFalse(self._has(text, price))
        self.assertNotIn("/shop/table/add", text)
        self.assertEqual(self.url_open(self.plain.website_url).status_code, 200)

    def test_others_have_cores_page(self):
        self._link(self.plain, "analogue", self.broken)
        for user in (None, self.retail_user.login):
            self.authenticate(user, user)
            response = self.url_open(self.plain.website_url)
            self.assertEqual(response.status_code, 200)
            self.assertNotIn("o_b2b_product_main", response.text)
        self.authenticate("admin", "admin")
        response = self.url_open(self.plain.website_url)
        self.assertNotIn("o_b2b_product_main", response.text)

    def test_hidden_goods(self):
        """By address, and through links, of every kind."""
        hidden = self.broken
        hidden.is_published = False
        self._link(self.plain, "analogue", hidden)
        self._link(self.plain, "consumable", hidden)
        self.plain.product_tmpl_id.alternative_product_ids = hidden.product_tmpl_id
        self.plain.product_tmpl_id.accessory_product_ids = hidden
        self._login(self.buyer)
        text = self.url_open(self.plain.website_url).text
        for word in (hidden.name, hidden.default_code):
            self.assertNotIn(word, text)
        for address in (hidden.product_tmpl_id.id, 99999999):
            self.assertIn(self.url_open(f"/shop/{address}").status_code, (403, 404))
        self.assertNotIn(
            hidden.default_code,
            self.url_open(f"/shop/{hidden.product_tmpl_id.id}").text,
        )
        hidden.write({"is_published": True, "sale_ok": False})
        self.assertNotIn(hidden.name, self.url_open(self.plain.website_url).text)
        self.assertIn(self.url_open(hidden.website_url).status_code, (403, 404))

    def test_strange_addresses(self):
        self._login(self.buyer)
        url = self.plain.website_url
        for query in (
            "attribute_values=99999999",
            "attribute_values=a,b,-1,,",
            "attribute_values=" + "9," * 5000,
            "category=99999999",
            "category=x",
            "pricelist=1",
            "pricelist=x",
        ):
            response = self.url_open(f"{url}?{query}")
            self.assertEqual(response.status_code, 200, query[:40])
            self.assertIn("o_b2b_product_main", response.text)

    def test_adding_bad_quantities(self):
        self._login(self.buyer)
        for quantity in ("1e9", "-5", "text", "", "99999999999999999999"):
            answer = self._rpc(
                "/shop/table/add_row",
                product_id=self.plain.id,
                quantity=quantity,
                cart_id=0,
                agreement_id=self.agreement.id,
                uom_id=0,
            ).json()
            self.assertEqual(answer["result"]["outcome"], "rejected", quantity)

    # === SPEED === #

    def test_number_of_queries_does_not_grow(self):
        """With the links, the variants, the orders and the catalogue."""
        self._link(self.plain, "analogue", self.broken)
        self._link(self.plain, "accessory", self.agreed)
        self._receive(self.plain, self.main, 10, days=1)
        self._stock(self.broken, self.main, 5)
        self._login(self.buyer)
        before = self._count_queries()
        for number in range(10):
            product = self._create_product(
                f"MORE-{number}", 10.0, public_categ_ids=[Command.set(self.section.ids)]
            )
            self._describe(product, self.size, number % 2)
            self._describe(product, self.coat, 1)
            kind = ("analogue", "accessory")[number % 2]
            self._link(self.plain, kind, product)
            self._stock(product, self.main, 5)
            self._receive(self.plain, self.main, 10, days=number)
        for number in range(6):
            self._create_product(
                f"OTHER-{number}",
                10.0,
                public_categ_ids=[Command.set(self.section.ids)],
            )
        after = self._count_queries()
        self.assertLessEqual(after, before + 1)

    def test_number_of_queries_with_warehouses(self):
        """Stock and arrivals are read in sets, however many warehouses there are."""
        self._receive(self.plain, self.main, 10, days=1)
        self._login(self.buyer)
        before = self._count_queries()
        for number in range(4):
            warehouse = self.env["stock.warehouse"].create(
                {"name": f"Zqx {number}", "code": f"ZQ{number}"}
            )
            self.agreement.warehouse_line_ids = [
                Command.create({"warehouse_id": warehouse.id})
            ]
            self._stock(self.plain, warehouse, 5)
            self._receive(self.plain, warehouse, 10, days=number)
            self._send(self.plain, warehouse, 3)
        self.assertLessEqual(self._count_queries(), before)
        self.assertIn("Zqx 3", self.url_open(self.plain.website_url).text)

    def test_number_of_queries_with_variants(self):
        """A list of 3 or of 12 variants, a matrix of 4 or of 36."""
        self._create_cart(self.buyer, lines=[(self.plain, 23)])
        self._login(self.buyer)
        for few, many in (((3,), (12,)), ((2, 2), (6, 6))):
            before, after = (
                self._count_queries(self._create_variants(*sizes).website_url)
                for sizes in (few, many)
            )
            self.assertLessEqual(after, before, many)
            self.assertLessEqual(after, MAX_QUERIES_MATRIX, many)

    def _create_variants(self, *sizes):
        """A product with an attribute of each of these numbers of values."""
        attributes = self.env["product.attribute"].create(
            [
                {
                    "name": f"Zqx axis {place}",
                    "create_variant": "always",
                    "value_ids": [
                        Command.create({"name": f"Zqx {place} {number}"})
                        for number in range(size)
                    ],
                }
                for place, size in enumerate(sizes)
            ]
        )
        return self.env["product.template"].create(
            {
                "name": "Zqx variants",
                "list_price": 10.0,
                "is_storable": True,
                "is_published": True,
                "website_id": False,
                "taxes_id": [Command.set(self.plain.taxes_id.ids)],
                "public_categ_ids": [Command.set(self.section.ids)],
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids.ids)],
                        }
                    )
                    for attribute in attributes
                ],
            }
        )

    def test_number_of_queries(self):
        """Of a member with a cart, orders, links, arrivals, documents: warm."""
        self._create_cart(self.buyer, lines=[(self.plain, 23)])
        self._create_cart(self.buyer, lines=[(self.plain, 40)]).action_confirm()
        self._link(self.plain, "analogue", self.broken)
        self._link(self.plain, "consumable", self.boxed)
        self._receive(self.plain, self.main, 10, days=1)
        self._login(self.buyer)
        # the frame of a page that asks for one thing only
        frame = self._count_queries("/my/stock-alerts")
        whole = self._count_queries(self.plain.website_url)
        self.assertLessEqual(whole - frame, MAX_OWN_QUERIES)
        self.assertLessEqual(whole, MAX_QUERIES)

    def _count_queries(self, url=None):
        url = url or self.plain.website_url
        self.url_open(url)
        counts = []
        for _run in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.url_open(url).status_code, 200)
            counts.append(self.env.cr.sql_log_count - before)
        return min(counts)
