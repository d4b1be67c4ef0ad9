# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import B2bCommon, B2bMixin


@tagged("post_install", "-at_install")
class TestAgreementReminder(B2bCommon):
    def setUp(self):
        super().setUp()
        self.director = self._create_member(
            self.north, "director", "b2b_director", all_entities=True
        )
        self.agreement.write({"date_start": "2029-07-01", "date_end": "2030-06-30"})

    def _run(self, day, times=1):
        """Run the job, which commits, as it does every night."""
        for _time in range(times):
            with (
                freeze_time(f"{day} 08:00:00"),
                self.enter_registry_test_mode(),
                self.registry.cursor() as cr,
            ):
                self.env(cr=cr)["b2b.agreement"]._cron_remind()
        self.env.invalidate_all()
        return self.agreement.reminded_days

    def _mails(self):
        domain = [("model", "=", "b2b.agreement"), ("res_id", "=", self.agreement.id)]
        return self.env["mail.mail"].search(domain)

    def test_each_reminder_once(self):
        days = ("2030-05-30", "2030-05-31", "2030-06-01", "2030-06-24")
        sent = [self._run(day, times=2) for day in days]
        self.assertEqual(sent, [0, 30, 30, 7], "the seventh day was missed: made up")
        self.assertEqual(self._run("2030-06-30", times=2), 1)
        self.assertEqual(self._run("2030-07-01"), 1)
        readers = self.director | self.head | self.buyer | self.buyer2
        readers |= self.accountant
        mails = self._mails()
        self.assertEqual(mails.recipient_ids, readers.partner_id)
        self.assertEqual(len(mails), 3 * len(readers))
        self.assertEqual(len(self.agreement.activity_ids), 3)
        self.assertEqual(self.agreement.activity_ids.user_id, self.north._get_manager())
        self.agreement.date_end = "2030-06-30"
        self.assertEqual(self.agreement.reminded_days, 1, "the same end, nothing new")
        self.agreement.date_end = "2031-06-30"
        self.assertEqual(self.agreement.reminded_days, 0, "a new end, new reminders")

    def test_reader_of_another_entity_gets_nothing(self):
        self.buyer2.entity_ids = self.north_b
        self._run("2030-06-01")
        self.assertNotIn(self.buyer2.partner_id, self._mails().recipient_ids)
        self.assertNotIn(self.stranger.partner_id, self._mails().recipient_ids)

    def test_first_run_late_sends_one(self):
        self.assertEqual(self._run("2030-06-28"), 7)
        self.assertEqual(len(self.agreement.activity_ids), 1)

    def test_nothing_for_what_is_not_active_or_renewed(self):
        self.agreement.action_suspend()
        self.assertEqual(self._run("2030-06-28"), 0)
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.agreement.warehouse_id = warehouse
        with freeze_time("2030-06-01"):
            self.agreement.action_activate()
            self.agreement._b2b_renew("2030-07-01", "2031-06-30")
        self.assertEqual(self._run("2030-06-28"), 0)

    def test_what_happens_after_the_end(self):
        alone = self.agreement._b2b_get_end_text()
        self._create_agreement(self.north_a)
        other = self.agreement._b2b_get_end_text()
        self.assertNotEqual(alone, other)


@tagged("post_install", "-at_install")
class TestTermsPages(B2bMixin, HttpCase):
    def setUp(self):
        super().setUp()
        self.agreement.write(
            {
                "date_end": fields.Date.today(),
                "min_order_amount": 5000,
            }
        )

    def _open(self, url, login="b2b_buyer"):
        self.authenticate(login, login)
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        return response.text

    def test_the_end_is_on_the_desk(self):
        self.assertIn("fa-calendar-times-o", self._open("/my"))
        self.assertNotIn("fa-calendar-times-o", self._open("/my", "b2b_stranger"))

    def test_terms_on_the_checkout(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        page = self._open(f"/my/carts/{cart.id}/checkout")
        for code in ("minimum", "validity"):
            self.assertIn(f'data-term="{code}"', page)
        self.assertIn("4", page)
        self.assertIn("alert-danger", page, "the minimum order is not reached")
        self.agreement.min_order_amount = 0
        page = self._open(f"/my/carts/{cart.id}/checkout")
        self.assertNotIn("alert-danger", page)

    def test_suspended_agreement_on_the_cart(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        other = self._create_agreement(self.north_a, name="Another one")
        self.agreement.action_suspend()
        page = self._open(f"/my/carts/{cart.id}")
        self.assertIn(f"/my/carts/{cart.id}/compare", page)
        other.action_suspend()
        page = self._open(f"/my/carts/{cart.id}")
        self.assertNotIn("/compare", page)
        self.assertIn("alert-danger", page)
