# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff want to stand higher in searches, of goods that fit equally well."""

from odoo import fields, models

MAX_PRIORITY = 10
_BETWEEN = f"CHECK(b2b_search_priority BETWEEN 0 AND {MAX_PRIORITY})"
_HELP = (
    "0 to 10: of goods that fit a search equally well, those of a higher priority "
    "stand first. How much it counts, the ranking of the search says."
)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    b2b_search_priority = fields.Integer(
        "Priority in search", default=0, groups="base.group_user", help=_HELP
    )

    # whether any product has one is asked in each search
    _b2b_search_priority_set = models.Index(
        "(b2b_search_priority) WHERE b2b_search_priority > 0"
    )

    _b2b_search_priority_between = models.Constraint(
        _BETWEEN, "A priority in search is a number from 0 to 10."
    )


class B2bBrand(models.Model):
    _inherit = "b2b.brand"

    b2b_search_priority = fields.Integer(
        "Priority in search", default=0, groups="base.group_user", help=_HELP
    )

    _b2b_search_priority_between = models.Constraint(
        _BETWEEN, "A priority in search is a number from 0 to 10."
    )


class ProductPublicCategory(models.Model):
    _inherit = "product.public.category"

    b2b_search_priority = fields.Integer(
        "Priority in search",
        default=0,
        groups="base.group_user",
        help="0 to 10, for goods of this section and of all below it. How much it "
        "counts, the ranking of the search says.",
    )

    _b2b_search_priority_between = models.Constraint(
        _BETWEEN, "A priority in search is a number from 0 to 10."
    )
