# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from urllib.parse import parse_qs, urlsplit

from lxml import html

from odoo import Command
from odoo.tests import tagged

from .access_common import AccessCase, squeeze


@tagged("post_install", "-at_install")
class TestAccessPages(AccessCase):
    """Page by page: what stands where something is hidden, and what stays open."""

    def setUp(self):
        super().setUp()
        self.price = squeeze(f"{self.PRICES['list']:.2f}")
        self.own_price = squeeze(f"{self.PRICES['agreement']:.2f}")
        self.page = f"/shop/{self.secret.id}"

    def _text(self, url):
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200, url)
        return response.text

    def _places(self, url):
        """Addresses that the hint in the place of a price leads to."""
        tree = html.fromstring(self._text(url))
        found = tree.xpath("//*[contains(@class, 'o_b2b_price_hidden')]")
        return [[urlsplit(h).path for h in n.xpath(".//a/@href")] for n in found]

    def test_a_hint_stands_for_the_price(self):
        self.website.b2b_access_mode = "members"
        self._sign_in(None)
        for url in ("/shop", self.page):
            self.assertIn(["/web/login", "/b2b/signup"], self._places(url))
        self._sign_in(self.retail_user)
        self.assertIn(["/b2b/signup"], self._places(self.page))
        self._sign_in(self.buyer.user_id)
        self.assertFalse(self._places("/shop") + self._places(self.page))

    def test_two_users_one_address(self):
        """Nothing is kept for the next visitor, in either order."""
        self.website.b2b_access_mode = "members"
        for url in ("/shop", self.page, f"{self.page}?attribute_values=1"):
            for users in (
                (self.buyer.user_id, None),
                (None, self.buyer.user_id),
                (self.buyer.user_id, self.retail_user),
            ):
                for user in users:
                    self._sign_in(user)
                    text = squeeze(self._text(url))
                    shown = user == self.buyer.user_id
                    self.assertEqual(self.own_price in text, shown, (url, user))
                    self.assertEqual(self.price in text and not shown, False)

    def test_the_order_does_not_tell_prices(self):
        self.website.b2b_access_mode = "members"
        self._sign_in(None)

        def order(query):
            tree = html.fromstring(self._text(f"/shop?{query}"))
            return tree.xpath("//form[contains(@class,'oe_product_cart')]//h2//a/@href")

        up, down = order("order=list_price+asc"), order("order=list_price+desc")
        self.assertTrue(up)
        self.assertEqual(up, down)
        self.assertEqual(order("min_price=7000"), order(""))
        self.assertNotIn("list_price", self._text("/shop"))
        self.website.shop_default_sort = "list_price desc"
        self.assertEqual(order(""), up)
        self.website.b2b_access_mode = "open"
        self.assertNotEqual(
            order("order=list_price+asc"), order("order=list_price+desc")
        )

    def test_no_cart_without_prices(self):
        params = {
            "product_template_id": self.secret.id,
            "product_id": self.variants[0].id,
            "quantity": 1,
        }
        orders = self.env["sale.order"]
        self.website.b2b_access_mode = "members"
        for user in (None, self.retail_user):
            self._sign_in(user)
            before = orders.search_count([])
            self.assertIn("error", self._call("/shop/cart/add", params).json())
            self.assertEqual(orders.search_count([]), before)
        self._sign_in(self.buyer.user_id)
        self.assertIn("result", self._call("/shop/cart/add", params).json())

    def test_a_cart_of_before_shows_nothing(self):
        """A guest who filled a cart while the shop was open."""
        self._sign_in(None)
        self._call(
            "/shop/cart/add",
            {
                "product_template_id": self.nut.product_tmpl_id.id,
                "product_id": self.nut.id,
                "quantity": 100,
            },
        )
        self.assertIn(self.nut.name, self._text("/shop/cart"))
        self.website.b2b_access_mode = "members"
        for url in ("/shop/cart", "/shop/checkout", "/shop/payment"):
            page = self.url_open(url, allow_redirects=False)
            self.assertIn("/web/login", page.headers["Location"])
        self._sign_in(self.retail_user)
        page = self.url_open("/shop/cart", allow_redirects=False)
        self.assertEqual(urlsplit(page.headers["Location"]).path, "/shop")

    def test_own_orders_keep_their_prices(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.retail_user.partner_id.id,
                "order_line": [Command.create({"product_id": self.variants[0].id})],
            }
        )
        order.action_confirm()
        self.website.b2b_access_mode = "closed"
        self._sign_in(self.retail_user)
        self.assertIn(self.price, squeeze(self._text(f"/my/orders/{order.id}")))

    def test_documents(self):
        url = f"{self.page}/document/{self.document.id}"
        self._sign_in(None)
        self.assertIn("data sheet", self._text(url))
        self.assertIn("sheet.txt", self._text(self.page))
        self.website.b2b_show_documents = "members"
        for user in (None, self.retail_user):
            self._sign_in(user)
            self.assertEqual(self.url_open(url).status_code, 404)
            self.assertNotIn("sheet.txt", self._text(self.page))
            bare = f"/web/content/{self.document.ir_attachment_id.id}"
            self.assertNotIn("data sheet", self.url_open(bare).text)
        for record in (self.document, self.document.ir_attachment_id):
            answer = self._rpc(record._name, "read", record.ids, ["name", "datas"])
            self.assertIn("error", answer.json())
        self._sign_in(self.buyer.user_id)
        self.assertIn("data sheet", self._text(url))

    def test_stock(self):
        self.website.b2b_show_stock = "members"
        params = {
            "product_template_id": self.secret.id,
            "product_id": self.variants[0].id,
            "combination": [],
            "add_qty": 1,
        }
        url = "/website_sale/get_combination_info"
        for user, seen in ((None, 0), (self.retail_user, 0), (self.buyer.user_id, 1)):
            self._sign_in(user)
            info = self._call(url, params).json()["result"]
            self.assertEqual(info["free_qty"], self.STOCK * seen)
            self.assertEqual(info["show_availability"], bool(seen))
            self.assertGreater(info["price"], 0)

    def test_stock_is_not_told_by_the_cart(self):
        self.website.b2b_show_stock = "members"
        self._sign_in(None)
        answer = self._call(
            "/shop/cart/add",
            {
                "product_template_id": self.secret.id,
                "product_id": self.variants[0].id,
                "quantity": 10**6,
            },
        )
        self.assertNotIn("46173", squeeze(answer.text))
        self.assertNotIn("46173", squeeze(self._text("/shop/cart")))

    def test_discounts(self):
        strike = squeeze(f"{self.PRICES['strike']:.2f}")
        self._sign_in(None)
        self.assertIn(strike, squeeze(self._text(self.page)))
        self.website.b2b_show_promotions = "members"
        for url in ("/shop", self.page):
            text = squeeze(self._text(url))
            self.assertNotIn(strike, text)
            self.assertIn(self.price, text)

    def test_the_feed_is_a_guests(self):
        """A member who asks first puts no price of theirs into the kept feed."""
        url = f"/gmc.xml?feed_id={self.feed.id}&access_token={self.feed.access_token}"
        self._sign_in(self.buyer.user_id)
        text = squeeze(self._text(url))
        self.assertIn(self.price, text)
        self.assertNotIn(self.own_price, text)
        self.website.b2b_access_mode = "members"
        self.assertNotIn(self.price, squeeze(self._text(url)))
        self._sign_in(None)
        page = self.url_open(url, allow_redirects=False)
        self.assertNotEqual(page.status_code, 200)

    def test_closed_doors_and_open_ones(self):
        self.website.b2b_access_mode = "closed"
        self._sign_in(None)
        for url in ("/", "/shop", self.page, "/contactus", "/shop/cart", "/no-such"):
            page = self.url_open(url, allow_redirects=False)
            target = urlsplit(page.headers["Location"])
            self.assertEqual(target.path, "/web/login", url)
            self.assertEqual(parse_qs(target.query)["redirect"], [url])
        self.assertIn("o_b2b_closed", self._text("/web/login"))
        self._text("/web/reset_password")
        self.assertIn("Disallow: /", self._text("/robots.txt"))
        self.assertEqual(self.url_open("/sitemap.xml").status_code, 404)
        self._sign_in(self.retail_user)
        for url in ("/", "/shop", self.page):
            page = self.url_open(url, allow_redirects=False)
            self.assertEqual(urlsplit(page.headers["Location"]).path, "/my", url)
        self._text("/my")
        self._sign_in(self.buyer.user_id)
        self.assertIn(self.own_price, squeeze(self._text(self.page)))

    def test_a_public_page_of_a_closed_site(self):
        page = self.env["website.page"].create(
            {
                "name": "Imprint",
                "url": "/imprint",
                "type": "qweb",
                "key": "website.b2b_imprint",
                "is_published": True,
                "website_id": self.website.id,
                "arch": '<t t-call="website.layout"><p>Who we are</p></t>',
            }
        )
        self.website.b2b_access_mode = "closed"
        self._sign_in(None)
        response = self.url_open("/imprint", allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])
        page.b2b_public = True
        self.assertIn("Who we are", self._text("/imprint"))

    def test_kept_sitemaps_go_with_the_mode(self):
        self._sign_in(None)
        self.assertIn("secretonut", self._text("/sitemap.xml"))
        domain = [("url", "=like", f"/sitemap-{self.website.id}-%.xml")]
        kept = self.env["ir.attachment"].search(domain)
        self.assertTrue(kept)
        url = kept[0].url
        self.website.b2b_access_mode = "closed"
        self.assertFalse(self.env["ir.attachment"].search(domain))
        self.assertNotIn("secretonut", self.url_open(url).text)

    def test_images_of_a_closed_catalogue(self):
        url = f"/web/image/product.template/{self.secret.id}/image_128"
        self._sign_in(None)
        picture = self.url_open(url).content
        self.website.b2b_access_mode = "closed"
        for user in (None, self.retail_user):
            self._sign_in(user)
            self.assertNotEqual(self.url_open(url).content, picture)
        self._sign_in(self.buyer.user_id)
        self.assertEqual(self.url_open(url).content, picture)

    def test_programs_with_a_key(self):
        """The JSON interface with an API key meets the same refusal."""
        keys = self.env["res.users.apikeys"].with_user(self.retail_user).sudo()
        key = keys._generate("rpc", "test", None)
        self.website.b2b_access_mode = "members"
        self.env.flush_all()
        self._sign_in(None)
        for body in (
            {"domain": [["id", "=", self.secret.id]], "fields": ["list_price"]},
            {"domain": [["list_price", ">", 7000]], "fields": ["id"]},
            {"domain": [], "fields": ["id"], "order": "list_price"},
        ):
            response = self.url_open(
                "/json/2/product.template/search_read",
                data=json.dumps(body),
                headers={
                    "Content-Type": "application/json",
                    "Authorization": f"bearer {key}",
                },
            )
            self.assertEqual(response.status_code, 403, response.text)

    def test_a_former_member_is_nobody(self):
        self.website.b2b_access_mode = "members"
        self._sign_in(self.buyer.user_id)
        self.assertIn(self.own_price, squeeze(self._text(self.page)))
        self.buyer.active = False
        self.env.flush_all()
        self.assertNotIn(self.own_price, squeeze(self._text(self.page)))
        answer = self._rpc("product.template", "read", self.secret.ids, ["list_price"])
        self.assertIn("error", answer.json())
