# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from odoo.service.model import retrying
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models import b2b_job_price_list
from ..tools.price_list import PriceListOptions
from .common import RaceCase


class _Killed(BaseException):
    """What no ``except`` of ours may catch: the end of the process."""


@tagged("post_install", "-at_install")
class TestPriceListRace(RaceCase):
    """Jobs of price lists in real transactions: killed, cancelled, begun twice."""

    def setUp(self):
        super().setUp()
        self._create_kept()

    def _create(self, env):
        agreement = self._create_agreement(env, state="active")
        agreement.entity_id.b2b_stage = "confirmed"
        user = new_test_user(env, "b2b_race_list", "base.group_portal")
        self._keep(user.partner_id)
        self._keep(user)
        member = self._keep(
            env["b2b.member"].create(
                {
                    "account_id": agreement.account_id.id,
                    "user_id": user.id,
                    "role_ids": env.ref("b2b_portal.role_director").ids,
                    "all_entities": True,
                    "stage": "confirmed",
                }
            )
        )
        section = self._keep(env["product.public.category"].create({"name": "Race"}))
        for number in range(5):
            self._keep(
                env["product.product"].create(
                    {
                        "name": f"Race {number}",
                        "default_code": f"RACE-{number}",
                        "list_price": 10,
                        "is_published": True,
                        "public_categ_ids": section.ids,
                    }
                )
            )
        self.ids = (agreement.id, member.id, section.id)

    def _remove(self):
        with self._transaction() as env:
            jobs = env["b2b.job"].search([("agreement_id", "=", self.ids[0])])
            jobs.document_id.unlink()
            jobs.unlink()
            for model, ids in reversed(self.created):
                env[model].browse(ids).exists().unlink()

    def _request(self, env):
        agreement, member, section = self.ids
        member = env["b2b.member"].browse(member)
        task = env["b2b.price.list"]._make_task(
            env["website"].search([], limit=1),
            env["b2b.agreement"].browse(agreement),
            member.user_id,
            PriceListOptions(format="csv", sections=(section,)),
        )
        return env["b2b.job"]._request_price_list(task, member).id

    def _step(self, job_id):
        with self._transaction() as env:
            job = env["b2b.job"].browse(job_id)
            job._try_step()
            return job.state

    def test_killed_in_the_middle_of_each_step(self):
        with self._transaction() as env:
            job_id = self._request(env)
        model = type(self.env["b2b.job"])
        states, kills = [], 0
        with patch.object(b2b_job_price_list, "STEP_ROWS", 2):
            while not states or states[-1] in ("queued", "running"):
                # the work of the step is done, and the process ends before the commit
                done = model._run_step

                def killed(job, done=done):
                    done(job)
                    raise _Killed

                with (
                    patch.object(model, "_run_step", killed),
                    self.assertRaises(_Killed),
                ):
                    self._step(job_id)
                kills += 1
                states.append(self._step(job_id))
        self.assertEqual(states[-1], "done")
        self.assertEqual(kills, len(states))
        self.assertGreater(kills, 3)
        with self._transaction() as env:
            job = env["b2b.job"].browse(job_id)
            rows = job.document_id.attachment_id.raw.decode("utf-8-sig").splitlines()
            codes = [row for row in rows if "RACE-" in row]
            self.assertEqual((len(rows), len(set(codes))), (6, 5))

    def test_cancelled_while_a_step_runs(self):
        with self._transaction() as env:
            job_id = self._request(env)
        model = type(self.env["b2b.job"])
        work = model._step_price_list

        def cancelled(job):
            self.assertEqual(job.state, "running")
            with self._transaction() as other:
                other["b2b.job"].browse(job_id)._cancel()
            return work(job)

        self.assertEqual(self._step(job_id), "running")
        with (
            mute_logger("odoo.sql_db"),
            patch.object(model, "_step_price_list", cancelled),
        ):
            self.assertEqual(self._step(job_id), "cancelled")
        self.assertEqual(self._step_state(job_id), ("cancelled", 0))

    def _step_state(self, job_id):
        with self._transaction() as env:
            job = env["b2b.job"].browse(job_id)
            return job.state, len(job.part_ids)

    def test_two_clicks_make_one_job(self):
        barrier = threading.Barrier(2, timeout=30)

        def click():
            first = []

            def work():
                env.cr.execute("SELECT 1")  # both have their snapshot
                if not first:
                    first.append(True)
                    barrier.wait()
                return self._request(env)

            with self._transaction() as env:
                return retrying(work, env)

        with ThreadPoolExecutor(2) as pool:
            found = {future.result() for future in [pool.submit(click) for _n in "ab"]}
        self.assertEqual(len(found), 1)
