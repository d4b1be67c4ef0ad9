# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from io import BytesIO

from openpyxl import Workbook

from odoo.tests import tagged

from odoo.addons.http_routing.tests.common import MockRequest

from .assortment_common import AssortmentMixin
from .catalogue_common import SUGGESTIONS, CatalogueCase
from .common import Command

_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
# What tells of a hidden product, whatever the page.
_MARKS = ("Secret drill", "secret-drill", "SECRET-1")


@tagged("post_install", "-at_install")
class TestAssortmentPages(AssortmentMixin, CatalogueCase):
    """Exclusive goods of the first customer: who meets them, page by page.

    Every test asks the one who sees them first: a page that shows nothing to anybody
    proves nothing.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret.product_tmpl_id.image_1920 = _PIXEL
        cls.template = cls.secret.product_tmpl_id
        cls.drill.product_tmpl_id.write(
            {
                "alternative_product_ids": [Command.set(cls.template.ids)],
                "accessory_product_ids": [Command.set(cls.secret.ids)],
                "optional_product_ids": [Command.set(cls.template.ids)],
            }
        )
        cls.rule = cls._create_rule(
            "exclusive", cls.bolt.browse(), account=cls.north, brand=cls.brand
        )
        cls.url = cls.template.website_url

    def _visit(self, who):
        """Sign in as 'north' (sees it), 'south', 'retail' or 'guest' (do not)."""
        if who == "guest":
            self.authenticate(None, None)
        elif who == "retail":
            self.authenticate("b2b_retail", "b2b_retail")
        else:
            self._login(self.buyer if who == "north" else self.stranger)

    def _others(self):
        for who in ("south", "retail", "guest"):
            self._visit(who)
            with self.subTest(who=who):
                yield who

    def _refuses(self, response):
        """Whether an answer says nothing of the goods."""
        text = response.text + response.url
        for mark in _MARKS:
            self.assertNotIn(mark, text)

    def _ask(self, url, **params):
        return self._rpc(url, **params)

    def test_lists(self):
        self._visit("north")
        for url in ("/shop?search=Zqx", "/shop?search=SECRET-1", "/shop?search=Secret"):
            self.assertIn("Secret drill", self.url_open(url).text)
        for _who in self._others():
            self.assertIn("Plain drill", self.url_open("/shop?search=Zqx").text)
            for url in (
                "/shop?search=Zqx",
                f"/shop?search=Zqx&brand={self.brand.id}",
                f"/shop?search=Zqx&brands={self.brand.id}",
                "/shop?search=Zqx&view=list",
            ):
                text = self.url_open(url).text
                for mark in _MARKS:
                    self.assertNotIn(mark, text, url)

    def test_product_page(self):
        self._visit("north")
        self.assertIn("Secret drill", self.url_open(self.url).text)
        for _who in self._others():
            for url in (
                self.url,
                f"/shop/{self.template.id}",
                f"/shop/product/{self.template.id}",
                f"/shop/x-{self.template.id}",
            ):
                response = self.url_open(url)
                self.assertIn(response.status_code, (403, 404), url)
                for mark in ("Secret drill", "SECRET-1"):
                    self.assertNotIn(mark, response.text, url)
                if url != self.url:
                    self.assertNotIn("secret", response.url)
            page = self.url_open(self.drill.website_url)
            self.assertEqual(page.status_code, 200)
            for mark in _MARKS:
                self.assertNotIn(mark, page.text)

    def test_why_this_price(self):
        url = f"/shop/why/{self.secret.id}"
        self._visit("north")
        self.assertEqual(self.url_open(url).status_code, 200)
        self._visit("south")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 404)
        self._refuses(response)

    def test_suggestions(self):
        def suggest(term):
            return self._ask(
                "/website/snippet/autocomplete",
                search_type="products",
                term=term,
                order="name asc",
                limit=10,
                options=SUGGESTIONS,
            )

        self._visit("north")
        self.assertIn("secret-drill", suggest("Zqx").text)
        self.assertTrue(suggest("SECRET-1").json()["result"]["results"])
        for _who in self._others():
            self.assertIn("Plain drill", suggest("Zqx").text)
            self.assertNotIn("secret-drill", suggest("Zqx").text)
            for term in ("Secret", "SECRET-1"):
                self.assertFalse(suggest(term).json()["result"]["results"], term)

    def test_rpc(self):
        def call(model, method, *args, **kwargs):
            return self._ask(
                f"/web/dataset/call_kw/{model}/{method}",
                model=model,
                method=method,
                args=args,
                kwargs=kwargs,
            )

        def probe(product):
            """Answers about a product by every way of RPC."""
            template = product.product_tmpl_id
            found = [("id", "=", template.id)]
            name = [["name", "ilike", "Secret"]]
            return [
                call("product.template", "search_read", found, ["name"]),
                call("product.template", "read", template.ids, ["name"]),
                call("product.product", "read", product.ids, ["display_name"]),
                call("product.product", "search_read", name, ["name"]),
                call("product.template", "name_search", "Secret"),
                call("product.product", "search_count", name),
                call("product.template", "read_group", name, ["name"], ["name"]),
                call("product.template", "web_search_read", found, {"name": {}}),
                call(
                    "product.public.category",
                    "search_read",
                    [["product_tmpl_ids.name", "ilike", "Secret"]],
                    ["name"],
                ),
            ]

        self._visit("north")
        self.assertTrue(any("Secret drill" in r.text for r in probe(self.secret)))
        for who in ("south", "retail"):
            self._visit(who)
            answers = probe(self.secret)
            for answer in answers:
                self.assertNotIn("Secret drill", answer.text)
            self.assertEqual(answers[5].json().get("result", 0), 0)
            self.assertIn("error", answers[1].json())

    def test_images(self):
        addresses = [
            f"/web/image/product.template/{self.template.id}/image_1920",
            f"/web/image/product.template/{self.template.id}/image_128",
            f"/web/image/product.product/{self.secret.id}/image_1920",
        ]
        self._visit("north")
        pixel = base64.b64decode(_PIXEL)
        shown = [self.url_open(url).content for url in addresses]
        self.assertIn(pixel, shown)
        for _who in self._others():
            for url, content in zip(addresses, shown, strict=True):
                self.assertNotEqual(self.url_open(url).content, content, url)

    def test_documents(self):
        document = self.env["product.document"].create(
            {
                "name": "Zqx secret passport.txt",
                "res_model": "product.template",
                "res_id": self.template.id,
                "raw": b"Zqx passport",
                "shown_on_product_page": True,
            }
        )
        addresses = [
            f"/shop/{self.template.id}/document/{document.id}",
            f"/web/content/{document.ir_attachment_id.id}",
        ]
        self._visit("north")
        self.assertIn("Zqx passport", self.url_open(addresses[0]).text)
        for _who in self._others():
            for url in addresses:
                self.assertNotIn("Zqx passport", self.url_open(url).text, url)

    def test_core_ways_into_the_cart(self):
        values = {
            "product_template_id": self.template.id,
            "product_id": self.secret.id,
            "quantity": 1,
        }
        info = {"combination": [], "add_qty": 1}
        lines = self.env["sale.order.line"]
        domain = [("product_id", "=", self.secret.id)]
        self._visit("north")
        answer = self._ask("/website_sale/get_combination_info", **values, **info)
        self.assertIn("Secret drill", answer.text)
        self._ask("/shop/cart/add", **values)
        self.assertEqual(lines.search_count(domain), 1)
        for _who in self._others():
            for url in (
                "/shop/cart/add",
                "/website_sale/get_combination_info",
                "/website_sale/should_show_product_configurator",
                "/website_sale/product_configurator/get_values",
            ):
                answer = self._ask(
                    url, **values, **info, currency_id=1, so_date="2026-01-01"
                )
                self.assertNotIn("Secret drill", answer.text, url)
            self.assertIn("error", self._ask("/shop/cart/add", **values).json())
            linked = {
                "product_template_id": self.drill.product_tmpl_id.id,
                "product_id": self.drill.id,
                "quantity": 1,
                "linked_products": [
                    values
                    | {
                        "parent_product_template_id": self.drill.product_tmpl_id.id,
                        "no_variant_attribute_value_ids": [],
                        "product_custom_attribute_values": [],
                    }
                ],
            }
            answer = self._ask("/shop/cart/add", **linked)
            self.assertIn("error", answer.json())
            page = self.url_open("/shop/cart").text
            self.assertNotIn("Secret drill", page)
        self.assertEqual(lines.search_count(domain), 1)

    def test_table_and_quick_order(self):
        for member, sees in ((self.buyer, True), (self.stranger, False)):
            agreement = self.agreement if sees else self.agreement_south
            self._login(member)
            cart = self._create_cart(member, agreement)
            data = {
                "cart_id": str(cart.id),
                "agreement_id": str(agreement.id),
                "page": "/my/carts",
                f"qty_{self.secret.id}": "2",
            }
            response = self._post("/shop/table/add", data)
            self.assertEqual(bool(cart.order_line), sees)
            if not sees:
                self._refuses(response)
            answer = self._rpc(
                "/shop/table/add_row",
                product_id=self.secret.id,
                quantity="1",
                cart_id=cart.id,
                agreement_id=agreement.id,
            )
            self.assertEqual(answer.json()["result"]["outcome"] == "added", sees)
            if not sees:
                self.assertNotIn("Secret drill", answer.text)
                self._check_files(cart)

    def _check_files(self, cart):
        """A file's row for a hidden article is that of an article nobody has."""
        book = Workbook()
        for row in (("Article", "Quantity"), ("SECRET-1", 5), ("NO-SUCH-1", 5)):
            book.active.append(row)
        stream = BytesIO()
        book.save(stream)
        Import = self.env["b2b.cart.import"].with_user(self.stranger.user_id)
        run = Import._run_file(cart, stream.getvalue(), "order.xlsx")
        page = self.url_open(f"/shop/quick-order/{run.id}")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Secret drill", page.text)
        texts = [(r.outcome, r._get_text()) for r in run.line_ids if r.article]
        self.assertEqual(texts[-1], texts[-2])

    def test_reorder(self):
        """What was bought before the rule is shown, and not ordered again."""
        cart = self._create_cart(
            self.stranger, self.agreement_south, [(self.secret, 1), (self.drill, 1)]
        )
        cart.action_confirm()
        self._visit("south")
        page = self.url_open(f"/my/orders/{cart.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Secret drill", page.text)
        token = cart._portal_ensure_token()
        self._ask("/my/orders/reorder", order_id=cart.id, access_token=token)
        domain = [("product_id", "=", self.secret.id)]
        self.assertEqual(self.env["sale.order.line"].search_count(domain), 1)

    def test_checkout(self):
        cart = self._create_cart(
            self.stranger, self.agreement_south, [(self.secret, 1), (self.drill, 1)]
        )
        self._visit("south")
        page = self.url_open(f"/my/carts/{cart.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Secret drill", page.text)
        self._post(f"/my/carts/{cart.id}/checkout", {})
        self.assertEqual(cart.state, "draft")

    def test_sitemap(self):
        self.rule.active = False
        self.assertIn(self.url, self._read_sitemap())
        self.rule.active = True
        self.assertNotIn(self.url, self._read_sitemap(), "made anew after the change")
        self.assertIn(self.drill.website_url, self._read_sitemap())

    def _read_sitemap(self):
        self.authenticate(None, None)
        return self.url_open("/sitemap.xml").text

    def test_snippets(self):
        """Core's lists of goods on any page: by sudo, by filter."""
        snippet = self.env.ref("website_sale.dynamic_filter_newest_products")

        def render():
            return self._ask(
                "/website/snippet/filters",
                filter_id=snippet.id,
                template_key="website_sale.dynamic_filter_template_product_product_products_item",
                limit=16,
                search_domain=[["name", "ilike", "Zqx"]],
            ).text

        self._visit("north")
        self.assertIn("Secret drill", render())
        for _who in self._others():
            text = render()
            self.assertIn("Plain drill", text)
            self.assertNotIn("Secret drill", text)

    def test_alternatives_and_accessories(self):
        """Of goods whose alternatives are hidden: nothing by the page's methods."""
        template = self.drill.product_tmpl_id
        for member, sees in ((self.buyer, True), (self.stranger, False)):
            product = template.with_user(member.user_id)
            with MockRequest(product.env, website=self.website) as request:
                request.b2b = None
                for goods in (product, product.sudo()):
                    found = goods._get_website_alternative_product()
                    self.assertEqual(found.ids, self.template.ids if sees else [])
                    found = goods._get_website_accessory_product()
                    self.assertEqual(found.ids, self.secret.ids if sees else [])

    def test_queries(self):
        """A page costs the same with 1 rule and with 21, with 5 rows and with 40."""
        for number in range(40):
            word = "Few" if number < 5 else "Many"
            self._create_product(f"Q-{number}", 1.0, name=f"Zqq{word} {number}")
        self._create_rule(
            "hide", self.nut.browse(), account=self.north, section=self.section
        )
        self._visit("north")
        few = self._count("/shop?search=ZqqFew")
        many = self._count("/shop?search=Zqq")
        self.assertIn("ZqqMany 39", self.url_open("/shop?search=Zqq").text)
        self.assertLessEqual(many, few)
        for number in range(10):
            self._create_rule("hide", self.secret, account=self.south, name=str(number))
            self._create_rule("hide", self.drill, account=self.north)
        rules = self._count("/shop?search=Zqq")
        self.assertLessEqual(rules, many)
        self.assertNotIn("Plain drill", self.url_open("/shop?search=Zqx").text)
