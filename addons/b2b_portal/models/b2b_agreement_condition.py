# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare
from odoo.tools.misc import format_date

# What staff sets on a row by hand; everything else is computed.
BY_HAND = {"manual_percent", "date_from", "date_until", "reason"}


class B2bAgreementCondition(models.Model):
    """How far an agreement has come in one condition, and the percent it has.

    Rows are made, changed and removed by ``b2b.agreement._b2b_recompute_conditions``;
    staff makes those of conditions by hand.
    """

    _name = "b2b.agreement.condition"
    _description = "Condition of an Agreement"
    _inherit = "b2b.scope.child.mixin"
    _order = "agreement_id, sequence, id"

    _b2b_parent_field = "agreement_id"

    agreement_id = fields.Many2one(
        "b2b.agreement", required=True, ondelete="cascade", index=True
    )
    condition_id = fields.Many2one(
        "b2b.condition", required=True, ondelete="cascade", index=True
    )
    # members read the name, and nothing else, of a condition
    name = fields.Char(related="condition_id.name")
    sequence = fields.Integer(related="condition_id.sequence", store=True)
    kind = fields.Selection(related="condition_id.kind")
    currency_id = fields.Many2one(related="condition_id.currency_id")
    value = fields.Float(
        "Value reached",
        digits=(16, 2),
        readonly=True,
        help="Months, money, percent of invoices or days, as the condition measures.",
    )
    is_measured = fields.Boolean(
        "There is something to measure", readonly=True, default=True
    )
    percent = fields.Float("Discount in force, %", digits="Discount", readonly=True)
    next_threshold = fields.Float("Next threshold", digits=(16, 2), readonly=True)
    next_percent = fields.Float(
        "Next discount, %", digits="Discount", readonly=True, help="0: the last step."
    )
    computed_at = fields.Datetime("Computed at", readonly=True)
    manual_percent = fields.Float("Discount by hand, %", digits="Discount")
    date_from = fields.Date("In force from")
    date_until = fields.Date("In force until")
    reason = fields.Char(
        groups="base.group_user", help="For us; the customer does not see it."
    )

    _condition_unique = models.Constraint(
        "UNIQUE(agreement_id, condition_id)",
        "The agreement has this condition already.",
    )
    _manual_range = models.Constraint(
        "CHECK(COALESCE(manual_percent, 0) >= 0 AND COALESCE(manual_percent, 0) < 100)",
        "A discount must be at least 0 % and below 100 %.",
    )

    @api.constrains("manual_percent", "date_from", "date_until", "reason")
    def _check_by_hand(self):
        for row in self:
            if row.kind != "manual":
                continue
            if not (row.reason or "").strip():
                raise ValidationError(
                    self.env._("Write the reason of “%s”.", row.condition_id.name)
                )
            start, end = row.date_from, row.date_until
            if start and end and end < start:
                raise ValidationError(
                    self.env._("“%s” ends before it starts.", row.condition_id.name)
                )

    @api.constrains("agreement_id", "condition_id")
    def _check_company(self):
        for row in self:
            if row.agreement_id.company_id != row.condition_id.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(condition)s” belongs to another company than “%(name)s”.",
                        condition=row.condition_id.name,
                        name=row.agreement_id.name,
                    )
                )

    # === BY HAND === #

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        own = BY_HAND | {"agreement_id", "condition_id"}
        vals_list = [
            {name: vals[name] for name in vals.keys() & own} for vals in vals_list
        ]
        rows = super().create(vals_list)
        rows._check_manual()
        rows.agreement_id._b2b_recompute_conditions()
        return rows

    def write(self, vals):
        self.check_access("write")
        self._check_manual()
        if vals.keys() - BY_HAND:
            raise UserError(
                self.env._("Only percent, dates and reason are set by hand.")
            )
        result = super().write(vals)
        self.agreement_id._b2b_recompute_conditions()
        return result

    def unlink(self):
        self.check_access("unlink")
        self._check_manual()
        agreements = self.agreement_id
        agreements._b2b_lock()
        self._b2b_record([(row, row.percent, 0.0, "removed") for row in self])
        result = super().unlink()
        agreements._update_own_pricelist()
        return result

    def _check_manual(self):
        """Refuse to touch by hand what is computed (batch).

        :raise UserError: with the name of such a condition
        """
        for row in self:
            if row.kind != "manual":
                raise UserError(
                    self.env._(
                        "“%s” is computed from the customer's orders and data. Change "
                        "the condition, or add one by hand.",
                        row.condition_id.name,
                    )
                )

    def _is_manual_in_force(self, date):
        """Whether the percent by hand (single) counts on a date."""
        self.ensure_one()
        return bool(
            (not self.date_from or self.date_from <= date)
            and (not self.date_until or date <= self.date_until)
            and self.condition_id._is_in_force(date)
        )

    # === THE ENGINE'S OWN DOORS === #

    def _b2b_store(self, vals):
        """Write what has been computed (batch); past the checks of a person."""
        return super().write(vals)

    @api.model
    def _b2b_make(self, vals_list):
        """Rows that have been computed; past the checks of a person."""
        return super().create(vals_list)

    def _b2b_drop(self):
        """Remove rows (batch) whose condition is none of theirs any more."""
        return super().unlink()

    @api.model
    def _b2b_apply(self, plans):
        """Make the rows say what was planned, and note changed percents.

        :param list plans: as of ``b2b.agreement._b2b_get_plans``
        """
        rows, dropped, missing, changes = self.browse(), self.browse(), [], []
        for plan in plans:
            row, values = plan["row"], plan["values"]
            if not row:
                owner = {
                    "agreement_id": plan["agreement_id"],
                    "condition_id": plan["condition"].id,
                }
                missing.append(values | owner)
                continue
            differing = row._get_differing(values)
            if "percent" in differing:
                cause = plan["cause"] or ("value" if "value" in differing else "terms")
                changes.append((row, row.percent, values["percent"], cause))
            if differing:
                row._b2b_store(differing)
            rows |= row
            dropped |= row.browse() if plan["keep"] else row
        made = self._b2b_make(missing)
        changes += [(row, 0.0, row.percent, "value") for row in made]
        self._b2b_record(changes)
        ((rows | made) - dropped)._b2b_store({"computed_at": fields.Datetime.now()})
        dropped._b2b_drop()

    def _get_differing(self, values):
        """Those of the values that the row (single) does not have yet."""
        return {
            name: value
            for name, value in values.items()
            if float_compare(self[name], value, precision_digits=6)
        }

    @api.model
    def _b2b_record(self, changes):
        """Write changes of percents into the history.

        :param list changes: (row, old percent, new percent, cause)
        """
        History = self.env["b2b.agreement.condition.history"].sudo()
        History.create(
            [
                row.sudo()._prepare_history(old, new, cause)
                for row, old, new, cause in changes
                if old != new
            ]
        )

    def _prepare_history(self, old, new, cause):
        """Values of a change of the percent (single, sudo)."""
        self.ensure_one()
        return {
            "agreement_id": self.agreement_id.id,
            "agreement_name": self.agreement_id.display_name,
            "entity_id": self.agreement_id.entity_id.id,
            "condition_id": self.condition_id.id,
            "name": self.condition_id.name,
            "kind": self.kind,
            "company_id": self.condition_id.company_id.id,
            "percent_old": old,
            "percent_new": new,
            "value": self.value,
            "is_measured": self.is_measured and self.kind != "manual",
            "cause": cause,
            "reason": self.reason if self.kind == "manual" else False,
            "user_id": self.env.uid,
        }

    # === IN WORDS === #

    def _get_value_text(self):
        """The value reached (single, sudo) in words: '320 000 ₽', '14 mo.'."""
        self.ensure_one()
        if self.kind not in ("tenure", "volume", "discipline"):
            return ""
        if not self.is_measured:
            return self.env._("nothing to measure yet")
        return self.condition_id._b2b_format_value(self.value)

    def _get_next_text(self):
        """What is missing to the next step (single, sudo), or an empty text.

        '180 000 ₽ to −5 %'; of a payment discipline the goal itself.
        """
        self.ensure_one()
        if not self.next_percent:
            return ""
        percent = self.env["b2b.agreement"]._b2b_format_discount(self.next_percent)
        condition = self.condition_id
        goal = condition._b2b_format_value(self.next_threshold)
        if condition._is_descending():
            return self.env._(
                "no more than %(goal)s gives %(percent)s", goal=goal, percent=percent
            )
        if self.kind == "discipline":
            return self.env._(
                "%(goal)s on time gives %(percent)s", goal=goal, percent=percent
            )
        missing = self.next_threshold - (self.value if self.is_measured else 0.0)
        return self.env._(
            "%(missing)s to %(percent)s",
            missing=condition._b2b_format_value(max(missing, 0.0)),
            percent=percent,
        )

    def _get_progress(self):
        """How far it is to the next step (single, sudo), 0 to 100 percent."""
        self.ensure_one()
        if not self.next_percent:
            return 100
        if not self.is_measured:
            return 0
        value, goal = self.value, self.next_threshold
        if self.condition_id._is_descending():
            value, goal = goal, value
        return max(0, min(100, int(100 * value / goal))) if goal else 0

    def _get_nearest(self):
        """The row (of the batch, sudo) whose next step is nearest, or an empty one."""
        ahead = self.filtered("next_percent")
        return ahead.sorted(lambda row: row._get_progress(), reverse=True)[:1]

    def _get_dates_text(self):
        """Until when the percent counts (single, sudo), or an empty text."""
        ends = [self.date_until, self.condition_id.date_until]
        last = min(filter(None, ends), default=None)
        if not last:
            return ""
        return self.env._("until %s", format_date(self.env, last))
