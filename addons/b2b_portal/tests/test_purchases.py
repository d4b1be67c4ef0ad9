# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
from datetime import datetime, timedelta

import openpyxl

from odoo import fields
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ..models.b2b_purchase_history import HistoryFilter
from ..tools.order_file import read_order_file
from .common import B2bCommon, B2bMixin, Command, find_ragged_rows


class HistoryMixin(B2bMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env["sale.order"])
        cls.bolt.is_storable = cls.nut.is_storable = False

    @classmethod
    def _buy(cls, days, *lines, member=None, agreement=None, **values):
        """A confirmed order so many days ago; lines: (product, quantity[, unit])."""
        agreement = agreement or cls.agreement
        order = cls.env["sale.order"].create(
            {
                "partner_id": agreement.entity_id.id,
                "b2b_agreement_id": agreement.id,
                "b2b_member_id": (member or cls.buyer).id,
                "website_id": cls.website.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": line[0].id,
                            "product_uom_qty": line[1],
                            "product_uom_id": (line[2:] or line[0].uom_id)[0].id,
                        }
                    )
                    for line in lines
                ],
            }
        )
        noon = datetime.combine(cls.today, datetime.min.time()) + timedelta(hours=9)
        order.write(
            {"state": "sale", "date_order": noon - timedelta(days=days)} | values
        )
        return order

    def _history(self, member=None, **wanted):
        history = self.env["b2b.purchase.history"]
        history = history.with_user((member or self.buyer).user_id)
        return history._get_purchases(HistoryFilter(**wanted))

    def _codes(self, *args, **wanted):
        return [p.product.default_code for p in self._history(*args, **wanted)]


