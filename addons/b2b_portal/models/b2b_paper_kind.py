# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class B2bPaperKind(models.Model):
    """A kind of founding paper that customers and the seller give each other."""

    _name = "b2b.paper.kind"
    _description = "Kind of Founding Paper"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    direction = fields.Selection(
        [
            ("customer", "From the customer"),
            ("seller", "From us"),
            ("both", "Both ways"),
        ],
        default="customer",
        required=True,
    )
    required = fields.Boolean(
        "Every legal entity gives it",
        help="Legal entities that have not given it are asked for it on the portal.",
    )
    has_validity = fields.Boolean("Has a last day of validity")
    description = fields.Text(
        translate=True, help="What the paper must look like; customers read it."
    )

    _code_unique = models.Constraint("UNIQUE(code)", "The code must be unique.")
