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

    _name_unique = models.Constraint("UNIQUE(name)", "There is such a brand already.")


class ProductTemplate(models.Model):
    _inherit = "product.template"

    b2b_brand_id = fields.Many2one("b2b.brand", "Brand", index="btree_not_null")
