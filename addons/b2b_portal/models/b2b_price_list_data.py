# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The figures of price lists, read in sets: no query for a single product."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

_COMBINATION = """
    SELECT c.product_product_id, l.attribute_id,
           COALESCE(v.name->>%(lang)s, v.name->>'en_US'),
           a.create_variant, l.value_count
      FROM product_variant_combination c
      JOIN product_template_attribute_value tv
        ON tv.id = c.product_template_attribute_value_id
      JOIN product_template_attribute_line l ON l.id = tv.attribute_line_id
      JOIN product_attribute a ON a.id = l.attribute_id
      JOIN product_attribute_value v ON v.id = tv.product_attribute_value_id
     WHERE c.product_product_id = ANY(%(ids)s)
     ORDER BY a.sequence, a.id
"""
_PROPERTIES = """
    SELECT l.product_tmpl_id, l.attribute_id,
           string_agg(COALESCE(v.name->>%(lang)s, v.name->>'en_US'), ', '
                      ORDER BY v.sequence, v.id)
      FROM product_template_attribute_line l
      JOIN product_attribute_value_product_template_attribute_line_rel r
        ON r.product_template_attribute_line_id = l.id
      JOIN product_attribute_value v ON v.id = r.product_attribute_value_id
     WHERE l.product_tmpl_id = ANY(%(ids)s) AND l.attribute_id = ANY(%(attributes)s)
       AND l.active
     GROUP BY l.product_tmpl_id, l.attribute_id
"""
_FACTS = """
    SELECT p.id, t.id, p.default_code, p.barcode,
           COALESCE(t.name->>%(lang)s, t.name->>'en_US'),
           t.b2b_brand_id, t.uom_id, t.b2b_min_qty, t.b2b_multiple, t.is_storable
      FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id
     WHERE p.id = ANY(%(ids)s)
"""


