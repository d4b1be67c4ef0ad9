# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prices of many products at once, by the rules and formulas of core.

Core searches the rules again for every product of a chained price list, and tries every
rule on every product. Here the rules of the whole chain are read once and found by what
they apply to; the prices that a list is based on are computed for all its products
together. Which rule matches and what it makes of a base price stays core's business
(``_is_applicable_for``, ``_compute_price``), so the figures are core's to the last bit.
"""

from collections import defaultdict
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.fields import Domain

_RULES_KEY = "b2b_portal.price_rules"
_BASES_KEY = "b2b_portal.price_bases"
# Above this many products, reading all rules is cheaper than naming the products.
_MAX_NAMED = 2000


class RuleIndex:
    """Rules of a chain of price lists, by what they apply to, in core's order."""

    def __init__(self, items, pricelists, products):
        self.pricelist_ids = frozenset(pricelists._ids)
        self.model = products._name
        self.product_ids = frozenset(products._ids)
        self._rules = defaultdict(list)
        self._shared = {}
        for rank, item in enumerate(items):
            for key in self._get_keys(item):
                self._rules[key].append((rank, item, item.date_start, item.date_end))

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

    def _get_shared(self, pricelist_id, category):
        """Rules of the list that all products of a category share."""
        key = (pricelist_id, category.id)
        if key not in self._shared:
            rows = list(self._rules.get((pricelist_id, "all", 0), ()))
            for step in (category.parent_path or "").split("/"):
                if step:
                    rows += self._rules.get((pricelist_id, "category", int(step)), ())
            self._shared[key] = sorted(rows, key=lambda row: row[0])
        return self._shared[key]

    def get_candidates(self, pricelist_id, product, date):
        """Rules that may match a product (single) on a date, core's first one first.

        :param datetime date: naive, UTC
        :return: list of (rank, item)
        """
        rows = self._get_shared(pricelist_id, product.categ_id)
        if self.model == "product.template":
            keys = (("template", product.id), ("variant_of", product.id))
        else:
            keys = (("template", product.product_tmpl_id.id), ("variant", product.id))
        own = [
            row
            for kind, record_id in keys
            for row in self._rules.get((pricelist_id, kind, record_id), ())
        ]
        if own:
            rows = sorted([*own, *rows], key=lambda row: row[0])
        return [
            (rank, item)
            for rank, item, start, end in rows
            if (not start or start <= date) and (not end or end >= date)
        ]


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
        if not self or not products or (index and index.covers(self[:1], products)):
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
            row
            for product in products
            for row in index.get_candidates(self.id, product, now)
        }
        ids = [item.id for _rank, item in sorted(found, key=lambda row: row[0])]
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
            if not self or len(products) < 2 or kwargs:
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
            return {product.id: (0.0, item.id) for product, item in matches}
        outer = self.env.cr.cache.get(_BASES_KEY)
        bases = self._b2b_load_bases(matches, quantity, uom, date)
        self.env.cr.cache[_BASES_KEY] = bases
        try:
            return {
                product.id: (
                    item._compute_price(
                        product,
                        quantity,
                        uom or product.uom_id,
                        date=date,
                        currency=currency,
                    ),
                    item.id,
                )
                for product, item in matches
            }
        finally:
            self._b2b_restore(_BASES_KEY, outer)

    def _b2b_match(self, products, quantity, uom, date):
        """The rule of this list (single) for each product.

        :return: list of (product, item or empty item)
        """
        index = self.env.cr.cache[_RULES_KEY]
        now = fields.Datetime.to_datetime(date)
        nothing = self.env["product.pricelist.item"]
        # The rules of the index are in sudo; the price is the user's own question.
        own = {}
        matches = []
        for product in products:
            own_uom = product.uom_id
            in_own_uom = quantity
            if uom and uom != own_uom:
                in_own_uom = uom._compute_quantity(
                    quantity, own_uom, raise_if_failure=False
                )
            found = nothing
            for _rank, item in index.get_candidates(self.id, product, now):
                if item._is_applicable_for(product, in_own_uom):
                    found = own.setdefault(item.id, item.with_env(self.env))
                    break
            matches.append((product, found))
        return matches

    def _b2b_load_bases(self, matches, quantity, uom, date):
        """Base prices of all matches, one computation for each kind of base.

        :return: :class:`BasePrices`
        """
        groups = defaultdict(list)
        for product, item in matches:
            if item.compute_price != "fixed":
                groups[item._b2b_get_base()].append(product.id)
        bases = BasePrices(quantity, uom, date)
        products = matches[0][0].browse([product.id for product, _item in matches])
        for base, ids in groups.items():
            subset = products.browse(ids).with_prefetch(products._prefetch_ids)
            kind, record_id = base
            if kind == "pricelist":
                pricelist = self.browse(record_id)
                found = pricelist._compute_price_rule(
                    subset, quantity, currency=pricelist.currency_id, uom=uom, date=date
                )
                for product_id, (price, _rule) in found.items():
                    bases.prices[base, product_id] = price, pricelist.currency_id
            else:
                name = "cost_currency_id" if kind == "standard_price" else "currency_id"
                prices = subset._price_compute(kind, uom=uom, date=date)
                for product in subset:
                    bases.prices[base, product.id] = prices[product.id], product[name]
        return bases


class BasePrices:
    """Base prices of one computation, each in the currency that it is kept in."""

    def __init__(self, quantity, uom, date):
        self.quantity = quantity
        self.uom = uom
        self.date = date
        self.prices = {}
        self._rates = {}

    def get(self, base, product, quantity, uom, date, currency):
        """A base price in ``currency``; None: not computed here."""
        if quantity != self.quantity or date != self.date:
            return None
        if uom != (self.uom or product.uom_id):
            return None
        found = self.prices.get((base, product.id))
        if found is None:
            return None
        price, source = found
        if source == currency or not price:
            return price
        key = (source.id, currency.id)
        if key not in self._rates:
            env = product.env
            self._rates[key] = source._get_conversion_rate(
                source, currency, env.company, date
            )
        # as res.currency._convert without rounding
        return price * self._rates[key]


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _b2b_get_base(self):
        """What the rule (single or empty) starts from: (kind, price list id or 0)."""
        kind = self.base or "list_price"
        if kind == "pricelist" and self.base_pricelist_id:
            return kind, self.base_pricelist_id.id
        return ("standard_price" if kind == "standard_price" else "list_price"), 0

    def _compute_base_price(self, product, quantity, uom, date, currency, **kwargs):
        """Take the price from memory inside a computation in sets."""
        bases = self.env.cr.cache.get(_BASES_KEY)
        if bases and not kwargs:
            base = self._b2b_get_base()
            price = bases.get(base, product, quantity, uom, date, currency)
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
