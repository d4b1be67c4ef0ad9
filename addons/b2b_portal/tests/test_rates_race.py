# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged

from .common import RaceCase


@tagged("post_install", "-at_install")
class TestRatesRace(RaceCase):
    """A rate changes, or a colleague recalculates, while an order is placed."""

    def setUp(self):
        super().setUp()
        self._create_kept()

    def _create(self, env):
        company = env.company
        currency = env["res.currency"].with_context(active_test=False)
        currency = currency.search(
            [("name", "=", "USD" if company.currency_id.name != "USD" else "EUR")]
        )
        currency.active = True
        agreement = self._create_agreement(
            env, currency_id=currency.id, rate_source="internal", state="active"
        )
        self.rate_id = self._keep(
            env["b2b.rate"].create(
                {
                    "company_id": company.id,
                    "currency_id": currency.id,
                    "rate": 80,
                    # the day after, so that demo rates do not stand in the way
                    "date": fields.Date.today() + timedelta(days=1),
                }
            )
        ).id
        product = self._keep(
            env["product.template"].create(
                {
                    "name": "Race",
                    "list_price": 160,
                    "is_published": True,
                    "type": "service",
                    "taxes_id": [],
                }
            )
        )
        self._old_date(env)
        order = self._keep(
            env["sale.order"].create(
                {
                    "partner_id": agreement.entity_id.id,
                    "b2b_agreement_id": agreement.id,
                    "order_line": [
                        fields.Command.create(
                            {
                                "product_id": product.product_variant_id.id,
                                "product_uom_qty": 10,
                            }
                        )
                    ],
                }
            )
        )
        order.b2b_rate_until = fields.Datetime.now() - timedelta(minutes=1)
        self.order_id = order.id
        self.assertAlmostEqual(order.order_line.price_unit, 2)

    def _old_date(self, env):
        """Make the rate one of today, in place of a demo rate."""
        rate = env["b2b.rate"].browse(self.rate_id)
        others = env["b2b.rate"].search(
            [
                ("company_id", "=", rate.company_id.id),
                ("currency_id", "=", rate.currency_id.id),
                ("date", "=", fields.Date.today()),
                ("id", "!=", rate.id),
            ]
        )
        self.moved = [(other.id, other.date) for other in others]
        for other in others:
            other.date = fields.Date.today() - timedelta(days=365)
        env.flush_all()
        rate.date = fields.Date.today()
        env.flush_all()

    def _remove(self):
        with self._transaction() as env:
            order = env["sale.order"].browse(self.order_id)
            env["b2b.document"].search([("order_id", "=", order.id)]).unlink()
            order._action_cancel()
            for model, ids in reversed(self.created):
                env[model].browse(ids).exists().unlink()
            for rate_id, date in self.moved:
                env["b2b.rate"].browse(rate_id).date = date

    def _run(self, work, barrier):
        """Run like a request; both have read the order before either goes on."""
        tries = []

        def attempt():
            order = env["sale.order"].browse(self.order_id)
            order.mapped("order_line.price_unit")
            tries.append(1)
            if len(tries) == 1:
                barrier.wait(timeout=30)
            return work(env, order)

        try:
            with self._transaction() as env:
                retrying(attempt, env)
        except UserError:
            return "refused"
        return "done"

    def _race(self, *works):
        barrier = threading.Barrier(len(works))
        with ThreadPoolExecutor(len(works)) as pool:
            return list(pool.map(lambda work: self._run(work, barrier), works))

    @staticmethod
    def _submit(env, order):
        order._b2b_submit()

    def _change(self, env, order):
        env["b2b.rate"].browse(self.rate_id).rate = 100

    @staticmethod
    def _recalculate(env, order):
        order._b2b_recalculate()

    def _check(self, env):
        """Price and rate belong together."""
        order = env["sale.order"].browse(self.order_id)
        pair = (round(order.order_line.price_unit, 2), order.b2b_rate_ids.rate)
        self.assertIn(pair, ((2.0, 80.0), (1.6, 100.0)))
        self.assertAlmostEqual(order.amount_total, pair[0] * 10)
        return order

    def test_rate_changes_while_submitting(self):
        results = self._race(self._submit, self._change)
        self.assertEqual(results[1], "done")
        with self._transaction() as env:
            order = self._check(env)
            self.assertEqual(order.state == "sale", results[0] == "done")
            # placed at what it showed, or not at all
            self.assertAlmostEqual(order.order_line.price_unit, 2)

    def test_colleague_recalculates_while_submitting(self):
        with self._transaction() as env:
            self._change(env, None)
        results = self._race(self._submit, self._recalculate)
        self.assertIn("done", results)
        with self._transaction() as env:
            self._check(env)

    def test_two_recalculations(self):
        with self._transaction() as env:
            self._change(env, None)
        self.assertEqual(
            self._race(self._recalculate, self._recalculate), ["done", "done"]
        )
        with self._transaction() as env:
            order = self._check(env)
            self.assertAlmostEqual(order.order_line.price_unit, 1.6)
            self.assertEqual(len(order.b2b_rate_ids), 1)

    def test_two_clicks(self):
        self.assertEqual(self._race(self._submit, self._submit), ["done", "done"])
        with self._transaction() as env:
            self.assertEqual(self._check(env).state, "sale")
