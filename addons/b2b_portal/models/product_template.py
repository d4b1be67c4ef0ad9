# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    b2b_multiple = fields.Float(
        "Sold in multiples of",
        digits="Product Unit",
        help="In the product's own unit. 0: any quantity.",
    )
    b2b_min_qty = fields.Float(
        "Minimum quantity",
        digits="Product Unit",
        help="Least quantity of an order line, in the product's own unit.",
    )

    _b2b_quantities_positive = models.Constraint(
        "CHECK(COALESCE(b2b_multiple, 0) >= 0 AND COALESCE(b2b_min_qty, 0) >= 0)",
        "Multiple and minimum quantity cannot be negative.",
    )
    # The number of all goods on offer, without reading the goods.
    _b2b_offered_index = models.Index(
        "(website_id, company_id, id) WHERE active IS TRUE"
        " AND is_published IS TRUE AND sale_ok IS TRUE"
    )
