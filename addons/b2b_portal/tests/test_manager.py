# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.manager import clean_page
from ..tools import attachments
from .common import B2bCommon


@tagged("post_install", "-at_install")
class TestManager(B2bCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_staff("b2b_m1")
        cls.deputy = cls._create_staff("b2b_m2")
        cls.third = cls._create_staff("b2b_m3")
        cls.north.manager_id = cls.manager

    @classmethod
    def _create_staff(cls, login):
        groups = [(4, cls.env.ref("b2b_portal.group_staff_user").id)]
        return cls.env["res.users"].create(
            {"name": login, "login": login, "group_ids": groups, "tz": "Europe/Moscow"}
        )

    def _absent(self, user, substitute, start="2026-03-02", end="2026-03-06"):
        return self.env["b2b.absence"].create(
            {
                "user_id": user.id,
                "substitute_id": substitute and substitute.id,
                "date_from": start,
                "date_to": end,
            }
        )

    # === SUBSTITUTES === #

    def test_substitute_on_the_days_of_the_absence(self):
        self._absent(self.manager, self.deputy)
        for day, expected in (
            ("2026-03-01", self.manager),
            ("2026-03-02", self.deputy),
            ("2026-03-06", self.deputy),
            ("2026-03-07", self.manager),
        ):
            with self.subTest(day=day):
                date = fields.Date.to_date(day)
                self.assertEqual(self.north._get_manager(date), expected)

    def test_chain_and_circle_of_substitutes(self):
        day = fields.Date.to_date("2026-03-03")
        self._absent(self.manager, self.deputy)
        chain = self._absent(self.deputy, self.third)
        self.assertEqual(self.north._get_manager(day), self.third)
        chain.substitute_id = self.manager
        self.assertEqual(self.north._get_manager(day), self.manager)
        chain.substitute_id = False
        self.assertEqual(self.north._get_manager(day), self.manager)

    def test_account_without_a_manager(self):
        self.north.manager_id = False
        self.assertFalse(self.north._get_manager())
        self.assertIsNone(self.north._b2b_get_manager_card())

    def test_managers_of_many_accounts_cost_no_more(self):
        accounts = self.north | self.south
        self.south.manager_id = self.deputy
        self._absent(self.manager, self.third)
        accounts._get_managers()
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            accounts._get_managers()
        more = accounts.create([{"name": f"A{n}"} for n in range(20)])
        more.manager_id = self.deputy
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            (accounts | more)._get_managers()

    def test_wrong_absences(self):
        self._absent(self.manager, self.deputy)
        for user, substitute, start, end in (
            (self.manager, self.deputy, "2026-03-05", "2026-03-09"),
            (self.third, self.third, "2026-03-02", "2026-03-02"),
            (self.third, self.buyer.user_id, "2026-03-02", "2026-03-02"),
        ):
            attempt = self.subTest(user=user.login, start=start)
            with attempt, self.assertRaises(ValidationError):
                self._absent(user, substitute, start, end)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._absent(self.third, self.deputy, "2026-03-02", "2026-03-01")

    # === HOURS === #

    def _presence(self, moment, **kwargs):
        with freeze_time(moment):
            return self.manager._b2b_get_presence(viewer=self.buyer.user_id, **kwargs)

    def test_presence_in_the_time_zone_of_the_visitor(self):
        self.buyer.user_id.tz = "Asia/Yekaterinburg"
        # Monday; Moscow is UTC+3, Yekaterinburg UTC+5
        self.assertEqual(
            self._presence("2026-03-02 08:00:00"),
            {"online": True, "text": "on line until 20:00"},
        )
        self.assertEqual(
            self._presence("2026-03-02 05:30:00")["text"], "answers today from 11:00"
        )
        self.assertEqual(
            self._presence("2026-03-02 16:00:00")["text"], "answers tomorrow from 11:00"
        )

    def test_presence_over_the_weekend_and_an_absence(self):
        self.buyer.user_id.tz = "Europe/Moscow"
        friday = "2026-03-06 16:00:00"
        self.assertIn("09.03 from 9:00", self._presence(friday)["text"])
        back = fields.Date.to_date("2026-03-11")
        text = self._presence("2026-03-02 08:00:00", back_on=back)["text"]
        self.assertIn("11.03 from 9:00", text)

    def test_no_working_days(self):
        self.manager.b2b_work_days = False
        self.assertFalse(self._presence("2026-03-02 08:00:00")["text"])

    @freeze_time("2026-03-03 08:00:00")
    def test_card_names_the_substitute(self):
        self._absent(self.manager, self.deputy)
        card = self.north._b2b_get_manager_card()
        self.assertEqual(card["user"], self.deputy)
        self.assertIn(self.manager.name, card["stand_in"])
        self.assertIn("06.03", card["stand_in"])

    # === CONTACTS === #

    def test_contacts(self):
        self.manager.partner_id.country_id = self.env.ref("base.ru")
        self.manager.write(
            {
                "phone": "8 (495) 120-47-15",
                "b2b_telegram": "https://t.me/mary_seller",
                "b2b_whatsapp": "+7 916 000-47-15",
                "b2b_max": "max.ru/u/Abc123",
            }
        )
        rows = {row["label"]: row for row in self.manager._b2b_get_contacts()}
        self.assertEqual(rows["Phone"]["url"], "tel:+74951204715")
        self.assertEqual(rows["Phone"]["text"], "+7 495 120-47-15")
        self.assertEqual(rows["Telegram"]["url"], "https://t.me/mary_seller")
        self.assertEqual(rows["WhatsApp"]["url"], "https://wa.me/79160004715")
        self.assertEqual(rows["MAX"]["url"], "https://max.ru/u/Abc123")

    def test_messenger_links_are_no_scripts(self):
        for field, value in (
            ("b2b_telegram", "javascript:alert(1)"),
            ("b2b_telegram", "https://evil.example/mary"),
            ("b2b_telegram", 'mary"onclick=x'),
            ("b2b_max", "javascript:alert(1)"),
            ("b2b_max", "https://max.ru.evil.example/u/x"),
            ("b2b_whatsapp", "javascript:alert(1)"),
            ("b2b_whatsapp", "not a number"),
        ):
            attempt = self.subTest(field=field, value=value)
            with attempt, self.assertRaises(ValidationError):
                self.manager[field] = value

    def test_pages_are_local_paths(self):
        for page in ("/my", "/shop?search=болт&page=2"):
            self.assertEqual(clean_page(page), page)
        for page in (
            "javascript:alert(1)",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "/my\r\nSet-Cookie: x=1",
            "my",
            None,
        ):
            self.assertEqual(clean_page(page), "")

    # === FILES === #

    def test_files(self):
        png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15"
        for name, data, expected in (
            ("a.pdf", b"%PDF-1.7\n%abc", None),
            ("a.PNG", png, None),
            ("a.csv", "артикул;шт".encode(), None),
            ("a.pdf", b"<html><script>alert(1)</script>", "type"),
            ("a.png", b"<svg xmlns='x' onload='alert(1)'/>", "type"),
            ("a.svg", b"<svg/>", "type"),
            ("a.html", b"<html/>", "type"),
            ("a.txt", b"<!DOCTYPE html><script>", "type"),
            ("a.exe", b"MZ", "type"),
            ("a.pdf.exe", b"%PDF-1.7", "type"),
            ("noending", b"%PDF-1.7", "type"),
            ("a.pdf", b"", "empty"),
            ("a.pdf", b"%PDF" + bytes(attachments.MAX_BYTES), "size"),
        ):
            with self.subTest(name=name, data=data[:12]):
                self.assertEqual(attachments.get_problem(name, data), expected)


@tagged("post_install", "-at_install")
class TestSignals(B2bCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north.manager_id = cls.env.user

    def _signals(self, kind, account=None):
        (account or self.north)._b2b_refresh_signals()
        return self.env["b2b.signal"].search(
            [("account_id", "=", (account or self.north).id), ("kind", "=", kind)]
        )

    def _create_old_cart(self, days):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 5)])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET write_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(days=days), cart.id),
        )
        self.env.invalidate_all()
        return cart

    def test_stuck_cart_comes_and_goes(self):
        self.assertFalse(self._signals("cart"))
        cart = self._create_old_cart(8)
        signal = self._signals("cart")
        self.assertEqual((signal.state, signal.res_id), ("open", cart.id))
        self.assertEqual(signal.manager_id, self.env.user)
        self.assertEqual(signal.action_open()["res_id"], cart.id)
        self.assertEqual(self._signals("cart"), signal, "one row for one cause")
        cart._action_cancel()
        self._signals("cart")
        self.assertEqual((signal.state, signal.is_gone), ("done", True))

    def test_fresh_cart_is_not_stuck(self):
        self._create_old_cart(6)
        self.assertFalse(self._signals("cart"))

    def test_done_stays_done_while_the_cause_lasts(self):
        self._create_old_cart(8)
        signal = self._signals("cart")
        signal.action_done()
        self._signals("cart")
        self.assertEqual(signal.state, "done")

    def test_snoozed_comes_back(self):
        self._create_old_cart(8)
        signal = self._signals("cart")
        signal.action_snooze()
        self._signals("cart")
        self.assertEqual(signal.state, "snoozed")
        signal.snoozed_until = fields.Date.context_today(signal)
        self._signals("cart")
        self.assertEqual(signal.state, "open")

    def _create_rhythm(self, days_ago):
        for days in days_ago:
            order = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
            order._b2b_submit()
            order.date_order = fields.Datetime.now() - timedelta(days=days)
        self.env.flush_all()

    def test_silence_is_twice_the_median_interval(self):
        self._create_rhythm((62, 51, 42, 32))
        signal = self._signals("silence")
        self.assertEqual(signal.res_model, "b2b.account")
        self.assertIn("32", signal.text)

    def test_usual_rhythm_is_no_signal(self):
        self._create_rhythm((49, 39, 29, 19))
        self.assertFalse(self._signals("silence"))

    def test_three_orders_make_no_rhythm(self):
        self._create_rhythm((90, 80, 70))
        self.assertFalse(self._signals("silence"))

    def test_agreement_that_ends(self):
        today = fields.Date.context_today(self.agreement)
        self.agreement.date_end = today + timedelta(days=31)
        self.assertFalse(self._signals("agreement"))
        self.agreement.date_end = today + timedelta(days=30)
        self.assertEqual(self._signals("agreement").res_id, self.agreement.id)

    def test_unanswered_message(self):
        talk = self.env["b2b.conversation"].create(
            {"name": "Bolts", "member_id": self.buyer.id}
        )
        talk.with_user(self.buyer.user_id).sudo()._post_as_member("When?")
        signal = self.env["b2b.signal"].search(
            [("res_model", "=", talk._name), ("res_id", "=", talk.id)]
        )
        self.assertEqual((signal.kind, signal.state), ("message", "open"))
        talk.action_no_answer()
        self.assertEqual(signal.state, "done")

    def test_queries_do_not_grow_with_accounts(self):
        accounts = self.env["b2b.account"].create(
            [{"name": f"A{n}", "manager_id": self.env.uid} for n in range(30)]
        )
        for account in accounts:
            self._create_entity(account, account.name)
        self.env.flush_all()

        def count(batch):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            batch._b2b_refresh_signals()
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count(accounts[:2])
        self.assertLessEqual(count(accounts), count(accounts[:2]) + 2)
