# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from unittest.mock import patch

from lxml import html

from odoo.tests import HttpCase, tagged

from .common import B2bMixin, Command, find_ragged_rows


@tagged("post_install", "-at_install")
class TestPriceWhyPages(B2bMixin, HttpCase):
    """'Why this price' as a page and as a dialog, and whom it is for."""

    def _login(self, user):
        login = user.login
        self.authenticate(login, login.ljust(8, "x") if len(login) < 8 else login)

    def _open(self, product=None, status=200, **options):
        query = "&".join(f"{name}={value}" for name, value in options.items())
        url = f"/shop/why/{(product or self.bolt).id}?{query}"
        response = self.url_open(url)
        self.assertEqual(response.status_code, status, url)
        return response.text

    def _get_codes(self, text):
        return html.fromstring(text).xpath("//tr[@data-code]/@data-code")

    def _get_price(self, text):
        cell = html.fromstring(text).xpath("//*[contains(@class, 'o_b2b_why_price')]")
        digits = "".join(
            c if c.isdigit() else "." if c in ".," else "" for c in cell[0].text
        )
        return float(digits.strip("."))

    def test_the_page(self):
        self.agreement.write({"discount": 5, "number": "NO-77"})
        self.price_type.item_ids = [
            Command.create(
                {"compute_price": "percentage", "percent_price": percent}
                | {"min_quantity": quantity}
            )
            for quantity, percent in ((0, 10), (100, 20))
        ]
        self._login(self.buyer.user_id)
        text = self._open(qty="88")
        self.assertEqual(self._get_codes(text), ["base", "percent", "part"])
        self.assertEqual(self._get_price(text), 8.55)
        self.assertIn("NO-77", text)
        item = html.fromstring(text).xpath("//*[contains(@class, 'o_b2b_why_next')]/li")
        words = item[0].text_content().split()
        self.assertIn("100", words)
        self.assertIn("12", words)
        self.assertFalse(find_ragged_rows(text))
        self.assertIn("o_b2b_bar", text)
        fragment = self._open(qty="88", fragment=1)
        self.assertEqual(self._get_price(fragment), 8.55)
        self.assertNotIn("o_b2b_bar", fragment)
        self.assertIn('method="dialog"', fragment)

    def test_units_and_nonsense(self):
        self._login(self.buyer.user_id)
        self.assertEqual(self._get_price(self._open(uom_id=self.box.id)), 240)
        for options in (
            {"qty": "-1"},
            {"qty": "nan"},
            {"qty": "1e400"},
            {"qty": "<script>"},
            {"uom_id": "x"},
            {"uom_id": self.env.ref("uom.product_uom_kgm").id},
        ):
            self.assertEqual(self._get_price(self._open(**options)), 10, options)
        for options in ({"cart_id": "x"}, {"agreement_id": "-1"}):
            self._open(status=404, **options)

    def test_of_a_cart(self):
        """The cart's agreement, quantity and price; a price by hand is told."""
        other = self._create_agreement(self.north_a, discount=50)
        cart = self._create_cart(self.buyer, other, [(self.bolt, 7)])
        self._login(self.buyer.user_id)
        text = self.url_open(f"/my/carts/{cart.id}").text
        link = html.fromstring(text).xpath("//a[contains(@class, 'o_b2b_why')]/@href")
        self.assertEqual(len(link), 1)
        self.assertFalse(find_ragged_rows(text))
        why = self.url_open(link[0]).text
        self.assertEqual(self._get_price(why), 5)
        self.assertNotIn("text-warning-emphasis", why)
        cart.order_line.price_unit = 4.44
        self.assertIn("text-warning-emphasis", self.url_open(link[0]).text)

    def test_no_cost_and_no_margin(self):
        self.bolt.standard_price = 6.17
        self.price_type.item_ids = [
            Command.create(
                {"compute_price": "formula", "base": "standard_price"}
                | {"price_markup": 38.25, "price_min_margin": 1.71}
                | {"price_max_margin": 9.93}
            )
        ]
        self._login(self.buyer.user_id)
        for options in ({}, {"fragment": 1}):
            text = self._open(**options)
            self.assertEqual(self._get_price(text), 8.53)
            shown = html.fromstring(text).text_content().replace(",", ".")
            for secret in ("6.17", "38.25", "1.71", "9.93", "2.36"):
                self.assertNotIn(secret, shown)

    def test_what_is_not_the_visitors(self):
        """Foreign agreements and carts, hidden products."""
        foreign = self._create_agreement(self.south_a, discount=90)
        cart = self._create_cart(self.stranger, foreign, [(self.bolt, 1)])
        self._login(self.buyer.user_id)
        self._open(status=404, agreement_id=foreign.id)
        self._open(status=404, cart_id=cart.id)
        own = self._create_agreement(self.north_a, discount=50)
        self.assertEqual(self._get_price(self._open(agreement_id=own.id)), 5)
        hidden = self._create_product("HIDDEN", 5, is_published=False)
        unsold = self._create_product("UNSOLD", 5, sale_ok=False)
        gone = self._create_product("GONE", 5)
        gone.product_tmpl_id.active = False
        for product in (hidden, unsold, gone):
            self._open(product, 404)
        self.assertEqual(self.url_open("/shop/why/99999999").status_code, 404)

    def test_whom_it_is_not_for(self):
        url = f"/shop/why/{self.bolt.id}"
        self.assertIn("/web/login", self.url_open(url).url)
        self._login(self.retail_user)
        self._open(status=403)
        self.agreement.action_suspend()
        self._login(self.buyer.user_id)
        self.assertNotIn("o_b2b_why_price", self._open(status=403))

    def test_where_prices_are_hidden(self):
        self.website.b2b_access_mode = "members"
        self._login(self.buyer.user_id)
        self.assertEqual(self._get_price(self._open()), 10)
        self.website.b2b_approved_stage = "confirmed"
        self.buyer.stage = "registered"
        response = self.url_open(f"/shop/why/{self.bolt.id}")
        self.assertNotIn("o_b2b_why_price", response.text)

    def test_nothing_while_a_client_looks_on(self):
        self._login(self.buyer.user_id)
        website = self.env.registry["website"]
        with patch.object(website, "_b2b_in_client_mode", lambda *args: True):
            self.assertNotIn("o_b2b_why_price", self._open(status=403))

    def test_two_members_one_address(self):
        self._create_agreement(self.south_a, discount=20)
        for users in (
            (self.buyer.user_id, self.stranger.user_id),
            (self.stranger.user_id, self.buyer.user_id),
        ):
            for user in users:
                self._login(user)
                price = 10 if user == self.buyer.user_id else 8
                self.assertEqual(self._get_price(self._open()), price)

    def test_not_by_rpc(self):
        self._login(self.buyer.user_id)
        payload = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {
                "model": "b2b.agreement",
                "method": "_explain_price",
                "args": [self.agreement.ids, self.bolt.id],
                "kwargs": {},
            },
        }
        response = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps(payload),
            headers={"Content-Type": "application/json"},
        )
        self.assertIn("error", response.json())

    def test_the_dialog(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 7)])
        login = self.buyer.user_id.login
        self.start_tour(f"/my/carts/{cart.id}", "b2b_portal_price_why", login=login)
