# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .condition_common import ConditionCommon


@tagged("post_install", "-at_install")
class TestConditionEvents(ConditionCommon):
    """What happens leads to a computation soon, and costs the event next to nothing."""

    def setUp(self):
        super().setUp()
        self.queue = self.env["b2b.condition.queue"]
        # a test's transaction is not committed
        self.enterContext(
            patch.object(
                self.env.registry["ir.cron"],
                "_commit_progress",
                lambda _cron, _done=0, *, remaining=None: float("inf"),
            )
        )
        self.condition = self._create_condition("volume", (100, 1), (200, 2))
        self._run_queue()

    def _run_queue(self):
        self.env["b2b.agreement"]._cron_condition_queue()
        self.assertFalse(self._get_queued())

    def _get_queued(self):
        return self.queue.search([("id", ">", 0)])

    def _assert_asks(self, *records):
        """The queue holds exactly these records; done then."""
        queued = self._get_queued()
        found = {
            (record._name, record.id)
            for record in [
                *queued.account_id,
                *queued.agreement_id,
                *queued.condition_id,
            ]
        }
        self.assertEqual(found, {(r._name, r.id) for r in records})
        self._run_queue()

    def test_invoice_and_payment(self):
        self._create_condition("discipline", (100, 1))
        self._run_queue()
        invoice = self._post_invoice(150)
        self._assert_asks(self.north)
        self.assertEqual(self.agreement.total_discount, 1)
        self._pay(invoice)
        self._assert_asks(self.north)
        invoice.line_ids.remove_move_reconcile()
        self._assert_asks(self.north)
        refund = self._post_invoice(100, move_type="out_refund")
        self._assert_asks(self.north)
        self.assertEqual(self.agreement.total_discount, 0)
        refund.button_draft()
        self._assert_asks(self.north)
        self.assertEqual(self.agreement.total_discount, 1)

    def test_order(self):
        self.condition.volume_source = "order"
        self._run_queue()
        order = self._confirm_order(150)
        self._assert_asks(self.north)
        self.assertEqual(self.agreement.total_discount, 1)
        order._action_cancel()
        self._assert_asks(self.north)
        self.assertEqual(self.agreement.total_discount, 0)

    def test_condition_and_steps(self):
        self._post_invoice(150)
        self._run_queue()
        for step in ({"percent": 3}, {"threshold": 151}, {"threshold": 150}):
            self.condition.step_ids[0].write(step)
            self._assert_asks(self.condition)
        self.assertEqual(self.agreement.total_discount, 3)
        self.condition.cap = 2
        self._assert_asks(self.condition)
        self.assertEqual(self.agreement.total_discount, 2)
        self.condition.step_ids[0].unlink()
        self._assert_asks(self.condition)
        self.assertEqual(self.agreement.total_discount, 0)
        self.condition.name = "Looks only"
        self.assertFalse(self._get_queued())
        self.condition.active = False
        self._run_queue()
        self.assertFalse(self.agreement.condition_row_ids)

    def test_customer_and_agreement(self):
        segment = self.env["b2b.segment"].create({"name": "Builders"})
        self.north.segment_id = segment
        self._assert_asks(self.north)
        self.north.cooperation_since = self.today
        self._assert_asks(self.north)
        state = self.env["res.country.state"].search(
            [("country_id", "=", self.north_a.country_id.id)], limit=1
        )
        self.north_a.state_id = state
        self._assert_asks(self.north)
        self.north_a.phone = "1"
        self.assertFalse(self._get_queued())
        self.agreement.price_type_id = self.price_type.copy({"b2b_kind": "wholesale"})
        self._assert_asks(self.agreement)
        other = self._create_agreement(self.south_a)
        self._assert_asks(other)
        self.assertTrue(other.condition_row_ids)

    def test_strangers_documents_ask_for_nothing(self):
        partner = self.env["res.partner"].create({"name": "Retail"})
        self._post_invoice(150, partner_id=partner.id, b2b_agreement_id=False)
        self.assertFalse(self._get_queued())

    def test_posting_computes_nothing_itself(self):
        self._post_invoice(150)
        self.assertFalse(self.agreement.condition_row_ids.percent)
        self.assertTrue(self._get_queued())

    def test_every_night(self):
        """What only time changes, and agreements that are over stay as they are."""
        days = (self.today - self._months_ago(12, days=-1)).days
        self._post_invoice(150, days_ago=days)
        self._run_queue()
        self.assertEqual(self.agreement.total_discount, 1)
        over = self._create_agreement(self.north_b, state="expired")
        tomorrow = self.today + timedelta(days=1)
        run = self.env["b2b.agreement"]._cron_recompute_conditions
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.agreement.conditions_at = yesterday
        with patch.object(
            fields.Date, "context_today", staticmethod(lambda *_args: tomorrow)
        ):
            run()
        self.assertEqual(self.agreement.total_discount, 0)
        self.assertFalse(over.conditions_at)
        # what this day has computed is not computed again: a killed job goes on
        self.agreement.conditions_at = moment = fields.Datetime.now()
        run()
        self.assertEqual(self.agreement.conditions_at, moment)
