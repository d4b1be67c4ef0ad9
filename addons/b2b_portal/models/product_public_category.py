# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError


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

    b2b_shown_column_ids = fields.Many2many(
        "product.attribute",
        string="Columns that are shown",
        compute="_compute_b2b_shown",
        recursive=True,
        help="Own ones, or those of the nearest section above that has any.",
    )
    b2b_shown_facet_ids = fields.Many2many(
        "product.attribute",
        string="Filters that are shown",
        compute="_compute_b2b_shown",
        recursive=True,
        help="Own ones, or those of the nearest section above that has any.",
    )
    b2b_product_count = fields.Integer(
        "Goods",
        compute="_compute_b2b_product_count",
        help="Active goods of this section and of all below it, each once.",
    )

    @api.depends("parent_id.b2b_kind")
    def _compute_b2b_kind(self):
        for category in self:
            category.b2b_kind = (
                category.parent_id.b2b_kind or category.b2b_kind or "classifier"
            )

    @api.constrains("b2b_kind", "parent_id")
    def _check_b2b_kind(self):
        for category in self:
            above = category.parent_id
            if above and category.b2b_kind != above.b2b_kind:
                raise ValidationError(
                    self.env._(
                        "“%(section)s” is in the tree of “%(above)s”: change the tree "
                        "of the topmost section instead.",
                        section=category.name,
                        above=above.name,
                    )
                )

    @api.depends(
        "b2b_column_ids",
        "b2b_facet_ids",
        "parent_id.b2b_shown_column_ids",
        "parent_id.b2b_shown_facet_ids",
    )
    def _compute_b2b_shown(self):
        for category in self:
            shown = category._b2b_get_configured
            category.b2b_shown_column_ids = shown("b2b_column_ids")
            category.b2b_shown_facet_ids = shown("b2b_facet_ids")

    def _compute_b2b_product_count(self):
        groups = self.env["product.template"]._read_group(
            [("public_categ_ids", "child_of", self.ids)],
            ["public_categ_ids"],
            ["id:array_agg"],
        )
        goods = defaultdict(set)
        for section, ids in groups:
            for above in (section.parent_path or "").split("/")[:-1]:
                goods[int(above)].update(ids)
        for category in self:
            category.b2b_product_count = len(goods[category._origin.id])

    def action_b2b_open_products(self):
        """Goods of this section (single) and of all below it."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "b2b_portal.b2b_product_action"
        )
        return action | {
            "domain": [("public_categ_ids", "child_of", self.ids)],
            "context": {"default_public_categ_ids": self.ids},
        }

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
