# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which products have free stock in which warehouse, kept ready for whole lists.

Summing up the quants of 50,000 products takes longer than a page may. So the sums are
kept in rows, and what has changed since is summed up when it is asked for: a change
only inserts a note of its product in its own transaction. It waits for nobody and meets
no other transaction, and whoever sees the change sees the note. A job works the notes
into the rows; it deletes only notes that its own snapshot sees, together with the
changes that they tell of.
"""

from odoo import api, fields, models
from odoo.tools import SQL

# Notes that one run of the job works in.
BATCH = 5000
# Of a quant: what free stock depends on.
_QUANT_FIELDS = {"quantity", "reserved_quantity", "product_id", "location_id"}
_NOTED_KEY = "b2b_portal.stock_noted"


class B2bStockFree(models.Model):
    """Where a template has free stock (on hand less reserved), and how much.

    That of the variant that has most of it in a warehouse, in its own unit. Two columns
    are arrays, which the ORM does not know: ``warehouse_ids`` (int[], in order) and
    ``quantities`` (float8[]), above zero only. One narrow row for each template makes
    counts of the whole catalogue cheap. Ask :meth:`_get_table`: rows alone are as old
    as the last run of the job.
    """

    _name = "b2b.stock.free"
    _description = "Free Stock by Warehouse"
    _log_access = False

    template_id = fields.Many2one("product.template", required=True, ondelete="cascade")

    _unique_template = models.UniqueIndex("(template_id)")

    def init(self):
        """Add the arrays and sum everything up: stock may be older than the addon."""
        self.env.cr.execute(
            "ALTER TABLE b2b_stock_free"
            " ADD COLUMN IF NOT EXISTS warehouse_ids int[],"
            " ADD COLUMN IF NOT EXISTS quantities float8[]"
        )
        self._rebuild()

    @api.model
    def _get_table(self, warehouses, among=None):
        """Free stock as it is at this moment in the current transaction.

        :param warehouses: ``stock.warehouse`` records, at least one
        :param among: ``SQL`` of a SELECT of template ids, to read no others
        :return: ``odoo.tools.SQL``: SELECT of template_id, warehouse_ids, quantities of
            goods in any of them, each template once; the arrays speak of other
            warehouses, too
        """
        wanted = list(warehouses.ids)
        within = SQL("AND template_id IN (%s)", among) if among else SQL()
        kept = SQL(
            "SELECT template_id, warehouse_ids, quantities FROM b2b_stock_free"
            " WHERE warehouse_ids && %s %s",
            wanted,
            within,
        )
        if not self.env["b2b.stock.touched"]._has_notes():
            return kept
        self._flush_sources()
        touched = self._get_dependent(SQL("SELECT template_id FROM b2b_stock_touched"))
        return SQL(
            """
            %s AND template_id NOT IN (%s)
            UNION ALL
            SELECT template_id, warehouse_ids, quantities FROM (%s) changed
            WHERE warehouse_ids && %s %s
            """,
            kept,
            touched,
            self._get_sums(SQL("variant.product_tmpl_id IN (%s)", touched)),
            wanted,
            within,
        )

    @api.model
    def _flush_sources(self):
        """Write what sums are made of into the database; a hook."""
        self.env["stock.quant"].flush_model()
        self.env["stock.location"].flush_model(["warehouse_id"])
        self.env["product.product"].flush_model(["product_tmpl_id", "active"])

    @api.model
    def _get_dependent(self, templates):
        """Templates whose sums change with those of some; a hook.

        :param templates: ``SQL`` of a SELECT of template_id
        :return: ``SQL`` of another, of these and maybe of more
        """
        return templates

    @api.model
    def _get_sums(self, condition):
        """The same summed up from what there is of each variant.

        :param condition: ``SQL`` on variant (product_product)
        """
        return SQL(
            """
            SELECT template_id,
                array_agg(warehouse_id ORDER BY warehouse_id) AS warehouse_ids,
                array_agg(free ORDER BY warehouse_id) AS quantities
            FROM (
                SELECT template_id, warehouse_id, MAX(free) AS free
                FROM (%s) of_variants
                WHERE free > 0
                GROUP BY template_id, warehouse_id
            ) of_templates
            GROUP BY template_id
            """,
            self._get_variant_sums(condition),
        )

    @api.model
    def _get_variant_sums(self, condition):
        """Free stock of each active variant in each warehouse; a hook.

        :param condition: ``SQL`` on variant (product_product)
        :return: ``SQL``: SELECT of template_id, variant_id, warehouse_id, free
        """
        return SQL(
            """
            SELECT variant.product_tmpl_id AS template_id, variant.id AS variant_id,
                location.warehouse_id,
                SUM(quant.quantity - quant.reserved_quantity)::float8 AS free
            FROM product_product variant
            JOIN stock_quant quant ON quant.product_id = variant.id
            JOIN stock_location location ON location.id = quant.location_id
                AND location.warehouse_id IS NOT NULL
            WHERE variant.active AND %s
            GROUP BY variant.product_tmpl_id, variant.id, location.warehouse_id
            """,
            condition,
        )

    @api.model
    def _rebuild(self):
        """Sum up the stock of every product anew."""
        self.env.cr.execute("DELETE FROM b2b_stock_free")
        self._insert(SQL("TRUE"))

    @api.model
    def _insert(self, condition):
        self.env.cr.execute(
            SQL(
                "INSERT INTO b2b_stock_free (template_id, warehouse_ids, quantities)"
                " %s",
                self._get_sums(condition),
            )
        )

    @api.model
    def _cron_refresh(self):
        """Work the notes of changes into the rows, in batches."""
        while self._refresh() == BATCH:
            self.env["ir.cron"]._commit_progress(BATCH)

    @api.model
    def _refresh(self):
        """Work some notes in; those of running transactions are not seen and stay.

        :return: how many
        """
        self.env.flush_all()
        notes = self.env.execute_query(
            SQL("SELECT id, template_id FROM b2b_stock_touched LIMIT %s", BATCH)
        )
        if not notes:
            return 0
        touched = list({template_id for _id, template_id in notes})
        touched = SQL("SELECT unnest(%s) AS template_id", touched)
        rows = self.env.execute_query(self._get_dependent(touched))
        templates = [template_id for (template_id,) in rows]
        self.env.cr.execute(
            SQL("DELETE FROM b2b_stock_free WHERE template_id = ANY(%s)", templates)
        )
        self._insert(SQL("variant.product_tmpl_id = ANY(%s)", templates))
        self.env.cr.execute(
            SQL(
                "DELETE FROM b2b_stock_touched WHERE id = ANY(%s)",
                [note_id for note_id, _template in notes],
            )
        )
        self.env["b2b.stock.touched"]._forget_notes()
        return len(notes)


class B2bStockTouched(models.Model):
    """Notes of products whose stock has changed since it was summed up.

    Once for each transaction: a note of another one may be worked in and deleted
    before this one ends.
    """

    _name = "b2b.stock.touched"
    _description = "Stock to sum up anew"
    _log_access = False

    # no foreign key: a note locks nothing
    template_id = fields.Integer(required=True, index=True)
    txid = fields.Char(required=True)

    _unique_transaction = models.UniqueIndex("(template_id, txid)")

    @api.model
    def _has_notes(self):
        """Whether there is any note: mostly not, and then nothing is to sum up.

        Asked once per transaction; the sums take longer to plan than to find nothing.
        """
        # what a transaction collects for its end; cr.cache outlives it
        known = self.env.cr.precommit.data
        if _NOTED_KEY not in known:
            query = SQL("SELECT EXISTS (SELECT FROM b2b_stock_touched)")
            known[_NOTED_KEY] = self.env.execute_query(query)[0][0]
        return known[_NOTED_KEY]

    @api.model
    def _forget_notes(self):
        self.env.cr.precommit.data.pop(_NOTED_KEY, None)

    @api.model
    def _touch(self, condition):
        """Note products of this transaction.

        :param condition: ``SQL`` on variant (product_product)
        """
        self._forget_notes()
        self.env.cr.execute(
            SQL(
                "INSERT INTO b2b_stock_touched (template_id, txid)"
                " SELECT DISTINCT variant.product_tmpl_id,"
                " pg_current_xact_id()::text FROM product_product variant WHERE %s"
                " ON CONFLICT DO NOTHING",
                condition,
            )
        )

    @api.model
    def _touch_products(self, products):
        if products.ids:
            self._touch(SQL("variant.id = ANY(%s)", list(products.ids)))


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _b2b_touch(self):
        self.env["b2b.stock.touched"]._touch_products(self.sudo().product_id)

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        quants._b2b_touch()
        return quants

    def write(self, vals):
        if not _QUANT_FIELDS & vals.keys():
            return super().write(vals)
        self._b2b_touch()
        result = super().write(vals)
        if "product_id" in vals:
            self._b2b_touch()
        return result

    def unlink(self):
        self._b2b_touch()
        return super().unlink()


class ProductProduct(models.Model):
    _inherit = "product.product"

    def write(self, vals):
        """An archived variant has no stock that a list could offer."""
        result = super().write(vals)
        if "active" in vals:
            self.env["b2b.stock.touched"]._touch_products(self)
        return result


class StockLocation(models.Model):
    _inherit = "stock.location"

    def write(self, vals):
        """Goods move with their shelf into another warehouse."""
        result = super().write(vals)
        if "location_id" in vals:
            self._b2b_touch_below()
        return result

    def _b2b_touch_below(self):
        """Note all goods at the locations (batch) and below."""
        below = self.sudo().with_context(active_test=False)
        below = below.search([("id", "child_of", self.ids)])
        self.env["b2b.stock.touched"]._touch(
            SQL(
                "variant.id IN (SELECT product_id FROM stock_quant"
                " WHERE location_id = ANY(%s))",
                below.ids,
            )
        )


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses.view_location_id._b2b_touch_below()
        return warehouses

    def write(self, vals):
        places = self.view_location_id
        result = super().write(vals)
        if "view_location_id" in vals:
            (places | self.view_location_id)._b2b_touch_below()
        return result
