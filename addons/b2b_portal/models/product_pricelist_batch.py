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
from operator import attrgetter

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_round

from odoo.addons.product.models.product_pricelist_item import (
    ProductPricelistItem as CoreItem,
)

_RULES_KEY = "b2b_portal.price_rules"
_BASES_KEY = "b2b_portal.price_bases"
# Above this many products, reading all rules is cheaper than naming the products.
_MAX_NAMED = 2000
_RANK = attrgetter("rank")
_LIST_PRICE = ("list_price", 0)
_COST = ("standard_price", 0)


class Rule:
    """A price rule read once: what a product is matched and priced with.

    ``plain``: the rule's fields agree with what it applies to, so a rule that is found
    by its target applies to it, and only the quantity is left to ask.
    """

    __slots__ = (
        "base",
        "compute_price",
        "discount",
        "end",
        "fixed_price",
        "id",
        "item",
        "max_margin",
        "min_margin",
        "min_quantity",
        "percent",
        "plain",
        "rank",
        "rounding",
        "start",
        "surcharge",
    )

    def __init__(self, rank, item):
        self.rank, self.item, self.id = rank, item, item.id
        self.start, self.end = item.date_start, item.date_end
        self.min_quantity = item.min_quantity
        self.compute_price = item.compute_price
        self.base = item._b2b_get_base()
        self.fixed_price = item.fixed_price
        self.percent = item.percent_price
        cost = item.base == "standard_price"
        self.discount = -item.price_markup if cost else item.price_discount
        self.rounding = item.price_round
        self.surcharge = item.price_surcharge
        self.min_margin = item.price_min_margin
        self.max_margin = item.price_max_margin
        self.plain = item.applied_on == (
            "0_product_variant"
            if item.product_id
            else "1_product"
            if item.product_tmpl_id
            else "2_product_category"
            if item.categ_id
            else "3_global"
        )

    def get_price(self, base_price, convert):
        """The price that core's ``_compute_price`` makes of a base price.

        The same operations in the same order, so the result is the same float.

        :param convert: turns an amount per product unit into one per asked unit
        """
        if self.compute_price == "fixed":
            return convert(self.fixed_price)
        if self.compute_price == "percentage":
            return (base_price - (base_price * (self.percent / 100))) or 0.0
        if self.compute_price != "formula":
            return base_price
        price = base_price - (base_price * (self.discount / 100))
        if self.rounding:
            price = float_round(price, precision_rounding=self.rounding)
        if self.surcharge:
            price += convert(self.surcharge)
        if self.min_margin:
            price = max(price, base_price + convert(self.min_margin))
        if self.max_margin:
            price = min(price, base_price + convert(self.max_margin))
        return price


