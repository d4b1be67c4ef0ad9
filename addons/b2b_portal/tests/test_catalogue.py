# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from lxml import html

from odoo.tests import tagged

from .catalogue_common import SUGGESTIONS, CatalogueCase
from .common import find_ragged_rows


@tagged("post_install", "-at_install")
class TestCatalogue(CatalogueCase):
    """Table, product page and the way into the cart."""

    def test_the_table_shows_the_agreements_prices(self):
        self._login(self.buyer)
        response = self.url_open(f"/shop?search={self.mark}")
        self.assertFalse(find_ragged_rows(response.text))
        prices = self._get_prices(self.agreement)
        for product, price in prices.items():
            row = self._read_row(response.text, product)
            self.assertTrue(self._has(self._cell(row, "o_b2b_my_price"), price))
            self.assertTrue(row.xpath(f".//a[@href='/shop/why/{product.id}']"))
        row = self._read_row(response.text, self.offered)
        self.assertTrue(self._has(row.xpath(".//del")[0].text_content(), 539.77))
        row = self._read_row(response.text, self.broken)
        self.assertTrue(self._has(self._cell(row, "o_b2b_cell_step"), 323.33))
        self.assertRegex(self._cell(row, "o_b2b_cell_margin"), r"\d[.,]\d %")

    def test_goods_without_a_price_are_on_request(self):
        """Nothing is offered for 0.00, unless the website sells for nothing."""
        self._login(self.buyer)
        self.plain.list_price = 0
        self.retail.item_ids.price_surcharge = 0
        url = f"/shop?search={self.plain.default_code}"
        cells = "//tr[@data-product-id]/td[contains(@class, 'o_b2b_cell_%s')]"
        for asked, numbers in ((True, False), (False, True)):
            self.website.prevent_zero_price_sale = asked
            tree = html.fromstring(self.url_open(url).text)
            for kind in ("price", "retail"):
                text = tree.xpath(f"string({cells % kind})")
                self.assertEqual(bool(re.search(r"0[.,]00", text)), numbers, text)
            no_rate = tree.xpath("//td[contains(@class, 'o_b2b_no_rate')]")
            self.assertEqual(len(no_rate), asked)
            page = self.url_open(self.plain.website_url).text
            self.assertEqual("o_b2b_no_price" in page, asked)

    def test_forged_addresses_of_all_lists(self):
        """Pages that are no numbers, zero bytes, filters of core's that are none."""
        (section,) = self.env["product.public.category"].create({"name": "Zqx"})
        self.plain.product_tmpl_id.public_categ_ids = section
        forged = ("page=-1", "page=x", "search=%00a", "q=%00", "department=%00")
        lists = (
            "/shop",
            f"/shop/category/{section.id}",
            "/my/documents",
            "/my/members",
            "/my/messages",
            "/my/purchases",
            "/my/article-numbers",
            "/shop/goods/suggest",
        )
        self._login(self.head)
        for url in lists:
            for query in forged:
                response = self.url_open(f"{url}?{query}")
                self.assertLess(response.status_code, 500, f"{url}?{query}")
        self.authenticate(None, None)
        for query in (
            "tags=x",
            "tags=1,x,",
            "attribute_values=x-y",
            "page=x",
            "order=x",
        ):
            response = self.url_open(f"/shop?{query}")
            self.assertEqual(response.status_code, 200, query)
        # what is a number still works
        tag = self.env["product.tag"].create({"name": "Zqx rare"})
        self.plain.product_tmpl_id.product_tag_ids = tag
        self.env.ref("website_sale.filter_products_tags").active = True
        page = self.url_open(f"/shop?tags={tag.id},x").text
        self.assertIn(self.plain.name, page)
        self.assertNotIn(self.broken.name, page)

    def test_scripts_speak_the_language_of_the_page(self):
        answer = self.url_open("/website/translations?lang=ru_RU").json()
        messages = answer["modules"]["b2b_portal"]["messages"]
        self.assertIn(
            "Это не количество: %s",
            [m["string"] for m in messages if m["id"] == "This is no quantity: %s"],
        )

    def test_the_product_page_shows_the_same(self):
        self._login(self.buyer)
        prices = self._get_prices(self.agreement)
        for product, price in prices.items():
            page = self.url_open(product.website_url).text
            (block,) = html.fromstring(page).xpath(
                "//*[contains(@class, 'o_b2b_price_block')]"
            )
            self.assertTrue(self._has(self._cell(block, "o_b2b_block_price"), price))
            self.assertIn("N-7", block.text_content())
            info = self._ask_combination(product)
            self.assertEqual(self.currency.round(info["price"]), price)
            self.assertTrue(self._has(info["b2b_price_block"], price))
        page = self.url_open(self.broken.website_url).text
        steps = html.fromstring(page).xpath("//tr[contains(@class, 'o_b2b_step')]")
        self.assertEqual(len(steps), 2)

    def test_the_block_follows_quantity_and_unit(self):
        self._login(self.buyer)
        info = self._ask_combination(self.broken, add_qty=10)
        self.assertTrue(self._has(info["b2b_price_block"], 323.33))
        info = self._ask_combination(self.boxed, uom_id=self.box.id)
        self.assertEqual(round(info["price"], 2), 1114.02)
        block = html.fromstring(info["b2b_price_block"])
        self.assertTrue(self._has(self._cell(block, "o_b2b_block_price"), 1114.02))

    def _ask_combination(self, product, **values):
        return self._rpc(
            "/website_sale/get_combination_info",
            **(
                {
                    "product_template_id": product.product_tmpl_id.id,
                    "product_id": product.id,
                    "combination": [],
                    "add_qty": 1,
                }
                | values
            ),
        ).json()["result"]

    def test_two_users_on_one_address(self):
        """Never each other's price: in both orders, twice, with caching on."""
        north = self._get_prices(self.agreement)
        south = self._get_prices(self.agreement_south)
        for first, second in (
            (self.buyer, self.stranger),
            (self.stranger, self.buyer),
        ):
            for member in (first, second, first, second):
                mine, theirs = (
                    (north, south) if member == self.buyer else (south, north)
                )
                self._login(member)
                with self.subTest(member=member.user_id.login):
                    self._check_own_prices(mine, theirs)

    def _check_own_prices(self, mine, theirs):
        page = self.url_open(f"/shop?search={self.mark}")
        words = self._rpc(
            "/website/snippet/autocomplete",
            search_type="products",
            term=self.mark,
            order="name asc",
            limit=10,
            options=SUGGESTIONS,
        )
        product_page = self.url_open(self.plain.website_url)
        info = self._rpc(
            "/website_sale/get_combination_info",
            product_template_id=self.plain.product_tmpl_id.id,
            product_id=self.plain.id,
            combination=[],
            add_qty=1,
        )
        for response in (page, words, product_page, info):
            self.assertEqual(response.status_code, 200)
            self.assertNotIn('"error"', response.text[:60])
            self.assertIn("private", response.headers["Cache-Control"])
            self.assertIn("no-store", response.headers["Cache-Control"])
        for product in self.goods:
            self.assertTrue(self._has(page.text, mine[product]), product.name)
            self.assertTrue(self._has(words.text, mine[product]), product.name)
            for text in (page.text, words.text):
                self.assertFalse(self._has(text, theirs[product]), product.name)
        for text in (product_page.text, info.text):
            self.assertTrue(self._has(text, mine[self.plain]))
            self.assertFalse(self._has(text, theirs[self.plain]))

    def test_guests_and_members_without_agreement_have_cores_page(self):
        self.authenticate(None, None)
        page = self.url_open(f"/shop?search={self.mark}")
        self.assertNotIn("o_b2b_price_table", page.text)
        self.assertNotIn("no-store", page.headers.get("Cache-Control", ""))
        for view in ("table", "list"):
            page = self.url_open(f"/shop?search={self.mark}&view={view}")
            self.assertNotIn("o_b2b_catalogue_bar", page.text)
        self.agreement_south.action_suspend()
        self._login(self.stranger)
        page = self.url_open(f"/shop?search={self.mark}")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("o_b2b_price_table", page.text)
        self.assertEqual(self.url_open(self.plain.website_url).status_code, 200)

    def test_views(self):
        self._login(self.buyer)
        url = f"/shop?search={self.mark}"
        goods = f"//*[@data-product-id='{self.plain.id}']"

        def shows(address, name):
            tree = html.fromstring(self.url_open(address).text)
            forms = tree.xpath("//form[contains(@class, 'o_b2b_price_table')]")
            self.assertEqual(len(forms), 1)
            self.assertEqual(len(forms[0].xpath(goods)), 1)
            self.assertIn("o_b2b_catalogue_bar", self.url_open(address).text)
            return name in forms[0].get("class").split() or bool(
                forms[0].xpath(f".//{name}") if name == "table" else False
            )

        self.assertTrue(shows(url, "table"))
        self.assertTrue(shows(f"{url}&view=list", "o_b2b_cards_list"))
        self.assertTrue(shows(url, "o_b2b_cards_list"), "remembered")
        self.assertIn("selected", self._get_page_size(f"{url}&per_page=200"))
        self._login(self.head)
        self.assertTrue(shows(url, "table"), "each member has a view of their own")
        self.assertNotIn("selected", self._get_page_size(url))
        self._login(self.buyer)
        self.assertTrue(shows(url, "o_b2b_cards_list"), "on every computer")
        self.assertIn("selected", self._get_page_size(url))
        self.assertTrue(shows(f"{url}&view=grid", "o_b2b_cards_grid"))
        self.assertTrue(shows(f"{url}&view=x", "o_b2b_cards_grid"))
        self.assertTrue(shows(f"{url}&view=table", "table"))

    def _get_page_size(self, url):
        """Attributes of the choice of 200 rows a page."""
        tree = html.fromstring(self.url_open(url).text)
        return tree.xpath("//select[@name='per_page']/option[@value='200']")[0].attrib

    def test_a_script_gets_the_part_that_changes(self):
        self._login(self.buyer)
        url = f"/shop?search={self.mark}"
        part = self.url_open(url, headers={"X-B2b-Part": "catalogue"})
        self.assertNotIn("<head", part.text)
        self.assertIn("no-store", part.headers["Cache-Control"])
        self._read_row(part.text, self.plain)

    def test_access_modes(self):
        self.buyer.stage = "registered"
        self._login(self.buyer)
        self.website.b2b_access_mode = "custom"
        self.website.b2b_show_promotions = "members"
        page = self.url_open(f"/shop?search={self.mark}").text
        self.assertNotIn("o_b2b_special", page)
        self.assertFalse(self._has(page, 539.77))
        self.assertTrue(self._has(page, 401.03))
        self.website.b2b_show_stock = "members"
        page = self.url_open(f"/shop?search={self.mark}").text
        self.assertNotIn("o_b2b_cell_stock", page)
        self.website.b2b_access_mode = "members"
        page = self.url_open(f"/shop?search={self.mark}").text
        product_page = self.url_open(self.offered.website_url).text
        for text in (page, product_page):
            for price in (401.03, 539.77, 619.40):
                self.assertFalse(self._has(text, price), price)
        self.assertNotIn("o_b2b_row_qty", page)
        self.assertFalse(find_ragged_rows(page))

    # === INTO THE CART === #

    def _add(self, cart=0, agreement=None, **quantities):
        return self._post(
            "/shop/table/add",
            {
                "cart_id": str(cart and cart.id),
                "agreement_id": str((agreement or self.agreement).id),
                "page": "/my/carts",
            }
            | quantities,
        )

    def _message(self, response):
        (message,) = html.fromstring(response.text).xpath(
            "//*[contains(@class, 'o_b2b_message')]"
        )
        return message.text_content()

    def test_add_all_filled(self):
        cart = self._create_cart(self.buyer, lines=[(self.plain, 1)])
        self._login(self.buyer)
        hidden = self._create_product("HIDDEN-1", 5, is_published=False)
        response = self._add(
            cart,
            **{
                f"qty_{self.plain.id}": " 12,0 ",
                f"qty_{self.nut.id}": "150",
                f"qty_{self.boxed.id}": "2",
                f"uom_{self.boxed.id}": str(self.box.id),
                f"qty_{self.broken.id}": "many",
                f"qty_{self.agreed.id}": "",
                f"qty_{self.offered.id}": "-3",
                f"qty_{hidden.id}": "1",
                "qty_99999999999999999999": "1",
                "qty_x": "1",
            },
        )
        lines = {line.product_id: line for line in cart.order_line}
        self.assertEqual(set(lines), {self.plain, self.nut, self.boxed})
        self.assertEqual(lines[self.plain].product_uom_qty, 13)
        self.assertEqual(lines[self.nut].product_uom_qty, 200)
        self.assertEqual(lines[self.boxed].product_uom_id, self.box)
        text = self._message(response)
        numbers = [int(n) for n in re.findall(r"\d+", text.split("\n")[0])]
        self.assertEqual(numbers, [6, 2, 1, 3])
        self.assertEqual(numbers[0], sum(numbers[1:]))
        for code in ("NUT-M8", "BREAK-1", "OFFER-1"):
            self.assertIn(code, text)
        self.assertNotIn("HIDDEN-1", text)

    def test_one_row_without_script(self):
        cart = self._create_cart(self.buyer)
        self._login(self.buyer)
        self._add(
            cart,
            only=str(self.plain.id),
            **{f"qty_{self.plain.id}": "4", f"qty_{self.broken.id}": "5"},
        )
        self.assertEqual(cart.order_line.product_id, self.plain)

    def test_a_new_cart_only_for_goods(self):
        self._login(self.buyer)
        carts = self.env["sale.order"].search_count([])
        self._message(self._add())
        self._message(self._add(**{f"qty_{self.plain.id}": "no"}))
        self.assertEqual(self.env["sale.order"].search_count([]), carts)
        self._add(**{f"qty_{self.plain.id}": "2"})
        cart = self.env["sale.order"].search([], order="id desc", limit=1)
        self.assertEqual(cart.b2b_agreement_id, self.agreement)
        self.assertEqual(cart.order_line.product_uom_qty, 2)

    def test_foreign_and_stale_carts(self):
        foreign = self._create_cart(self.stranger, self.agreement_south)
        closed = self._create_cart(self.buyer, lines=[(self.plain, 1)])
        closed.action_confirm()
        other = self._create_agreement(self.north_a)
        self._login(self.buyer)
        quantity = {f"qty_{self.plain.id}": "1"}
        self.assertIn(self._add(foreign, **quantity).status_code, (403, 404))
        answer = self._rpc(
            "/shop/table/add_row",
            product_id=self.plain.id,
            quantity="1",
            cart_id=foreign.id,
            agreement_id=self.agreement.id,
        ).json()
        self.assertIn("error", answer)
        self.assertFalse(foreign.order_line)
        orders = self.env["sale.order"].search_count([])
        for cart, agreement in ((closed, None), (0, other)):
            response = self._add(cart, agreement, **quantity)
            refused = response.status_code == 403
            self.assertTrue(refused or "alert-danger" in response.text)
        self.assertEqual(closed.order_line.product_uom_qty, 1)
        self.assertEqual(self.env["sale.order"].search_count([]), orders)

    def test_a_row_by_script(self):
        self._login(self.buyer)
        values = {"product_id": self.nut.id, "agreement_id": self.agreement.id}
        result = self._rpc("/shop/table/add_row", quantity="150", **values).json()
        result = result["result"]
        cart = self.env["sale.order"].browse(result["cart_id"])
        self.assertEqual(result["outcome"], "changed")
        self.assertEqual(cart.order_line.product_uom_qty, 200)
        self.assertIn("200", result["in_cart"])
        self.assertTrue(self._has(result["cart"], cart.amount_total))
        values["cart_id"] = cart.id
        for quantity in ("many", "", "0"):
            result = self._rpc("/shop/table/add_row", quantity=quantity, **values)
            self.assertEqual(result.json()["result"]["outcome"], "rejected", quantity)
        self.assertEqual(cart.order_line.product_uom_qty, 200)

    def test_the_cart_page_shows_the_same_price(self):
        cart = self._create_cart(self.buyer)
        self._login(self.buyer)
        self._add(cart, **{f"qty_{product.id}": "1" for product in self.goods})
        page = self.url_open(f"/my/carts/{cart.id}").text
        found = [
            cell.text_content()
            for cell in html.fromstring(page).xpath(
                "//td[contains(@class, 'o_b2b_line_price')]"
            )
        ]
        prices = self._get_prices(self.agreement)
        self.assertEqual(len(found), len(prices))
        for product, price in prices.items():
            self.assertTrue(any(self._has(text, price) for text in found), product.name)

    def test_a_role_without_carts_has_no_quantities(self):
        viewer = self._create_member(
            self.north, "viewer", "b2b_viewer", all_entities=True
        )
        self._login(viewer)
        page = self.url_open(f"/shop?search={self.mark}").text
        self.assertIn("o_b2b_price_table", page)
        self.assertNotIn("o_b2b_row_qty", page)


@tagged("post_install", "-at_install")
class TestCatalogueSpeed(CatalogueCase):
    """Nothing on the page costs a query a row."""

    def test_20_rows_cost_what_80_cost(self):
        products = self.env["product.product"]
        for number in range(80):
            word = "Few" if number < 20 else "Many"
            products |= self._create_product(
                f"SPEED-{number}",
                10 + number,
                name=f"Speedy{word} {number}",
                uom_ids=[(6, 0, self.box.ids)],
                b2b_multiple=number % 3,
                is_storable=True,
            )
        self.price_type.item_ids = [
            (0, 0, self._fixed(product, 5, min_quantity=10)) for product in products
        ]
        self._login(self.buyer)
        few = self._count("/shop?search=SpeedyFew&per_page=100")
        many = self._count("/shop?search=Speedy&per_page=100")
        page = self.url_open("/shop?search=Speedy&per_page=100").text
        self.assertEqual(len(html.fromstring(page).xpath("//tr[@data-product-id]")), 80)
        self.assertLessEqual(many, few + 3)