class B2bPriceListData(models.AbstractModel):
    """Reads what the columns of a price list need, in sudo.

    The goods were found with the rights of the member (``b2b.price.list._find``).
    """

    _name = "b2b.price.list.data"
    _description = "Figures of Price Lists"

    @api.model
    def _read(self, task, ids):
        """Values of goods, in a constant number of queries.

        :param task: :class:`.b2b_price_list.PriceListTask`
        :param list ids: of ``product.product``
        :return: dict product id -> dict of values by code of the column; money rounded
            to the currency, dates as ISO texts
        """
        if not ids:
            return {}
        self.env.flush_all()
        codes = {column.code for column in task.columns}
        data, templates, storable = self._read_facts(task, ids)
        if codes & {"retail", "price", "special", "special_until"}:
            self._add_prices(task, data, codes)
        if "stock" in codes:
            stock = self.env["b2b.price.list"]._read_stock(task, ids, storable)
            stock = self._get_stock_values(task, stock)
            for product_id, value in stock.items():
                if product_id in data:
                    data[product_id]["stock"] = value
        if task.attribute_ids:
            self._add_properties(task, data, templates)
        if "photo" in codes:
            self._add_photos(task, data, templates)
        if "own_article" in codes:
            for product_id, article in self._read_own_articles(task, ids).items():
                if product_id in data:
                    data[product_id]["own_article"] = article
        return data

    @api.model
    def _read_own_articles(self, task, ids):
        """The customer's own article numbers; a hook for addons.

        :return: dict product id -> text
        """
        return {}

    @api.model
    def _get_stock_values(self, task, stock):
        """Stock as files and feeds tell it: all of it goes through here; a hook.

        :param dict stock: product id -> free quantity in the product's own unit
        :return: dict product id -> float; a text such as '>100', where figures are
            not told; None: nothing
        """
        return stock

    # === FACTS === #

    @api.model
    def _read_facts(self, task, ids):
        """Names, codes and terms.

        :return: (dict product id -> values, dict product id -> template id, dict of
            storable goods product id -> unit id)
        """
        lang = task.agreement.env.lang or "en_US"
        names = self._read_variant_names(lang, ids)
        rows = self.env.execute_query(SQL(_FACTS, lang=lang, ids=list(ids)))
        brands = self._read_names("b2b.brand", {row[5] for row in rows}, lang)
        units = self._read_names("uom.uom", {row[6] for row in rows}, lang)
        rules = self.env["b2b.quantity.rule"]._b2b_get_rules(task.agreement)
        data, templates, storable = {}, {}, {}
        for row in rows:
            product_id, template_id, article, barcode, name = row[:5]
            brand, unit, least, step, has_stock = row[5:]
            if has_stock:
                storable[product_id] = unit
            if variant := names.get(product_id):
                name = f"{name} ({', '.join(variant)})"
            templates[product_id] = template_id
            data[product_id] = {
                "article": article or "",
                "barcode": barcode or "",
                "name": name,
                "brand": brands.get(brand, ""),
                "unit": units.get(unit, ""),
                "minimum": float(least) if least else None,
                "multiple": float(step) if step else None,
            }
        if rules.by_goods:
            products = self.env["product.product"].browse(data)
            terms = products._b2b_get_quantity_terms(task.agreement)
            for product_id, term in terms.items():
                data[product_id]["minimum"] = term.minimum or None
                data[product_id]["multiple"] = term.step or None
        return data, templates, storable

    @api.model
    def _read_names(self, model, ids, lang):
        """Names of records: dict id -> text."""
        records = self.env[model].sudo().with_context(lang=lang).browse(ids - {None})
        return {record.id: record.name for record in records}

    @api.model
    def _read_variant_names(self, lang, ids):
        """What distinguishes variants: dict product id -> list of values."""
        names = {}
        query = SQL(_COMBINATION, lang=lang, ids=list(ids))
        for product_id, _attribute, name, mode, count in self.env.execute_query(query):
            if mode != "no_variant" and count > 1:
                names.setdefault(product_id, []).append(name)
        return names

    @api.model
    def _add_properties(self, task, data, templates):
        """Values of the properties that have a column."""
        lang = task.agreement.env.lang or "en_US"
        query = SQL(
            _PROPERTIES,
            lang=lang,
            ids=list(set(templates.values())),
            attributes=task.attribute_ids,
        )
        by_template = {}
        for template_id, attribute_id, text in self.env.execute_query(query):
            values = by_template.setdefault(template_id, {})
            values[f"attribute_{attribute_id}"] = text
        for product_id, values in data.items():
            values.update(by_template.get(templates[product_id], {}))
        # of several values a variant has its own
        query = SQL(_COMBINATION, lang=lang, ids=list(data))
        for product_id, attribute_id, name, _mode, _n in self.env.execute_query(query):
            if attribute_id in task.attribute_ids:
                data[product_id][f"attribute_{attribute_id}"] = name

    @api.model
    def _add_photos(self, task, data, templates):
        """Links to pictures of the goods that have one."""
        attachments = self.env["ir.attachment"].sudo()
        found = attachments._read_group(
            (
                Domain("res_model", "=", "product.template")
                & Domain("res_field", "=", "image_1920")
                & Domain("res_id", "in", list(set(templates.values())))
            )
            | (
                Domain("res_model", "=", "product.product")
                & Domain("res_field", "=", "image_variant_1920")
                & Domain("res_id", "in", list(data))
            ),
            ["res_model", "res_id"],
        )
        pictured = set(found)
        base = task.website.get_base_url()
        for product_id, values in data.items():
            if ("product.template", templates[product_id]) in pictured or (
                "product.product",
                product_id,
            ) in pictured:
                values["photo"] = (
                    f"{base}/web/image/product.product/{product_id}/image_1024"
                )

    # === PRICES === #

    @api.model
    def _add_prices(self, task, data, codes):
        """Retail price, the agreement's and special ones, as the website shows."""
        agreement, date = task.agreement, task.date
        products = self.env["product.product"].with_context(**agreement.env.context)
        products = products.with_company(agreement.company_id).browse(data)
        retail_list, currency = agreement._get_retail_pricelist(), agreement.currency_id
        with agreement._b2b_prices_in_force(products, date, retail_list):
            final = agreement.pricelist_id._compute_price_rule(products, 1.0, date=date)
            retail = {}
            if "retail" in codes:
                values = {"quantity": 1.0, "uom": None, "date": date}
                retail = agreement._compute_in_own_currency(
                    retail_list, products, values, currency
                )
        display = agreement._get_price_display(
            products,
            currency,
            task.website,
            tax_ids=agreement._b2b_read_tax_ids(products),
        )
        judged = {}
        for product, values in zip(products, data.values(), strict=True):
            if product.id in retail:
                values["retail"] = display(product, retail[product.id])
            price, rule_id = final[product.id]
            price = display(product, price)
            if not price:
                continue  # on request
            values["price"] = price
            if rule_id not in judged:
                judged[rule_id] = agreement._judge_rule(rule_id)
            special, until = judged[rule_id]
            if special:
                values["special"] = price
                values["special_until"] = until.isoformat() if until else None