@tagged("post_install", "-at_install")
class TestPurchaseHistory(HistoryMixin, B2bCommon):
    def test_usual_quantity_and_interval(self):
        for days, quantity in ((70, 10), (40, 30), (10, 20)):
            order = self._buy(days, (self.bolt, quantity))
        (bought,) = self._history()
        self.assertEqual(
            (bought.last_day, bought.last_quantity, bought.order_id),
            (self.today - timedelta(days=10), 20, order.id),
        )
        self.assertEqual((bought.orders, bought.days), (3, 3))
        self.assertEqual((bought.usual, bought.interval), (20, 30))
        self.assertEqual(bought.due, self.today + timedelta(days=20))
        self.assertEqual(bought.state, "later")

    def test_only_the_last_purchases_say_what_is_usual(self):
        for number in range(10):
            self._buy(100 - 10 * number, (self.bolt, 500 if number < 4 else 50))
        (bought,) = self._history()
        self.assertEqual((bought.usual, bought.interval, bought.orders), (50, 10, 10))

    def test_own_unit_and_one_day(self):
        self._buy(10, (self.bolt, 1, self.box), (self.bolt, 6))
        self._buy(10, (self.bolt, 10))
        (bought,) = self._history()
        self.assertEqual((bought.last_quantity, bought.orders, bought.days), (40, 2, 1))
        self.assertEqual(bought.state, "none")

    def test_days_are_those_of_the_buyer(self):
        """Neither the change of the clock nor midnight in London makes a day."""
        self.buyer.user_id.tz = "Europe/Berlin"
        # 00:30 on the days around the night of 28 to 29 March, when clocks change
        for moment in (
            datetime(2026, 3, 26, 23, 30),
            datetime(2026, 3, 27, 23, 30),
            datetime(2026, 3, 28, 23, 30),
            datetime(2026, 3, 29, 22, 30),
        ):
            self._buy(0, (self.bolt, 5), date_order=moment)
        (bought,) = self._history(months=0)
        self.assertEqual((bought.days, bought.interval), (4, 1))
        self.assertEqual(bought.last_day.isoformat(), "2026-03-30")
        self.assertEqual(bought.due.isoformat(), "2026-03-31")

    def test_ends_of_months(self):
        for moment in ((2026, 1, 31), (2026, 2, 28), (2026, 3, 31)):
            self._buy(0, (self.bolt, 5), date_order=datetime(*moment, 9))
        (bought,) = self._history(months=0)
        self.assertEqual(bought.interval, 29.5)
        self.assertEqual(bought.due.isoformat(), "2026-04-30")

    def test_states_and_order(self):
        goods = {
            name: self._create_product(f"ST-{name}", 1, is_storable=False)
            for name in ("overdue", "soon", "later", "asleep", "none", "gone")
        }
        for name, ago in (("overdue", 35), ("soon", 28), ("later", 5), ("asleep", 95)):
            for number in range(3):
                self._buy(ago + 30 * number, (goods[name], 1))
        for number in range(3):
            self._buy(40 + 30 * number, (goods["gone"], 1))
        self._buy(3, (goods["none"], 1))
        goods["gone"].is_published = False
        found = {p.product.default_code: p.state for p in self._history()}
        self.assertEqual(found, {f"ST-{name}": name for name in goods})
        order = ["ST-overdue", "ST-soon", "ST-later", "ST-none"]
        self.assertEqual(self._codes()[:4], order)
        self.assertEqual(self._codes(due_only=True), order[:2])
        history = self.env["b2b.purchase.history"].with_user(self.buyer.user_id)
        self.assertEqual(history._count_due(), (1, 1))

    def test_filters(self):
        section = self.env["product.public.category"].create({"name": "Section"})
        child = self.env["product.public.category"].create(
            {"name": "Child", "parent_id": section.id}
        )
        self.bolt.public_categ_ids = child
        self._buy(10, (self.bolt, 1))
        self._buy(200, (self.nut, 100))
        self.assertEqual(self._codes(), ["BLT-M8", "NUT-M8"])
        self.assertEqual(self._codes(months=3), ["BLT-M8"])
        self.assertEqual(self._codes(section=section.id), ["BLT-M8"])
        self.assertEqual(self._codes(text="product nut"), ["NUT-M8"])
        self.assertEqual(self._codes(text="%"), [])
        self.assertEqual(self._codes(text="'; --"), [])
        self.assertEqual(self._codes(sort="article"), ["BLT-M8", "NUT-M8"])
        history = self.env["b2b.purchase.history"].with_user(self.buyer.user_id)
        self.assertEqual(history._get_sections(HistoryFilter()), section | child)

    def test_what_does_not_count(self):
        self._buy(10, (self.bolt, 1), state="draft")
        self._buy(10, (self.bolt, 1), state="cancel")
        self._buy(10, (self.bolt, 0))
        order = self._buy(10, (self.bolt, 1))
        order.order_line.is_delivery = True
        self.assertEqual(self._history(), [])

    def test_scope(self):
        """As orders: a buyer the own ones, a head the team's, nobody a stranger's."""
        south = self._create_agreement(self.south_a)
        self._buy(10, (self.bolt, 1))
        self._buy(10, (self.nut, 100), member=self.buyer2)
        goods = self._create_product("S", 1)
        self._buy(10, (goods, 1), member=self.stranger, agreement=south)
        for member, seen in (
            (self.buyer, {"BLT-M8"}),
            (self.buyer2, {"NUT-M8"}),
            (self.head, {"BLT-M8", "NUT-M8"}),
            (self.accountant, {"BLT-M8", "NUT-M8"}),
            (self.stranger, set()),
        ):
            codes = set(self._codes(member))
            self.assertEqual(codes - {"S"}, seen, member.name)
            wide = self._codes(member, whose=str(self.south_a.id))
            self.assertEqual(bool(wide), member == self.stranger, member.name)
        self.assertEqual(self._codes(self.head, whose="mine"), [])
        self.buyer.role_ids = False
        self.assertEqual(self._codes(), [])

    def test_last_bought(self):
        self._buy(40, (self.bolt, 1, self.box))
        self._buy(10, (self.bolt, 7))
        website = self.website.with_user(self.buyer.user_id)
        found = website._b2b_get_bought_before(self.bolt | self.nut)
        day = self.today - timedelta(days=10)
        self.assertEqual(found, {self.bolt.id: (day, 7.0, self.bolt.uom_id)})
        stranger = self.website.with_user(self.stranger.user_id)
        self.assertEqual(stranger._b2b_get_bought_before(self.bolt), {})

    def test_successor(self):
        self.bolt.product_tmpl_id.alternative_product_ids = self.nut.product_tmpl_id
        self.bolt.active = False
        website = self.website.with_user(self.buyer.user_id)
        found = website._b2b_get_successors(self.bolt)
        self.assertEqual(found, {self.bolt.id: self.nut.product_tmpl_id})
        self.nut.is_published = False
        self.assertEqual(website._b2b_get_successors(self.bolt), {})

    def test_one_query(self):
        counts = []
        for size in (3, 40):
            for number in range(size):
                product = self._create_product(f"Q{size}-{number}", 1)
                self._buy(5, (product, 1))
            self.env.flush_all()
            self._history()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertGreaterEqual(len(self._history()), size)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestPurchasePages(HistoryMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(3):
            cls._buy(35 + 30 * number, (cls.bolt, 24), (cls.nut, 130))

    def _login(self, member):
        login = member.user_id.login
        self.authenticate(login, login.ljust(8, "x"))

    def _post(self, path, cart=None, **values):
        data = {
            "csrf_token": Request.csrf_token(self),
            "cart_id": str(cart.id if cart else 0),
            "agreement_id": str(self.agreement.id),
        }
        return self.url_open(f"/my/purchases/{path}", data=data | values)

    def _lines(self, cart):
        self.env.invalidate_all()
        return {
            line.product_id.default_code: line.product_uom_qty
            for line in cart.order_line
        }

    def test_page(self):
        self._login(self.buyer)
        page = self.url_open("/my/purchases")
        self.assertEqual(find_ragged_rows(page.text), [])
        self.assertIn(f'data-product-id="{self.bolt.id}"', page.text)
        # 130 is the usual quantity; it is sold by the hundred
        self.assertIn('value="200"', page.text)
        self.assertIn('href="/my/purchases"', self.url_open("/my").text)

    def test_bad_addresses(self):
        self._login(self.buyer)
        for query in (
            "months=x&whose=-1&section=9e9&sort=drop&search=%27",
            f"whose={self.south_a.id}",
            "months=-3",
            "search=" + "x" * 10_000,
        ):
            page = self.url_open(f"/my/purchases?{query}")
            self.assertEqual(page.status_code, 200, query)
        for path in ("/page/-5", "/page/99999", "/page/0"):
            self.assertLess(self.url_open(f"/my/purchases{path}").status_code, 500)

    def test_who_may(self):
        self._login(self.accountant)
        page = self.url_open("/my/purchases").text
        self.assertIn(f'data-product-id="{self.bolt.id}"', page)
        self.assertNotIn("o_b2b_usual", page)
        self.authenticate("b2b_retail", "b2b_retail")
        for path in ("", ".xlsx"):
            answer = self.url_open(f"/my/purchases{path}")
            self.assertEqual(answer.status_code, 403)

    def test_usual_order(self):
        self._login(self.buyer)
        cart = self._create_cart(self.buyer)
        page = self._post("usual", cart)
        self.assertEqual(self._lines(cart), {"BLT-M8": 24, "NUT-M8": 200})
        self.assertIn("o_b2b_message", page.text)
        page = self._post("usual", cart)
        self.assertEqual(self._lines(cart), {"BLT-M8": 24, "NUT-M8": 200}, "once")
        self.assertIn("alert-warning", page.text)

    def test_usual_order_obeys_the_filter(self):
        self._login(self.buyer)
        cart = self._create_cart(self.buyer)
        self._post("usual", cart, search="BLT")
        self.assertEqual(self._lines(cart), {"BLT-M8": 24})

    def test_ticked_rows(self):
        self._login(self.buyer)
        cart = self._create_cart(self.buyer)
        quantities = {f"qty_{self.bolt.id}": "5", f"qty_{self.nut.id}": "100"}
        ticked = {f"row_{self.bolt.id}": "1"}
        self._post("add", cart, **quantities, **ticked)
        self.assertEqual(self._lines(cart), {"BLT-M8": 5})
        self._post("add", cart, only=str(self.nut.id), **quantities, **ticked)
        self.assertEqual(self._lines(cart), {"BLT-M8": 5, "NUT-M8": 100})
        for text in ("-5", "1e9", "x", ""):
            values = {f"qty_{self.bolt.id}": text} | ticked
            self._post("add", cart, **values)
        self.assertEqual(self._lines(cart), {"BLT-M8": 5, "NUT-M8": 100})
        page = self._post("add", cart, **quantities)
        self.assertIn("alert-warning", page.text)

    def test_carts_of_others(self):
        cart = self._create_cart(self.buyer)
        self._login(self.buyer2)
        for path in ("usual", "add"):
            values = {f"row_{self.bolt.id}": "1", f"qty_{self.bolt.id}": "1"}
            answer = self._post(path, cart, **values)
            self.assertFalse(self._lines(cart), answer.status_code)
        self._login(self.buyer)
        page = self._post("usual", cart, agreement_id="1")
        self.assertIn("alert-danger", page.text, "a tab of another agreement")
        self.assertFalse(self._lines(cart))

    def test_no_way_out(self):
        self._login(self.buyer)
        for back in ("https://example.com/", "//example.com", "/my/carts"):
            page = self._post("add", back=back)
            self.assertTrue(page.url.endswith("/my/purchases"), page.url)

    def test_goods_no_longer_sold(self):
        self.bolt.product_tmpl_id.alternative_product_ids = self.nut.product_tmpl_id
        self.bolt.product_tmpl_id.is_published = False
        self._login(self.buyer)
        page = self.url_open("/my/purchases")
        self.assertEqual(find_ragged_rows(page.text), [])
        self.assertIn("o_b2b_gone", page.text)
        self.assertNotIn(f'name="qty_{self.bolt.id}"', page.text)
        cart = self._create_cart(self.buyer)
        self._post("usual", cart)
        self.assertEqual(self._lines(cart), {"NUT-M8": 200})

    def test_client_mode_sends_no_price_of_the_agreement(self):
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.price_type.id,
                "compute_price": "fixed",
                "fixed_price": 7.77,
                "applied_on": "1_product",
                "product_tmpl_id": self.bolt.product_tmpl_id.id,
            }
        )
        self._login(self.buyer)
        self.assertRegex(self.url_open("/my/purchases").text, r"7[.,]77")
        token = Request.csrf_token(self)
        self.url_open("/b2b/client-mode", data={"csrf_token": token, "on": "1"})
        page = self.url_open("/my/purchases").text
        self.assertIn(f'data-product-id="{self.bolt.id}"', page)
        self.assertNotRegex(page, r"7[.,]77")
        self.assertNotIn("/my/orders/", page)
        sheet = self._read_sheet()
        self.assertNotIn(7.77, [cell for row in sheet for cell in row])

    def _read_sheet(self):
        answer = self.url_open("/my/purchases.xlsx")
        self.content = answer.content
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        return list(sheet.iter_rows(min_row=2, values_only=True))

    def test_workbook_is_an_order(self):
        self._login(self.buyer)
        rows = self._read_sheet()
        self.assertEqual(
            {row[0]: row[2] for row in rows}, {"BLT-M8": 24, "NUT-M8": 200}
        )
        order = read_order_file(self.content, "bought.xlsx")
        found = {row.article: float(row.quantity) for row in order.rows}
        self.assertEqual(found, {"BLT-M8": 24, "NUT-M8": 200})

    def test_queries_do_not_grow(self):
        self._login(self.buyer)
        counts = []
        for size in (2, 30):
            for number in range(size):
                product = self._create_product(f"PQ{size}-{number}", 1)
                self._buy(5, (product, 1))
            self.url_open("/my/purchases")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.url_open("/my/purchases")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
