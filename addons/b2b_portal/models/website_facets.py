# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The filters that the panel of the catalogue offers, with counts."""

from odoo import models
from odoo.http import request
from odoo.tools import SQL

from ..tools.catalogue_query import MAX_ATTRIBUTES
from ..tools.facet import Facet, FacetValue
from ..tools.natural_key import natural_key

# Properties above the fold 'More filters', and unfolded from the start.
MAX_SHOWN = 12
MAX_UNFOLDED = 5
# Properties offered where staff have chosen none, and goods that tell which.
MAX_SAMPLED = 20
SAMPLE = 500
# A filter of more values shows the most frequent ones.
FEW_VALUES = 10
FREQUENT = 8
# Even when all are asked for: nobody ticks the thousandth one.
MAX_VALUES = 1000
ALPHABETS = {"ru": "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯ"}
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_facets(self, query, section, found, unfold=()):
        """The filters of the panel, those that leave goods; a hook.

        :param query: :class:`~..tools.catalogue_query.CatalogueQuery`
        :param section: ``product.public.category`` in sudo, of the page; may be empty
        :param found: ``b2b_catalogue.Found`` of the query; None: filters that narrow
            nothing are shown, too
        :param unfold: slugs of the facets that show all their values
        :return: list of :class:`~..tools.facet.Facet`, in order
        """
        facets = self._b2b_begin_facets(query, section)
        self._b2b_count_facets(facets, query, unfold)
        return [facet for facet in facets if self._b2b_is_facet_shown(facet, found)]

    def _b2b_get_facet(self, query, section, slug):
        """One facet with all its values, or None where the panel has no such one."""
        facets = self._b2b_begin_facets(query, section)
        facets = [facet for facet in facets if facet.slug == slug]
        self._b2b_count_facets(facets, query, (slug,))
        for facet in facets:
            facet.folded = False
            if self._b2b_is_facet_shown(facet, None):
                return facet
        return None

    def _b2b_count_facets(self, facets, query, unfold):
        """Give facets their values and counts, but for those that are fetched later."""
        for facet in facets:
            facet.unfolded = facet.slug in unfold
            later = facet.extra or (facet.folded and facet.name == "attribute_values")
            facet.lazy = later and not facet.unfolded
        facets = [facet for facet in facets if not facet.lazy]
        keys = [facet.key for facet in facets]
        counts = self.env["b2b.catalogue"]._count(query, request.b2b, keys)
        self._b2b_fill_facets(facets, counts, query)

    def _b2b_begin_facets(self, query, section):
        """The filters that the visitor may use here, still without values; a hook."""
        facets = []
        if self._b2b_may_see("stock"):
            facets.append(Facet("stock", self.env._("Availability")))
        if self.env["b2b.catalogue"]._get_slices(request.b2b):
            label = self.env._("Selections")
            facets.append(Facet("slices", label, name="slices"))
        if self._b2b_may_filter_prices():
            currency = request.b2b.agreement.sudo().currency_id
            label = self.env._("My price, %(currency)s", currency=currency.symbol)
            facets.append(Facet("price", label, kind="range"))
        facets.append(Facet("brands", self.env._("Brand"), name="brands"))
        facets += self._b2b_begin_attribute_facets(query, section)
        label = self.env._("First letter")
        facets.append(Facet("letter", label, kind="letters", name="letter"))
        return facets

    def _b2b_may_filter_prices(self):
        """Whether the visitor sees the prices that the range is about."""
        return self._b2b_may_see("prices") and not self._b2b_in_client_mode()

    # === PROPERTIES === #

    def _b2b_begin_attribute_facets(self, query, section):
        """Facets of properties: those that are ticked, then the section's."""
        attributes = self.env["product.attribute"].sudo()
        ticked = attributes.browse(key for key, _values in query.attributes).exists()
        offered = self._b2b_get_facet_attributes(query, section)[:MAX_ATTRIBUTES]
        facets = []
        for attribute in offered | ticked:
            if attribute.visibility == "hidden":
                continue
            facet = Facet(
                ("attribute", attribute.id), attribute.name, name="attribute_values"
            )
            place = len(facets)
            facet.extra = place >= MAX_SHOWN and attribute not in ticked
            facet.folded = place >= MAX_UNFOLDED and attribute not in ticked
            facets.append(facet)
        return facets

    def _b2b_get_facet_attributes(self, query, section):
        """Properties that goods of a section are filtered by.

        :return: ``product.attribute`` in sudo: those that staff have chosen, else the
            most frequent ones; none for the whole catalogue
        """
        if not section and len(query.categories) == 1:
            section = section.browse(query.categories).exists()
        if not section:
            return self.env["product.attribute"].sudo()
        return section._b2b_get_configured(
            "b2b_facet_ids"
        ) or self._b2b_get_frequent_attributes(section)

    def _b2b_get_frequent_attributes(self, section):
        """The most frequent properties of some of a section's goods: one query."""
        provider = self.env["b2b.catalogue"]
        conditions = {"section": provider._get_section_domain(section.ids)}
        goods = provider._search_templates(conditions)
        goods.limit, goods.order = SAMPLE, SQL.identifier(goods.table, "id")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.attribute_id
                  FROM product_template_attribute_line line
                  JOIN product_attribute attribute ON attribute.id = line.attribute_id
                   AND attribute.visibility IS DISTINCT FROM 'hidden'
                 WHERE line.active AND line.product_tmpl_id IN (%s)
              GROUP BY line.attribute_id
              ORDER BY COUNT(*) DESC, line.attribute_id
                 LIMIT %s
                """,
                goods.select(),
                MAX_SAMPLED,
            )
        )
        return self.env["product.attribute"].sudo().browse(row[0] for row in rows)

    # === VALUES === #

    def _b2b_fill_facets(self, facets, counts, query):
        """Give facets their values: a query for brands and one for properties."""
        wanted = {}
        for facet in facets:
            found = counts.get(facet.key) or {}
            if facet.key == "brands" or isinstance(facet.key, tuple):
                wanted[facet.key] = self._b2b_choose_values(facet, found, query)
        names = self._b2b_get_value_names(wanted)
        for facet in facets:
            found = counts.get(facet.key) or {}
            if facet.key in wanted:
                values = self._b2b_build_values(facet, found, names, query)
                facet.values = sorted(values, key=lambda v: natural_key(v.label))
            elif facet.kind == "range":
                facet.least, facet.greatest = found or (None, None)
                if query.min_price is not None or query.max_price is not None:
                    without = query.change(min_price=None, max_price=None)
                    value = FacetValue("set", facet.label, chosen=True, query=without)
                    facet.values = [value]
            else:
                fill = getattr(self, f"_b2b_fill_{facet.key}", None)
                if fill:
                    fill(facet, found, query)

    def _b2b_get_ticked(self, key, query):
        """Ids that are ticked of a filter by ids."""
        if isinstance(key, tuple):
            return dict(query.attributes).get(key[1], ())
        return getattr(query, key)

    def _b2b_choose_values(self, facet, found, query):
        """Ids of the values that a facet shows: frequent ones, and all ticked ones."""
        left = {key for key, count in found.items() if count}
        ticked = set(self._b2b_get_ticked(facet.key, query))
        limit = MAX_VALUES
        if not facet.unfolded and len(left | ticked) > FEW_VALUES:
            limit = FREQUENT
        frequent = sorted(left, key=lambda key: (-found[key], key))[:limit]
        facet.more = len(left - set(frequent) - ticked)
        return ticked | set(frequent)

    def _b2b_get_value_names(self, wanted):
        """Labels of values, as far as the visitor may know them.

        :param dict wanted: facet key -> ids
        :return: dict (facet key, id) -> (label, colour)
        """
        names = {}
        if wanted.get("brands"):
            domain = [("id", "in", list(wanted["brands"]))]
            # as the visitor: brands that the assortment closes have no name here
            brands = self.env["b2b.brand"].search_fetch(domain, ["name"])
            names = {("brands", brand.id): (brand.name, "") for brand in brands}
        ids = [id_ for key, ids in wanted.items() if key != "brands" for id_ in ids]
        if not ids:
            return names
        values = self.env["product.attribute.value"].sudo()
        fields = ["name", "attribute_id", "html_color"]
        for value in values.search_fetch([("id", "in", ids)], fields):
            attribute = value.attribute_id
            shown = attribute.display_type == "color" and value.html_color or ""
            names[("attribute", attribute.id), value.id] = value.name, shown
        return names

    def _b2b_build_values(self, facet, found, names, query):
        """The values of a facet by ids; those without a name are left out."""
        ticked = self._b2b_get_ticked(facet.key, query)
        values = []
        for (key, id_), (label, color) in names.items():
            if key != facet.key:
                continue
            value = FacetValue(id_, label, found.get(id_, 0), id_ in ticked)
            value.name, value.color = facet.name, color
            if isinstance(key, tuple):
                value.text = f"{key[1]}-{id_}"
                value.query = query.toggle_value(key[1], id_)
            else:
                value.text, value.query = str(id_), query.toggle(key, id_)
            values.append(value)
        return values

    def _b2b_fill_stock(self, facet, found, query):
        """In stock at all, and in each warehouse if there are several."""
        value = FacetValue(
            "in_stock", self.env._("Available now"), found.get("in_stock")
        )
        value.chosen, value.name, value.text = query.in_stock, "in_stock", "1"
        value.query = query.change(in_stock=not query.in_stock)
        facet.values = [value]
        warehouses = request.b2b.agreement._b2b_get_warehouses()
        for warehouse in warehouses if len(warehouses) > 1 else ():
            value = FacetValue(warehouse.id, warehouse.name, found.get(warehouse.id))
            value.chosen = warehouse.id in query.warehouses
            value.name, value.text = "warehouses", str(warehouse.id)
            value.query = query.toggle("warehouses", warehouse.id)
            facet.values.append(value)

    def _b2b_fill_slices(self, facet, found, query):
        slices = self.env["b2b.catalogue"]._get_slices(request.b2b)
        for code, label in slices.items():
            value = FacetValue(code, label, found.get(code), code in query.slices)
            value.name, value.text = facet.name, code
            value.query = query.toggle("slices", code)
            facet.values.append(value)

    def _b2b_fill_letter(self, facet, found, query):
        """The alphabet of the page's language, and what else names begin with."""
        alphabet = ALPHABETS.get((self.env.lang or "").split("_")[0], LATIN)
        others = {letter for letter, count in found.items() if letter and count}
        if query.letter:
            others.add(query.letter)
        for letter in [*alphabet, *sorted(others - set(alphabet))]:
            value = FacetValue(letter, letter, found.get(letter, 0))
            value.chosen = letter == query.letter
            value.query = query.change(letter="" if value.chosen else letter)
            facet.values.append(value)
        facet.folded = not query.letter

    # === WHAT IS SHOWN === #

    def _b2b_is_facet_shown(self, facet, found):
        """Whether a facet leaves a choice; drops its values without goods."""
        if facet.lazy:
            return True
        if facet.kind == "range":
            bounds = facet.least is not None and facet.least < facet.greatest
            return facet.chosen or bounds
        if facet.kind == "letters":
            return any(value.count or value.chosen for value in facet.values)
        facet.values = [
            v for v in facet.values if v.chosen or v.count or v.count is None
        ]
        if not facet.values:
            return False
        if facet.key in ("stock", "slices") or len(facet.values) > 1:
            return True
        # what all goods of the list have in common narrows nothing
        (value,) = facet.values
        return value.chosen or not found or value.count != found.total
