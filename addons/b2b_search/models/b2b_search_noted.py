# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Records whose changes the index has to be told of."""

from odoo import api, models
from odoo.tools import SQL


class B2bSearchNoted(models.AbstractModel):
    """Notes goods for the index when what they are found by changes."""

    _name = "b2b.search.noted"
    _description = "Source of the Search Index"
    # fields that matter; empty: all
    _b2b_search_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._b2b_note_search()
        return records

    def write(self, vals):
        matters = not self._b2b_search_fields or self._b2b_search_fields & vals.keys()
        if matters:
            # goods that are let go by the change, too
            self._b2b_note_search()
        result = super().write(vals)
        if matters:
            self._b2b_note_search()
        return result

    def unlink(self):
        self._b2b_note_search()
        return super().unlink()

    def _b2b_note_search(self):
        """Note the goods that records (batch) describe."""
        self.env["b2b.search.change"]._note(self._b2b_get_search_ids())

    def _b2b_get_search_ids(self):
        """Ids of the goods that records (batch) describe."""
        return self.sudo().product_tmpl_id.ids


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "b2b.search.noted"]
    _b2b_search_fields = frozenset(
        {
            "active",
            "attribute_line_ids",
            "b2b_brand_id",
            "barcode",
            "default_code",
            "description_ecommerce",
            "description_sale",
            "name",
            "product_tag_ids",
            "public_categ_ids",
            "sale_ok",
        }
    )

    def _b2b_get_search_ids(self):
        return self.ids


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "b2b.search.noted"]
    _b2b_search_fields = frozenset({"active", "barcode", "default_code"})


class ProductUom(models.Model):
    _name = "product.uom"
    _inherit = ["product.uom", "b2b.search.noted"]

    def _b2b_get_search_ids(self):
        return self.sudo().product_id.product_tmpl_id.ids


class ProductTemplateAttributeValue(models.Model):
    _name = "product.template.attribute.value"
    _inherit = ["product.template.attribute.value", "b2b.search.noted"]
    _b2b_search_fields = frozenset({"ptav_active", "product_attribute_value_id"})


class B2bSearchNotedWidely(models.AbstractModel):
    """Records that may describe most of the goods: noted by one statement."""

    _name = "b2b.search.noted.widely"
    _description = "Wide Source of the Search Index"
    _inherit = ["b2b.search.noted"]

    def _b2b_note_search(self):
        if self.ids:
            select = self._b2b_get_search_sql()
            self.env["b2b.search.change"]._note_where(select)

    def _b2b_get_search_sql(self):
        """``SQL``: SELECT of the ids of the goods that records (batch) describe."""
        raise NotImplementedError


class ProductAttributeValue(models.Model):
    _name = "product.attribute.value"
    _inherit = ["product.attribute.value", "b2b.search.noted.widely"]
    _b2b_search_fields = frozenset({"name"})

    def _b2b_get_search_sql(self):
        return SQL(
            "SELECT DISTINCT product_tmpl_id FROM product_template_attribute_value"
            " WHERE product_attribute_value_id = ANY(%s)",
            self.ids,
        )


class ProductAttribute(models.Model):
    _name = "product.attribute"
    _inherit = ["product.attribute", "b2b.search.noted.widely"]
    _b2b_search_fields = frozenset({"visibility"})

    def _b2b_get_search_sql(self):
        return SQL(
            "SELECT DISTINCT product_tmpl_id FROM product_template_attribute_value"
            " WHERE attribute_id = ANY(%s)",
            self.ids,
        )


class ProductPublicCategory(models.Model):
    _name = "product.public.category"
    _inherit = ["product.public.category", "b2b.search.noted.widely"]
    _b2b_search_fields = frozenset({"name", "parent_id", "product_tmpl_ids"})

    def _b2b_get_search_sql(self):
        return SQL(
            "SELECT DISTINCT link.product_template_id"
            " FROM product_public_category_product_template_rel link"
            " JOIN product_public_category section"
            " ON section.id = link.product_public_category_id"
            " WHERE string_to_array(RTRIM(section.parent_path, '/'), '/')::int[]"
            " && %s::int[]",
            self.ids,
        )


class ProductTag(models.Model):
    _name = "product.tag"
    _inherit = ["product.tag", "b2b.search.noted.widely"]
    _b2b_search_fields = frozenset(
        {"name", "product_template_ids", "visible_to_customers"}
    )

    def _b2b_get_search_sql(self):
        return SQL(
            "SELECT product_template_id FROM product_tag_product_template_rel"
            " WHERE product_tag_id = ANY(%s)",
            self.ids,
        )


class B2bBrand(models.Model):
    _name = "b2b.brand"
    _inherit = ["b2b.brand", "b2b.search.noted.widely"]
    _b2b_search_fields = frozenset({"name"})

    def _b2b_get_search_sql(self):
        return SQL(
            "SELECT id FROM product_template WHERE b2b_brand_id = ANY(%s)", self.ids
        )
