# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare
from odoo.tools.misc import formatLang

# Kinds that hold or do not hold: one percent instead of steps.
MATCH_KINDS = ("region", "segment")
MEASURED_KINDS = ("tenure", "volume", "discipline")
COMPUTED_KINDS = MEASURED_KINDS + MATCH_KINDS
# What else must change a discount when the fields change: all but the looks.
LOOKS = {"name", "sequence"}


class B2bCondition(models.Model):
    """A rule that gives agreements a discount, by what the customer has reached.

    Value -> step -> percent: a step counts from its threshold on, the threshold
    included. How a value is measured: ``b2b_condition_measure.py``; who writes the
    percents: ``b2b_agreement_discount.py``.
    """

    _name = "b2b.condition"
    _description = "Condition of a Discount"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, help="The customer reads it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("tenure", "Length of cooperation"),
            ("volume", "Purchase volume"),
            ("region", "Region"),
            ("segment", "Segment"),
            ("discipline", "Payment discipline"),
            ("manual", "By hand"),
        ],
        required=True,
        default="volume",
    )
    date_from = fields.Date("In force from")
    date_until = fields.Date("In force until", help="The last day.")
    cap = fields.Float(
        "Highest discount, %",
        digits="Discount",
        help="What this condition may give at most. 0: no cap.",
    )
    percent = fields.Float(
        "Discount, %",
        digits="Discount",
        help="Given where the region or the segment is the customer's.",
    )
    step_ids = fields.One2many("b2b.condition.step", "condition_id", "Steps", copy=True)
    basis = fields.Selection(
        [
            ("agreement", "This agreement"),
            ("entity", "The legal entity"),
            ("account", "The whole customer account"),
        ],
        "Counted for",
        required=True,
        default="entity",
    )
    months = fields.Integer(
        "Period, months",
        default=12,
        help="The period that rolls: the last so many months up to today.",
    )
    volume_source = fields.Selection(
        [
            ("invoice", "Posted invoices less refunds"),
            ("order", "Confirmed orders"),
        ],
        "Measured on",
        required=True,
        default="invoice",
        help="Untaxed, in the currency of our company.",
    )
    tenure_since = fields.Selection(
        [
            ("order", "First confirmed order"),
            ("agreement", "First agreement"),
            ("account", "Creation of the account"),
        ],
        "Cooperation starts with",
        required=True,
        default="order",
        help="The date “Cooperation since” of the account goes before it.",
    )
    discipline_measure = fields.Selection(
        [
            ("on_time", "Share of invoices paid on time, %"),
            ("delay", "Average delay, days"),
        ],
        "Measure",
        required=True,
        default="on_time",
        help="Of the invoices whose due date lies in the period.",
    )
    grace_days = fields.Integer(
        "Days of grace", help="A payment so many days late is on time still."
    )
    state_ids = fields.Many2many("res.country.state", string="Regions")
    country_ids = fields.Many2many("res.country", string="Whole countries")
    segment_ids = fields.Many2many("b2b.segment", string="Segments")
    applies_to = fields.Selection(
        [
            ("all", "All agreements"),
            ("price_type", "Agreements of some price types"),
            ("segment", "Customers of some segments"),
            ("agreement", "Chosen agreements"),
        ],
        "Applies to",
        required=True,
        default="all",
    )
    for_price_type_ids = fields.Many2many(
        "product.pricelist",
        "b2b_condition_price_type_rel",
        string="For price types",
        domain=[("b2b_kind", "!=", False)],
    )
    for_segment_ids = fields.Many2many(
        "b2b.segment", "b2b_condition_for_segment_rel", string="For segments"
    )
    for_agreement_ids = fields.Many2many(
        "b2b.agreement",
        "b2b_condition_agreement_rel",
        string="For agreements",
        domain="[('company_id', '=', company_id)]",
    )
    row_count = fields.Integer("Agreements", compute="_compute_row_count")

    _percent_range = models.Constraint(
        "CHECK(COALESCE(percent, 0) >= 0 AND COALESCE(percent, 0) < 100"
        " AND COALESCE(cap, 0) >= 0 AND COALESCE(cap, 0) < 100)",
        "A discount must be at least 0 % and below 100 %.",
    )
    _months_positive = models.Constraint(
        "CHECK(months > 0 AND COALESCE(grace_days, 0) >= 0)",
        "The period must be at least one month, days of grace cannot be negative.",
    )

    def _compute_row_count(self):
        groups = self.env["b2b.agreement.condition"]._read_group(
            [("condition_id", "in", self.ids)], ["condition_id"], ["__count"]
        )
        counts = {condition.id: count for condition, count in groups}
        for condition in self:
            condition.row_count = counts.get(condition.id, 0)

    @api.constrains("date_from", "date_until")
    def _check_dates(self):
        for condition in self:
            start, end = condition.date_from, condition.date_until
            if start and end and end < start:
                raise ValidationError(
                    self.env._("“%s” ends before it starts.", condition.name)
                )

    # === VALUE AND PERCENT === #

    def _is_in_force(self, date):
        """Whether the condition (single) gives discounts on a date."""
        self.ensure_one()
        return bool(
            self.active
            and (not self.date_from or self.date_from <= date)
            and (not self.date_until or date <= self.date_until)
        )

    def _is_descending(self):
        """Whether less is better for the condition (single): days of delay."""
        return self.kind == "discipline" and self.discipline_measure == "delay"

    def _get_ladder(self):
        """Steps of the condition (single) from the easiest to the hardest."""
        self.ensure_one()
        return self.step_ids.sorted("threshold", reverse=self._is_descending())

    def _judge(self, value, ladder):
        """What a value reaches; equal to the threshold counts.

        :param value: float, or None where there is nothing to measure yet
        :param ladder: steps as of :meth:`_get_ladder`, or an empty recordset for
            kinds that hold or not
        :return: (percent, next step or an empty recordset)
        """
        self.ensure_one()
        if self.kind in MATCH_KINDS:
            return self._limit(self.percent if value else 0.0), ladder[:0]
        sign = -1 if self._is_descending() else 1
        percent, following = 0.0, ladder[:1]
        for number, step in enumerate(ladder):
            if value is None:
                break
            if sign * float_compare(value, step.threshold, precision_digits=2) < 0:
                break
            percent, following = step.percent, ladder[number + 1 : number + 2]
        return self._limit(percent), following

    def _limit(self, percent):
        """A percent within the cap of the condition (single)."""
        return min(percent, self.cap) if self.cap else percent

    def _b2b_plan(self, agreements, date):
        """What the condition (single) gives to those agreements it is for.

        :param agreements: ``b2b.agreement`` (batch, sudo)
        :return: iterator of (agreement id, values of a row)
        """
        concerned = self._filter_agreements(agreements)
        values = self._measure(concerned, date) if concerned else {}
        ladder = self._get_ladder()
        for agreement_id, value in values.items():
            percent, following = self._judge(value, ladder)
            next_percent = self._limit(following.percent)
            if next_percent <= percent:
                following, next_percent = following.browse(), 0.0
            yield (
                agreement_id,
                {
                    "value": round(value or 0.0, 2),
                    "is_measured": value is not None,
                    "percent": percent,
                    "next_threshold": following.threshold,
                    "next_percent": next_percent,
                },
            )

    def _filter_agreements(self, agreements):
        """Those of the agreements (sudo) that the condition (single) is for."""
        self.ensure_one()
        same = agreements.filtered(lambda a: a.company_id == self.company_id)
        if self.applies_to == "price_type":
            return same.filtered(lambda a: a.price_type_id in self.for_price_type_ids)
        if self.applies_to == "segment":
            return same.filtered(
                lambda a: a.account_id.segment_id in self.for_segment_ids
            )
        if self.applies_to == "agreement":
            return same & self.for_agreement_ids
        return same

    # === EVENTS === #

    @api.model_create_multi
    def create(self, vals_list):
        conditions = super().create(vals_list)
        self.env["b2b.condition.queue"]._add(conditions=conditions)
        return conditions

    def write(self, vals):
        for name in ("kind", "company_id"):
            if name in vals:
                self._check_unused(name, vals[name])
        result = super().write(vals)
        if vals.keys() - LOOKS:
            self.env["b2b.condition.queue"]._add(conditions=self)
        return result

    def _check_unused(self, name, value):
        """A condition in use stays what it is: its history speaks of one thing.

        :raise UserError: agreements have a row of one that would change
        """
        for condition in self:
            current = condition._fields[name].convert_to_write(
                condition[name], condition
            )
            if current != value and condition.row_count:
                raise UserError(
                    self.env._(
                        "“%s” is in use: its kind and company cannot change. Archive "
                        "it and make a new one.",
                        condition.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        rows = self.env["b2b.agreement.condition"].sudo()
        used = rows.search(
            [("condition_id", "in", self.ids), ("percent", ">", 0)], limit=1
        )
        if used:
            raise UserError(
                self.env._(
                    "“%s” gives discounts. Archive it: they end, with a line in the "
                    "history.",
                    used.condition_id.name,
                )
            )

    def action_open_rows(self):
        """Open the agreements that the condition (single) is counted for."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "b2b.agreement.condition",
            "view_mode": "list",
            "domain": [("condition_id", "=", self.id)],
        }

    def action_recompute(self):
        """Have the agreements of the conditions (batch) computed soon."""
        self.env["b2b.condition.queue"]._add(conditions=self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("The agreements are computed in a minute."),
            },
        }

    @api.model
    def _get_running(self, companies):
        """Active conditions (sudo) of companies that are computed by themselves."""
        domain = Domain("company_id", "in", companies.ids)
        domain &= Domain("kind", "in", COMPUTED_KINDS)
        return self.sudo().search(domain)

    # === IN WORDS === #

    def _b2b_format_value(self, value):
        """A value of the condition (single, sudo) with its unit, localized."""
        if self.kind == "volume":
            currency = self.currency_id
            # thresholds and volumes are read at a glance: no kopecks where none are
            if currency.is_zero(value - round(value)):
                text = formatLang(self.env, value, digits=0)
                before = currency.position == "before"
                parts = (currency.symbol, text) if before else (text, currency.symbol)
                return "\N{NO-BREAK SPACE}".join(parts)
            return currency.format(value)
        number = self.env["b2b.agreement"]._b2b_format_number(value)
        if self.kind == "tenure":
            return self.env._("%s mo.", number)
        if self._is_descending():
            return self.env._("%s d.", number)
        return f"{number}\N{NO-BREAK SPACE}%"
