# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from threading import Thread
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import retrying
from odoo.tests import tagged

from .common import RaceCase
from .product_page_common import ProductPageCase


@tagged("post_install", "-at_install")
class TestStockAlert(ProductPageCase):
    """'Tell me when 50 are in stock'."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Alert = cls.env["b2b.stock.alert"]
        cls.Alert.search([]).unlink()
        cls.buyer.user_id.email = "buyer@north.test"

    def _wait(self, quantity=50, member=None, product=None):
        return self.Alert._b2b_set(
            member or self.buyer, self.agreement, product or self.plain, quantity
        )

    def _check(self):
        """Run the cron; mails that were written, as (to, body)."""
        before = self.env["mail.mail"].search([])
        with patch.object(
            self.env.registry["ir.cron"],
            "_commit_progress",
            lambda _cron, _done=0, *, remaining=None: float("inf"),
        ):
            self.Alert._cron_check()
        mails = self.env["mail.mail"].search([]) - before
        return [(mail.email_to, mail.body_html) for mail in mails]

    def test_comes_true_once(self):
        alert = self._wait(50)
        self._stock(self.plain, self.main, 49)
        self.assertFalse(self._check())
        self.assertEqual(alert.state, "active")
        self._stock(self.plain, self.main, 1)
        ((to, body),) = self._check()
        self.assertIn("buyer@north.test", to)
        self.assertIn(self.plain.default_code, body)
        self.assertEqual(alert.state, "reached")
        self.assertEqual(alert.reached_quantity, 50)
        self.assertFalse(self._check())

    def test_one_mail_for_many_goods(self):
        for product in (self.plain, self.broken):
            self._wait(5, product=product)
            self._stock(product, self.main, 5)
        ((_to, body),) = self._check()
        for product in (self.plain, self.broken):
            self.assertIn(product.default_code, body)

    def test_the_best_single_warehouse_counts(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SCND", "company_id": self.company.id}
        )
        self.agreement.warehouse_line_ids = [
            fields.Command.create({"warehouse_id": second.id, "sequence": 20})
        ]
        alert = self._wait(50)
        self._stock(self.plain, self.main, 30)
        self._stock(self.plain, second, 30)
        self._check()
        self.assertEqual(alert.state, "active")
        self._stock(self.plain, second, 20)
        self._check()
        self.assertEqual(alert.state, "reached")

    def test_nobody_is_told_who_may_not_know(self):
        """Hidden goods, hidden stock, a suspended agreement, a member who left."""

        def hide():
            self.plain.is_published = False

        def close():
            self.website.b2b_show_stock = "members"
            self.buyer.stage = "registered"

        def suspend():
            self.agreement.action_suspend()

        def leave():
            self.buyer.active = False

        alert = self._wait(5)
        self._stock(self.plain, self.main, 50)
        for change in (hide, close, suspend, leave):
            with self.subTest(change=change.__name__):
                savepoint = self.env.cr.savepoint()
                change()
                self.assertFalse(self._check())
                self.assertEqual(alert.state, "active")
                self.env.flush_all()
                savepoint.rollback()
                savepoint.close(rollback=False)
                self.env.invalidate_all()
                self.env["b2b.member"]._forget_grants()
        self.assertTrue(self._check())

    def test_expires(self):
        alert = self._wait(5)
        alert.date_end = fields.Date.context_today(alert) - timedelta(days=1)
        self._stock(self.plain, self.main, 50)
        self.assertFalse(self._check())
        self.assertEqual(alert.state, "expired")

    def test_a_new_wish_replaces_the_old_one(self):
        first = self._wait(50)
        second = self._wait(70)
        self.assertEqual(first, second)
        self.assertEqual(second.quantity, 70)
        for quantity in (0, -5, 1e9, float("nan")):
            with self.assertRaises(UserError):
                self._wait(quantity)

    def test_one_sees_ones_own(self):
        mine, theirs = self._wait(50), self._wait(60, self.head)
        for member, alert in ((self.buyer, mine), (self.head, theirs)):
            found = self.Alert.with_user(member.user_id).search([])
            self.assertEqual(found, alert)
        self.assertFalse(self.Alert.with_user(self.stranger.user_id).search([]))
        with self.assertRaises(AccessError):
            self.Alert.with_user(self.retail_user).search([])
        for values in ({"quantity": 1}, {"member_id": self.buyer2.id}):
            with self.assertRaises(AccessError):
                mine.with_user(self.buyer.user_id).write(values)
        with self.assertRaises(AccessError):
            self.Alert.with_user(self.buyer.user_id).create(
                {"member_id": self.buyer.id}
            )

    def test_queries_of_the_cron(self):
        """As many for four alerts of a member as for one."""
        counts = []
        for goods in (self.goods[:1], self.goods[:4]):
            alerts = self.Alert
            for product in goods:
                alerts |= self._wait(10**6, product=product)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            alerts._b2b_check_stock()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # === PAGES === #

    def test_pages(self):
        self._login(self.buyer)
        page = self._page(self.plain)
        (form,) = page.xpath("//form[@action='/shop/stock-alert']")
        data = {
            field.get("name"): field.get("value") for field in form.xpath(".//input")
        }
        data.pop("csrf_token")
        response = self._post("/shop/stock-alert", data | {"quantity": "1 250"})
        self.assertEqual(response.status_code, 200)
        alert = self.Alert.search([])
        self.assertEqual(alert.quantity, 1250)
        self.assertEqual(alert.member_id, self.buyer)
        self.assertEqual(alert.agreement_id, self.agreement)
        self.assertRegex(self._text(self._page(self.plain), "o_b2b_alert"), r"1.?250")
        text = self.url_open("/my/stock-alerts").text
        self.assertIn(self.plain.name, text)
        self._post(f"/my/stock-alerts/{alert.id}/save", {"quantity": "30"})
        self.assertEqual(alert.quantity, 30)
        self._post(f"/my/stock-alerts/{alert.id}/delete", {})
        self.assertEqual(alert.state, "expired")
        self._post(f"/my/stock-alerts/{alert.id}/save", {"quantity": "30"})
        again = self.Alert.search([("state", "=", "active")])
        self.assertEqual(again.quantity, 30)
        self._post(f"/my/stock-alerts/{alert.id}/delete", {})
        self.assertFalse(alert.exists())

    def test_bad_input(self):
        self._login(self.buyer)
        ids = (self.plain.id, 99999999, "x", -1, "")
        for quantity in ("-5", "1e9", "999999999999999", "many", "", "0", "NaN"):
            response = self._post(
                "/shop/stock-alert", {"product_id": ids[0], "quantity": quantity}
            )
            self.assertEqual(response.status_code, 200, quantity)
            self.assertFalse(self.Alert.search([]), quantity)
        for product_id in ids[1:]:
            response = self._post(
                "/shop/stock-alert", {"product_id": product_id, "quantity": "5"}
            )
            self.assertEqual(response.status_code, 404, product_id)
        self.plain.is_published = False
        response = self._post(
            "/shop/stock-alert", {"product_id": self.plain.id, "quantity": "5"}
        )
        self.assertEqual(response.status_code, 404)
        self.assertFalse(self.Alert.search([]))

    def test_no_way_elsewhere(self):
        self._login(self.buyer)
        response = self._post(
            "/shop/stock-alert",
            {"product_id": self.plain.id, "quantity": "5", "page": "//evil.example/"},
        )
        self.assertNotIn("evil.example", response.url)

    def test_others_cannot_touch_it(self):
        alert = self._wait(50)
        for member in (self.head, self.stranger):
            self._login(member)
            for action in ("save", "delete"):
                response = self._post(
                    f"/my/stock-alerts/{alert.id}/{action}", {"quantity": "1"}
                )
                self.assertEqual(response.status_code, 404)
        self.assertEqual((alert.quantity, alert.state), (50, "active"))

    def test_without_the_right_to_see_stock(self):
        self.website.b2b_show_stock = "members"
        self.buyer.stage = "registered"
        alert = self._wait(50)
        self._login(self.buyer)
        response = self._post(
            "/shop/stock-alert", {"product_id": self.plain.id, "quantity": "5"}
        )
        self.assertEqual(response.status_code, 403)
        self.assertEqual(self.url_open("/my/stock-alerts").status_code, 403)
        self.assertEqual(alert.quantity, 50)

    def test_the_desk_tells(self):
        alert = self._wait(5)
        self._stock(self.plain, self.main, 50)
        self._login(self.buyer)
        self.assertNotIn(self.plain.website_url, self.url_open("/my").text)
        self._check()
        self.assertIn(self.plain.website_url, self.url_open("/my").text)
        alert.reached_at = fields.Datetime.now() - timedelta(days=15)
        self.assertNotIn(self.plain.website_url, self.url_open("/my").text)


@tagged("post_install", "-at_install")
class TestStockAlertRace(RaceCase):
    """Two clicks at once make one alert."""

    def _create(self, env):
        agreement = self._create_agreement(env, state="active")
        user = self._keep(
            env["res.users"].create(
                {
                    "name": "Race",
                    "login": "b2b_alert_race",
                    "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
                }
            )
        )
        self.member_id = self._keep(
            env["b2b.member"].create(
                {"account_id": agreement.account_id.id, "user_id": user.id}
            )
        ).id
        self.agreement_id = agreement.id
        self.product_id = self._keep(
            env["product.product"].create({"name": "Race", "is_storable": True})
        ).id

    def _remove(self):
        with self._transaction() as env:
            env["b2b.stock.alert"].search([("member_id", "=", self.member_id)]).unlink()
            for model, ids in reversed(self.created):
                env[model].browse(ids).exists().unlink()

    def _click(self, quantity):
        with self._transaction() as env:

            def work():
                env["b2b.stock.alert"]._b2b_set(
                    env["b2b.member"].browse(self.member_id),
                    env["b2b.agreement"].browse(self.agreement_id),
                    env["product.product"].browse(self.product_id),
                    quantity,
                )

            retrying(work, env)

    def test_two_clicks(self):
        self._create_kept()
        clicks = [Thread(target=self._click, args=(n,)) for n in (10, 20, 30)]
        for click in clicks:
            click.start()
        for click in clicks:
            click.join()
        with self._transaction() as env:
            alerts = env["b2b.stock.alert"].search([("member_id", "=", self.member_id)])
            self.assertEqual(len(alerts), 1)
            self.assertIn(alerts.quantity, (10, 20, 30))
