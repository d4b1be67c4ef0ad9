# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Filters of the catalogue in words, and without what no longer exists."""

from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain

from .ir_rule_assortment import GROUPS

_MODELS = {
    "section": "product.public.category",
    "categories": "product.public.category",
    "brands": "b2b.brand",
    "tags": "product.tag",
}


@dataclass
class Wording:
    """One filter in words."""

    label: str
    # names of its values; a filter that is set or not has none
    values: list
    # how many of its values no longer exist
    gone: int = 0


class B2bCatalogue(models.AbstractModel):
    _inherit = "b2b.catalogue"

    # === NAMES === #

    @api.model
    def _get_names(self, queries):
        """Names of everything that queries filter by, in one query for each model.

        In sudo: names of properties are on public pages, as those of tags that
        customers may see, and of sections and brands that no assortment closes.

        :param queries: iterable of ``CatalogueQuery``
        :return: dict model -> dict id -> name; of 'product.attribute.value' a pair
            (property id, 'property: value')
        """
        ids = {model: set() for model in _MODELS.values()}
        values = set()
        for query in queries:
            for name, model in _MODELS.items():
                found = getattr(query, name)
                ids[model].update(found if name != "section" else {found} - {0})
            values.update(id_ for _attribute, some in query.attributes for id_ in some)
        names = {model: self._read_names(model, some) for model, some in ids.items()}
        names["product.attribute.value"] = self._read_value_names(values)
        return names

    @api.model
    def _read_names(self, model, ids):
        if not ids:
            return {}
        domain = Domain("id", "in", list(ids))
        if model == "product.tag" and not self.env.user._is_internal():
            domain &= Domain("visible_to_customers", "=", True)
        elif model in GROUPS:
            domain &= self.env["ir.rule"]._b2b_get_group_domain(GROUPS[model])
        records = self.env[model].sudo().with_context(active_test=False)
        return {
            record.id: record.name for record in records.search_fetch(domain, ["name"])
        }

    @api.model
    def _read_value_names(self, ids):
        if not ids:
            return {}
        values = self.env["product.attribute.value"].sudo().browse(ids).exists()
        return {
            value.id: (
                value.attribute_id.id,
                f"{value.attribute_id.name}: {value.name}",
            )
            for value in values
        }

    # === WORDS === #

    @api.model
    def _describe(self, query, names=None):
        """The filters of a query in words.

        :param dict names: of :meth:`_get_names`, where many queries are described
        :return: list of :class:`Wording`
        """
        names = self._get_names([query]) if names is None else names
        env = self.env
        labels = {
            "section": env._("Section"),
            "categories": env._("Sections"),
            "brands": env._("Brand"),
            "tags": env._("Tag"),
        }
        words = []
        for name, model in _MODELS.items():
            ids = getattr(query, name)
            ids = ids if name != "section" else (ids,) * bool(ids)
            if ids:
                found = [names[model][id_] for id_ in ids if id_ in names[model]]
                words.append(Wording(labels[name], found, len(ids) - len(found)))
        return words + self._describe_values(query, names) + self._describe_plain(query)

    @api.model
    def _describe_values(self, query, names):
        known = names["product.attribute.value"]
        words = []
        for attribute, values in query.attributes:
            found = [
                known[id_][1]
                for id_ in values
                if id_ in known and known[id_][0] == attribute
            ]
            label = found[0].partition(": ")[0] if found else self.env._("Property")
            texts = [text.partition(": ")[2] for text in found]
            words.append(Wording(label, texts, len(values) - len(found)))
        return words

    @api.model
    def _describe_plain(self, query):
        """Filters that stand for themselves."""
        env, words = self.env, []
        if query.search:
            words.append(Wording(env._("Search"), [f"«{query.search}»"]))
        if query.within:
            words.append(Wording(env._("In the list"), [f"«{query.within}»"]))
        if query.letter:
            words.append(Wording(env._("First letter"), [query.letter]))
        if query.in_stock:
            words.append(Wording(env._("Only in stock"), []))
        if query.warehouses:
            words.append(Wording(env._("Warehouses"), [str(len(query.warehouses))]))
        if query.slices:
            words.append(Wording(env._("Kind"), list(query.slices)))
        if query.min_price is not None or query.max_price is not None:
            words.append(Wording(env._("Price"), [self._describe_price(query)]))
        if query.order:
            order = self._get_orders(None).get(query.order, query.order)
            words.append(Wording(env._("Sorted"), [str(order)]))
        return words

    @api.model
    def _describe_price(self, query):
        """The range of prices; the currency is that of whoever opens the filter."""
        least, most = (
            "" if amount is None else f"{amount:.12g}"
            for amount in (query.min_price, query.max_price)
        )
        return (
            f"{least}–{most}"
            if least and most
            else (least and f"≥ {least}") or (f"≤ {most}")
        )

    # === WHAT IS LEFT === #

    @api.model
    def _leave_gone(self, query, names=None):
        """The query without what no longer exists.

        :return: (:class:`CatalogueQuery`, labels of the filters that lost values)
        """
        names = self._get_names([query]) if names is None else names
        lost = [word.label for word in self._describe(query, names) if word.gone]
        if not lost:
            return query, lost
        changes = {}
        for name, model in _MODELS.items():
            ids = getattr(query, name)
            if name == "section":
                changes[name] = ids if ids in names[model] else 0
            else:
                changes[name] = tuple(id_ for id_ in ids if id_ in names[model])
        known = names["product.attribute.value"]
        kept = [
            (key, tuple(v for v in values if v in known and known[v][0] == key))
            for key, values in query.attributes
        ]
        changes["attributes"] = tuple(pair for pair in kept if pair[1])
        return query.change(**changes), lost