class RuleIndex:
    """Rules of a chain of price lists, by what they apply to, in core's order."""

    def __init__(self, items, pricelists, products):
        self.pricelist_ids = frozenset(pricelists._ids)
        self.model = products._name
        self.product_ids = frozenset(products._ids)
        self.facts = products._b2b_get_price_facts()
        category_ids = {category_id for _t, category_id, _u in self.facts.values()}
        categories = products.env["product.category"].sudo()
        categories = categories.browse(category_ids - {None})
        self._paths = {category.id: category.parent_path for category in categories}
        self._rules = defaultdict(list)
        self._shared = {}
        for rank, item in enumerate(items):
            rule = Rule(rank, item)
            for key in self._get_keys(item):
                self._rules[key].append(rule)

    def _get_keys(self, item):
        """What a rule is found by: its product, template, category, or its list."""
        pricelist = item.pricelist_id.id
        if item.product_id:
            return (
                (pricelist, "variant", item.product_id.id),
                (pricelist, "variant_of", item.product_id.product_tmpl_id.id),
            )
        if item.product_tmpl_id:
            return ((pricelist, "template", item.product_tmpl_id.id),)
        if item.categ_id:
            return ((pricelist, "category", item.categ_id.id),)
        return ((pricelist, "all", 0),)

    def covers(self, pricelist, products):
        """Whether the index knows all rules of this list for these products."""
        return (
            pricelist.id in self.pricelist_ids
            and products._name == self.model
            and self.product_ids.issuperset(products._ids)
        )

    def _get_shared(self, pricelist_id, category_id):
        """Rules of the list that all products of a category share."""
        key = (pricelist_id, category_id)
        if key not in self._shared:
            rules = list(self._rules.get((pricelist_id, "all", 0), ()))
            for step in (self._paths.get(category_id) or "").split("/"):
                if step:
                    rules += self._rules.get((pricelist_id, "category", int(step)), ())
            self._shared[key] = sorted(rules, key=_RANK)
        return self._shared[key]

    def get_candidates(self, pricelist_id, product_id, date):
        """Rules that may match a product on a date, core's first one first.

        :param datetime date: naive, UTC
        :return: list of :class:`Rule`
        """
        template_id, category_id, _uom_id = self.facts[product_id]
        rules = self._get_shared(pricelist_id, category_id)
        kind = "variant_of" if self.model == "product.template" else "variant"
        own = [
            *self._rules.get((pricelist_id, "template", template_id), ()),
            *self._rules.get((pricelist_id, kind, product_id), ()),
        ]
        if own:
            rules = sorted([*own, *rules], key=_RANK)
        return [
            rule
            for rule in rules
            if (not rule.start or rule.start <= date)
            and (not rule.end or rule.end >= date)
        ]


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _b2b_get_price_facts(self):
        """What price rules ask of products (batch): one query.

        :return: dict id -> (template id, category id, unit id)
        """
        self.flush_model(["product_tmpl_id"])
        self.env["product.template"].flush_model(["categ_id", "uom_id"])
        query = SQL(
            "SELECT p.id, t.id, t.categ_id, t.uom_id FROM product_product p "
            "JOIN product_template t ON t.id = p.product_tmpl_id WHERE p.id = ANY(%s)",
            list(self.ids),
        )
        return {row[0]: row[1:] for row in self.env.execute_query(query)}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _b2b_get_price_facts(self):
        """What price rules ask of templates (batch): one query.

        :return: dict id -> (id, category id, unit id)
        """
        self.flush_model(["categ_id", "uom_id"])
        query = SQL(
            "SELECT id, categ_id, uom_id FROM product_template WHERE id = ANY(%s)",
            list(self.ids),
        )
        return {row[0]: row for row in self.env.execute_query(query)}


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _b2b_get_chain(self):
        """The lists of ``self`` and all that their rules are based on."""
        chain, found = self.browse(), self
        while found:
            chain |= found
            items = self.env["product.pricelist.item"].sudo()
            rows = items._read_group(
                [("pricelist_id", "in", found.ids), ("base", "=", "pricelist")],
                ["base_pricelist_id"],
            )
            found = self.browse([base.id for (base,) in rows if base not in chain])
        return chain

    @contextmanager
    def _b2b_rules_loaded(self, products):
        """Serve the price rules of ``products`` from memory inside the block.

        One query per level of the chain, whatever the number of products.

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
        try:
            yield
        finally:
            self._b2b_restore(_RULES_KEY, index)
            self._b2b_restore(_BASES_KEY, bases)

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
        domain = Domain("pricelist_id", "in", chain.ids)
        if len(products) <= _MAX_NAMED:
            if products._name == "product.template":
                templates, variants = products, products.product_variant_ids
            else:
                templates, variants = products.product_tmpl_id, products
            domain &= Domain("product_id", "in", [False, *variants.ids])
            domain &= Domain("product_tmpl_id", "in", [False, *templates.ids])
        items = self.env["product.pricelist.item"].sudo().search(domain)
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
        ids = [rule.id for rule in sorted(found, key=_RANK)]
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
        with self._b2b_rules_loaded(products):
            if not self or len(products) < 2 or kwargs or not all(products._ids):
                return super()._compute_price_rule(products, quantity, **values)
            return self._b2b_compute_set(
                products, quantity, currency, uom, date, compute_price
            )

    def _b2b_compute_set(self, products, quantity, currency, uom, date, with_price):
        """The loop of core over products, with rules and base prices in memory.

        :return: dict product id -> (price, rule id)
        """
        self.ensure_one()
        currency = currency or self.currency_id or self.env.company.currency_id
        date = date or fields.Datetime.now()
        matches = self._b2b_match(products, quantity, uom, date)
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
            own_uom_id = index.facts[product_id][2]
            convert = float
            if uom and uom.id != own_uom_id:
                own = units(own_uom_id)
                convert = partial(own._compute_price, to_unit=uom)
            base = rule.base if rule else _LIST_PRICE
            price = bases.get(base, product_id, currency)
            if rule:
                price = rule.get_price(price, convert)
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


class BasePrices:
    """Base prices of one computation, each in the currency that it is kept in."""

    def __init__(self, env, quantity, uom, date):
        self.env = env
        self.quantity = quantity
        self.uom = uom
        self.date = date
        self.prices = defaultdict(dict)
        self._rates = {}

    def get(self, base, product_id, currency):
        """A base price in ``currency``; None: not computed here."""
        found = self.prices[base].get(product_id)
        if found is None:
            return None
        price, source = found
        if source == currency or not price:
            return price
        key = (source.id, currency.id)
        if key not in self._rates:
            self._rates[key] = source._get_conversion_rate(
                source, currency, self.env.company, self.date
            )
        # as res.currency._convert without rounding
        return price * self._rates[key]

    def answers(self, product, quantity, uom, date):
        """Whether a question is the one that these prices were computed for."""
        return (
            quantity == self.quantity
            and date == self.date
            and uom == (self.uom or product.uom_id)
        )


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _b2b_get_base(self):
        """What the rule (single or empty) starts from: (kind, price list id or 0)."""
        kind = self.base or "list_price"
        if kind == "pricelist" and self.base_pricelist_id:
            return kind, self.base_pricelist_id.id
        return _COST if kind == "standard_price" else _LIST_PRICE

    @api.model
    def _b2b_is_core(self, method):
        """Whether no other addon has a say in this method of core."""
        core = getattr(CoreItem, method)
        return getattr(self.env.registry[self._name], method) is core

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
        self.env.cr.cache.pop(_RULES_KEY, None)
        self.env.cr.cache.pop(_BASES_KEY, None)

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
