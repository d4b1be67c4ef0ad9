# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class AccountFiscalPosition(models.Model):
    _inherit = "account.fiscal.position"

    def _b2b_get_position(self, partner):
        """Core's ``_get_fiscal_position`` for pages: asked again only for news.

        The answer is kept for everything that core looks at: the partner's address,
        tax number and own position; the company's row and the positions are kept rows.
        """
        own = partner.with_company(self.env.company).property_account_position_id
        if own or not partner:
            return own
        values = [partner[name] for name in self._b2b_get_partner_fields()]
        key = ("position", self.env.company.id, *map(str, values))
        found = self._b2b_keep(key, lambda: self._get_fiscal_position(partner).id)
        return self.browse(found or [])

    def _b2b_get_partner_fields(self):
        """Fields of a partner that decide on its position; a hook for addons."""
        names = ["country_id", "state_id", "zip", "vat", "is_company"]
        # of the addon that checks European tax numbers
        names += [
            name for name in ("vies_valid",) if name in self.env["res.partner"]._fields
        ]
        return names
