# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Free stock of kits in whole lists: as many as their parts in one warehouse allow.

In SQL the same that ``product.product._b2b_get_kit_parts`` and ``_b2b_count_kits`` say
of a page; a test holds that they agree.
"""

from odoo import api, models
from odoo.tools import SQL

from .product_product_kit import MAX_LEVELS

# Of bills and their lines: what a kit consists of.
_BOM_FIELDS = {
    "active",
    "bom_line_ids",
    "company_id",
    "product_id",
    "product_qty",
    "product_tmpl_id",
    "product_uom_id",
    "sequence",
    "type",
}
_LINE_FIELDS = {
    "bom_id",
    "bom_product_template_attribute_value_ids",
    "product_id",
    "product_qty",
    "product_uom_id",
}
_TEMPLATE_FIELDS = {"is_storable", "type", "uom_id"}


class B2bStockFree(models.Model):
    _inherit = "b2b.stock.free"

    @api.model
    def _flush_sources(self):  # pylint: disable=missing-return
        super()._flush_sources()
        self.env["mrp.bom"].flush_model(sorted(_BOM_FIELDS - {"bom_line_ids"}))
        self.env["mrp.bom.line"].flush_model(sorted(_LINE_FIELDS))
        self.env["product.template"].flush_model(sorted(_TEMPLATE_FIELDS))
        self.env["product.product"].flush_model(
            ["product_template_attribute_value_ids"]
        )
        self.env["product.attribute"].flush_model(["create_variant"])
        self.env["uom.uom"].flush_model(["factor"])
        self.env["stock.warehouse"].flush_model(["company_id"])

    @api.model
    def _get_dependent(self, templates):
        """Kits, too, whose parts are among them, and kits of these kits."""
        return SQL(
            """
            WITH RECURSIVE dependent(template_id) AS (
                SELECT template_id FROM (%s) changed
                UNION
                SELECT bom.product_tmpl_id
                FROM dependent
                JOIN product_product part
                    ON part.product_tmpl_id = dependent.template_id
                JOIN mrp_bom_line line ON line.product_id = part.id
                JOIN mrp_bom bom ON bom.id = line.bom_id AND bom.type = 'phantom'
            )
            SELECT template_id FROM dependent
            """,
            super()._get_dependent(templates),
        )

    @api.model
    def _get_variant_sums(self, condition):
        """What is on the shelf counts for what is no kit."""
        return SQL(
            """
            SELECT own.* FROM (%s) own
            WHERE NOT EXISTS (
                SELECT FROM mrp_bom bom
                WHERE bom.product_tmpl_id = own.template_id
                    AND (bom.product_id IS NULL OR bom.product_id = own.variant_id)
                    AND bom.active AND bom.type = 'phantom'
                    AND (bom.company_id IS NULL OR bom.company_id = (
                        SELECT warehouse.company_id FROM stock_warehouse warehouse
                        WHERE warehouse.id = own.warehouse_id
                    ))
            )
            UNION ALL (%s)
            """,
            super()._get_variant_sums(condition),
            self._get_kit_sums(condition),
        )

    @api.model
    def _get_kit_sums(self, condition):
        """Kits that can be put together in each warehouse.

        :param condition: ``SQL`` on variant (product_product)
        :return: ``SQL``: SELECT of template_id, variant_id, warehouse_id, free
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return SQL(
            """
            WITH RECURSIVE opened AS (%(opened)s), needed AS (
                SELECT opened.template_id, opened.variant_id, opened.company_id,
                    opened.part_id, SUM(opened.quantity) AS quantity
                FROM opened
                JOIN product_product part ON part.id = opened.part_id
                JOIN product_template ON product_template.id = part.product_tmpl_id
                    AND product_template.is_storable
                WHERE opened.level > 0 AND opened.bom_id IS NULL
                GROUP BY opened.template_id, opened.variant_id, opened.company_id,
                    opened.part_id
                HAVING SUM(opened.quantity) > 0
            ), stock AS (
                SELECT quant.product_id, location.warehouse_id,
                    ROUND(
                        SUM(quant.quantity - quant.reserved_quantity)::numeric,
                        %(digits)s
                    )::float8 AS free
                FROM stock_quant quant
                JOIN stock_location location ON location.id = quant.location_id
                    AND location.warehouse_id IS NOT NULL
                WHERE quant.product_id IN (SELECT part_id FROM needed)
                GROUP BY quant.product_id, location.warehouse_id
            )
            SELECT needed.template_id, needed.variant_id,
                warehouse.id AS warehouse_id,
                FLOOR(ROUND(
                    MIN(COALESCE(stock.free, 0) / needed.quantity)::numeric, 6
                ))::float8 AS free
            FROM needed
            JOIN stock_warehouse warehouse ON warehouse.company_id = needed.company_id
            LEFT JOIN stock ON stock.product_id = needed.part_id
                AND stock.warehouse_id = warehouse.id
            GROUP BY needed.template_id, needed.variant_id, warehouse.id
            """,
            opened=self._get_opened_kits(condition),
            digits=digits,
        )

    @api.model
    def _get_opened_kits(self, condition):
        """The recursion that takes kits apart, for every company that has warehouses.

        :return: ``SQL`` of opened: template_id, variant_id, company_id, part_id,
            quantity (of the part, in its own unit, in one kit), bom_id (where the part
            is a kit itself), level
        """
        first = SQL(
            """
            SELECT bom.id FROM mrp_bom bom
            WHERE bom.product_tmpl_id = part.product_tmpl_id
                AND (bom.product_id IS NULL OR bom.product_id = part.id)
                AND bom.active AND bom.type = 'phantom'
                AND (bom.company_id IS NULL OR bom.company_id = seller.company_id)
            ORDER BY bom.sequence, bom.product_id IS NULL, bom.id LIMIT 1
            """
        )
        return SQL(
            """
            SELECT part.product_tmpl_id AS template_id, part.id AS variant_id,
                seller.company_id, part.id AS part_id, 1::float8 AS quantity,
                bill.id AS bom_id, 0 AS level
            FROM product_product part
            JOIN product_template ON product_template.id = part.product_tmpl_id
                AND product_template.type != 'service'
            CROSS JOIN (SELECT DISTINCT company_id FROM stock_warehouse) seller
            JOIN LATERAL (%(first)s) bill ON TRUE
            WHERE part.id IN (
                SELECT variant.id FROM product_product variant
                WHERE variant.active AND %(condition)s
            )
            UNION ALL
            SELECT seller.template_id, seller.variant_id, seller.company_id, part.id,
                seller.quantity * (kit_unit.factor / bom_unit.factor)
                    * line.product_qty / NULLIF(bom.product_qty, 0)
                    * (line_unit.factor / part_unit.factor),
                bill.id, seller.level + 1
            FROM opened seller
            JOIN mrp_bom bom ON bom.id = seller.bom_id
            JOIN product_product kit ON kit.id = seller.part_id
            JOIN product_template kit_template ON kit_template.id = kit.product_tmpl_id
            JOIN uom_uom kit_unit ON kit_unit.id = kit_template.uom_id
            JOIN uom_uom bom_unit ON bom_unit.id = bom.product_uom_id
            JOIN mrp_bom_line line ON line.bom_id = bom.id AND NOT (%(skipped)s)
            JOIN product_product part ON part.id = line.product_id
            JOIN product_template ON product_template.id = part.product_tmpl_id
            JOIN uom_uom part_unit ON part_unit.id = product_template.uom_id
            JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
            LEFT JOIN LATERAL (%(first)s) bill ON product_template.type != 'service'
            WHERE seller.level < %(levels)s
            """,
            first=first,
            condition=condition,
            skipped=self._get_skipped_line(),
            levels=MAX_LEVELS,
        )

    @api.model
    def _get_skipped_line(self):
        """Whether a line of a bill is for other variants, as core's
        ``_skip_bom_line``: of each attribute that it names, the variant has none of
        the values; those that make no variants are never met.

        :return: ``SQL`` on line (mrp_bom_line) and kit (product_product)
        """
        return SQL(
            """
            EXISTS (
                SELECT FROM mrp_bom_line_product_template_attribute_value_rel asked
                JOIN product_template_attribute_value asked_value
                    ON asked_value.id = asked.product_template_attribute_value_id
                WHERE asked.mrp_bom_line_id = line.id
                GROUP BY asked_value.attribute_id
                HAVING NOT BOOL_OR(EXISTS (
                    SELECT FROM product_variant_combination own
                    WHERE own.product_product_id = kit.id
                        AND own.product_template_attribute_value_id = asked_value.id
                ))
            )
            """
        )


