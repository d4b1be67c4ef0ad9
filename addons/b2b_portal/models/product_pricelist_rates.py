# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""No price rather than a wrong one: agreements whose rate is missing or too old."""

from odoo import api, models

from .res_currency_rates import _RATES_KEY

_CHAIN_KEY = "b2b_portal.price_chains"


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _b2b_get_chain(self):
        """The chain, read once per transaction."""
        cache = self.env.cr.cache.setdefault(_CHAIN_KEY, {})
        if not all(self._ids):
            return super()._b2b_get_chain()
        if missing := self.browse(id_ for id_ in self._ids if id_ not in cache):
            cache.update(missing._b2b_read_chains())
        return self.browse(
            dict.fromkeys(id_ for own in self._ids for id_ in cache[own])
        )

    @api.model
    def _b2b_forget_chains(self):
        """Drop the chains in memory: what a list is based on changes."""
        self.env.cr.cache.pop(_CHAIN_KEY, None)

    def _b2b_lacks_rate(self, date=None):
        """Whether this list (at most one) of an agreement lacks a rate it needs.

        The rates in force decide: those of an order, else those of the agreement.
        """
        agreement = self.sudo().b2b_agreement_id
        if not agreement or not agreement.pricelist_id:
            return False
        needed = agreement._b2b_get_needed_currencies()
        if not needed:
            return False
        rates = self.env.cr.cache.get(_RATES_KEY)
        rates = rates or agreement._b2b_get_rates(date)
        return any(currency.id not in rates for currency in needed)

    def _compute_price_rule(self, products, quantity, *, date=False, **kwargs):
        """Price 0, 'on request', for every product while a rate is missing."""
        result = super()._compute_price_rule(products, quantity, date=date, **kwargs)
        if self and self._b2b_lacks_rate(date):
            return {key: (0.0, rule_id) for key, (_price, rule_id) in result.items()}
        return result

    def write(self, vals):
        self._b2b_forget_chains()
        return super().write(vals)


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _b2b_forget_rules(self):  # pylint: disable=missing-return
        super()._b2b_forget_rules()
        self.env["product.pricelist"]._b2b_forget_chains()


class B2bAgreement(models.Model):
    _inherit = "b2b.agreement"

    def write(self, vals):
        if {"special_pricelist_id", "pricelist_id"} & vals.keys():
            self.env["product.pricelist"]._b2b_forget_chains()
        return super().write(vals)
