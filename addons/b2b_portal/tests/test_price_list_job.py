# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import b2b_job_price_list
from .common import B2bCommon
from .test_price_list import PriceListMixin


@tagged("post_install", "-at_install")
class TestPriceListJob(PriceListMixin, B2bCommon):
    def _request(self, member=None, **values):
        _lists, task = self._make(member, **values)
        return self.env["b2b.job"]._request_price_list(task, member or self.buyer)

    def _run(self, job, limit=20):
        while job.state in ("queued", "running") and limit:
            job._try_step()
            limit -= 1
        return job

    def test_a_job_makes_a_document(self):
        job = self._request(format="csv")
        with patch.object(b2b_job_price_list, "STEP_ROWS", 2):
            percents = []
            while job.state in ("queued", "running"):
                job._try_step()
                percents.append(job.percent)
        self.assertEqual(job.state, "done", job.log)
        self.assertEqual(percents, sorted(percents))
        self.assertGreater(len(set(percents)), 2)
        self.assertFalse(job.part_ids)
        document = job.document_id
        self.assertEqual(document.kind, "price_list")
        rows = document.attachment_id.raw.decode("utf-8-sig").splitlines()
        self.assertEqual(len(rows), 4)
        # in the scope of the agreement, of nobody else
        documents = self.env["b2b.document"]
        for member, seen in ((self.buyer2, True), (self.stranger, False)):
            found = documents.with_user(member.user_id).search(
                [("id", "=", document.id)]
            )
            self.assertEqual(bool(found), seen)

    def test_the_same_list_is_not_made_twice(self):
        job = self._request()
        self.assertEqual(self._request(), job)
        self.assertEqual(self._request(self.buyer2), job)
        other = self._request(in_stock=True)
        self.assertNotEqual(other, job)
        self._run(job)
        with patch.object(type(job), "_has_changed_since", lambda *a: False):
            self.assertEqual(self._request(), job)
        self.saw.name = "Changed"
        self.env.flush_all()
        self.assertTrue(job._has_changed_since(job.started_at))
        self.assertNotEqual(self._request(), job)

    def test_a_member_has_few_at_a_time(self):
        self._request()
        self._request(in_stock=True)
        with self.assertRaises(UserError):
            self._request(format="csv")
        self.env["b2b.job"].search([("member_id", "=", self.buyer.id)])._cancel()
        self.assertTrue(self._request(format="csv"))

    def test_two_jobs_take_turns(self):
        jobs = self._request(format="csv") | self._request(in_stock=True, format="csv")
        for product in (self.bolt, self.nut, self.saw):
            self.env["stock.quant"]._update_available_quantity(
                product, self.warehouse.lot_stock_id, 2
            )
        turns = []
        model, step = type(jobs), type(jobs)._try_step

        def try_step(job):
            turns.append(job.id)
            return step(job)

        progress = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60.0
        )
        others = self.env["b2b.job"].search([("state", "in", ("queued", "running"))])
        (others - jobs)._cancel()
        with (
            progress,
            patch.object(model, "_try_step", try_step),
            patch.object(b2b_job_price_list, "STEP_ROWS", 2),
        ):
            self.env["b2b.job"]._cron_run()
        self.assertEqual(jobs.mapped("state"), ["done", "done"])
        first, second = turns[0], turns[1]
        self.assertNotEqual(first, second)
        self.assertEqual(turns, [first, second] * (len(turns) // 2))
        self.assertEqual(len(jobs.document_id), 2)

    def test_made_again(self):
        job = self._request(format="csv")
        job._cancel()
        again = job._make_again(self.buyer)
        self.assertNotEqual(again, job)
        self.assertEqual(again.params, job.params)
        # twice is once
        self.assertEqual(job._make_again(self.buyer), again)
        self.assertEqual(self._run(again).state, "done")
        self.agreement.state = "suspended"
        with self.assertRaises(UserError):
            job._make_again(self.buyer)

    def test_a_job_stops_when_the_right_is_gone(self):
        job = self._request()
        job._try_step()
        self.buyer.active = False
        self._run(job)
        self.assertEqual(job.state, "failed")
        self.assertFalse(job.document_id)
        self.assertFalse(job.part_ids)

    def test_cancel_and_resume(self):
        job = self._request(format="csv")
        job._try_step()
        job._cancel()
        self.assertEqual((job.state, len(job.part_ids)), ("cancelled", 0))
        job.action_resume()
        self.assertEqual(self._run(job).state, "done")

    def test_a_step_that_breaks_ends_the_job(self):
        job = self._request()
        model = type(self.env["b2b.price.list"])
        with (
            patch.object(model, "_find", side_effect=ValueError),
            self.assertLogs("odoo.addons.b2b_portal.models.b2b_job", "ERROR"),
        ):
            job._try_step()
        self.assertEqual(job.state, "failed")
        self.assertTrue(job.log)

    def test_lists_expire(self):
        document = self._run(self._request(format="csv")).document_id
        attachment = document.attachment_id
        self.env.cr.execute(
            "UPDATE b2b_document SET create_date = '2020-01-01' WHERE id = %s",
            [document.id],
        )
        self.env.invalidate_all()
        self.env["b2b.document"]._gc_price_lists()
        self.assertFalse(document.exists())
        self.assertFalse(attachment.exists())
