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

        Core asks product by product; here one query reads all of them. Where another
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
        self.flush_model(
            ["product_tmpl_id", "weight", "product_template_attribute_value_ids"]
        )
        names = ["list_price", "company_id", "categ_id", "uom_id"]
        self.env["product.template"].flush_model(names)
        self.env["product.template.attribute.value"].flush_model(["price_extra"])
        query = SQL(
            """
            SELECT p.id, t.list_price, t.company_id, EXISTS(
                   SELECT FROM product_variant_combination c
                     JOIN product_template_attribute_value v
                       ON v.id = c.product_template_attribute_value_id
                    WHERE c.product_product_id = p.id AND v.price_extra != 0),
                   t.id, t.categ_id, t.uom_id, p.weight
              FROM product_product p
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE p.id = ANY(%s)
            """,
            list(self.ids),
        )
        rows = self.env.execute_query(query)
        extra = self.browse(row[0] for row in rows if row[3])
        extra = {product.id: product.price_extra for product in extra}
        currencies = {
            company_id: self._b2b_get_company_currency(company_id)
            for company_id in {row[2] for row in rows}
        }
        prices, facts = {}, {}
        for product_id, price, company_id, _has_extra, *fact in rows:
            amount = float(price or 0.0) + extra.get(product_id, 0.0)
            prices[product_id] = amount, currencies[company_id]
            facts[product_id] = tuple(fact)
        return prices, facts

    def _b2b_get_company_currency(self, company_id):
        """The currency of goods of a company (id), or of those that all share."""
        companies = self.env["res.company"].sudo()
        if not company_id:
            # as _get_main_company, without asking whether it exists
            references = self.env["ir.model.data"].sudo()
            company_id = references._xmlid_to_res_id("base.main_company")
        company = companies.browse(company_id) or companies._get_main_company()
        return company.currency_id
