# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from lxml import html

from odoo.tests import tagged

from ..tools.variant_grid import MAX_CELLS
from .common import Command, find_ragged_rows
from .variant_common import PART, VariantCase


@tagged("post_install", "-at_install")
class TestVariants(VariantCase):
    """The row of a product with variants, its matrix, and who sees what of it."""

    # === THE LIST === #

    def test_one_row(self):
        self._login(self.buyer)
        for view in ("table", "list", "grid"):
            page = self.url_open(f"/shop?search=Gridbolt&view={view}").text
            self.assertFalse(find_ragged_rows(page))
            tree = html.fromstring(page)
            (link,) = tree.xpath("//a[contains(@class, 'o_b2b_variants_open')]")
            self.assertEqual(link.get("href"), self.template.website_url)
            self.assertNotIn('name="qty_', page)
            self.assertRegex(page, r"\b19\b")
            # the least of all variants, which is a price of one variant only
            (price,) = tree.xpath("//form//*[@class='o_b2b_my_price']")
            self.assertTrue(self._has(price.text_content(), 2.98), view)

    def test_few_variants_stay_rows(self):
        short = self._attribute("Short", "a", "b", "c")
        template = self._create_template("Rowbolt", short)
        self._login(self.buyer)
        page = self.url_open("/shop?search=Rowbolt&view=table").text
        for variant in template.product_variant_ids:
            self.assertIn(f'name="qty_{variant.id}"', page)
        page = self.url_open("/shop?search=Rowbolt&view=grid").text
        self.assertIn("o_b2b_variants_open", page)

    def test_from_is_said_only_of_all(self):
        """Too many variants to compare: no least price is claimed."""
        long = self._attribute("Long", *(str(n) for n in range(70)))
        self._create_template("Longbolt", long)
        self._login(self.buyer)
        page = self.url_open("/shop?search=Longbolt&view=table").text
        self.assertFalse(html.fromstring(page).xpath("//*[@class='o_b2b_my_price']"))
        self.assertIn("o_b2b_variants_open", page)

    def test_no_variant_yet(self):
        dynamic = self._attribute("Dyn", "a", "b", create_variant="dynamic")
        template = self._create_template("Dynbolt", dynamic)
        self.assertFalse(template.product_variant_ids)
        self._login(self.buyer)
        for view in ("table", "list", "grid"):
            page = self.url_open(f"/shop?search=Dynbolt&view={view}")
            self.assertEqual(page.status_code, 200)
            self.assertIn(template.website_url, page.text)
        self.assertEqual(self._open(template).status_code, 200)

    # === THE MATRIX === #

    def test_every_cell_has_the_price_of_the_engine(self):
        self._login(self.buyer)
        response = self._open()
        self.assertIn("no-store", response.headers["Cache-Control"])
        cells = self._cells(response.text)
        variants = self.template.product_variant_ids
        self.assertEqual(set(cells), set(variants.ids))
        found = self.agreement.sudo().pricelist_id._compute_price_rule(variants, 1.0)
        for variant in variants:
            price = self.currency.round(found[variant.id][0])
            text = self._cell(cells[variant.id], "o_b2b_my_price")
            self.assertTrue(self._has(text, price), (variant.display_name, text, price))
            prices = json.loads(cells[variant.id].get("data-prices"))
            (least, shown) = prices[str(variant.uom_id.id)][0]
            self.assertEqual(least, 0)
            self.assertAlmostEqual(shown, price, 2)
        gaps = html.fromstring(response.text).xpath("//td[@class='o_b2b_cell_none']")
        self.assertEqual(len(gaps), 1)
        self.assertTrue(gaps[0].text_content().strip(), "said to screen readers")
        self.assertFalse(find_ragged_rows(response.text))

    def test_one_price_is_said_once(self):
        template = self._create_template("Evenbolt", self.thread, self.length)
        self._login(self.buyer)
        text = self._open(template).text
        (head,) = html.fromstring(text).xpath(
            "//*[contains(@class, 'o_b2b_one_price')]"
        )
        self.assertTrue(self._has(head.text_content(), 8.73))
        cells = self._cells(text).values()
        self.assertFalse([c for c in cells if c.xpath(".//*[@class='o_b2b_my_price']")])

    def test_cells_go_into_the_cart(self):
        first, second = self._variant("M6", "20"), self._variant("M12", "60")
        cart = self._create_cart(self.buyer)
        self._login(self.buyer)
        self._post(
            "/shop/table/add",
            {
                "cart_id": str(cart.id),
                "agreement_id": str(self.agreement.id),
                "page": "/my/carts",
                f"qty_{first.id}": "70",
                f"uom_{first.id}": str(first.uom_id.id),
                f"qty_{second.id}": "100",
            },
        )
        lines = {line.product_id: line.product_uom_qty for line in cart.order_line}
        self.assertEqual(lines, {first: 100, second: 100})
        text = self._cell(self._cells(self._open().text)[first.id], "o_b2b_in_cart")
        self.assertIn("100", text)

    def test_a_thousand_variants(self):
        big = [
            self._attribute(f"Big {n}", *(f"v{i}" for i in range(10))) for n in range(3)
        ]
        template = self._create_template("Bigbolt", *big)
        self.assertEqual(len(template.product_variant_ids), 1000)
        self._login(self.buyer)
        text = self._open(template).text
        self.assertLessEqual(len(self._cells(text)), MAX_CELLS)
        links = html.fromstring(text).xpath(
            "//a[contains(@class, 'o_b2b_variants_go')]"
        )
        self.assertEqual(len(links), 10)
        query = links[-1].get("href").partition("?")[2]
        other = self._open(template, f"?{query}").text
        self.assertFalse(set(self._cells(text)) & set(self._cells(other)))
        # without a script the same address leads to the product's page
        page = self.url_open(f"/shop/variants/{template.id}?{query}").text
        self.assertEqual(set(self._cells(page)), set(self._cells(other)))
        # the last variant has a page of its own
        variant = template.product_variant_ids.sorted("id")[-1]
        url = self._cells(other)[sorted(self._cells(other))[-1]]
        address = url.xpath(".//a[@class='o_b2b_cell_link']/@href")[0]
        shown = html.fromstring(self.url_open(address).text)
        current = shown.xpath(
            "//td[contains(@class, 'o_b2b_current')]/@data-product-id"
        )
        self.assertEqual([int(i) for i in current], [int(url.get("data-product-id"))])
        self.assertTrue(variant)

    def test_queries_do_not_grow(self):
        small = self._create_template(
            "Smallbolt", self.thread, self._attribute("S", "1", "2")
        )
        big = self._create_template(
            "Largebolt",
            self._attribute("T", *(f"v{i}" for i in range(20))),
            self.length,
        )
        self._login(self.buyer)
        few = self._count(f"/shop/variants/{small.id}", 3, headers=PART)
        many = self._count(f"/shop/variants/{big.id}", 3, headers=PART)
        self.assertEqual(len(self._cells(self._open(big).text)), 100)
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(many, 65)

    # === BAD INPUT AND RIGHTS === #

    def test_forged_and_hidden(self):
        hidden = self._create_template(
            "Hiddenbolt", self.thread, self.length, is_published=False
        )
        archived = self._create_template(
            "Gonebolt", self.thread, self.length, active=False
        )
        self._login(self.buyer)
        texts = set()
        for template_id in (hidden.id, archived.id, 0, 10**9 - 1, 10**30):
            for headers in (PART, {}):
                response = self.url_open(
                    f"/shop/variants/{template_id}", headers=headers
                )
                self.assertEqual(response.status_code, 404, template_id)
                self.assertNotIn("Hiddenbolt", response.text)
                texts.add("Traceback" in response.text)
        self.assertEqual(texts, {False})
        for query in (
            "?values=x,-1,99999999999,,",
            "?rows=-3",
            "?rows=1e9&values=" * 9,
        ):
            self.assertEqual(len(self._cells(self._open(query=query).text)), 19, query)

    def test_goods_put_together_on_their_page(self):
        choice = self._attribute("Choice", "x", "y", create_variant="no_variant")
        template = self._create_template("Madebolt", self.thread, choice)
        self._login(self.buyer)
        text = self._open(template).text
        self.assertFalse(self._cells(text))
        self.assertIn(template.website_url, text)
        page = self.url_open("/shop?search=Madebolt&view=table").text
        self.assertNotIn("o_b2b_variants_open", page)

    def test_inactive_values_and_exclusions(self):
        line = self.template.attribute_line_ids[0]
        line.value_ids = [Command.unlink(self.thread.value_ids[0].id)]
        self._login(self.buyer)
        cells = self._cells(self._open().text)
        self.assertEqual(set(cells), set(self.template.product_variant_ids.ids))
        self.assertEqual(len(cells), 15)

    def test_dynamic_variants_that_exist(self):
        dynamic = self._attribute("Dyn", "a", "b", "c", create_variant="dynamic")
        template = self._create_template("Dynbolt", dynamic, self.thread)
        values = template.attribute_line_ids.product_template_value_ids
        for name in ("a", "b"):
            template._create_product_variant(
                values.filtered(lambda v, n=name: v.name in (n, "M6"))
            )
        self._login(self.buyer)
        self.assertEqual(
            set(template.product_variant_ids.ids),
            set(
                int(i)
                for i in html.fromstring(self._open(template).text).xpath(
                    "//@data-product-id"
                )
            ),
        )

    def test_who_may_not_order_or_see(self):
        self._login(self.accountant)
        text = self._open().text
        self.assertEqual(len(self._cells(text)), 19)
        self.assertNotIn("<input", text)
        self.assertNotIn("data-prices", text)
        self.buyer.stage = "registered"
        self.website.b2b_access_mode = "custom"
        self.website.b2b_show_stock = "members"
        self._login(self.buyer)
        self.assertNotIn("o_b2b_cell_stock", self._open().text)
        page = self.url_open("/shop?search=Gridbolt&view=table").text
        self.assertNotRegex(page, r"o_b2b_dot")
        self.website.b2b_access_mode = "members"
        text = self._open().text
        self.assertFalse(self._has(text, 2.98))
        self.assertNotIn("<input", text)
        page = self.url_open("/shop?search=Gridbolt&view=table").text
        self.assertFalse(self._has(page, 2.98))

    def test_strangers(self):
        self._login(self.stranger)
        text = self._open().text
        self.assertFalse(self._has(text, 2.98))
        self.assertTrue(self._has(text, 2.43))
        self.authenticate("b2b_retail", "b2b_retail")
        self.assertEqual(self._open().status_code, 403)
        self.authenticate(None, None)
        self.assertIn("/web/login", self._open().url)

    def test_client_mode(self):
        self._login(self.buyer)
        self._post("/b2b/client-mode", {"on": "1"})
        text = self._open().text
        page = self.url_open("/shop?search=Gridbolt&view=table").text
        product_page = self.url_open(self.template.website_url).text
        for shown in (text, page, product_page):
            self.assertNotIn("o_b2b_my_price", shown)
            self.assertFalse(self._has(shown, 2.98))
            self.assertNotIn("data-prices", shown)
            self.assertTrue(self._has(shown, 11.11))

    # === THE PRODUCT'S PAGE === #

    def test_the_product_page_has_the_matrix(self):
        self._login(self.buyer)
        page = self.url_open(self.template.website_url).text
        cells = self._cells(page)
        self.assertEqual(set(cells), set(self.template.product_variant_ids.ids))
        wanted = self._variant("M10", "40")
        (address,) = cells[wanted.id].xpath(".//a[@class='o_b2b_cell_link']/@href")
        page = self.url_open(address).text
        tree = html.fromstring(page)
        self.assertIn("M10", tree.xpath("//h1")[0].text_content())
        (current,) = tree.xpath("//td[contains(@class, 'o_b2b_current')]")
        self.assertEqual(current.get("data-product-id"), str(wanted.id))
        self.assertTrue(self._has(self._cell(current, "o_b2b_my_price"), 2.98))

    def test_one_attribute_keeps_the_list(self):
        template = self._create_template("Listbolt", self.length)
        self._login(self.buyer)
        page = self.url_open(template.website_url).text
        self.assertIn("o_b2b_goods_table", page)
        self.assertFalse(self._cells(page))
