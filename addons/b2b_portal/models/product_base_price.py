# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prices that lists are based on, of very many products at once."""

from odoo import models

from odoo.addons.product.models.product_product import ProductProduct as CoreProduct


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _b2b_get_list_prices(self, uom=None, facts=None):
        """What core's ``_price_compute('list_price')`` says of the products (batch).

        Core asks product by product; here one query reads all of them. Where another
        addon extends core's methods, these are asked.

        :param uom: ``uom.uom`` that the prices are for; each product's own, if it is
            left out
        :param dict facts: as of ``_b2b_get_price_facts``, where the caller has them
        :return: dict product id -> (price for one unit, ``res.currency`` record)
        """
        methods = ("_price_compute", "_get_attributes_extra_price")
        cls = self.env.registry[self._name]
        known = all(getattr(cls, m) is getattr(CoreProduct, m) for m in methods)
        if not known or self.env.context.get("no_variant_attributes_price_extra"):
            subset = self.with_context(prefetch_fields=False)
            prices = subset._price_compute("list_price", uom=uom)
            return {p.id: (prices[p.id], p.currency_id) for p in subset}
        facts = facts or self._b2b_get_price_facts()
        extra = self.browse(id_ for id_ in self._ids if facts[id_][6])
        extra = {product.id: product.price_extra for product in extra}
        units, currencies = self.env["uom.uom"].sudo(), {}
        result = {}
        for product_id in self._ids:
            own_id, _weight, price, company_id = facts[product_id][2:6]
            price = float(price or 0.0) + extra.get(product_id, 0.0)
            if uom:
                price = units.browse(own_id)._compute_price(price, uom)
            if company_id not in currencies:
                currencies[company_id] = self._b2b_get_company_currency(company_id)
            result[product_id] = price, currencies[company_id]
        return result

    def _b2b_get_company_currency(self, company_id):
        """The currency of goods of a company (id), or of those that all share."""
        companies = self.env["res.company"].sudo()
        if not company_id:
            # as _get_main_company, without asking whether it exists
            references = self.env["ir.model.data"].sudo()
            company_id = references._xmlid_to_res_id("base.main_company")
        company = companies.browse(company_id) or companies._get_main_company()
        return company.currency_id
