# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ProductPublicCategory(models.Model):
    """Sections of the catalogue: two trees, and what their pages show."""

    _inherit = "product.public.category"

    b2b_kind = fields.Selection(
        [("classifier", "What it is"), ("application", "Where it is used")],
        "Tree",
        compute="_compute_b2b_kind",
        store=True,
        readonly=False,
        recursive=True,
        required=True,
        precompute=True,
        index=True,
        help="The classifier says what goods are, the other tree where they are used. "
        "A product may be in sections of both. Sub-sections follow their parent.",
    )
    b2b_column_ids = fields.Many2many(
        "product.attribute",
        "b2b_section_column_rel",
        string="Columns of the table",
        help="Properties that the table shows in this section. None: those of the "
        "section above.",
    )
    b2b_facet_ids = fields.Many2many(
        "product.attribute",
        "b2b_section_facet_rel",
        string="Filters",
        help="Properties that buyers filter by, in this section. None: those of the "
        "section above, or the most frequent ones.",
    )

    @api.depends("parent_id.b2b_kind")
    def _compute_b2b_kind(self):
        for category in self:
            category.b2b_kind = (
                category.parent_id.b2b_kind or category.b2b_kind or "classifier"
            )

    def _b2b_get_configured(self, field_name):
        """Attributes that staff chose for a section (single, or none of them).

        :param str field_name: 'b2b_column_ids' or 'b2b_facet_ids'
        :return: ``product.attribute`` records of the nearest section that has any
        """
        above = self.sudo().parents_and_self
        for section in above[::-1]:
            if section[field_name]:
                return section[field_name]
        return self.env["product.attribute"].sudo()
