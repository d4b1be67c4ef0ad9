# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from concurrent.futures import ThreadPoolExecutor

from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import SQL

from .common import RaceCase


@tagged("post_install", "-at_install")
class TestConditionRace(RaceCase):
    """Two computations of one agreement at once, in real transactions."""

    def setUp(self):
        super().setUp()
        self._create_kept()

    def _create(self, env):
        agreement = self._create_agreement(env)
        self.agreement_id = agreement.id
        self.condition_id = self._keep(
            env["b2b.condition"].create(
                {
                    "name": "Race",
                    "kind": "volume",
                    "company_id": agreement.company_id.id,
                    "applies_to": "agreement",
                    "for_agreement_ids": agreement.ids,
                    "step_ids": [(0, 0, {"threshold": 0, "percent": 5})],
                }
            )
        ).id

    def _remove(self):
        with self._transaction() as env:
            for table in ("b2b_agreement_condition_history", "b2b_agreement_condition"):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE agreement_id = %s",
                        SQL.identifier(table),
                        self.agreement_id,
                    )
                )
            for model, ids in reversed(self.created):
                env[model].browse(ids).exists().unlink()

    def _compute(self, barrier):
        """Compute like a request does; both have read before either goes on.

        :return: number of tries
        """
        tries = []

        def run():
            agreement = env["b2b.agreement"].browse(self.agreement_id)
            tries.append(agreement.total_discount)
            if len(tries) == 1:
                barrier.wait(timeout=30)
            agreement._b2b_recompute_conditions()

        with self._transaction() as env:
            retrying(run, env)
        return len(tries)

    def _assert_one_change(self):
        with self._transaction() as env:
            agreement = env["b2b.agreement"].browse(self.agreement_id)
            rows = agreement.condition_row_ids
            own = rows.filtered(lambda r: r.condition_id.id == self.condition_id)
            self.assertEqual(own.percent, 5)
            history = agreement.condition_history_ids.filtered(
                lambda h: h.condition_id.id == self.condition_id
            )
            self.assertEqual(len(history), 1)
            self.assertGreaterEqual(agreement.total_discount, 5)

    def test_two_at_once(self):
        barrier = threading.Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            tries = list(pool.map(self._compute, [barrier, barrier]))
        # The loser had to start over: it was the lock that stopped it.
        self.assertEqual(sorted(tries), [1, 2])
        self._assert_one_change()

    def test_job_starts_its_batch_over(self):
        """The job meets a computation that commits while it waits for the lock."""
        started, done = threading.Event(), threading.Event()

        def job():
            with self._transaction() as env:
                agreement = env["b2b.agreement"].browse(self.agreement_id)
                # its snapshot is taken
                self.assertIsNotNone(agreement.total_discount)
                started.set()
                done.wait(timeout=30)
                agreement._b2b_recompute_committed()

        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(job)
            started.wait(timeout=30)
            with self._transaction() as env:
                env["b2b.agreement"].browse(
                    self.agreement_id
                )._b2b_recompute_conditions()
            done.set()
            future.result(timeout=60)
        self._assert_one_change()
