# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

# Currency, rates of the last days in roubles, the newest (today's) first.
RATES = [
    ("base.USD", (82.40, 82.15, 81.90, 81.75, 82.05)),
    ("base.EUR", (95.60, 95.10, 95.25, 94.80, 95.05)),
    ("base.CNY", (11.62, 11.58, 11.55, 11.57, 11.60)),
]


class B2bDemo(models.AbstractModel):
    """Demo rates: the company's own, of the last five days."""

    _inherit = "b2b.demo"

    @api.model
    def _setup_rates(self):
        """Internal rates for days that move with the date of the installation."""
        company = self._ref("company_demo")
        self.env.ref("base.EUR").active = True
        Rate = self.env["b2b.rate"]
        if Rate.search_count([("company_id", "=", company.id)], limit=1):
            return
        today = fields.Date.context_today(self)
        Rate.create(
            [
                {
                    "company_id": company.id,
                    "currency_id": self.env.ref(xmlid).id,
                    "date": today - timedelta(days=days),
                    "rate": rate,
                    "source": "manual",
                }
                for xmlid, rates in RATES
                for days, rate in enumerate(rates)
            ]
        )
