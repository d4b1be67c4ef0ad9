# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Price rules and base prices in memory, for computations in sets.

Plain objects without a model: :mod:`..models.product_pricelist_batch` fills and asks
them.
"""

from collections import defaultdict
from operator import attrgetter

from .fast_round import get_rounder

RANK = attrgetter("rank")


def iter_formula(rule, base_price, convert, weight):
    """The way from a base price to the price of a rule of kind 'formula'.

    Core's operations in core's order, and the regional ones before the rounding: a
    rule without them yields core's float to the last bit.

    :param rule: :class:`Rule`
    :param convert: turns an amount per product unit into one per asked unit
    :param float weight: of one product unit, in the unit of weight of the database
    :return: generator of (code of the operation, price after it)
    """
    price = base_price - (base_price * (rule.discount / 100))
    yield "discount", price
    if rule.factor:
        price += price * (rule.factor / 100)
        yield "factor", price
    if rule.weight_surcharge:
        price += convert(rule.weight_surcharge * weight)
        yield "weight", price
    if rule.rounding:
        price = get_rounder(rule.rounding)(price)
        yield "rounding", price
    if rule.surcharge:
        price += convert(rule.surcharge)
        yield "surcharge", price
    if rule.min_margin:
        price = max(price, base_price + convert(rule.min_margin))
        yield "min_margin", price
    if rule.max_margin:
        price = min(price, base_price + convert(rule.max_margin))
        yield "max_margin", price


def apply_formula(rule, base_price, convert, weight):
    """The price at the end of :func:`iter_formula`, see there."""
    price = base_price
    for _code, price in iter_formula(rule, base_price, convert, weight):  # noqa: B007
        pass
    return price


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
        "factor",
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
        "weight_surcharge",
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
        self.factor = item.b2b_factor
        self.weight_surcharge = item.b2b_weight_surcharge
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

    def get_price(self, base_price, convert, weight=0.0):
        """The price that ``_compute_price`` of the rule makes of a base price.

        :param convert: turns an amount per product unit into one per asked unit
        :param float weight: of one product unit
        """
        if self.compute_price == "fixed":
            return convert(self.fixed_price)
        if self.compute_price == "percentage":
            return (base_price - (base_price * (self.percent / 100))) or 0.0
        if self.compute_price != "formula":
            return base_price
        return apply_formula(self, base_price, convert, weight)


class RuleIndex:
    """Rules of a chain of price lists, by what they apply to, in core's order."""

    def __init__(self, items, pricelists, products):
        self.pricelist_ids = frozenset(pricelists._ids)
        self.model = products._name
        self.product_ids = frozenset(products._ids)
        self.facts = products._b2b_get_price_facts()
        category_ids = {fact[1] for fact in self.facts.values()}
        categories = products.env["product.category"].sudo()
        categories = categories.browse(category_ids - {None})
        self._paths = {category.id: category.parent_path for category in categories}
        self._rules = defaultdict(list)
        self._shared = {}
        # of ``product.product._b2b_get_list_prices``, for all products once it asks
        self.list_prices = None
        self._shared_on = {}
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
        return pricelist.id in self.pricelist_ids and self.knows(products)

    def knows(self, products):
        """Whether the index was made for these products, among others."""
        return products._name == self.model and self.product_ids.issuperset(
            products._ids
        )

    def _get_shared(self, pricelist_id, category_id):
        """Rules of the list that all products of a category share."""
        key = (pricelist_id, category_id)
        if key not in self._shared:
            rules = list(self._rules.get((pricelist_id, "all", 0), ()))
            for step in (self._paths.get(category_id) or "").split("/"):
                if step:
                    rules += self._rules.get((pricelist_id, "category", int(step)), ())
            self._shared[key] = sorted(rules, key=RANK)
        return self._shared[key]

    def get_rules(self, pricelist_id, product_id):
        """Rules that may match a product on some date, core's first one first.

        :return: list of :class:`Rule`
        """
        template_id, category_id = self.facts[product_id][:2]
        rules = self._get_shared(pricelist_id, category_id)
        kind = "variant_of" if self.model == "product.template" else "variant"
        own = [
            *self._rules.get((pricelist_id, "template", template_id), ()),
            *self._rules.get((pricelist_id, kind, product_id), ()),
        ]
        return sorted([*own, *rules], key=RANK) if own else rules

    def get_candidates(self, pricelist_id, product_id, date):
        """Rules that may match a product on a date, core's first one first.

        :param datetime date: naive, UTC
        :return: list of :class:`Rule`
        """
        template_id, category_id = self.facts[product_id][:2]
        rules = self._rules
        kind = "variant_of" if self.model == "product.template" else "variant"
        if (pricelist_id, "template", template_id) in rules or (
            pricelist_id,
            kind,
            product_id,
        ) in rules:
            return self._get_valid(self.get_rules(pricelist_id, product_id), date)
        key = (pricelist_id, category_id, date)
        if key not in self._shared_on:
            shared = self._get_shared(pricelist_id, category_id)
            self._shared_on[key] = self._get_valid(shared, date)
        return self._shared_on[key]

    def _get_valid(self, rules, date):
        """Those of the rules that hold on a date."""
        return [
            rule
            for rule in rules
            if (not rule.start or rule.start <= date)
            and (not rule.end or rule.end >= date)
        ]


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
