# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prices that lists are based on, of very many products at once."""

from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.product.models.product_product import ProductProduct as CoreProduct

_KEY = "b2b_portal.list_prices"
FACTS_KEY = "b2b_portal.price_facts"


class ProductProduct(models.Model):
    _inherit = "product.product"

    @contextmanager
    def _b2b_price_basics_read(self):
        """Read once for the block what prices of the products (batch) start from.

        List prices and :meth:`_b2b_get_price_facts`, for computations that ask for
        them several times and change none of them. Not to be nested.
        """
        cache = self.env.cr.cache
        if self._b2b_has_core_list_prices():
            cache[_KEY], cache[FACTS_KEY] = self._b2b_read_basics()
        try:
            yield
        finally:
            cache.pop(_KEY, None)
            cache.pop(FACTS_KEY, None)

    def _b2b_get_list_prices(self):
        """What core's ``_price_compute('list_price')`` says of the products (batch).

        Core asks product by product; here two queries read all of them. Where another
        addon extends core's methods, these are asked.

        :return: dict product id -> (price for one own unit, ``res.currency`` record);
            maybe of more products than these
        """
        known = self.env.cr.cache.get(_KEY)
        if known and known.keys() >= set(self._ids):
            return known
        if self._b2b_has_core_list_prices():
            return self._b2b_read_basics()[0]
        subset = self.with_context(prefetch_fields=False)
        prices = subset._price_compute("list_price")
        return {p.id: (prices[p.id], p.currency_id) for p in subset}

    @api.model
    def _b2b_has_core_list_prices(self):
        """Whether nobody has a say in list prices but core."""
        methods = ("_price_compute", "_get_attributes_extra_price")
        cls = self.env.registry[self._name]
        known = all(getattr(cls, m) is getattr(CoreProduct, m) for m in methods)
        return known and not self.env.context.get("no_variant_attributes_price_extra")

    def _b2b_read_basics(self):
        """List prices and price facts of the products (batch), with one query for both.

        :return: (dict as of :meth:`_b2b_get_list_prices`, dict as of
            :meth:`_b2b_get_price_facts`)
        """
        self.flush_model(["product_tmpl_id", "weight"])
        names = ["list_price", "company_id", "categ_id", "uom_id"]
        self.env["product.template"].flush_model(names)
        query = SQL(
            "SELECT p.id, t.list_price, t.company_id, t.id, t.categ_id, t.uom_id,"
            " p.weight FROM product_product p "
            "JOIN product_template t ON t.id = p.product_tmpl_id WHERE p.id = ANY(%s)",
            list(self.ids),
        )
        rows = self.env.execute_query(query)
        extra = {product.id: product.price_extra for product in self._b2b_with_extra()}
        companies = self.env["res.company"].sudo()
        main = companies._get_main_company().currency_id
        currencies = {
            company.id: company.currency_id
            for company in companies.browse({row[2] for row in rows if row[2]})
        }
        prices, facts = {}, {}
        for row in rows:
            product_id, price, company_id = row[:3]
            amount = float(price or 0.0) + extra.get(product_id, 0.0)
            prices[product_id] = amount, currencies.get(company_id, main)
            facts[product_id] = row[3:]
        return prices, facts

    def _b2b_with_extra(self):
        """Those of the products (batch) with a value that costs extra: one query."""
        self.env["product.template.attribute.value"].flush_model(["price_extra"])
        self.flush_model(["product_template_attribute_value_ids"])
        query = SQL(
            "SELECT DISTINCT c.product_product_id FROM product_variant_combination c "
            "JOIN product_template_attribute_value v "
            "ON v.id = c.product_template_attribute_value_id "
            "WHERE c.product_product_id = ANY(%s) AND v.price_extra != 0",
            list(self.ids),
        )
        return self.browse([row[0] for row in self.env.execute_query(query)])
