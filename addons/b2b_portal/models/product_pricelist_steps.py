# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Quantities from which a price list may charge another price."""

from odoo import fields, models

from .product_pricelist_batch import _RULES_KEY


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _b2b_get_thresholds(self, products, date):
        """Quantities that rules of the chain (single list) begin at, without a query.

        Inside :meth:`_b2b_rules_loaded` of the products only. That a rule begins at a
        quantity does not say that the price changes there: ask for the price.

        :param datetime date: naive, UTC
        :return: dict product id -> sorted list of quantities above one, in the
            product's own unit; products without any are left out
        """
        index = self.env.cr.cache.get(_RULES_KEY)
        if not index or not index.covers(self, products):
            return {}
        found = {}
        for product_id in products._ids:
            quantities = {
                rule.min_quantity
                for pricelist_id in index.pricelist_ids
                for rule in index.get_candidates(pricelist_id, product_id, date)
                if rule.min_quantity > 1
            }
            if quantities:
                found[product_id] = sorted(quantities)
        return found

    def _b2b_get_steps(self, products, date=None):
        """Prices of larger quantities under this list (single).

        :param products: product.product or product.template records
        :param datetime date: now, if it is left out
        :return: dict product id -> list of (quantity, price) per own unit of the
            product, each cheaper than the one before; the number of queries does not
            depend on the products
        """
        date = fields.Datetime.to_datetime(date) or fields.Datetime.now()
        with self._b2b_rates_in_force(date), self._b2b_rules_loaded(products):
            thresholds = self._b2b_get_thresholds(products, date)
            # all of them for each quantity: core's way for a single product reads
            # what the way in sets has in memory
            subset = products.browse(thresholds)
            quantities = {1.0}.union(*thresholds.values()) if thresholds else ()
            steps, last = {}, {}
            for quantity in sorted(quantities):
                prices = self._compute_price_rule(subset, quantity, date=date)
                for product_id, (price, _rule_id) in prices.items():
                    before = last.setdefault(product_id, price)
                    if self.currency_id.compare_amounts(price, before) < 0:
                        steps.setdefault(product_id, []).append((quantity, price))
                        last[product_id] = price
        return steps
