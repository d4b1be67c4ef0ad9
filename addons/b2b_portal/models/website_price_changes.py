# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request


class Website(models.Model):
    """Coming price changes on the member's desk and in the menu."""

    _inherit = "website"

    def _b2b_may_see_changes(self):
        """Whether the visitor may see coming price changes at all."""
        return self.env["b2b.member"]._may("agreement", "read") and self._b2b_may_see(
            "prices"
        )

    def _b2b_get_menu(self):
        rows = super()._b2b_get_menu()
        if self._b2b_may_see_changes():
            rows.append(
                {
                    "code": "price_changes",
                    "label": self.env._("Price changes"),
                    "url": "/my/price-changes",
                    "icon": "line-chart",
                    "sequence": 65,
                }
            )
        return rows

    def _b2b_get_inbox(self):
        """Tell what becomes dearer, while it can still be bought at today's price."""
        rows = super()._b2b_get_inbox()
        acting = getattr(request, "b2b", None) if request else None
        if not acting or not acting.agreement or not self._b2b_may_see_changes():
            return rows
        agreement = acting.agreement
        dearer = [
            change
            for change in agreement._b2b_get_price_changes()
            if change.new > change.old
        ]
        if dearer:
            first = dearer[0]
            rows.append(
                {
                    "code": "price_changes",
                    "icon": "line-chart",
                    "title": self.env._(
                        "Prices rise from %(date)s",
                        date=agreement._b2b_format_change_day(first.date),
                    ),
                    "text": self.env._(
                        "goods that you buy: %s",
                        len({change.wish.product for change in dearer}),
                    ),
                    "url": "/my/price-changes",
                    "button": self.env._("See what"),
                    "date": False,
                    "priority": 60,
                }
            )
        return rows
