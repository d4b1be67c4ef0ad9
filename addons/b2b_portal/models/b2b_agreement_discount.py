# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .b2b_condition import COMPUTED_KINDS, MATCH_KINDS

_logger = logging.getLogger(__name__)

BATCH = 250
TRIES = 5


class B2bAgreement(models.Model):
    """Conditions in the discount of an agreement, and their computation in sets."""

    _inherit = "b2b.agreement"

    condition_row_ids = fields.One2many(
        "b2b.agreement.condition", "agreement_id", "Conditions"
    )
    condition_history_ids = fields.One2many(
        "b2b.agreement.condition.history", "agreement_id", "History of discounts"
    )
    conditions_at = fields.Datetime(
        "Conditions computed at", readonly=True, copy=False, index=True
    )
    conditions_error = fields.Char(
        "Conditions not applied because",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    # === SUM === #

    def _get_discount_parts(self):
        parts = super()._get_discount_parts()
        for row in self.sudo().condition_row_ids:
            if row.percent:
                parts.append(
                    {
                        "kind": row.kind,
                        "name": row.condition_id.name,
                        "percent": row.percent,
                        "condition_row_id": row.id,
                    }
                )
        return parts

    @api.depends("condition_row_ids.percent")
    def _compute_total_discount(self):  # pylint: disable=missing-return
        super()._compute_total_discount()

    def _get_condition_region(self):
        """Region that conditions of the agreement (single, sudo) go by; a hook.

        :return: (``res.country.state``, ``res.country``), at most one each
        """
        self.ensure_one()
        return self.entity_id.state_id, self.entity_id.country_id

    # === EVENTS === #

    @api.model
    def _get_condition_fields(self):
        """Names of fields whose change may change the percents; a hook."""
        return {"price_type_id", "entity_id", "company_id", "state", "active"}

    @api.model_create_multi
    def create(self, vals_list):
        agreements = super().create(vals_list)
        queue = self.env["b2b.condition.queue"]
        queue._add(agreements=agreements, kinds=COMPUTED_KINDS)
        return agreements

    def write(self, vals):
        result = super().write(vals)
        if self._get_condition_fields() & vals.keys():
            queue = self.env["b2b.condition.queue"]
            queue._add(agreements=self, kinds=COMPUTED_KINDS)
        return result

    def action_recompute_conditions(self):
        """Compute the conditions of the agreements (batch) now.

        :raise ValidationError: the discounts of one add up to 100 % or more
        """
        self.check_access("write")
        self._b2b_recompute_conditions()

    # === COMPUTATION === #

    def _b2b_recompute_conditions(self, strict=True):
        """Bring rows, history, sum and own price list of agreements (batch) up to
        date. The number of queries does not depend on the number of agreements, as
        long as nothing changes.

        Locks the agreements first: of two at once, the second one starts over and
        finds nothing to change.

        :param bool strict: an impossible sum raises; else such an agreement keeps
            its percents and says so in ``conditions_error``
        :raise ValidationError: names the agreement whose discounts reach 100 %
        """
        if not self:
            return
        agreements = self.sudo().with_context(tracking_disable=True)
        agreements._b2b_lock()
        date = fields.Date.context_today(self)
        plans = agreements._b2b_plan_conditions(date)
        refused = agreements._b2b_refuse_sums(plans, strict)
        rows = self.env["b2b.agreement.condition"].sudo()
        rows._b2b_apply((agreements - refused)._b2b_get_plans(plans))
        agreements.write({"conditions_at": fields.Datetime.now()})
        (agreements - refused)._update_own_pricelist()

    def _b2b_plan_conditions(self, date):
        """What the rows of agreements (batch, sudo) should say on a date.

        :return: dict agreement id -> list of dicts: condition, row (or empty),
            values (of the row), keep (False: the row goes), cause (of a change of
            the percent; None: what the values say)
        """
        Condition = self.env["b2b.condition"]
        running = Condition._get_running(self.company_id)
        rows = self.condition_row_ids
        known = {(row.agreement_id.id, row.condition_id.id): row for row in rows}
        plans = {agreement.id: [] for agreement in self}
        for condition in running:
            if not condition._is_in_force(date):
                continue
            for agreement_id, values in condition._b2b_plan(self, date):
                row = known.pop((agreement_id, condition.id), rows.browse())
                keep = condition.kind not in MATCH_KINDS or bool(values["value"])
                if keep or row:
                    plans[agreement_id].append(
                        {
                            "condition": condition,
                            "row": row,
                            "values": values,
                            "keep": keep,
                            "cause": None if keep else "ended",
                        }
                    )
        for (agreement_id, _condition_id), row in known.items():
            manual, holds = row.kind == "manual", row._is_manual_in_force(date)
            percent = row.manual_percent if manual and holds else 0.0
            plans[agreement_id].append(
                {
                    "condition": row.condition_id,
                    "row": row,
                    "values": {"percent": row.condition_id._limit(percent)},
                    "keep": manual,
                    "cause": "manual" if manual and holds else "ended",
                }
            )
        return plans

    def _b2b_refuse_sums(self, plans, strict):
        """Agreements (of the batch, sudo) whose discounts would reach 100 %.

        :raise ValidationError: there is one, and ``strict``
        """
        refused = self.browse()
        for agreement in self:
            total = sum(plan["values"]["percent"] for plan in plans[agreement.id])
            total += sum(
                part["percent"]
                for part in agreement._get_discount_parts()
                if not part.get("condition_row_id")
            )
            error = False
            if total >= 100 and not agreement.discount_cap:
                error = agreement._get_discount_refusal(total)
                if strict:
                    raise ValidationError(error)
                _logger.warning("Conditions not applied: %s", error)
                refused |= agreement
            if agreement.conditions_error != error:
                agreement.conditions_error = error
        return refused

    def _b2b_get_plans(self, plans):
        """The plans of these agreements (batch), in one list, with agreement ids."""
        return [
            plan | {"agreement_id": agreement.id}
            for agreement in self
            for plan in plans[agreement.id]
        ]

    # === JOBS === #

    @api.model
    def _cron_recompute_conditions(self):
        """Every night: windows roll, months pass, dates begin and end.

        By batches, each of its own transaction, the longest not computed first: it
        may be killed at any instant and goes on where it was.
        """
        today = datetime.combine(fields.Date.context_today(self), time.min)
        domain = Domain("state", "!=", "expired") & (
            Domain("conditions_at", "=", False) | Domain("conditions_at", "<", today)
        )
        agreements = self.search(domain, order="conditions_at nulls first, id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(agreements))
        for start in range(0, len(agreements), BATCH):
            batch = agreements[start : start + BATCH].exists()
            batch._b2b_recompute_committed()
            if not cron._commit_progress(len(batch)):
                break

    @api.model
    def _cron_condition_queue(self):
        """Compute what events have asked for, soon after them."""
        Queue = self.env["b2b.condition.queue"].sudo()
        queued = Queue.search([], order="id")  # pylint: disable=no-search-all
        agreements = queued._get_agreements()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(agreements))
        for start in range(0, len(agreements), BATCH):
            batch = agreements[start : start + BATCH].exists()
            batch._b2b_recompute_committed()
            if not cron._commit_progress(len(batch)):
                # the rest of the queue stays, and is done once more from its start
                return
        queued.exists().unlink()
        cron._commit_progress(0, remaining=0)

    def _b2b_recompute_committed(self):
        """Compute a batch of a job, anew where another transaction came between."""
        for attempt in range(1, TRIES + 1):
            try:
                self._b2b_recompute_conditions(strict=False)
                self.env.flush_all()
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                self.env.cr.rollback()
                self.env.transaction.reset()
                if attempt == TRIES:
                    raise
                _logger.info("Conditions: try %s once more, %s", attempt, error)

    # === IN WORDS === #

    @api.model
    def _b2b_format_number(self, value):
        """A number of at most two decimals, none where they are zero, localized."""
        return self.env["uom.uom"]._b2b_format(round(value, 2))

    @api.model
    def _b2b_format_discount(self, percent):
        """A discount as customers read it: −5 %."""
        number = self._b2b_format_number(percent)
        sign = "\N{MINUS SIGN}" if percent else ""
        return f"{sign}{number}\N{NO-BREAK SPACE}%"
