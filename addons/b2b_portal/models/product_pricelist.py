# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.fields import Domain

_CACHE_KEY = "b2b_portal.price_rules"


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    b2b_kind = fields.Selection(
        [
            ("retail", "Retail"),
            ("wholesale", "Wholesale"),
            ("special", "Special offer"),
        ],
        "Price type",
        help="Set: agreements may be based on this price list.",
    )
    b2b_agreement_id = fields.Many2one(
        "b2b.agreement",
        "Agreement",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
        help="Set: the secret price list of this agreement.",
    )

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        """Never fall back on the secret list of somebody's agreement."""
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        return [*domain, ("b2b_agreement_id", "=", False)]

    # === RULES IN SETS === #

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

        Core searches the rules again for every product of a chained price list
        and for every order line. Inside this block, the rules of the whole chain
        are read once: one query per level of the chain, whatever the number of
        products.

        :param products: product.product or product.template records
        """
        cache = self.env.cr.cache
        if not self or not products or _CACHE_KEY in cache:
            yield
            return
        cache[_CACHE_KEY] = self._b2b_index_rules(products)
        try:
            yield
        finally:
            cache.pop(_CACHE_KEY, None)

    def _b2b_index_rules(self, products):
        """Rules of the chain that can match ``products``, by what they apply to.

        :return: dict (pricelist id, field name, id) -> list of item ids; the
            field name is 'product_id', 'product_tmpl_id', 'categ_id' or ''
        """
        chain = self._b2b_get_chain()
        if products._name == "product.template":
            templates, variants = products, products.product_variant_ids
        else:
            templates, variants = products.product_tmpl_id, products
        items = (
            self.env["product.pricelist.item"]
            .sudo()
            .search(
                Domain("pricelist_id", "in", chain.ids)
                & Domain("product_id", "in", [False, *variants.ids])
                & Domain("product_tmpl_id", "in", [False, *templates.ids])
            )
        )
        index = defaultdict(list)
        for item in items:
            name = next(
                (f for f in ("product_id", "product_tmpl_id", "categ_id") if item[f]),
                "",
            )
            index[item.pricelist_id.id, name, item[name].id if name else 0].append(item)
        index["order"] = {item.id: rank for rank, item in enumerate(items)}
        index["known"] = (chain._ids, products._name, frozenset(products._ids))
        return index

    def _get_applicable_rules(self, products, date, **kwargs):
        """Take the rules from memory inside :meth:`_b2b_rules_loaded`."""
        index = self.env.cr.cache.get(_CACHE_KEY)
        if not index or not self._b2b_index_covers(index, products):
            return super()._get_applicable_rules(products, date, **kwargs)
        now = fields.Datetime.to_datetime(date)
        keys = {(self.id, "", 0)}
        for product in products:
            is_template = product._name == "product.template"
            template = product if is_template else product.product_tmpl_id
            variants = product.product_variant_ids if is_template else product
            keys.add((self.id, "product_tmpl_id", template.id))
            keys.update((self.id, "product_id", variant.id) for variant in variants)
            path = (product.categ_id.parent_path or "").split("/")
            keys.update((self.id, "categ_id", int(step)) for step in path if step)
        items = [
            item
            for key in keys
            for item in index.get(key, ())
            if (not item.date_start or item.date_start <= now)
            and (not item.date_end or item.date_end >= now)
        ]
        items.sort(key=lambda item: index["order"][item.id])
        return self.env["product.pricelist.item"].browse([item.id for item in items])

    def _b2b_index_covers(self, index, products):
        """Whether the index in memory knows the rules of this list and products."""
        chain_ids, model, product_ids = index["known"]
        return (
            self.id in chain_ids
            and products._name == model
            and product_ids.issuperset(products._ids)
        )

    def _compute_price_rule(self, products, quantity, **kwargs):
        with self._b2b_rules_loaded(products):
            return super()._compute_price_rule(products, quantity, **kwargs)


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _b2b_forget_rules(self):
        """Drop the rules in memory: they change in the middle of a batch."""
        self.env.cr.cache.pop(_CACHE_KEY, None)

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
