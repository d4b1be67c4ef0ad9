# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from lxml import html

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError
from odoo.sql_db import db_connect
from odoo.tests import tagged

from odoo.addons.b2b_portal.tests.common import RaceCase

from ..models.b2b_search_visit import Search, Visitor
from ..tools.query_privacy import is_barcode, mask, spell
from .search_common import SearchCase

PERSONAL = ("Иванов", "ivanov", "b2b_buyer", "buyer")


class LogCase(SearchCase):
    def setUp(self):
        super().setUp()
        works = self.works = []
        # pages of tests have no post-commit hooks
        self.patch(
            type(self.env["b2b.search.log"]),
            "_after_response",
            lambda log, work: works.append(work),
        )
        self.env["b2b.search.log"].search([("id", ">", 0)]).unlink()
        self.env["b2b.search.gap"].search([("id", ">", 0)]).unlink()
        self._login(self.buyer)

    def _work(self):
        """What is done after the pages."""
        env = self.env(user=SUPERUSER_ID, su=True)
        while self.works:
            self.works.pop(0)(env)
        self.env.invalidate_all()

    def _open(self, url):
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self._work()
        return html.fromstring(response.text)

    def _find_log(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["b2b.search.log"].search(domain)

    def _get_key(self, page):
        (list_,) = page.xpath("//div[@data-search-key]")
        self.assertEqual(list_.get("data-search-offset"), "0")
        return list_.get("data-search-key")

    def _click(self, key, product, place):
        data = {"key": key, "product_id": product.id, "place": place}
        response = self._post("/shop/search/click", data)
        self.assertEqual(response.status_code, 204)
        self._work()


@tagged("post_install", "-at_install")
class TestSearchLog(LogCase):
    def test_one_row_a_day_and_query(self):
        self._open("/shop?search=картрижд zqx")
        self._login(self.head)
        self._open("/shop?search=Картрижд  ZQX")
        (log,) = self._find_log()
        self.assertEqual(log.query, "картридж zqx")
        self.assertEqual(log.kind, "spelling")
        self.assertEqual((log.searches, log.found, log.empty), (2, 2, 0))
        self.assertEqual(log.accounts, 1, "both are of one account")
        self.assertEqual((log.results, log.area), (1, "catalogue"))
        self._login(self.stranger)
        self._create_agreement(self.south_a)
        self._open("/shop?search=картридж zqx")
        # another reading is another row
        self.assertEqual(self._find_log(kind="none").searches, 1)

    def test_pages_and_filters_are_the_same_search(self):
        brand = self.by_article["CB-2LYE"].b2b_brand_id.id
        for url in (
            "/shop?search=charger zqx",
            "/shop?search=charger zqx",
            f"/shop?search=charger zqx&brands={brand}",
            "/shop?search=charger zqx&order=name",
            "/shop/page/2?search=charger zqx",
            "/shop?search=charger zqx&within=canon",
        ):
            self._open(url)
        self.assertEqual(self._find_log().mapped("searches"), [1])
        visit = self.env["b2b.search.visit"].search([])
        visit.seen_at -= timedelta(hours=1)
        self.env.flush_all()
        self._open("/shop?search=charger zqx")
        self.assertEqual(self._find_log().mapped("searches"), [2])

    def test_filters_without_a_search_before_are_not_counted(self):
        self._open("/shop?search=charger zqx&order=name")
        self.assertFalse(self._find_log())

    def test_keystrokes_and_pages_without_a_search_are_not_counted(self):
        self._open("/shop")
        self._rpc(
            "/website/snippet/autocomplete",
            search_type="products_only",
            term="charger",
            options={"displayDescription": False},
        )
        self._work()
        self.assertFalse(self._find_log())

    def test_staff_are_not_counted(self):
        self.authenticate("admin", "admin")
        self.url_open("/shop?search=charger zqx")
        self._work()
        self.assertFalse(self._find_log())

    def test_guests(self):
        self.authenticate(None, None)
        self._open("/shop?search=charger zqx")
        (log,) = self._find_log()
        self.assertEqual((log.query, log.searches, log.results), ("charger zqx", 1, 1))

    def test_clicks(self):
        page = self._open("/shop?search=болт zqx")
        key = self._get_key(page)
        rows = [int(i) for i in page.xpath("//tr/@data-product-id")]
        bolt = self.by_article["931-10-60"].product_variant_id
        place = rows.index(bolt.id) + 1
        self._click(key, bolt, place)
        self._click(key, bolt, place)
        (log,) = self._find_log()
        self.assertEqual((log.clicks, log.clicked, log.places), (1, 1, place))
        other = self.by_article["933-8-40"].product_variant_id
        self._click(key, other, rows.index(other.id) + 1)
        self.assertEqual((log.clicks, log.clicked), (2, 1))
        self.assertEqual(log.click_rate, 100)
        chosen = {p.template_id: p.clicks for p in log.product_ids}
        self.assertEqual(chosen, {bolt.product_tmpl_id: 1, other.product_tmpl_id: 1})

    def test_false_clicks(self):
        key = self._get_key(self._open("/shop?search=болт zqx"))
        bolt = self.by_article["933-8-40"].product_variant_id
        # a product of no such list, no place, no key, no product
        self._click(key, self.by_article["TK-1170"].product_variant_id, 1)
        self._click(key, bolt, 0)
        self._click("x" * 500, bolt, 1)
        self._click(key, self.env["product.product"], 1)
        # the search of another one
        self._login(self.head)
        self._click(key, bolt, 1)
        self.assertEqual(self._find_log().mapped("clicks"), [0])

    def test_clicks_have_a_limit(self):
        key = self._get_key(self._open("/shop?search=болт zqx"))
        limits = self.env["b2b.rate.limit"]
        self.patch(type(limits), "_hit", lambda *args: False)
        self._click(key, self.by_article["933-8-40"].product_variant_id, 1)
        self.assertEqual(self._find_log().mapped("clicks"), [0])

    def test_into_the_cart(self):
        self._open("/shop?search=болт zqx")
        self._open("/shop?search=болт м8х40 zqx")
        bolt = self.by_article["933-8-40"].product_variant_id
        for _time in range(2):
            answer = self._rpc(
                "/shop/table/add_row",
                product_id=bolt.id,
                quantity="5",
                agreement_id=self.agreement.id,
            ).json()
            self.assertEqual(answer["result"]["outcome"], "added")
            self._work()
        # the last search that has shown it
        log = self._find_log(query="болт m8x40 zqx")
        self.assertEqual((log.carts, log.bought, log.conversion), (1, 1, 100))
        self.assertEqual(log.product_ids.template_id, bolt.product_tmpl_id)
        self.assertEqual(self._find_log(query="болт zqx").carts, 0)

    def test_counts_add_up(self):
        """Sums of the table are those of what was done."""
        asked = ["болт zqx", "гайка zqx", "кактусовый", "charger zqx", "абырвалг"]
        for member in (self.buyer, self.head, self.buyer2):
            self._login(member)
            for text in asked:
                self._open(f"/shop?search={text}")
        logs = self._find_log()
        self.assertEqual(len(logs), 5)
        self.assertEqual(sum(logs.mapped("searches")), 15)
        self.assertEqual(sum(logs.mapped("empty")), 6)
        for log in logs:
            self.assertEqual(log.searches, log.found + log.empty)
            self.assertEqual(log.accounts, 1)
        gaps = self.env["b2b.search.gap"].search([])
        self.assertEqual(sum(gaps.mapped("times")), 6)

    def test_rates_of_several_rows(self):
        logs = self.env["b2b.search.log"]
        for query, searches, clicked in (("a", 9, 9), ("b", 1, 0)):
            key = logs._get_key(query, "catalogue", "none", None, self.website.id)
            log_id = logs._get_row(key, 1)
            logs._count(log_id, searches=searches, clicks=clicked, clicked=clicked)
        ((rate,),) = logs._read_group([], [], ["click_rate:avg"])
        self.assertEqual(rate, 90)

    def test_retention(self):
        logs = self.env["b2b.search.log"]
        key = logs._get_key("old", "catalogue", "none", None, self.website.id)
        today = fields.Date.today()
        for days in (364, 366):
            logs._get_row(key | {"day": today - timedelta(days=days)}, 1)
        logs._gc_old()
        self.assertEqual(logs.search([]).day, today - timedelta(days=364))
        settings = self.env["res.config.settings"].create({"b2b_search_log_days": 30})
        settings.execute()
        logs._gc_old()
        self.assertFalse(logs.search([]))
        self._open("/shop?search=болт zqx")
        visits = self.env["b2b.search.visit"]
        visits._gc_old()
        self.assertEqual(len(visits.search([])), 1)
        visits.search([]).seen_at -= timedelta(days=3)
        visits._gc_old()
        self.assertFalse(visits.search([]))

    def test_nothing_personal_is_stored(self):
        self._open("/shop?search=болт zqx")
        self._open("/shop?search=иван@north.example")
        self._open("/shop?search=позвонить +7 921 555-12-34")
        self._open("/shop?search=780204893183")
        user = self.buyer.user_id
        secrets = [
            str(user.login), user.partner_id.name, "555-12-34", "иван", "780204893183",
            self.north.name, self.north_a.name, self.session.sid,
        ]  # fmt: skip
        for table in ("log", "visit", "gap", "log_product"):
            self.env.cr.execute(f"SELECT * FROM b2b_search_{table}")  # noqa: S608
            text = repr(self.env.cr.fetchall()).lower()
            for secret in secrets:
                self.assertNotIn(secret.lower(), text, table)
        self.assertFalse(
            {"create_uid", "write_uid", "user_id", "partner_id", "account_id"}
            & self.env["b2b.search.log"]._fields.keys()
        )

    def test_hashes_change_every_day(self):
        visits = self.env["b2b.search.visit"]
        today = visits._sign("user:1")
        self.assertEqual(today, visits._sign("user:1"))
        tomorrow = fields.Date.today() + timedelta(days=1)
        self.patch(fields.Date, "today", staticmethod(lambda *args: tomorrow))
        self.assertNotEqual(today, visits._sign("user:1"))

    def test_masks(self):
        self.assertEqual(mask("болт a.b@c.ru м8", True), "болт *** м8")
        self.assertEqual(mask("8 (921) 555-12-34", False), "***")
        self.assertEqual(mask("89215551234", False), "***")
        self.assertEqual(mask("4111 1111 1111 1111", False), "***")
        # one spelling of sizes
        self.assertEqual(spell("Болт М8 х 40 цинк"), "болт m8x40 цинк")
        self.assertEqual(spell("болт M8*40  цинк"), "болт m8x40 цинк")
        # what goods are known by stays
        self.assertEqual(mask("89215551234", True), "89215551234")
        self.assertEqual(mask("4601234500012", False), "4601234500012")
        self.assertEqual(mask("болт м8х40 din 933", False), "болт м8х40 din 933")
        self.assertTrue(is_barcode("4601234500012"))
        self.assertFalse(is_barcode("4601234500013"))

    def test_the_page_only_reads(self):
        """A page is as quick as before: nothing is written before it is answered."""
        self.url_open("/shop?search=болт zqx")
        self.assertEqual(len(self.works), 1)
        self.assertFalse(self._find_log())

    def test_odd_queries(self):
        for text in ("%00болт", "а" * 3000, "%", "😀", "' OR 1=1 --", "\\"):
            self._open(f"/shop?search={text}")
        for log in self._find_log():
            self.assertLessEqual(len(log.query), 120)

    def test_rights(self):
        buyer = self.buyer.user_id
        for name in ("log", "log.product", "visit", "gap", "popular", "case"):
            with self.assertRaises(AccessError):
                self.env[f"b2b.search.{name}"].with_user(buyer).search([])


@tagged("post_install", "-at_install")
class TestSearchLogRace(RaceCase):
    """Many sessions search for the same at once, in real transactions."""

    def setUp(self):
        super().setUp()
        self._create_kept()

    def _create(self, env):
        self.row = env["b2b.search.log"]._get_key(
            "race zqx", "catalogue", "none", None, env["website"].search([], limit=1).id
        )

    def _remove(self):
        with self._transaction() as env:
            for name in ("log", "gap"):
                env[f"b2b.search.{name}"].search([("query", "=", "race zqx")]).unlink()
            env["b2b.search.visit"].search([("key", "like", "race-%")]).unlink()

    def _make_search(self, key, visitor):
        return Search(key, visitor, self.row, 0, False, "race zqx", [], True)

    def test_no_search_is_lost(self):
        database = db_connect(self.env.cr.dbname)
        log = self.env["b2b.search.log"]

        def search(number):
            visitor = Visitor(f"race-{number}", f"race-{number % 5}")
            one = self._make_search(f"race-{number}", visitor)
            log._work_apart(
                database, lambda env: env["b2b.search.visit"]._write_search(one)
            )

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(search, range(20)))
        with self._transaction() as env:
            (log,) = env["b2b.search.log"].search([("query", "=", "race zqx")])
            self.assertEqual((log.searches, log.empty, log.accounts), (20, 20, 5))
            (gap,) = env["b2b.search.gap"].search([("query", "=", "race zqx")])
            self.assertEqual(gap.times, 20)

    def test_a_double_click_counts_once(self):
        database = db_connect(self.env.cr.dbname)
        log = self.env["b2b.search.log"]
        visitor = Visitor("race-x", "race-x")
        one = self._make_search("race-x", visitor)

        def search(_number):
            log._work_apart(
                database, lambda env: env["b2b.search.visit"]._write_search(one)
            )

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(search, range(8)))
        with self._transaction() as env:
            log = env["b2b.search.log"].search([("query", "=", "race zqx")])
            self.assertEqual(log.mapped("searches"), [1])
