# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How many goods each value of a filter would leave: all filters in one query.

The goods under the conditions that no counted filter sets are read once, each with a
flag for every other condition. A filter is counted among goods whose flags are true but
for its own.
"""

import hashlib
import time
from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL, ormcache

# Counts of all goods of a catalogue of more goods are kept for a minute.
LARGE = 5000


@dataclass
class Tally:
    """One part of the query: counts of the values of a filter."""

    # of the answer; None: ('attribute', id), the id is the first part of each value
    key: object
    # of the flags that this filter sets itself
    own: frozenset
    # SELECT of value (text) and figure (float) from goods, ``SQL`` with one blank
    select: object


class B2bCatalogue(models.AbstractModel):
    _inherit = "b2b.catalogue"

    @api.model
    def _count(self, query, acting, keys):
        super()._count(query, acting, keys)
        keys = self._get_countable(acting, keys)
        conditions = self._get_conditions(query, acting)
        flags = self._get_flags(query, acting, keys, conditions)
        tallies = [
            tally for key in keys for tally in self._get_tallies(key, query, acting)
        ]
        tallies += self._get_attribute_tallies(keys, flags)
        result = {key: None if key == "price" else {} for key in keys}
        if not tallies:
            return result
        # no figure is of goods that fail more filters than its own
        needed = min(len(flags.keys() - tally.own) for tally in tallies)
        goods = self._get_goods_sql(keys, conditions, flags, needed)
        parts = [
            self._get_tally_sql(number, tally, flags)
            for number, tally in enumerate(tallies)
        ]
        sql = SQL(
            "WITH goods AS MATERIALIZED (%s) %s",
            goods,
            SQL(" UNION ALL ").join(parts),
        )
        whole = not (query.section or query.search or query.is_filtered)
        if whole and self._is_catalogue_large():
            text = self.env.cr.mogrify(sql.code, sql.params)
            key, minute = hashlib.sha256(text).hexdigest(), time.time() // 60
            rows = self._read_kept_counts(key, minute, sql)
        else:
            rows = self._read_counts(sql)
        for number, value, figure in rows:
            self._read_figure(result, tallies[number].key, value, figure)
        return result

    @api.model
    def _is_catalogue_large(self):
        """Whether counts of all goods are worth being kept, by PostgreSQL's guess."""
        rows = self.env.execute_query(
            SQL(
                "SELECT reltuples FROM pg_class"
                " WHERE oid = 'product_template'::regclass"
            )
        )
        return rows[0][0] > LARGE

    @api.model
    @ormcache("key", "minute")
    def _read_kept_counts(self, key, minute, sql):
        """:meth:`_read_counts` of the whole catalogue, the same for a minute.

        :param str key: of the query, with the rights of its reader in it
        """
        return self._read_counts(sql)

    @api.model
    def _read_counts(self, sql):
        # sums of a large catalogue fit into memory, and need no compiler
        self.env.cr.execute("SET LOCAL work_mem = '32MB'; SET LOCAL jit = off")
        return self.env.execute_query(sql)

    @api.model
    def _read_figure(self, result, key, value, figure):
        """Put a row of the query into the answer."""
        if key is None:
            attribute, _dash, value = value.partition("-")
            key = ("attribute", int(attribute))
        if key == "price":
            # no goods have no bounds; the least one comes first
            if figure is not None:
                result[key] = (*(result[key] or ()), figure)
            return
        # codes of slices and letters are no ids, whatever they look like
        if key not in ("letter", "slices") and value.isdigit():
            value = int(value)
        result[key][value] = int(figure)

    @api.model
    def _get_countable(self, acting, keys):
        """Those of the keys that the visitor may be told of."""
        refused = set()
        if not self._may_see_stock(acting):
            refused.add("stock")
        if not self._may_see_my_price(acting):
            refused.add("price")
        return [key for key in dict.fromkeys(keys) if key not in refused]

    # === GOODS AND FLAGS === #

    @api.model
    def _get_flags(self, query, acting, keys, conditions):
        """Conditions of the filters that are counted; taken out of ``conditions``.

        The sections of one tree narrow those of the other: each tree has a flag.

        :return: dict key (of sections: ('section' or 'categories', tree)) -> domain
        """
        flags = {key: conditions.pop(key) for key in keys if key in conditions}
        if "tree" in keys and query.section:
            # sections beside that of the page are counted, too
            scope = ("search", "within")
            for known in (conditions, flags):
                if "price" in known:
                    known["price"] = self._get_price_domain(query, acting, scope)
        for name, ids, counted in (
            ("section", (query.section,), {"tree"}),
            ("categories", query.categories, {"tree", "sections"}),
        ):
            if name not in conditions or not counted & {*keys}:
                continue
            # sections that are none find nothing, in every count
            if domains := self._get_section_domains(ids):
                del conditions[name]
                flags |= {(name, kind): d for kind, d in domains.items()}
        return flags

    @api.model
    def _get_goods_sql(self, keys, conditions, flags, needed):
        """Goods under the common conditions, with what is counted of them.

        :param int needed: so many of the flags are true of each
        """
        templates = self._search_templates(conditions)
        model = self.env["product.template"]
        model.flush_model(["name", "b2b_brand_id", "is_storable"])
        table = templates.table
        columns = [SQL("%s AS id", SQL.identifier(table, "id"))]
        if "brands" in keys:
            columns.append(SQL("%s AS brand_id", SQL.identifier(table, "b2b_brand_id")))
        if "stock" in keys:
            storable = SQL.identifier(table, "is_storable")
            columns.append(SQL("%s IS TRUE AS is_storable", storable))
        if "letter" in keys:
            name = model._field_to_sql(table, "name", templates)
            columns.append(SQL("UPPER(LEFT(%s, 1)) AS letter", name))
        for number, domain in enumerate(flags.values()):
            condition = domain.optimize_full(model)._to_sql(model, table, templates)
            columns.append(SQL("%s AS %s", condition, SQL.identifier(f"flag{number}")))
        templates.order = None
        goods = templates.select(*columns)
        if not needed:
            return goods
        met = SQL(" + ").join(
            SQL("(%s IS TRUE)::int", SQL.identifier(f"flag{number}"))
            for number in range(len(flags))
        )
        return SQL("SELECT * FROM (%s) goods WHERE %s >= %s", goods, met, needed)

    @api.model
    def _get_tally_sql(self, number, tally, flags):
        own = [
            SQL("goods.%s", SQL.identifier(f"flag{index}"))
            for index, key in enumerate(flags)
            if key not in tally.own
        ]
        goods = SQL(
            "(SELECT * FROM goods WHERE %s)", SQL(" AND ").join(own or [SQL("TRUE")])
        )
        return SQL(
            "SELECT %s, counted.value, counted.figure FROM (%s) counted",
            number,
            tally.select(goods),
        )

    # === WHAT IS COUNTED === #

    @api.model
    def _get_tallies(self, key, query, acting):
        """How one filter is counted; a hook for filters of addons.

        :return: list of :class:`Tally`; empty for attributes, which are counted
            together
        """
        method = {
            "sections": self._tally_sections,
            "tree": self._tally_tree,
            "brands": self._tally_brands,
            "tags": self._tally_tags,
            "stock": self._tally_stock,
            "slices": self._tally_slices,
            "letter": self._tally_letter,
            "price": self._tally_price,
        }.get(key if isinstance(key, str) else None)
        return method(query, acting) if method else []

    @api.model
    def _tally_brands(self, query, acting):
        def select(goods):
            return SQL(
                "SELECT brand_id::text AS value, COUNT(*)::float8 AS figure"
                " FROM %s goods WHERE brand_id IS NOT NULL GROUP BY brand_id",
                goods,
            )

        return [Tally("brands", frozenset({"brands"}), select)]

    @api.model
    def _tally_tags(self, query, acting):
        self.env["product.template"].flush_model(["product_tag_ids"])

        def select(goods):
            return SQL(
                "SELECT rel.product_tag_id::text AS value, COUNT(*)::float8 AS figure"
                " FROM %s goods JOIN product_tag_product_template_rel rel"
                " ON rel.product_template_id = goods.id GROUP BY rel.product_tag_id",
                goods,
            )

        return [Tally("tags", frozenset({"tags"}), select)]

    @api.model
    def _tally_letter(self, query, acting):
        def select(goods):
            return SQL(
                "SELECT letter AS value, COUNT(*)::float8 AS figure"
                " FROM %s goods WHERE letter != '' GROUP BY letter",
                goods,
            )

        return [Tally("letter", frozenset({"letter"}), select)]

    @api.model
    def _tally_sections(self, query, acting, key="sections"):
        """Each tree by itself where one of them is narrowed by the other."""
        self.env["product.template"].flush_model(["public_categ_ids"])
        self.env["product.public.category"].flush_model(["parent_path", "b2b_kind"])
        field = self.env["product.public.category"]._fields["b2b_kind"]
        kinds = [kind for kind, _label in field.selection]
        names = ("section", "categories") if key == "tree" else ("categories",)
        if not any(getattr(query, name) for name in names):
            return [Tally(key, frozenset(), self._get_section_select(kinds))]
        return [
            Tally(
                key,
                frozenset((name, kind) for name in names),
                self._get_section_select([kind]),
            )
            for kind in kinds
        ]

    @api.model
    def _tally_tree(self, query, acting):
        """Sections as pages to go to: without that of the page."""
        return self._tally_sections(query, acting, "tree")

    @api.model
    def _get_section_select(self, kinds):
        """Goods of each set of sections first, then these sets for all above them.

        Few sets are of more than two sections: those are looked up again.
        """

        def select(goods):
            return SQL(
                """
                WITH each AS MATERIALIZED (
                    SELECT goods.id, COUNT(*) AS size,
                        MIN(rel.product_public_category_id) AS first,
                        MAX(rel.product_public_category_id) AS last
                    FROM %s goods
                    JOIN product_public_category_product_template_rel rel
                        ON rel.product_template_id = goods.id
                    GROUP BY goods.id
                )
                SELECT above.id AS value, SUM(sets.figure)::float8 AS figure
                FROM (
                    SELECT ARRAY[first, last] AS sections, COUNT(*) AS figure
                    FROM each WHERE size <= 2 GROUP BY first, last
                    UNION ALL
                    SELECT array_agg(rel.product_public_category_id), 1
                    FROM each JOIN product_public_category_product_template_rel rel
                        ON rel.product_template_id = each.id
                    WHERE size > 2 GROUP BY each.id
                ) sets, LATERAL (
                    SELECT DISTINCT unnest(
                        string_to_array(RTRIM(section.parent_path, '/'), '/')
                    ) AS id
                    FROM product_public_category section
                    WHERE section.id = ANY(sets.sections) AND section.b2b_kind IN %s
                ) above
                GROUP BY above.id
                """,
                goods,
                tuple(kinds),
            )

        return select

    @api.model
    def _tally_stock(self, query, acting):
        """In stock at all, and free in each of the visitor's warehouses.

        Goods of each set of warehouses first; there are few sets.
        """
        warehouses = self._get_warehouses(acting)
        nothing = SQL("SELECT NULL::int AS template_id, NULL::int[] AS warehouse_ids")
        stock = self.env["b2b.stock.free"]

        def select(goods):
            among = SQL("SELECT id FROM %s goods", goods)
            free = stock._get_table(warehouses, among) if warehouses else nothing
            return SQL(
                """
                WITH free AS MATERIALIZED (%s), narrowed AS (
                    SELECT goods.id, goods.is_storable, free.warehouse_ids
                    FROM %s goods LEFT JOIN free ON free.template_id = goods.id
                )
                SELECT 'in_stock' AS value, COUNT(*)::float8 AS figure FROM narrowed
                WHERE NOT is_storable OR warehouse_ids IS NOT NULL
                UNION ALL
                SELECT each.id::text, SUM(sets.figure)::float8
                FROM (
                    SELECT warehouse_ids, COUNT(*) AS figure FROM narrowed
                    WHERE warehouse_ids IS NOT NULL GROUP BY warehouse_ids
                ) sets, unnest(sets.warehouse_ids) AS each(id)
                WHERE each.id = ANY(%s)
                GROUP BY each.id
                """,
                free,
                goods,
                list(warehouses.ids),
            )

        return [Tally("stock", frozenset({"stock"}), select)]

    @api.model
    def _tally_slices(self, query, acting):
        model = self.env["product.template"]
        tallies = []
        for code in self._get_slices(acting):
            domain = self._get_slice_domain(code, acting)
            found = model.sudo().with_context(active_test=False)._search(domain)

            def select(goods, code=code, found=found):
                return SQL(
                    "SELECT %s AS value, COUNT(*)::float8 AS figure"
                    " FROM %s goods WHERE id IN (%s)",
                    code,
                    goods,
                    found.select(),
                )

            tallies.append(Tally("slices", frozenset({"slices"}), select))
        return tallies

    @api.model
    def _tally_price(self, query, acting):
        """The bounds of my price; none while the table of prices is still missing."""
        prices = self._get_price_sql(query, acting, wait=False)
        if prices is None:
            return []

        def select(goods):
            return SQL(
                "SELECT bound.value, bound.figure FROM (SELECT MIN(price) AS least,"
                " MAX(price) AS greatest FROM %s goods JOIN (%s) prices"
                " ON prices.template_id = goods.id) bounds, LATERAL (VALUES"
                " ('1', least), ('2', greatest)) bound(value, figure) ORDER BY 1",
                goods,
                prices,
            )

        return [Tally("price", frozenset({"price"}), select)]

    @api.model
    def _get_attribute_tallies(self, keys, flags):
        """Attributes that narrow nothing are counted together, the others apart."""
        self.env["product.template.attribute.value"].flush_model()
        keys = [key for key in keys if isinstance(key, tuple) and key[0] == "attribute"]
        together = [key for key in keys if key not in flags]
        groups = [[key] for key in keys if key in flags]
        return [self._tally_attributes(group) for group in (*groups, together) if group]

    @api.model
    def _tally_attributes(self, keys):
        ids = tuple(attribute for _name, attribute in keys)

        def select(goods):
            return SQL(
                "SELECT value.attribute_id || '-' ||"
                " value.product_attribute_value_id AS value,"
                " COUNT(DISTINCT goods.id)::float8 AS figure"
                " FROM %s goods JOIN product_template_attribute_value value"
                " ON value.product_tmpl_id = goods.id AND value.ptav_active"
                " AND value.attribute_id IN %s"
                " GROUP BY value.attribute_id, value.product_attribute_value_id",
                goods,
                ids,
            )

        return Tally(None, frozenset(keys), select)
