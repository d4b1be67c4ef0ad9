# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How many goods each value of a filter would leave: all filters in one query.

The goods under the conditions that no counted filter sets are read once, each with a
flag for every other condition. A filter is counted among goods whose flags are true but
for its own.
"""

import hashlib
import time

from odoo import api, models
from odoo.tools import SQL, ormcache

# Filters that leave a small part of the goods as a rule.
_NARROW = ("attribute", "section", "categories", "brands", "price")
# Counts of all goods of a catalogue of more goods are kept for a minute.
LARGE = 5000


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
        self._narrow_goods(templates, flags, needed)
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
    def _narrow_goods(self, templates, flags, needed):
        """Leave only goods that can have as many true flags as are needed, in place.

        Of so many flags that one of them must be true, by indexes: without this, all
        goods of the catalogue are asked for every flag.
        """
        missing = len(flags) - needed
        narrow = [
            domain
            for key, domain in flags.items()
            if (key[0] if isinstance(key, tuple) else key) in _NARROW
        ]
        if not needed or len(narrow) <= missing:
            return
        model = self.env["product.template"].sudo().with_context(active_test=False)
        sets = [model._search(domain).select() for domain in narrow[: missing + 1]]
        row_id = SQL.identifier(templates.table, "id")
        templates.add_where(SQL("%s IN (%s)", row_id, SQL(" UNION ").join(sets)))

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
