# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import logging
from datetime import UTC, datetime, timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_datetime

_logger = logging.getLogger(__name__)

OPEN_STATES = ("queued", "running")
# Finished jobs are forgotten after this many days.
KEEP_DAYS = 30
# A step that meets other transactions is tried so often.
MAX_TRIES = 5


class B2bJob(models.Model):
    """Long work in steps: each is committed, so the work may be killed at any instant.

    A kind of job is a method ``_step_<kind>`` that does one bounded step and answers
    whether the work is done; it finds in :attr:`part_ids` and :attr:`done` where it
    left off. The cron takes the jobs in turn, one step each, so that a long one keeps
    nobody waiting.
    """

    _name = "b2b.job"
    _description = "Background Job"
    _inherit = ["b2b.scope.mixin"]
    _order = "id desc"
    _b2b_member_path = "member_id"

    name = fields.Char(required=True)
    kind = fields.Selection([], required=True, index=True)
    state = fields.Selection(
        [
            ("queued", "Waiting"),
            ("running", "Under way"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="queued",
        required=True,
        index=True,
    )
    total = fields.Integer("Of", help="Things to do; 0: not known yet.")
    done = fields.Integer("Done so far")
    percent = fields.Integer(compute="_compute_percent")
    log = fields.Text(help="What happened, the newest last.")
    params = fields.Json()
    digest = fields.Char(
        index=True, help="Equal for jobs whose results would be the same."
    )
    tries = fields.Integer(help="How often the current step was begun in vain.")
    stepped_at = fields.Datetime(index=True)
    started_at = fields.Datetime()
    finished_at = fields.Datetime()
    seen_at = fields.Datetime("Seen by the member")
    entity_id = fields.Many2one(
        "res.partner", "Legal entity", index=True, ondelete="cascade"
    )
    agreement_id = fields.Many2one("b2b.agreement", index=True, ondelete="cascade")
    member_id = fields.Many2one("b2b.member", index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", ondelete="cascade")
    website_id = fields.Many2one("website", ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    document_id = fields.Many2one("b2b.document", "Result", ondelete="set null")
    part_ids = fields.One2many("b2b.job.part", "job_id", "Parts")

    _open_unique = models.UniqueIndex(
        "(digest) WHERE state IN ('queued', 'running')",
        "The same is being prepared already.",
    )

    @api.depends("done", "total", "state")
    def _compute_percent(self):
        for job in self:
            if job.state == "done":
                job.percent = 100
            else:
                job.percent = min(99, 100 * job.done // job.total) if job.total else 0

    @api.model
    def _b2b_objects(self):
        """Jobs of kinds that a customer may see; each kind adds its own."""
        return {}

    @api.model
    def _b2b_scope_domain(self, verb):
        """Jobs are read; they are begun and cancelled on pages."""
        if verb != "read":
            return fields.Domain.FALSE
        return super()._b2b_scope_domain(verb)

    # === RUNNING === #

    @api.model
    def _enqueue(self, vals):
        """A new job, which the cron begins at once.

        :return: the job, in sudo
        """
        job = self.sudo().create(vals)
        job._wake()
        return job

    def _wake(self):
        """Let the cron run as soon as this transaction is committed."""
        self.env.ref("b2b_portal.ir_cron_jobs").sudo()._trigger()

    @api.model
    def _get_open_domain(self):
        return [("state", "in", OPEN_STATES)]

    @api.model
    def _cron_run(self):
        """Do steps of the open jobs in turn while there is time."""
        cron = self.env["ir.cron"]
        while job := self.search(
            self._get_open_domain(), order="stepped_at NULLS FIRST, id", limit=1
        ):
            job._try_step()
            remaining = self.search_count(self._get_open_domain())
            if not cron._commit_progress(processed=1, remaining=remaining):
                break
            self.env.invalidate_all()

    def _try_step(self):
        """One step of the job (single); whatever goes wrong is the job's, not ours."""
        job_id = self.id
        try:
            self._run_step()
        except OperationalError:
            # somebody has changed the same rows: cancelled, most likely
            self.env.cr.rollback()
            job = self.browse(job_id).exists()
            if job.state in OPEN_STATES:
                if job.tries + 1 >= MAX_TRIES:
                    job._fail(self.env._("The work met other changes too often."))
                job.tries += 1
                job.stepped_at = fields.Datetime.now()

    def _run_step(self):
        """One step of the job (single), in a savepoint."""
        self.ensure_one()
        now = fields.Datetime.now()
        if self.state == "queued":
            self.write({"state": "running", "started_at": now})
        try:
            with self.env.cr.savepoint():
                finished = getattr(self, f"_step_{self.kind}")()
        except OperationalError:
            raise
        except UserError as error:
            self._fail(str(error))
            return
        except Exception:
            _logger.exception("step of job %s", self.id)
            self._fail(
                self.env._("Something went wrong. Try again, or write to your manager.")
            )
            return
        # with microseconds, unlike ``now``: the order in which jobs take their turns
        stamp = datetime.now(UTC).replace(tzinfo=None)
        self.write({"stepped_at": stamp, "tries": 0})
        if finished:
            self._finish("done")

    def _fail(self, text):
        """End the job (single) with a reason for the customer."""
        self._note(text)
        self._finish("failed")

    def _finish(self, state):
        """End the jobs (batch) and drop what they kept in between."""
        self.write({"state": state, "finished_at": fields.Datetime.now()})
        self.part_ids.unlink()

    def _note(self, text):
        """Add a line to the log of the job (single)."""
        stamp = fields.Datetime.to_string(fields.Datetime.now())
        self.log = "\n".join(filter(None, [self.log, f"{stamp} {text}"]))

    def action_cancel(self):
        """Stop the jobs (batch) that are not finished."""
        self.check_access("write")
        self.sudo()._cancel()

    def action_resume(self):
        """Take up again what failed or was cancelled (batch), from the beginning."""
        self.check_access("write")
        jobs = self.sudo().filtered(lambda job: job.state in ("failed", "cancelled"))
        jobs.write({"state": "queued", "done": 0, "tries": 0, "finished_at": False})
        if jobs:
            jobs._wake()

    def _cancel(self):
        """Stop the jobs (batch, sudo) that are not finished, with what they made."""
        jobs = self.filtered(lambda job: job.state in OPEN_STATES)
        jobs._b2b_lock()
        jobs.filtered(lambda job: job.state in OPEN_STATES)._finish("cancelled")

    def _get_progress_text(self):
        """How far the job (single) is, for its member."""
        total = max(self.total - 1, 0)
        if self.state == "queued":
            return self.env._("Waiting for its turn")
        if self.state == "running":
            return self.env._(
                "%(done)s of %(total)s rows", done=min(self.done, total), total=total
            )
        if self.state == "failed":
            # behind the time in front of each line
            reason = (self.log or "").rpartition("\n")[2][20:]
            return self.env._("Not made. %(reason)s", reason=reason)
        return self.env._(
            "Ready: %(total)s rows, %(time)s",
            total=total,
            time=format_datetime(self.env, self.finished_at, dt_format="short")
            if self.finished_at
            else "",
        )

    # === PARTS === #

    def _keep_part(self, data):
        """Keep plain values between the steps of the job (single)."""
        part = self.env["b2b.job.part"].create(
            {"job_id": self.id, "sequence": len(self.part_ids)}
        )
        part._write_data(data)

    def _read_part(self, number):
        """What :meth:`_keep_part` has kept as part ``number``."""
        return self.part_ids.sorted("sequence")[number]._read_data()

    @api.autovacuum
    def _gc_jobs(self):
        """Forget what ended long ago."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search(
            [
                ("state", "not in", OPEN_STATES),
                ("finished_at", "<", before),
                ("document_id", "=", False),
            ],
            limit=1000,
        ).unlink()


class B2bJobPart(models.Model):
    """What a job has worked out so far, as a file beside the database."""

    _name = "b2b.job.part"
    _description = "Part of a Background Job"
    _order = "job_id, sequence"

    job_id = fields.Many2one("b2b.job", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(required=True)

    _place_unique = models.Constraint(
        "UNIQUE(job_id, sequence)", "The job has this part already."
    )

    def _write_data(self, data):
        """Keep plain values with the part (single)."""
        self.env["ir.attachment"].sudo().create(
            {
                "name": f"part {self.sequence}",
                "raw": json.dumps(data, separators=(",", ":")).encode(),
                "mimetype": "application/json",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _read_data(self):
        """The plain values of the part (single)."""
        attachments = self.env["ir.attachment"].sudo()
        found = attachments.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)], limit=1
        )
        return json.loads(found.raw)
