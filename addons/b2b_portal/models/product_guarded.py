# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which fields of products the access matrix of a website guards."""

from odoo import models

PRICE_FIELDS = (
    "list_price",
    "lst_price",
    "standard_price",
    "price_extra",
    "compare_list_price",
    "base_unit_price",
    "tax_string",
    "pricelist_rule_ids",
    "pricelist_item_count",
    "avg_cost",
    "total_value",
    "value_svl",
)
STOCK_FIELDS = (
    "qty_available",
    "virtual_available",
    "free_qty",
    "incoming_qty",
    "outgoing_qty",
    "stock_quant_ids",
    "stock_move_ids",
)
PRODUCT_FIELDS = dict.fromkeys(PRICE_FIELDS, "prices") | dict.fromkeys(
    STOCK_FIELDS, "stock_figures"
)


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "b2b.guarded.mixin"]

    _b2b_guarded = PRODUCT_FIELDS | {"product_document_ids": "documents"}


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "b2b.guarded.mixin"]

    _b2b_guarded = PRODUCT_FIELDS | {"product_document_ids": "documents"}


class ProductTemplateAttributeValue(models.Model):
    _name = "product.template.attribute.value"
    _inherit = ["product.template.attribute.value", "b2b.guarded.mixin"]

    _b2b_guarded = {"price_extra": "prices"}

    def _get_extra_price(self, combination_info):
        if not self.env["website"]._b2b_may_see("prices"):
            return 0.0
        return super()._get_extra_price(combination_info)


class ProductAttributeValue(models.Model):
    _name = "product.attribute.value"
    _inherit = ["product.attribute.value", "b2b.guarded.mixin"]

    _b2b_guarded = {
        "default_extra_price": "prices",
        "default_extra_price_changed": "prices",
    }


class ProductCombo(models.Model):
    _name = "product.combo"
    _inherit = ["product.combo", "b2b.guarded.mixin"]

    _b2b_guarded = {"base_price": "prices"}


class ProductComboItem(models.Model):
    _name = "product.combo.item"
    _inherit = ["product.combo.item", "b2b.guarded.mixin"]

    _b2b_guarded = {"extra_price": "prices", "lst_price": "prices"}
