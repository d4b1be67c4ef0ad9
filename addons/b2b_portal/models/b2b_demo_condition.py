# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Months of cooperation by account.
COOPERATION = {"account_north_demo": 22, "account_stroydom_demo": 7}
# One row: agreement, condition, days ago, value, percent before and after.
HISTORY = [
    ("agreement_north_dealer_demo", "condition_volume_demo", 210, 184200, 0, 1),
    ("agreement_north_dealer_demo", "condition_volume_demo", 62, 131400, 1, 0),
]
# What the computation notes today was reached so many days ago, at this value.
REACHED = {"condition_tenure_demo": (304, 12), "condition_manual_demo": (12, 0)}


class B2bDemo(models.AbstractModel):
    _inherit = "b2b.demo"

    @api.model
    def _setup_conditions(self):
        """Compute the conditions of the demo's agreements, with a past behind them."""
        company = self._ref("company_demo")
        agreements = self.env["b2b.agreement"].search(
            [("company_id", "=", company.id), ("state", "=", "active")]
        )
        if agreements.condition_row_ids:
            return
        today = fields.Date.context_today(self)
        for name, months in COOPERATION.items():
            self._ref(name).cooperation_since = fields.Date.subtract(
                today, months=months
            )
        agreements = agreements.with_context(lang="ru_RU")
        self.env["b2b.agreement.condition"].with_context(lang="ru_RU").create(
            {
                "agreement_id": self._ref("agreement_north_logistics_demo").id,
                "condition_id": self._ref("condition_manual_demo").id,
                "manual_percent": 1,
                "date_until": today + timedelta(days=40),
                "reason": "Открытие терминала: скидка на первые поставки",
            }
        )
        agreements._b2b_recompute_conditions()
        self._setup_condition_history(agreements.condition_history_ids)

    def _setup_condition_history(self, made):
        """Percents that came and went before today."""
        now = fields.Datetime.now()
        made.flush_recordset()
        for name, (days, value) in REACHED.items():
            # the history has no door for changes: the demo goes round it
            self.env.cr.execute(
                SQL(
                    "UPDATE b2b_agreement_condition_history SET date = %s,"
                    " value = %s WHERE condition_id = %s",
                    now - timedelta(days=days),
                    value,
                    self._ref(name).id,
                )
            )
        made.invalidate_recordset()
        for agreement, condition, days, value, old, new in HISTORY:
            condition = self._ref(condition)
            row = self._ref(agreement).condition_row_ids.filtered(
                lambda r, condition=condition: r.condition_id == condition
            )
            values = row._prepare_history(old, new, "value")
            values |= {"date": now - timedelta(days=days), "value": value}
            made.create(values)
