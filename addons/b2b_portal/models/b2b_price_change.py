# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Notes of what prices depend on, written by the transaction that changes it.

A table of prices is computed from one snapshot of the database. What of the notes that
snapshot did not see has changed since, whenever it was begun: PostgreSQL knows.
"""

from odoo import api, fields, models
from odoo.tools import SQL

PRICES_KEY = "b2b_portal.price_table"
_PENDING = "b2b_portal.price_notes"
# Of templates and variants: what a price may be made of.
_FIELDS = {
    "active",
    "categ_id",
    "company_id",
    "is_published",
    "list_price",
    "lst_price",
    "product_tmpl_id",
    "sale_ok",
    "standard_price",
    "taxes_id",
    "uom_id",
    "weight",
}


class B2bPriceChange(models.Model):
    """A change of prices: of a product, of a price list, or of both; 0 means all."""

    _name = "b2b.price.change"
    _description = "Change of Prices"
    _log_access = False

    pricelist_id = fields.Integer(required=True)
    template_id = fields.Integer(required=True)
    txid = fields.Char(required=True)
    noted_at = fields.Datetime(required=True)

    _unique_transaction = models.UniqueIndex("(txid, pricelist_id, template_id)")

    @api.model
    def _note(self, pairs):
        """Note changes in this transaction, all of them at its end or a savepoint.

        :param pairs: of (price list id or 0, template id or 0)
        """
        self.env.cr.cache.pop(PRICES_KEY, None)
        pairs = set(pairs)
        if not pairs:
            return
        precommit = self.env.cr.precommit
        if _PENDING not in precommit.data:
            precommit.data[_PENDING] = set()
            precommit.add(self._write_notes)
        precommit.data[_PENDING] |= pairs

    @api.model
    def _write_notes(self):
        """Write what is noted: before somebody reads the notes, too."""
        pairs = self.env.cr.precommit.data.pop(_PENDING, None)
        if not pairs:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO b2b_price_change "
                " (pricelist_id, template_id, txid, noted_at)"
                " SELECT pair.pricelist_id, pair.template_id,"
                " pg_current_xact_id()::text,"
                " clock_timestamp() AT TIME ZONE 'UTC'"
                " FROM unnest(%s, %s) AS pair(pricelist_id, template_id)"
                " ON CONFLICT DO NOTHING",
                [pair[0] for pair in pairs],
                [pair[1] for pair in pairs],
            )
        )

    @api.model
    def _note_templates(self, templates):
        self._note((0, template_id) for template_id in templates.ids)

    @api.model
    def _note_all(self):
        self._note([(0, 0)])

    @api.model
    def _prune(self):
        """Delete notes that every table of prices has taken in.

        Tables that are being filled now are not seen: none takes two hours.
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM b2b_price_change
                WHERE noted_at < %s AND NOT EXISTS (
                    SELECT 1 FROM b2b_price_fill fill
                    WHERE fill.snapshot IS NOT NULL AND NOT pg_visible_in_snapshot(
                        b2b_price_change.txid::xid8, fill.snapshot::pg_snapshot
                    )
                )
                """,
                fields.Datetime.subtract(self.env.cr.now(), hours=2),
            )
        )


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _b2b_note_change(self):
        """Note what the rules (batch) give a price for."""
        self.env["b2b.price.change"]._note(
            (
                item.pricelist_id.id,
                (item.product_tmpl_id or item.product_id.product_tmpl_id).id or 0,
            )
            for item in self.sudo()
        )

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._b2b_note_change()
        return items

    def write(self, vals):
        self._b2b_note_change()
        result = super().write(vals)
        self._b2b_note_change()
        return result

    def unlink(self):
        self._b2b_note_change()
        return super().unlink()


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def write(self, vals):
        result = super().write(vals)
        # rules are noted by themselves
        if vals.keys() - {"item_ids", "name", "sequence"}:
            self.env["b2b.price.change"]._note((pricelist.id, 0) for pricelist in self)
        return result


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        result = super().write(vals)
        if _FIELDS & vals.keys():
            self.env["b2b.price.change"]._note_templates(self)
        return result


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        self.env["b2b.price.change"]._note_templates(products.product_tmpl_id)
        return products

    def write(self, vals):
        result = super().write(vals)
        if _FIELDS & vals.keys():
            templates = self.sudo().product_tmpl_id
            self.env["b2b.price.change"]._note_templates(templates)
        return result

    def unlink(self):
        templates = self.sudo().product_tmpl_id
        self.env["b2b.price.change"]._note_templates(templates)
        return super().unlink()


class ProductTemplateAttributeValue(models.Model):
    _inherit = "product.template.attribute.value"

    @api.model_create_multi
    def create(self, vals_list):
        values = super().create(vals_list)
        extra = values.sudo().filtered("price_extra")
        self.env["b2b.price.change"]._note_templates(extra.product_tmpl_id)
        return values

    def write(self, vals):
        result = super().write(vals)
        if "price_extra" in vals:
            templates = self.sudo().product_tmpl_id
            self.env["b2b.price.change"]._note_templates(templates)
        return result


class ProductCategory(models.Model):
    _inherit = "product.category"

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            self.env["b2b.price.change"]._note_all()
        return result


class UomUom(models.Model):
    _inherit = "uom.uom"

    def write(self, vals):
        result = super().write(vals)
        if {"factor", "relative_factor", "relative_uom_id", "rounding"} & vals.keys():
            self.env["b2b.price.change"]._note_all()
        return result


class AccountTax(models.Model):
    _inherit = "account.tax"

    def write(self, vals):
        result = super().write(vals)
        self.env["b2b.price.change"]._note_all()
        return result
