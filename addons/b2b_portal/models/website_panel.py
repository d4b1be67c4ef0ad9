# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The panel beside the catalogue: sections, filters, what of them is set."""

import math
from urllib.parse import urlencode

from odoo import models
from odoo.http import request
from odoo.tools.misc import babel_locale_parse, format_amount, formatLang

# More unfolded groups than a panel has are a forged address.
MAX_UNFOLD = 60
# Parameters of an address that are comma lists of values, each with a box.
_LISTS = ("categories", "brands", "warehouses", "slices")


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_catalogue(self, query, section):
        """Add: trees, facets, unfold (slugs of what is unfolded), kept (pairs of the
        address that no box of the panel stands for)."""
        values = super()._b2b_get_catalogue(query, section)
        unfold = self._b2b_get_unfold()
        facets = self._b2b_get_facets(query, section, values["found"], unfold)
        trees = self._b2b_get_trees(query, section, unfold)
        kept = self._b2b_get_kept_params(query, facets, trees)
        return values | {
            "facets": facets,
            "trees": trees,
            "unfold": unfold,
            "kept": kept,
        }

    def _b2b_get_unfold(self):
        """Slugs of facets and sections that the address asks to see in full."""
        text = request.httprequest.args.get("unfold") or ""
        return tuple(text[:2000].split(",", MAX_UNFOLD)[:MAX_UNFOLD])

    def _b2b_get_kept_params(self, query, facets, trees):
        """Filters that the panel's form must send without a box of theirs."""
        boxes = self._b2b_get_ticked_boxes(facets, trees)
        ranged = any(facet.kind == "range" for facet in facets)
        kept = []
        for name, text in query.get_params():
            if ranged and name in ("min_price", "max_price"):
                continue
            head, dash, values = text.rpartition("-")
            if name != "attribute_values":
                head, dash, values = "", "", text
            texts = values.split(",") if name in _LISTS or dash else [values]
            left = [t for t in texts if (name, f"{head}{dash}{t}") not in boxes]
            if left:
                kept.append((name, f"{head}{dash}{','.join(left)}"))
        return kept

    def _b2b_get_ticked_boxes(self, facets, trees):
        """Pairs (name, value) of the boxes of the panel that are ticked."""
        boxes = {
            (value.name, value.text)
            for facet in facets
            for value in facet.values
            if value.chosen and value.name
        }
        nodes = [node for tree in trees for node in tree.nodes]
        while nodes:
            node = nodes.pop()
            nodes += node.children
            if node.chosen and node.box:
                boxes.add(("categories", str(node.id)))
        return boxes

    # === FILTERS THAT ARE SET === #

    def _b2b_get_chips(self, query):
        """Add selections, prices and warehouses, of those that the visitor may use."""
        query = self._b2b_drop_unseen(query)
        chips = super()._b2b_get_chips(query)
        unknown = self.env._("unknown")
        slices = query.slices and self.env["b2b.catalogue"]._get_slices(request.b2b)
        for code in query.slices:
            chips.append((slices.get(code, unknown), query.toggle("slices", code)))
        if query.warehouses:
            # of the agreement only: others have no name for a customer
            warehouses = request.b2b.agreement._b2b_get_warehouses()
            names = {warehouse.id: warehouse.name for warehouse in warehouses}
            for id_ in query.warehouses:
                chip = names.get(id_, unknown), query.toggle("warehouses", id_)
                chips.append(chip)
        if query.min_price is not None or query.max_price is not None:
            without = query.change(min_price=None, max_price=None)
            chips.append((self._b2b_get_range_text(query), without))
        return chips

    def _b2b_get_range_text(self, query):
        """The range of prices in words."""
        currency = request.b2b.agreement.sudo().currency_id
        least, greatest = (
            "" if amount is None else format_amount(self.env, amount, currency)
            for amount in (query.min_price, query.max_price)
        )
        if not greatest:
            return self.env._("My price from %(least)s", least=least)
        if not least:
            return self.env._("My price to %(greatest)s", greatest=greatest)
        return self.env._(
            "My price from %(least)s to %(greatest)s", least=least, greatest=greatest
        )

    def _b2b_drop_unseen(self, query):
        """The query without filters by what the visitor may not see."""
        changes = {}
        if not self._b2b_may_see("stock"):
            changes = {"in_stock": False, "warehouses": ()}
        if not self._b2b_may_filter_prices():
            changes |= {"min_price": None, "max_price": None}
        return query.change(page=query.page, **changes) if changes else query

    # === WORDS === #

    def _b2b_count_goods(self, count):
        """Such as '12 products', the noun in the number that the language wants."""
        rule = babel_locale_parse(self.env.lang).plural_form
        forms = {
            "one": self.env._("%(count)s product"),
            # of languages that count 2, 3 and 4 in another way, such as Russian
            "few": self.env._("%(count)s products (few)"),
        }
        text = forms.get(rule(count)) or self.env._("%(count)s products")
        return text % {"count": formatLang(self.env, count, digits=0)}

    def _b2b_spell_bound(self, amount, down=False):
        """A bound of the range of prices without cents, away from its middle."""
        if amount is None:
            return ""
        rounded = math.floor(amount) if down else math.ceil(amount)
        return formatLang(self.env, rounded, digits=0)

    def _b2b_get_short_url(self, query, path, slugs=()):
        """The address of a list that the panel links to, from the list itself.

        Names of sections make addresses long, and a panel has many.

        :param slugs: of groups of the panel that it unfolds
        """
        # page 3 of the list is another path
        url = query.get_url(path if "/page/" in request.httprequest.path else "")
        if slugs := ",".join(filter(None, slugs)):
            mark = "&" if "?" in url else "?"
            url = f"{url}{mark}{urlencode({'unfold': slugs})}"
        return url or "?"
