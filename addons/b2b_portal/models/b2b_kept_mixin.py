# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Small tables that hardly ever change: each worker reads a row once, not each page."""

from odoo import api, models, tools

# In the cursor's cache: this transaction has written to one of the tables.
_WRITTEN_KEY = "b2b_portal.kept_written"
_SCALARS = (
    "boolean",
    "char",
    "date",
    "datetime",
    "float",
    "html",
    "integer",
    "many2one",
    "monetary",
    "selection",
    "text",
)
_LISTS = ("many2many", "one2many")


class B2bKeptMixin(models.AbstractModel):
    """Rows that are served from the worker's memory to whoever reads them in sudo.

    Every page asks for the company, its currency, units, taxes and warehouses, one
    query each and the same answer for weeks. What is kept here is what the ORM's cache
    holds of a row after a plain read; it lives in the ``ormcache``, so a write in any
    worker empties it everywhere. A transaction that has written to such a table itself
    sees the database only, and leaves nothing behind that may be rolled back.

    Rights are not touched: only reads in sudo are served.
    """

    _name = "b2b.kept.mixin"
    _description = "Rows kept in Memory"

    # === READING === #

    @api.model
    @tools.ormcache("self._name", "kind")
    def _b2b_get_kept(self, kind):
        """A dict for what is kept of the table, empty after a change.

        :param kind: hashable; for rows (language, archived lines or not): then id ->
            dict field name -> cached value
        """
        return {}

    @api.model
    def _b2b_serves_kept(self):
        """Whether reads of this environment may be served from memory."""
        context = self.env.context
        return (
            self.env.su
            and self.pool.ready
            and not self.env.cr.cache.get(_WRITTEN_KEY)
            and not context.get("prefetch_langs")
            and not any(key.startswith("bin_size") for key in context)
        )

    @api.model
    def _b2b_is_kept(self, field):
        """Whether values of a stored field say the same to everybody."""
        if field.company_dependent or callable(field.translate):
            return False
        if field.type in _LISTS:
            # lines that are no kept rows come and go without a word
            comodel = self.env.get(field.comodel_name)
            return isinstance(comodel, self.pool["b2b.kept.mixin"])
        return field.type in _SCALARS and bool(field.column_type)

    def _fetch_field(self, field):  # pylint: disable=missing-return
        """Leave out what core would read along and is not kept."""
        if not self._b2b_serves_kept() or not self._b2b_is_kept(field):
            super()._fetch_field(field)
            return
        names = [field.name]
        if field.prefetch and self.env.context.get("prefetch_fields", True):
            names += [
                other.name
                for other in self._fields.values()
                if other.prefetch == field.prefetch
                and other.store
                and self._b2b_is_kept(other)
            ]
        self.fetch(names)

    def fetch(self, field_names=None):  # pylint: disable=missing-return
        """Read what is not in memory yet; see core for the arguments."""
        if not self or not self._b2b_serves_kept():
            super().fetch(field_names)
            return
        records = self._origin
        asked = records._determine_fields_to_fetch(
            field_names, ignore_when_in_cache=True
        )
        plain = [field for field in asked if self._b2b_is_kept(field)]
        rest = [field.name for field in asked if field not in plain]
        if plain:
            records._b2b_fetch_kept(plain)
        if rest:
            super().fetch(rest)

    def _b2b_fetch_kept(self, plain):
        """Put fields of the records (batch) into the ORM's cache, from memory if there.

        :param list plain: fields, see :meth:`_b2b_is_kept`
        """
        archived = self.env.context.get("active_test") is False
        kept = self._b2b_get_kept((self.env.lang or "", archived))
        names = {field.name for field in plain}
        missing = [id_ for id_ in self._ids if not names <= kept.get(id_, {}).keys()]
        known = self.browse(id_ for id_ in self._ids if id_ not in set(missing))
        for field in plain:
            field._insert_cache(known, [kept[id_][field.name] for id_ in known._ids])
        if not missing:
            return
        super(B2bKeptMixin, self.browse(missing)).fetch(list(names))
        for field in plain:
            values, dirty = field._get_cache(self.env), self.env._field_dirty
            changed = dirty.get(field, ())
            for id_ in missing:
                if id_ in values and id_ not in changed:
                    kept.setdefault(id_, {})[field.name] = values[id_]

    @api.model
    def _b2b_find_kept(self, domain):
        """Records that a search in sudo finds, found once.

        :param list domain: that asks for columns of this table only
        :return: records in sudo
        """
        records = self.sudo()
        return records.browse(
            records._b2b_keep(("find", str(domain)), lambda: records.search(domain).ids)
        )

    @api.model
    def _b2b_keep(self, key, work_out):
        """What ``work_out()`` returns, worked out once.

        :param tuple key: everything that the result depends on beside kept rows
        """
        if not self._b2b_serves_kept():
            return work_out()
        kept = self._b2b_get_kept("results")
        if key not in kept:
            kept[key] = work_out()
        return kept[key]

    # === WRITING === #

    @api.model
    def _b2b_forget_kept(self):
        """Empty the memory of all workers, once more when the change is in force."""
        cr, registry = self.env.cr, self.env.registry
        registry.clear_cache()
        if not cr.cache.get(_WRITTEN_KEY):
            cr.cache[_WRITTEN_KEY] = True
            cr.postcommit.add(registry.clear_cache)
            cr.postcommit.add(lambda: cr.cache.pop(_WRITTEN_KEY, None))
            cr.postrollback.add(lambda: cr.cache.pop(_WRITTEN_KEY, None))

    def write(self, vals):
        self._b2b_forget_kept()
        return super().write(vals)

    def _write_multi(self, vals_list):
        self._b2b_forget_kept()
        return super()._write_multi(vals_list)

    @api.model
    def _create(self, data_list):
        self._b2b_forget_kept()
        return super()._create(data_list)

    def unlink(self):
        self._b2b_forget_kept()
        return super().unlink()
