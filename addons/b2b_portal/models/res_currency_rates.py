# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rates of an agreement or of an order, in place of the official ones, for prices."""

from contextlib import contextmanager

from odoo import api, models

_RATES_KEY = "b2b_portal.rates"


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model
    @contextmanager
    def _b2b_rates(self, rates):
        """Convert by these rates inside the block; the outermost block rules.

        :param dict rates: currency id -> units of the company's currency for one unit
            of it; None or empty: the official rates, or those of an outer block
        """
        cache = self.env.cr.cache
        if not rates or _RATES_KEY in cache:
            yield
            return
        cache[_RATES_KEY] = rates
        try:
            yield
        finally:
            cache.pop(_RATES_KEY, None)

    @api.model
    def _get_conversion_rate(self, from_currency, to_currency, company=None, date=None):
        rates = self.env.cr.cache.get(_RATES_KEY)
        if rates and from_currency != to_currency:
            source, target = rates.get(from_currency.id), rates.get(to_currency.id)
            if source and target:
                return source / target
        return super()._get_conversion_rate(from_currency, to_currency, company, date)
