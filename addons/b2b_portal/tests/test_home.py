# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.tests import HttpCase, tagged

from .common import B2bMixin, find_ragged_rows


@tagged("post_install", "-at_install")
class TestHome(B2bMixin, HttpCase):
    def _open(self, member, url="/my"):
        login = member.user_id.login
        self.authenticate(login, login.ljust(8, "x"))
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text)

    def _codes(self, page):
        return set(page.xpath("//a[contains(@class,'o_b2b_tile')]/@data-code"))

    def test_tiles_by_rights(self):
        base = {"carts", "orders", "invoices", "messages"}
        for member, expected in (
            (self.buyer, base),
            (self.accountant, base - {"carts"}),
            (self._create_member(self.north, "storekeeper", "b2b_store"), {"messages"}),
        ):
            with self.subTest(member=member.user_id.login):
                codes = self._codes(self._open(member)) - {"credit"}
                self.assertEqual(codes & base, expected)

    def test_no_rights_no_figures(self):
        self._create_cart(self.buyer, lines=[(self.bolt, 5)])
        self.buyer.role_ids = False
        page = self._open(self.buyer)
        self.assertFalse(self._codes(page))
        self.assertFalse(page.xpath("//table"))
        self.assertFalse(page.xpath("//a[@href='/my/members']"))

    def test_menu_by_rights(self):
        director = self._create_member(
            self.north, "director", "b2b_director", all_entities=True
        )
        page = self._open(director)
        for url in ("entities", "members", "roles", "papers", "messages"):
            self.assertTrue(page.xpath(f"//header//a[@href='/my/{url}']"), url)
        page = self._open(self.buyer)
        self.assertTrue(page.xpath("//header//a[@href='/my/entities']"))
        for url in ("roles", "papers"):
            self.assertFalse(page.xpath(f"//a[@href='/my/{url}']"), url)

    def test_header_by_rights(self):
        """No doors that are shut: the accountant has no carts."""
        page = self._open(self.buyer)
        for url in ("/shop/quick-order", "/my/carts"):
            self.assertTrue(page.xpath(f"//header//a[@href='{url}']"), url)
        page = self._open(self.accountant)
        for url in ("/shop/quick-order", "/my/carts"):
            self.assertFalse(page.xpath(f"//header//a[@href='{url}']"), url)
            self.assertEqual(self.url_open(url).status_code, 403)

    def test_figures_are_the_visitors_own(self):
        self._create_cart(self.buyer, lines=[(self.bolt, 5)])
        self._create_cart(self.buyer2, lines=[(self.bolt, 777)])
        page = self._open(self.buyer)
        tile = page.xpath("//a[@data-code='carts']")[0].text_content()
        currency = self.agreement.currency_id
        with_lang = currency.with_context(lang=self.website.default_lang_id.code)
        self.assertIn(with_lang.format(50), tile)

    def test_overdue_invoice(self):
        order = self._create_cart(self.buyer, lines=[(self.bolt, 5)])
        order._b2b_submit()
        order.order_line.qty_delivered = 5
        invoice = order.sudo()._create_invoices()
        invoice.invoice_date = "2020-01-01"
        invoice.action_post()
        tile = self._open(self.buyer).xpath("//a[@data-code='invoices']")[0]
        self.assertRegex(tile.text_content(), "overdue|просрочено")
        self.assertEqual(tile.xpath(".//progress/@value"), ["100"])

    def test_inbox_says_when_it_is_empty(self):
        page = self._open(self.buyer)
        self.assertTrue(page.xpath("//*[contains(@class,'o_b2b_inbox_empty')]"))
        talk = self.env["b2b.conversation"].create(
            {"name": "Bolts", "member_id": self.buyer.id, "unread_member": 1}
        )
        page = self._open(self.buyer)
        self.assertTrue(page.xpath(f"//li//a[@href='/my/messages/{talk.id}']"))
        self.assertFalse(page.xpath("//*[contains(@class,'o_b2b_inbox_empty')]"))
        page = self._open(self.head)
        self.assertFalse(page.xpath(f"//li//a[@href='/my/messages/{talk.id}']"))

    def test_others_keep_the_page_of_core(self):
        self.authenticate("b2b_retail", "b2b_retail")
        page = self.url_open("/my").text
        self.assertIn("o_portal_my_home", page)
        self.assertNotIn("o_b2b_bar", page)
        self.assertIn("o_wsale_my_cart", page)

    def test_one_header(self):
        """Members get ours in place of the website's, without its cart and menus."""
        for url in ("/my", "/shop", "/my/orders"):
            with self.subTest(url=url):
                page = self._open(self.buyer, url)
                self.assertEqual(len(page.xpath("//div[@id='wrapwrap']/header")), 1)
                self.assertFalse(page.xpath("//*[contains(@class,'o_wsale_my_cart')]"))
                self.assertTrue(page.xpath("//header//input[@name='search']"))

    def test_queries_do_not_grow(self):
        self._fill(2)
        self._open(self.buyer)
        small = self._count_queries()
        self._fill(12)
        self.assertLessEqual(self._count_queries(), small + 3)

    def _fill(self, count):
        for _number in range(count):
            order = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
            order._b2b_submit()
            self._create_cart(self.buyer, lines=[(self.bolt, 1)])
            self.env["b2b.conversation"].create(
                {"name": "Bolts", "member_id": self.buyer.id, "unread_member": 1}
            )
        self.env.flush_all()

    def _count_queries(self):
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        page = self.url_open("/my").text
        self.assertEqual(find_ragged_rows(page), [])
        return self.env.cr.sql_log_count - start
