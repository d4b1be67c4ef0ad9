# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class B2bAttributeGroup(models.Model):
    """A heading over properties on the product page: 'Dimensions', 'Material'."""

    _name = "b2b.attribute.group"
    _description = "Group of Properties"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    attribute_ids = fields.One2many("product.attribute", "b2b_group_id", "Properties")


class ProductAttribute(models.Model):
    _inherit = "product.attribute"

    b2b_group_id = fields.Many2one(
        "b2b.attribute.group",
        "Group of properties",
        index="btree_not_null",
        ondelete="set null",
        help="The heading on the product page. None: the property stands at the end.",
    )
