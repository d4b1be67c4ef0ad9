# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import Command
from .condition_common import ConditionCommon


@tagged("post_install", "-at_install")
class TestConditionMeasures(ConditionCommon):
    """Each kind: what it measures, where its borders are."""

    # === VOLUME === #

    def test_volume_equal_to_the_threshold_counts(self):
        condition = self._create_condition("volume", (1000, 2), (5000, 4))
        self._post_invoice(999.99)
        row = self._get_row(condition)
        self.assertEqual((row.value, row.percent), (999.99, 0))
        self.assertEqual((row.next_threshold, row.next_percent), (1000, 2))
        self._post_invoice(0.01)
        row = self._get_row(condition)
        self.assertEqual((row.value, row.percent), (1000, 2))
        self.assertEqual((row.next_threshold, row.next_percent), (5000, 4))
        self._post_invoice(4000)
        row = self._get_row(condition)
        self.assertEqual((row.percent, row.next_percent), (4, 0))
        self.assertEqual(self.agreement.total_discount, 4)

    def test_drafts_and_withdrawn_invoices_do_not_count(self):
        condition = self._create_condition("volume", (1000, 2))
        invoice = self._post_invoice(1000)
        self.assertEqual(self._get_row(condition).percent, 2)
        invoice.button_draft()
        self.assertEqual(self._get_row(condition).percent, 0)
        invoice.button_cancel()
        self.assertEqual(self._get_row(condition).value, 0)

    def test_refunds_reduce_the_volume(self):
        condition = self._create_condition("volume", (1000, 2))
        self._post_invoice(1200)
        self.assertEqual(self._get_row(condition).percent, 2)
        self._post_invoice(201, move_type="out_refund")
        row = self._get_row(condition)
        self.assertEqual((row.value, row.percent), (999, 0))

    def test_the_window_rolls(self):
        condition = self._create_condition("volume", (100, 1), months=3)
        first = (self.today - self._months_ago(3, days=-1)).days
        self._post_invoice(60, days_ago=first)
        self._post_invoice(1000, days_ago=first + 1)
        self.assertEqual(self._get_row(condition).value, 60)
        condition.months = 4
        self.assertEqual(self._get_row(condition).value, 1060)

    def test_foreign_currency_counts_in_ours(self):
        condition = self._create_condition("volume", (100, 1))
        currency = self.env["res.currency"].create({"name": "XBB", "symbol": "B"})
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "rate": 0.25,
            }
        )
        self._post_invoice(30, currency_id=currency.id)
        self.assertEqual(self._get_row(condition).value, 120)
        self._post_invoice(10, currency_id=currency.id, move_type="out_refund")
        self.assertEqual(self._get_row(condition).value, 80)
        orders = self._create_condition("volume", (100, 1), volume_source="order")
        order = self._confirm_order(25)
        order.currency_id = currency
        order._compute_currency_rate()
        self.assertEqual(self._get_row(orders).value, 100)

    def test_three_bases(self):
        other = self._create_agreement(self.north_a)
        sister = self._create_agreement(self.north_b)
        stranger = self._create_agreement(self.south_a)
        conditions = [
            self._create_condition("volume", (1, 1), basis=basis, volume_source=source)
            for source in ("invoice", "order")
            for basis in ("agreement", "entity", "account")
        ]
        for agreement, amount in (
            (self.agreement, 1),
            (other, 10),
            (sister, 100),
            (stranger, 1000),
        ):
            self._post_invoice(amount, agreement=agreement)
            self._confirm_order(amount, agreement=agreement)
        found = [self._get_row(condition).value for condition in conditions]
        self.assertEqual(found, [1, 11, 111] * 2)
        found = [self._get_row(c, stranger).value for c in conditions]
        self.assertEqual(found, [1000] * 6)

    def test_orders_confirmed_and_in_the_window(self):
        condition = self._create_condition(
            "volume", (100, 1), volume_source="order", months=1
        )
        order = self._confirm_order(100)
        self._confirm_order(100, days_ago=40)
        self._create_cart(self.buyer, lines=[(self.bolt, 50)])
        self.assertEqual(self._get_row(condition).value, 100)
        order._action_cancel()
        self.assertEqual(self._get_row(condition).value, 0)

    # === TENURE === #

    def test_tenure_counts_full_months(self):
        condition = self._create_condition("tenure", (12, 1), (24, 2))
        self.north.cooperation_since = self._months_ago(12, days=-1)
        row = self._get_row(condition)
        self.assertEqual((row.value, row.percent), (11, 0))
        self.north.cooperation_since = self._months_ago(12)
        row = self._get_row(condition)
        self.assertEqual((row.value, row.percent), (12, 1))
        self.assertEqual((row.next_threshold, row.next_percent), (24, 2))

    def test_tenure_starts(self):
        """Orders, agreements, account; what staff has entered goes first."""
        by_order = self._create_condition("tenure", (1, 1))
        by_agreement = self._create_condition(
            "tenure", (1, 1), tenure_since="agreement"
        )
        by_account = self._create_condition("tenure", (1, 1), tenure_since="account")
        self.assertFalse(self._get_row(by_order).is_measured)
        days = (self.today - self._months_ago(3)).days
        self._confirm_order(10, days_ago=days + 2)
        self._confirm_order(10, days_ago=1)
        self.agreement.date_start = self._months_ago(5)
        self.assertEqual(self._get_row(by_order).value, 3)
        self.assertEqual(self._get_row(by_agreement).value, 5)
        self.assertEqual(self._get_row(by_account).value, 0)
        self.north.cooperation_since = self._months_ago(30)
        for condition in (by_order, by_agreement, by_account):
            self.assertEqual(self._get_row(condition).value, 30)

    # === PAYMENT DISCIPLINE === #

    def test_share_of_invoices_paid_on_time(self):
        condition = self._create_condition("discipline", (50, 1), (75, 2), months=6)
        self.assertFalse(self._get_row(condition).is_measured)
        self.assertEqual(self._get_row(condition).percent, 0)
        on_time = self._post_invoice(100, days_ago=30)
        self._pay(on_time, days_ago=30)
        late = self._post_invoice(100, days_ago=30)
        self._pay(late, days_ago=29)
        row = self._get_row(condition)
        self.assertEqual((row.value, row.percent), (50, 1))
        self._post_invoice(100, days_ago=20)  # open and overdue
        self.assertEqual(self._get_row(condition).value, 33.33)
        self._post_invoice(100)  # falls due today: not judged yet
        self.assertEqual(self._get_row(condition).value, 33.33)
        condition.grace_days = 1
        self.assertEqual(self._get_row(condition).value, 66.67)

    def test_average_delay_less_is_better(self):
        condition = self._create_condition(
            "discipline", (10, 1), (3, 2), discipline_measure="delay"
        )
        self.assertEqual(self._get_row(condition).percent, 0)
        invoice = self._post_invoice(100, days_ago=30)
        row = self._get_row(condition)
        self.assertEqual((row.value, row.percent), (30, 0))
        self.assertEqual((row.next_threshold, row.next_percent), (10, 1))
        self._pay(invoice, days_ago=20)
        row = self._get_row(condition)
        self.assertEqual((row.value, row.percent), (10, 1))
        self.assertEqual((row.next_threshold, row.next_percent), (3, 2))
        for _number in range(3):
            self._pay(self._post_invoice(100, days_ago=30), days_ago=32)
        row = self._get_row(condition)
        self.assertEqual((row.value, row.percent, row.next_percent), (2.5, 2, 0))

    # === REGION AND SEGMENT === #

    def test_region(self):
        state = self.env["res.country.state"].search(
            [("country_id", "=", self.north_a.country_id.id)], limit=1
        )
        by_state = self._create_condition("region", state_ids=state.ids, percent=3)
        self.assertFalse(self._get_row(by_state))
        self.north_a.state_id = state
        self.assertEqual(self._get_row(by_state).percent, 3)
        by_country = self._create_condition(
            "region", country_ids=self.north_a.country_id.ids, percent=1
        )
        self.assertEqual(self._get_row(by_country).percent, 1)
        self.north_a.state_id = False
        self.assertFalse(self._get_row(by_state))
        history = self.agreement.condition_history_ids
        last = history.filtered(lambda h: h.condition_id == by_state)[:1]
        self.assertEqual(
            (last.percent_old, last.percent_new, last.cause), (3, 0, "ended")
        )

    def test_segment(self):
        segment = self.env["b2b.segment"].create({"name": "Builders"})
        condition = self._create_condition(
            "segment", segment_ids=segment.ids, percent=2
        )
        self.assertFalse(self._get_row(condition))
        self.north.segment_id = segment
        self.assertEqual(self._get_row(condition).percent, 2)
        self.assertEqual(self.agreement.total_discount, 2)

    # === FOR WHOM, WHEN, HOW MUCH === #

    def test_applies_to(self):
        segment = self.env["b2b.segment"].create({"name": "Builders"})
        other_type = self.price_type.copy({"b2b_kind": "wholesale"})
        for values, good in (
            ({"applies_to": "price_type", "for_price_type_ids": other_type.ids}, False),
            (
                {"applies_to": "price_type", "for_price_type_ids": self.price_type.ids},
                True,
            ),
            ({"applies_to": "segment", "for_segment_ids": segment.ids}, False),
            ({"applies_to": "agreement", "for_agreement_ids": []}, False),
            (
                {"applies_to": "agreement", "for_agreement_ids": self.agreement.ids},
                True,
            ),
        ):
            condition = self._create_condition("volume", (0, 1), **values)
            self.assertEqual(bool(self._get_row(condition)), good, values)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        condition = self._create_condition("volume", (0, 1), company_id=other.id)
        self.assertFalse(self._get_row(condition))

    def test_dates_of_the_condition(self):
        condition = self._create_condition("volume", (0, 5))
        for start, end, percent in (
            (0, 0, 5),
            (1, 2, 0),
            (-1, 1, 5),
            (-2, -1, 0),
            (0, 1, 5),
        ):
            condition.write(
                {
                    "date_from": self.today + timedelta(days=start),
                    "date_until": self.today + timedelta(days=end),
                }
            )
            self.assertEqual(self._get_row(condition).percent, percent, (start, end))
            self.assertEqual(self.agreement.total_discount, percent)
        condition.active = False
        self.assertFalse(self._get_row(condition))

    def test_cap_of_the_condition(self):
        condition = self._create_condition("volume", (0, 3), (100, 9), cap=5)
        row = self._get_row(condition)
        self.assertEqual((row.percent, row.next_percent), (3, 5))
        self._post_invoice(100)
        row = self._get_row(condition)
        self.assertEqual((row.percent, row.next_percent), (5, 0))

    def test_what_is_refused(self):
        condition = self._create_condition("volume", (100, 1))
        for values in (
            {"threshold": 100, "percent": 2},
            {"threshold": 1, "percent": 100},
        ):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                condition.step_ids = [Command.create(values)]
        with self.assertRaises(ValidationError):
            condition.write(
                {"date_from": self.today, "date_until": self.today - timedelta(days=1)}
            )
        self._get_row(condition)
        with self.assertRaises(UserError):
            condition.kind = "tenure"
        self._post_invoice(100)
        self._get_row(condition)
        with self.assertRaises(UserError):
            condition.unlink()
