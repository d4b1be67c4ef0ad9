# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import B2bCommon, B2bMixin, find_ragged_rows
from .test_rates import RateMixin


class CartRateMixin(RateMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rate = cls._create_rate(cls.dollar, 80)
        cls.bolt.list_price = 160
        cls.bolt.allow_out_of_stock_order = True
        cls.nut.allow_out_of_stock_order = True
        cls.dollars = cls._create_agreement(
            cls.north_a,
            currency_id=cls.dollar.id,
            rate_source="internal",
            show_company_currency=True,
        )
        cls.env.flush_all()

    def _cart(self, *lines, agreement=None):
        lines = lines or ((self.bolt, 10), (self.nut, 100))
        return self._create_cart(self.buyer, agreement or self.dollars, lines)

    def _over(self, cart):
        """The hold of the cart is over."""
        cart.sudo().b2b_rate_until = fields.Datetime.now() - timedelta(minutes=1)

    def _codes(self, cart):
        return {check["code"]: check["severity"] for check in cart._b2b_get_checks()}


@tagged("post_install", "-at_install")
class TestRatesOfCarts(CartRateMixin, B2bCommon):
    def test_lines_equal_the_catalogue(self):
        cart = self._cart()
        prices = self.dollars.pricelist_id._get_products_price(self.bolt | self.nut, 1)
        for line in cart.order_line:
            self.assertEqual(line.price_unit, prices[line.product_id.id])
        self.assertAlmostEqual(cart.order_line[0].price_unit, 2)
        row = cart.b2b_rate_ids
        self.assertEqual(
            (row.currency_id, row.rate, row.date, row.source),
            (self.dollar, 80, self.today, "internal"),
        )
        self.assertGreater(cart.b2b_rate_until, fields.Datetime.now())
        self.assertAlmostEqual(cart.currency_rate, 1 / 80)
        self.assertAlmostEqual(
            cart.amount_total, sum(cart.order_line.mapped("price_total"))
        )

    def test_frozen_rate_rules_every_recomputation(self):
        cart = self._cart()
        self.rate.rate = 100
        self.assertAlmostEqual(
            self.dollars.pricelist_id._get_product_price(self.bolt, 1), 1.6
        )
        cart.order_line[0].product_uom_qty = 20
        self.assertAlmostEqual(cart.order_line[0].price_unit, 2)
        cart._recompute_prices()
        self.assertAlmostEqual(cart.order_line[0].price_unit, 2)

    def test_within_the_hold_the_old_rate_is_ordered(self):
        cart = self._cart()
        self.rate.rate = 100
        self.assertEqual(self._codes(cart), {"rate_changed": "warning"})
        repricing = cart._b2b_get_repricing()
        self.assertAlmostEqual(repricing.percent, -20, delta=0.5)
        cart._b2b_submit()
        self.assertAlmostEqual(cart.order_line[0].price_unit, 2)
        self.assertEqual(cart.b2b_rate_ids.rate, 80)

    def test_after_the_hold_a_changed_rate_is_accepted_first(self):
        cart = self._cart()
        self.rate.rate = 64
        self._over(cart)
        self.assertEqual(self._codes(cart), {"rate_changed": "error"})
        with self.assertRaisesRegex(UserError, "80.*64"), self.env.cr.savepoint():
            cart._b2b_submit()
        repricing = cart._b2b_get_repricing()
        self.assertEqual(len(repricing.lines), 2)
        cart._b2b_recalculate()
        self.assertAlmostEqual(cart.order_line[0].price_unit, 2.5)
        # what was announced is what came
        self.assertAlmostEqual(cart.amount_total, repricing.new_total)
        self.assertAlmostEqual(
            cart.order_line[0].price_total, repricing.lines[0].new_sum
        )
        self.assertEqual(cart.b2b_rate_ids.rate, 64)
        self.assertFalse(self._codes(cart))
        before = cart.order_line.mapped("price_unit")
        cart._b2b_recalculate()
        self.assertEqual(cart.order_line.mapped("price_unit"), before)
        cart._b2b_submit()
        self.assertEqual(cart.state, "sale")

    def test_after_the_hold_the_same_rate_is_prolonged(self):
        cart = self._cart()
        self._over(cart)
        self.assertFalse(self._codes(cart))
        cart._b2b_submit()
        self.assertEqual(cart.state, "sale")
        self.assertGreater(cart.b2b_rate_until, fields.Datetime.now())

    def test_confirmed_order_keeps_its_rate(self):
        cart = self._cart()
        cart._b2b_submit()
        self.rate.rate = 100
        self.assertEqual(cart.b2b_rate_ids.rate, 80)
        cart.sudo().order_line[0].product_uom_qty = 30
        self.assertAlmostEqual(cart.order_line[0].price_unit, 2)

    def test_rate_grows_too_old(self):
        cart = self._cart()
        self.rate.date = self.today - timedelta(days=30)
        # promised, and so kept
        self.assertFalse(self._codes(cart))
        self._over(cart)
        self.assertEqual(self._codes(cart), {"agreement": "error"})
        with self.assertRaisesRegex(UserError, self.dollar.name):
            cart._b2b_recalculate()
        with self.assertRaises(UserError):
            cart._b2b_submit()

    def test_cart_without_a_rate_has_no_prices(self):
        self.rate.unlink()
        cart = self._cart()
        self.assertEqual(set(cart.order_line.mapped("price_unit")), {0.0})
        self.assertIn("agreement", self._codes(cart))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            cart._b2b_submit()
        self._create_rate(self.dollar, 80)
        self.assertIn("price_changed", self._codes(cart))
        cart._b2b_recalculate()
        self.assertAlmostEqual(cart.order_line[0].price_unit, 2)
        cart._b2b_submit()
        self.assertEqual(cart.b2b_rate_ids.rate, 80)

    def test_changed_price_is_accepted_first(self):
        cart = self._cart(agreement=self.agreement)
        self.assertFalse(cart.b2b_rate_ids)
        self.bolt.list_price = 200
        self.assertEqual(self._codes(cart), {"price_changed": "error"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            cart._b2b_submit()
        (change,) = cart._b2b_get_repricing().lines
        self.assertEqual((change.old, change.new), (160, 200))
        cart._b2b_recalculate()
        self.agreement.discount = 10
        self.assertEqual(self._codes(cart), {"price_changed": "error"})
        cart._b2b_recalculate()
        self.assertAlmostEqual(cart.order_line[0].price_unit, 180)
        cart._b2b_submit()
        self.assertEqual(cart.state, "sale")

    def test_price_by_hand_stays(self):
        cart = self._cart()
        cart.sudo().order_line[0].price_unit = 1.23
        self.rate.rate = 64
        self._over(cart)
        cart._b2b_recalculate()
        self.assertAlmostEqual(cart.order_line[0].price_unit, 1.23)
        self.assertFalse(self._codes(cart))

    def test_what_was_seen_is_what_is_ordered(self):
        cart = self._cart()
        seen = cart._b2b_get_fingerprint()
        self.rate.rate = 64
        cart._b2b_recalculate()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            cart.with_context(b2b_seen=seen)._b2b_submit()
        cart.with_context(b2b_seen=cart._b2b_get_fingerprint())._b2b_submit()
        self.assertEqual(cart.state, "sale")

    def test_another_agreement_takes_its_rates(self):
        cart = self._cart()
        cart.sudo().b2b_agreement_id = self.agreement
        self.assertFalse(cart.b2b_rate_ids)
        cart.sudo().b2b_agreement_id = self.dollars
        self.assertEqual(cart.b2b_rate_ids.rate, 80)

    def test_calculation_costs_the_same_queries(self):
        products = self.env["product.product"]
        for number in range(24):
            products |= self._create_product(f"Q{number}", 1000 + 10 * number)

        def count(some):
            cart = self._cart(*((product, 1) for product in some))
            self.rate.rate += 1
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.cr.cache.clear()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(cart._b2b_get_repricing().lines), len(some))
            return self.env.cr.sql_log_count - before

        count(products[:2])
        self.assertEqual(count(products[:12]), count(products))

    def test_scope_of_the_rows(self):
        row = self._cart().b2b_rate_ids
        rows = self.env["b2b.order.rate"]
        for member, seen in ((self.buyer, True), (self.stranger, False)):
            found = rows.with_user(member.user_id).search([("id", "=", row.id)])
            self.assertEqual(bool(found), seen)
            with self.assertRaises(AccessError):
                row.with_user(member.user_id).sudo(False).write({"rate": 1})
            with self.assertRaises(AccessError):
                row.with_user(member.user_id).sudo(False).unlink()

    # === INVOICE === #

    def test_invoice_and_credit_note(self):
        self.bolt.invoice_policy = self.nut.invoice_policy = "order"
        cart = self._cart()
        cart._b2b_submit()
        self.rate.rate = 100
        invoice = cart.sudo(True).with_user(1)._create_invoices()
        self.assertAlmostEqual(invoice.invoice_currency_rate, 1 / 80)
        invoice.action_post()
        self.assertAlmostEqual(invoice.invoice_currency_rate, 1 / 80)
        balance = sum(invoice.line_ids.mapped("balance"))
        self.assertTrue(self.company.currency_id.is_zero(balance))
        self.assertAlmostEqual(
            invoice.amount_total_signed, invoice.amount_total * 80, places=2
        )
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        refund = invoice.browse(
            wizard.create({"journal_id": invoice.journal_id.id}).reverse_moves()[
                "res_id"
            ]
        )
        refund.action_post()
        self.assertAlmostEqual(refund.invoice_currency_rate, 1 / 80)
        self.assertAlmostEqual(refund.amount_total_signed, -invoice.amount_total_signed)
        facts = dict(invoice._b2b_print_facts())
        self.assertTrue(any("80" in str(text) for text in facts.values()))

    def test_orders_at_different_rates_share_no_invoice(self):
        self.bolt.invoice_policy = self.nut.invoice_policy = "order"
        first = self._cart()
        self.rate.rate = 100
        second = self._cart()
        for cart in (first, second):
            cart._b2b_submit()
        invoices = (first | second).sudo().with_user(1)._create_invoices()
        self.assertEqual(
            sorted(round(1 / i.invoice_currency_rate) for i in invoices), [80, 100]
        )


@tagged("post_install", "-at_install")
class TestRatePages(CartRateMixin, B2bMixin, HttpCase):
    def _post(self, url, **values):
        return self.url_open(
            url, data={"csrf_token": Request.csrf_token(self)} | values
        )

    def test_cart_and_checkout(self):
        cart = self._cart()
        url = f"/my/carts/{cart.id}"
        self.authenticate("b2b_buyer", "b2b_buyer")
        page = self.url_open(url).text
        self.assertIn("o_b2b_equivalent", page)
        self.assertNotIn("o_b2b_repricing", page)
        checkout = self.url_open(f"{url}/checkout").text
        seen = html.fromstring(checkout).xpath("//input[@name='seen']/@value")[0]
        self.rate.rate = 64
        self._over(cart)
        self.env.flush_all()
        refused = self._post(f"{url}/submit", seen=seen)
        self.assertIn("o_b2b_repricing", refused.text)
        self.assertFalse(find_ragged_rows(refused.text))
        self.env.invalidate_all()
        self.assertEqual(cart.state, "draft")
        checkout = self.url_open(f"{url}/checkout").text
        self.assertIn("o_b2b_repricing", checkout)
        page = self._post(f"{url}/recalculate", back="checkout")
        self.assertTrue(page.url.endswith("/checkout"), page.url)
        self.assertNotIn("o_b2b_repricing", page.text)
        self.env.invalidate_all()
        self.assertAlmostEqual(cart.order_line[0].price_unit, 2.5)
        # the first page shows the old prices
        self._post(f"{url}/submit", seen=seen)
        self.env.invalidate_all()
        self.assertEqual(cart.state, "draft")
        seen = html.fromstring(page.text).xpath("//input[@name='seen']/@value")[0]
        self._post(f"{url}/submit", seen=seen)
        self.env.invalidate_all()
        self.assertEqual(cart.state, "sale")
        self.assertIn("o_b2b_order_rates", self.url_open(f"/my/orders/{cart.id}").text)

    def test_colleague_and_stranger(self):
        cart = self._cart()
        self.rate.rate = 64
        self._over(cart)
        self.env.flush_all()
        for login in ("b2b_stranger", "b2b_accountant"):
            self.authenticate(login, login)
            self._post(f"/my/carts/{cart.id}/recalculate")
            self.env.invalidate_all()
            self.assertAlmostEqual(cart.order_line[0].price_unit, 2)

    def test_shop_without_a_rate(self):
        self.agreement.active = False
        self.authenticate("b2b_buyer", "b2b_buyer")
        product = self.bolt.product_tmpl_id
        url = product.website_url
        self.assertIn("o_b2b_equivalent", self.url_open(url).text)
        self.rate.unlink()
        self.env.flush_all()
        page = self.url_open(url).text
        self.assertIn("o_b2b_no_rate", page)
        self.assertNotIn("o_b2b_equivalent", page)
        shop = self.url_open("/shop?search=BLT-M8").text
        self.assertIn("o_b2b_no_rate", shop)