class B2bStockTouched(models.Model):
    _inherit = "b2b.stock.touched"

    @api.model
    def _touch_templates(self, templates):
        if templates.ids:
            self._touch(SQL("variant.product_tmpl_id = ANY(%s)", list(templates.ids)))

    @api.model
    def _touch_all_kits(self):
        """Note whatever has a bill of materials."""
        self.env["mrp.bom"].flush_model(["product_tmpl_id"])
        self._touch(
            SQL("variant.product_tmpl_id IN (SELECT product_tmpl_id FROM mrp_bom)")
        )


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    def _b2b_touch(self):
        self.env["b2b.stock.touched"]._touch_templates(self.sudo().product_tmpl_id)

    @api.model_create_multi
    def create(self, vals_list):
        boms = super().create(vals_list)
        boms._b2b_touch()
        return boms

    def write(self, vals):
        if not _BOM_FIELDS & vals.keys():
            return super().write(vals)
        self._b2b_touch()
        result = super().write(vals)
        self._b2b_touch()
        return result

    def unlink(self):
        self._b2b_touch()
        return super().unlink()


class MrpBomLine(models.Model):
    _inherit = "mrp.bom.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.bom_id._b2b_touch()
        return lines

    def write(self, vals):
        if not _LINE_FIELDS & vals.keys():
            return super().write(vals)
        self.bom_id._b2b_touch()
        result = super().write(vals)
        self.bom_id._b2b_touch()
        return result

    def unlink(self):
        self.bom_id._b2b_touch()
        return super().unlink()


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        """Parts limit a kit by their own unit, and only if their stock is kept."""
        result = super().write(vals)
        if _TEMPLATE_FIELDS & vals.keys():
            self.env["b2b.stock.touched"]._touch_templates(self)
        return result


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        """A new variant of a kit has stock from the start: that of its parts."""
        products = super().create(vals_list)
        boms = self.env["mrp.bom"].sudo()
        boms = boms.search([("product_tmpl_id", "in", products.product_tmpl_id.ids)])
        boms._b2b_touch()
        return products


class UomUom(models.Model):
    _inherit = "uom.uom"

    def write(self, vals):
        result = super().write(vals)
        if {"factor", "relative_factor", "relative_uom_id"} & vals.keys():
            self.env["b2b.stock.touched"]._touch_all_kits()
        return result
