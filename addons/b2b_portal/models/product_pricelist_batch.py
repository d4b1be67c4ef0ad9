# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prices of many products at once, by the rules and formulas of core.

Core searches the rules again for every product of a chained price list, and tries every
rule on every product. Here the rules of the whole chain are read once and found by what
they apply to; the prices that a list is based on are computed for all its products
together. Where another addon extends ``_is_applicable_for`` or ``_compute_price`` of a
rule, these are asked; else the same operations run on plain values. A property test
holds that the figures are core's to the last bit.
"""

from collections import defaultdict
from contextlib import contextmanager
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.product.models.product_pricelist_item import (
    ProductPricelistItem as CoreItem,
)

from ..tools.price_rules import RANK, BasePrices, RuleIndex
from .product_pricelist_item import ProductPricelistItem as OurItem

_RULES_KEY = "b2b_portal.price_rules"
_BASES_KEY = "b2b_portal.price_bases"
# Counts writes of rules: what was read before the last one is not put back.
_WRITES_KEY = "b2b_portal.price_writes"
# Above this many products, reading all rules is cheaper than naming the products.
_MAX_NAMED = 2000
_LIST_PRICE = ("list_price", 0)
_TEMPLATE = "product.template"
_COST = ("standard_price", 0)


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _b2b_get_chain(self):
        """The lists of ``self`` and all that their rules are based on: one query."""
        chains = self._b2b_read_chains().values()
        return self.browse(dict.fromkeys(id_ for chain in chains for id_ in chain))

    def _b2b_read_chains(self):
        """The chain of each list (batch): one query.

        :return: dict id -> tuple of ids, its own one first
        """
        self.env["product.pricelist.item"].flush_model(
            ["pricelist_id", "base", "base_pricelist_id"]
        )
        self.flush_model(["b2b_agreement_id"])
        self.env["b2b.agreement"].flush_model(["special_pricelist_id"])
        query = SQL(
            """WITH RECURSIVE chain(root, id) AS (
                   (SELECT id, id FROM unnest(%(ids)s) AS own(id)
                    UNION
                    SELECT own.id, terms.special_pricelist_id
                      FROM product_pricelist own
                      JOIN b2b_agreement terms ON terms.id = own.b2b_agreement_id
                     WHERE own.id = ANY(%(ids)s) AND terms.special_pricelist_id > 0)
                   UNION
                   SELECT chain.root, item.base_pricelist_id
                     FROM product_pricelist_item item
                     JOIN chain ON item.pricelist_id = chain.id
                    WHERE item.base = 'pricelist' AND item.base_pricelist_id > 0
               )
               SELECT root, id FROM chain""",
            ids=self.ids,
        )
        chains = {pricelist.id: {pricelist.id: True} for pricelist in self}
        for root, pricelist_id in self.env.execute_query(query):
            chains[root][pricelist_id] = True
        return {root: tuple(chain) for root, chain in chains.items()}

    @contextmanager
    def _b2b_rules_loaded(self, products):
        """Serve the price rules of ``products`` from memory inside the block.

        A constant number of queries, whatever the products and the chain.

        :param products: product.product or product.template records
        """
        cache = self.env.cr.cache
        index = cache.get(_RULES_KEY)
        if (
            not self
            or not all(products._ids)
            or not products
            or (index and index.covers(self[:1], products))
        ):
            yield
            return
        cache[_RULES_KEY] = self._b2b_index_rules(products)
        bases = cache.pop(_BASES_KEY, None)
        writes = cache.get(_WRITES_KEY)
        try:
            yield
        finally:
            if writes != cache.get(_WRITES_KEY):
                index = bases = None
            self._b2b_restore(_RULES_KEY, index)
            self._b2b_restore(_BASES_KEY, bases)

    @api.model
    def _b2b_get_loaded_rules(self):
        """:class:`RuleIndex` of the block :meth:`_b2b_rules_loaded`, None outside."""
        return self.env.cr.cache.get(_RULES_KEY)

    def _b2b_restore(self, key, value):
        """Put back what an outer block had in memory, or nothing."""
        if value is None:
            self.env.cr.cache.pop(key, None)
        else:
            self.env.cr.cache[key] = value

    def _b2b_index_rules(self, products):
        """Read the rules of the chain that can match ``products``.

        :return: :class:`RuleIndex`
        """
        chain = self._b2b_get_chain()
        # one query for all lists, instead of one each where their turn comes
        chain.sudo().fetch(["currency_id", "b2b_agreement_id", "name"])
        domain = Domain("pricelist_id", "in", chain.ids)
        if len(products) <= _MAX_NAMED:
            if products._name == "product.template":
                templates, variants = products, products.product_variant_ids
            else:
                templates, variants = products.product_tmpl_id, products
            domain &= Domain("product_id", "in", [False, *variants.ids])
            domain &= Domain("product_tmpl_id", "in", [False, *templates.ids])
        items = self.env["product.pricelist.item"].sudo()
        items = items.search_fetch(domain, items._b2b_get_rule_fields())
        return RuleIndex(items, chain, products)

    def _get_applicable_rules(self, products, date, **kwargs):
        """Take the rules from memory inside :meth:`_b2b_rules_loaded`."""
        index = self.env.cr.cache.get(_RULES_KEY)
        if not index or not index.covers(self, products):
            return super()._get_applicable_rules(products, date, **kwargs)
        now = fields.Datetime.to_datetime(date)
        found = {
            rule
            for product_id in products._ids
            for rule in index.get_candidates(self.id, product_id, now)
        }
        ids = [rule.id for rule in sorted(found, key=RANK)]
        return self.env["product.pricelist.item"].browse(ids)

    def _compute_price_rule(
        self,
        products,
        quantity,
        *,
        currency=None,
        uom=None,
        date=False,
        compute_price=True,
        **kwargs,
    ):
        """Compute many products in sets; see core for the arguments."""
        values = {"currency": currency, "uom": uom, "date": date}
        values |= {"compute_price": compute_price} | kwargs
        with self._b2b_rates_in_force(date), self._b2b_rules_loaded(products):
            special = self._b2b_get_special_list()
            if special and not kwargs:
                return self._b2b_compute_lower(special, products, quantity, **values)
            return self._b2b_compute_own(products, quantity, **values)

    def _b2b_compute_own(self, products, quantity, **values):
        """Prices by the rules of this list, in sets where that is possible."""
        extra = values.keys() - {"currency", "uom", "date", "compute_price"}
        index = self.env.cr.cache.get(_RULES_KEY)
        # one product alone: core's way, unless a page has read it among others
        alone = len(products) < 2 and (not index or len(index.product_ids) < 2)
        if alone or extra or not all(products._ids) or not products:
            return super()._compute_price_rule(products, quantity, **values)
        if not self and not (index and index.knows(products)):
            return super()._compute_price_rule(products, quantity, **values)
        return self._b2b_compute_set(
            products,
            quantity,
            values["currency"],
            values["uom"],
            values["date"],
            values["compute_price"],
        )

    def _b2b_compute_lower(self, special, products, quantity, **values):
        """The agreement's price, or the special offer's where that is lower.

        :param special: price list (single) in the currency of this one
        :return: dict product id -> (price, rule id)
        """
        values["compute_price"], wanted = True, values["compute_price"]
        result = self._b2b_compute_own(products, quantity, **values)
        offers = special._b2b_compute_own(products, quantity, **values)
        for product_id, (price, rule_id) in offers.items():
            if rule_id and price < result[product_id][0]:
                result[product_id] = price, rule_id
        if wanted:
            return result
        return {product_id: (0.0, rule) for product_id, (_p, rule) in result.items()}

    def _b2b_compute_set(self, products, quantity, currency, uom, date, with_price):
        """The loop of core over products, with rules and base prices in memory.

        Without a list: the public prices.

        :return: dict product id -> (price, rule id)
        """
        currency = currency or self.currency_id or self.env.company.currency_id
        date = date or fields.Datetime.now()
        if self:
            matches = self._b2b_match(products, quantity, uom, date)
        else:
            matches = [(product_id, None) for product_id in products._ids]
        if not with_price:
            return {
                product_id: (0.0, rule.id if rule else False)
                for product_id, rule in matches
            }
        bases = self._b2b_load_bases(products, matches, quantity, uom, date)
        if not self.env["product.pricelist.item"]._b2b_is_core("_compute_price"):
            return self._b2b_ask_items(products, matches, bases, currency)
        index = self.env.cr.cache[_RULES_KEY]
        units = self.env["uom.uom"].browse
        result = {}
        for product_id, rule in matches:
            own_uom_id, weight = index.facts[product_id][2:4]
            convert = float
            if uom and uom.id != own_uom_id:
                own = units(own_uom_id)
                convert = partial(own._compute_price, to_unit=uom)
            base = rule.base if rule else _LIST_PRICE
            price = bases.get(base, product_id, currency)
            if rule:
                price = rule.get_price(price, convert, weight or 0.0)
            result[product_id] = (price, rule.id if rule else False)
        return result

    def _b2b_ask_items(self, products, matches, bases, currency):
        """Prices where another addon has a say in what a rule makes of a base price.

        :return: dict product id -> (price, rule id)
        """
        outer = self.env.cr.cache.get(_BASES_KEY)
        self.env.cr.cache[_BASES_KEY] = bases
        items = self.env["product.pricelist.item"]
        try:
            result = {}
            for product, (product_id, rule) in zip(products, matches, strict=True):
                item = items.browse(rule.id) if rule else items
                price = item._compute_price(
                    product,
                    bases.quantity,
                    bases.uom or product.uom_id,
                    date=bases.date,
                    currency=currency,
                )
                result[product_id] = (price, item.id)
            return result
        finally:
            self._b2b_restore(_BASES_KEY, outer)

    def _b2b_match(self, products, quantity, uom, date):
        """The rule of this list (single) for each product.

        :return: list of (product id, :class:`Rule` or None), in order
        """
        index = self.env.cr.cache[_RULES_KEY]
        now = fields.Datetime.to_datetime(date)
        plain = self.env["product.pricelist.item"]._b2b_is_core("_is_applicable_for")
        is_template = products._name == "product.template"
        units = self.env["uom.uom"].browse
        matches = []
        for product_id in products._ids:
            own_uom_id = index.facts[product_id][2]
            in_own_uom = quantity
            if uom and uom.id != own_uom_id:
                in_own_uom = uom._compute_quantity(
                    quantity, units(own_uom_id), raise_if_failure=False
                )
            found = None
            for rule in index.get_candidates(self.id, product_id, now):
                if rule.min_quantity and in_own_uom < rule.min_quantity:
                    continue
                # a template is as good as its variant only where it has just one
                certain = plain and rule.plain
                if certain and not (is_template and rule.item.product_id):
                    found = rule
                    break
                product = products.browse(product_id).with_prefetch(products._ids)
                if rule.item._is_applicable_for(product, in_own_uom):
                    found = rule
                    break
            matches.append((product_id, found))
        return matches

    def _b2b_load_bases(self, products, matches, quantity, uom, date):
        """Base prices of all matches, one computation for each kind of base.

        :return: :class:`BasePrices`
        """
        groups = defaultdict(list)
        for product_id, rule in matches:
            if not rule or rule.compute_price != "fixed":
                groups[rule.base if rule else _LIST_PRICE].append(product_id)
        bases = BasePrices(self.env, quantity, uom, date)
        for base, ids in groups.items():
            kind, record_id = base
            if kind == "pricelist":
                pricelist = self.browse(record_id)
                found = pricelist._compute_price_rule(
                    products.browse(ids),
                    quantity,
                    currency=pricelist.currency_id,
                    uom=uom,
                    date=date,
                )
                bases.prices[base] = {
                    product_id: (price, pricelist.currency_id)
                    for product_id, (price, _rule) in found.items()
                }
            elif base == _LIST_PRICE and products._name != _TEMPLATE:
                prices = products._b2b_get_list_prices()
                if uom:
                    prices = self._b2b_convert_prices(prices, ids, uom)
                bases.prices[base] = prices
            else:
                # the price alone, not every column of the product
                subset = products.with_context(prefetch_fields=False).browse(ids)
                name = "cost_currency_id" if kind == "standard_price" else "currency_id"
                prices = subset._price_compute(kind, uom=uom, date=date)
                bases.prices[base] = {
                    product.id: (prices[product.id], product[name])
                    for product in subset
                }
        return bases

    @api.model
    def _b2b_convert_prices(self, prices, ids, uom):
        """List prices of products (ids) for one ``uom``, as core converts them."""
        facts = self.env.cr.cache[_RULES_KEY].facts
        units = self.env["uom.uom"].sudo()
        return {
            id_: (
                units.browse(facts[id_][2])._compute_price(prices[id_][0], uom),
                prices[id_][1],
            )
            for id_ in ids
        }


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _b2b_get_base(self):
        """What the rule (single or empty) starts from: (kind, price list id or 0)."""
        kind = self.base or "list_price"
        if kind == "pricelist" and self.base_pricelist_id:
            return kind, self.base_pricelist_id.id
        return _COST if kind == "standard_price" else _LIST_PRICE

    @api.model
    def _b2b_get_rule_fields(self):
        """Names of the columns of a rule: what core reads of one, in one query."""
        return [
            name
            for name, field in self._fields.items()
            if field.column_type and field.prefetch is True
        ]

    @api.model
    def _b2b_is_core(self, method):
        """Whether no other addon has a say in this method of core or ours."""
        known = (getattr(CoreItem, method), getattr(OurItem, method, None))
        return getattr(self.env.registry[self._name], method) in known

    def _compute_base_price(self, product, quantity, uom, date, currency, **kwargs):
        """Take the price from memory inside a computation in sets."""
        bases = self.env.cr.cache.get(_BASES_KEY)
        if bases and not kwargs and bases.answers(product, quantity, uom, date):
            price = bases.get(self._b2b_get_base(), product.id, currency)
            if price is not None:
                return price
        return super()._compute_base_price(
            product, quantity, uom, date, currency, **kwargs
        )

    def _b2b_forget_rules(self):
        """Drop the rules in memory: they change in the middle of a batch."""
        cache = self.env.cr.cache
        cache.pop(_RULES_KEY, None)
        cache.pop(_BASES_KEY, None)
        cache[_WRITES_KEY] = cache.get(_WRITES_KEY, 0) + 1

    @api.model_create_multi
    def create(self, vals_list):
        self._b2b_forget_rules()
        return super().create(vals_list)

    def write(self, vals):
        self._b2b_forget_rules()
        return super().write(vals)

    def unlink(self):
        self._b2b_forget_rules()
        return super().unlink()
