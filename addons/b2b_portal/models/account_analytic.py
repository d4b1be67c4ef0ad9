# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

_CACHE_KEY = "b2b_portal.no_distribution_models"


class AccountAnalyticDistributionModel(models.Model):
    _inherit = "account.analytic.distribution.model"

    def _get_applicable_models(self, vals):
        """Ask once per transaction whether there is any model at all.

        Core searches for every order line, twice; most wholesalers have none.
        """
        cache = self.env.cr.cache
        if _CACHE_KEY not in cache:
            cache[_CACHE_KEY] = not self.sudo().search_count([], limit=1)
        if cache[_CACHE_KEY]:
            return self.browse()
        return super()._get_applicable_models(vals)

    @api.model_create_multi
    def create(self, vals_list):
        self.env.cr.cache.pop(_CACHE_KEY, None)
        return super().create(vals_list)
