# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

# Rules that become dearer: goods that the demo buyer orders again and again.
RULES = (
    "special_price_north_1_demo",
    "special_price_north_2_demo",
    "price_dealer_29_demo",
)
PERCENT = 4


class B2bDemo(models.AbstractModel):
    _inherit = "b2b.demo"

    @api.model
    def _setup_price_change(self):
        """Prices of the dealer agreement rise on the first day of next month."""
        tomorrow = fields.Date.today() + timedelta(days=1)
        first = tomorrow.replace(day=1) + relativedelta(months=1)
        schedules = self.env["b2b.price.schedule"]
        self._ref("company_demo").partner_id.tz = "Europe/Moscow"
        for name in RULES:
            item = self._ref(name)
            if not item or item.date_end:
                continue
            schedules.create(
                {
                    "pricelist_id": item.pricelist_id.id,
                    "date": first,
                    "percent": PERCENT,
                    "item_ids": [Command.set(item.ids)],
                }
            ).action_schedule()
