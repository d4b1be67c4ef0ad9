# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request
from odoo.tools.misc import format_date

from .b2b_reminder_mixin import REMIND_DAYS


class Website(models.Model):
    """Stock of the agreement's warehouses, and its end on the desk at /my."""

    _inherit = "website"

    def _get_product_available_qty(self, product, **kwargs):
        acting = request.b2b if request and hasattr(request, "b2b") else None
        warehouses = acting and acting.agreement._b2b_get_warehouses()
        if not warehouses:
            return super()._get_product_available_qty(product, **kwargs)
        return product._b2b_get_best_free(warehouses)

    def _b2b_get_inbox(self):
        """Agreements that end within thirty days, with what happens then."""
        rows = super()._b2b_get_inbox()
        url, button = "/my/carts", self.env._("Carts")
        if self.env["b2b.member"]._may("conversation", "create"):
            url, button = "/my/messages/new", self.env._("Write to the manager")
        Agreement = self.env["b2b.agreement"].with_user(self.env.user)
        domain = Agreement._b2b_get_expiring_domain(max(REMIND_DAYS))
        return rows + [
            {
                "code": "agreement_end",
                "icon": "calendar-times-o",
                "title": self.env._(
                    "%(agreement)s of %(entity)s ends on %(date)s",
                    agreement=agreement._b2b_print_name(),
                    entity=agreement.entity_id.name,
                    date=format_date(self.env, agreement.date_end),
                ),
                "text": agreement._b2b_get_end_text(),
                "url": url,
                "button": button,
                "date": agreement.date_end,
                "priority": 15 if agreement._b2b_get_days_left() <= 7 else 45,
            }
            for agreement in Agreement.search(domain).sudo()
        ]
