# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class B2bConditionStep(models.Model):
    """From this value on, the threshold included, the condition gives so much."""

    _name = "b2b.condition.step"
    _description = "Step of a Condition"
    _order = "condition_id, threshold, id"

    condition_id = fields.Many2one(
        "b2b.condition", required=True, ondelete="cascade", index=True
    )
    threshold = fields.Float(
        digits=(16, 2),
        required=True,
        help="Months, money of our company's currency, percent of invoices or days "
        "of delay, as the condition measures.",
    )
    percent = fields.Float("Discount, %", digits="Discount", required=True)

    _threshold_unique = models.Constraint(
        "UNIQUE(condition_id, threshold)",
        "The condition has a step with this threshold already.",
    )
    _percent_range = models.Constraint(
        "CHECK(percent >= 0 AND percent < 100)",
        "The discount of a step must be at least 0 % and below 100 %.",
    )
    _threshold_positive = models.Constraint(
        "CHECK(threshold >= 0)", "A threshold cannot be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        self.env["b2b.condition.queue"]._add(conditions=steps.condition_id)
        return steps

    def write(self, vals):
        conditions = self.condition_id
        result = super().write(vals)
        conditions |= self.condition_id
        self.env["b2b.condition.queue"]._add(conditions=conditions)
        return result

    def unlink(self):
        conditions = self.condition_id
        result = super().unlink()
        self.env["b2b.condition.queue"]._add(conditions=conditions)
        return result
