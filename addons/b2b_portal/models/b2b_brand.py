# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class B2bBrand(models.Model):
    """Who makes a product: what buyers filter by and certificates are issued to."""

    _name = "b2b.brand"
    _description = "Brand"
    _order = "sequence, name"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    country_id = fields.Many2one("res.country", "Country of the maker")
    logo = fields.Image(max_width=512, max_height=512)
    description = fields.Html(translate=True, help="Shown on the brand's page.")
    product_ids = fields.One2many("product.template", "b2b_brand_id", "Products")
    product_count = fields.Integer("Products", compute="_compute_product_count")

    _name_unique = models.Constraint("UNIQUE(name)", "There is such a brand already.")

    def _compute_product_count(self):
        counts = self.env["product.template"]._read_group(
            [("b2b_brand_id", "in", self.ids)], ["b2b_brand_id"], ["__count"]
        )
        counts = {brand.id: count for brand, count in counts}
        for brand in self:
            brand.product_count = counts.get(brand.id, 0)

    def action_open_products(self):
        """Products of the brand (single); a new one is of this brand."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "b2b_portal.b2b_product_action"
        )
        return action | {
            "domain": [("b2b_brand_id", "=", self.id)],
            "context": {"default_b2b_brand_id": self.id},
        }


class ProductTemplate(models.Model):
    _inherit = "product.template"

    b2b_brand_id = fields.Many2one("b2b.brand", "Brand", index="btree_not_null")
