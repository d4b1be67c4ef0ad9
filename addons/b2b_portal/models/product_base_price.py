# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What prices start from, of very many products at once."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.product.models.product_product import ProductProduct as CoreProduct


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _b2b_get_price_facts(self):
        """What price rules and list prices ask of products (batch): one query.

        :return: dict id -> (template id, category id, unit id, weight, price of the
            template, company id, whether a value of it costs extra)
        """
        self.flush_model(
            ["product_tmpl_id", "weight", "product_template_attribute_value_ids"]
        )
        names = ["categ_id", "uom_id", "list_price", "company_id"]
        self.env["product.template"].flush_model(names)
        self.env["product.template.attribute.value"].flush_model(["price_extra"])
        query = SQL(
            """
            SELECT p.id, t.id, t.categ_id, t.uom_id, p.weight, t.list_price,
                   t.company_id, EXISTS(
                   SELECT FROM product_variant_combination c
                     JOIN product_template_attribute_value v
                       ON v.id = c.product_template_attribute_value_id
                    WHERE c.product_product_id = p.id AND v.price_extra != 0)
              FROM product_product p
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE p.id = ANY(%s)
            """,
            list(self.ids),
        )
        return {row[0]: row[1:] for row in self.env.execute_query(query)}

    def _b2b_get_list_prices(self):
        """What core's ``_price_compute('list_price')`` says of the products (batch).

        Core asks product by product; here one query reads all of them, and in a block
        of ``product.pricelist._b2b_rules_loaded`` they are read once. Where another
        addon extends core's methods, these are asked.

        :return: dict product id -> (price for one own unit, ``res.currency`` record);
            maybe of more products than these
        """
        if not self._b2b_has_core_list_prices():
            subset = self.with_context(prefetch_fields=False)
            prices = subset._price_compute("list_price")
            return {p.id: (prices[p.id], p.currency_id) for p in subset}
        index = self.env["product.pricelist"]._b2b_get_loaded_rules()
        if not index or not index.knows(self):
            return self._b2b_make_list_prices(self._b2b_get_price_facts())
        if index.list_prices is None:
            every = self.browse(index.product_ids)
            index.list_prices = every._b2b_make_list_prices(index.facts)
        return index.list_prices

    @api.model
    def _b2b_has_core_list_prices(self):
        """Whether nobody has a say in list prices but core."""
        methods = ("_price_compute", "_get_attributes_extra_price")
        cls = self.env.registry[self._name]
        known = all(getattr(cls, m) is getattr(CoreProduct, m) for m in methods)
        return known and not self.env.context.get("no_variant_attributes_price_extra")

    def _b2b_make_list_prices(self, facts):
        """List prices of the products (batch), as :meth:`_b2b_get_list_prices`.

        :param dict facts: of :meth:`_b2b_get_price_facts`, of the same products
        """
        extra = self.browse(id_ for id_, fact in facts.items() if fact[6])
        extra = {product.id: product.price_extra for product in extra}
        currencies = {
            company_id: self._b2b_get_company_currency(company_id)
            for company_id in {fact[5] for fact in facts.values()}
        }
        return {
            product_id: (
                float(fact[4] or 0.0) + extra.get(product_id, 0.0),
                currencies[fact[5]],
            )
            for product_id, fact in facts.items()
        }

    def _b2b_get_company_currency(self, company_id):
        """The currency of goods of a company (id), or of those that all share."""
        companies = self.env["res.company"].sudo()
        if not company_id:
            # as _get_main_company, without asking whether it exists
            references = self.env["ir.model.data"].sudo()
            company_id = references._xmlid_to_res_id("base.main_company")
        company = companies.browse(company_id) or companies._get_main_company()
        return company.currency_id


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _b2b_get_price_facts(self):
        """What price rules ask of templates (batch): one query.

        :return: dict id -> (id, category id, unit id, weight)
        """
        self.flush_model(["categ_id", "uom_id", "weight"])
        query = SQL(
            "SELECT id, categ_id, uom_id, weight FROM product_template "
            "WHERE id = ANY(%s)",
            list(self.ids),
        )
        return {row[0]: row for row in self.env.execute_query(query)}
