# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Typed links between goods: analogues, accessories, consumables, spare parts."""

from collections import defaultdict
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

KINDS = [
    ("successor", "Replaced by"),
    ("analogue", "Analogue"),
    ("required", "Required with it"),
    ("accessory", "Accessory"),
    ("consumable", "Consumable"),
    ("spare_part", "Spare part"),
    ("similar", "Similar"),
]
# What a link says on the page of the linked product; a kind that is missing says
# nothing there unless it goes both ways.
BACKWARDS = {
    "successor": "predecessor",
    "accessory": "fits",
    "consumable": "fits",
    "spare_part": "fits",
}
# Kinds that say more of a product than a kind of core's links.
_MORE_THAN_CORE = {
    "analogue": ("successor",),
    "accessory": ("required", "consumable", "spare_part"),
}


@dataclass(frozen=True)
class Linked:
    """A product that another one is linked to.

    ``kind`` is one of KINDS or of the values of BACKWARDS; ``variant_id`` is 0 where
    the whole template is meant; ``reason`` is a text in the user's language or empty;
    ``quantity`` (in the product's own unit) is how many of it belong to one, or 0.
    """

    kind: str
    template_id: int
    variant_id: int
    reason: str = ""
    quantity: float = 0.0


class B2bProductLink(models.Model):
    """One product is an analogue, an accessory, a spare part … of another.

    The kind says what the linked product is to the product. Staff keep the links;
    customers see the goods that are linked, as far as they see these goods at all.
    """

    _name = "b2b.product.link"
    _description = "Link between Products"
    _order = "product_tmpl_id, kind, sequence, id"
    _rec_name = "linked_tmpl_id"

    product_tmpl_id = fields.Many2one(
        "product.template", "Product", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product",
        "Of the variant only",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('product_tmpl_id', '=', product_tmpl_id)]",
    )
    kind = fields.Selection(KINDS, required=True, default="analogue", index=True)
    linked_tmpl_id = fields.Many2one(
        "product.template",
        "Linked product",
        required=True,
        index=True,
        ondelete="cascade",
    )
    linked_product_id = fields.Many2one(
        "product.product",
        "To the variant only",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('product_tmpl_id', '=', linked_tmpl_id)]",
    )
    reason = fields.Char(
        translate=True,
        help="For the customer: 'same thread, other coating'. On both pages where the "
        "link goes both ways.",
    )
    both_ways = fields.Boolean(
        compute="_compute_both_ways",
        store=True,
        readonly=False,
        precompute=True,
        help="The product is shown on the page of the linked one, too.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _link_unique = models.UniqueIndex(
        "(product_tmpl_id, COALESCE(product_id, 0), linked_tmpl_id,"
        " COALESCE(linked_product_id, 0), kind)",
        "These products are linked in this way already.",
    )

    @api.depends("kind")
    def _compute_both_ways(self):
        for link in self:
            link.both_ways = link.kind in ("analogue", "similar")

    @api.constrains("kind", "both_ways")
    def _check_both_ways(self):
        for link in self:
            if link.both_ways and link.kind in BACKWARDS:
                raise ValidationError(
                    self.env._(
                        "“%(kind)s” goes one way: %(product)s is told of on the page "
                        "of %(linked)s by itself.",
                        kind=dict(
                            self._fields["kind"]._description_selection(self.env)
                        )[link.kind],
                        product=link.product_tmpl_id.display_name,
                        linked=link.linked_tmpl_id.display_name,
                    )
                )

    @api.constrains(
        "product_tmpl_id", "product_id", "linked_tmpl_id", "linked_product_id"
    )
    def _check_products(self):
        for link in self:
            for template, variant in (
                (link.product_tmpl_id, link.product_id),
                (link.linked_tmpl_id, link.linked_product_id),
            ):
                if variant and variant.product_tmpl_id != template:
                    raise ValidationError(
                        self.env._(
                            "%(variant)s is no variant of %(product)s.",
                            variant=variant.display_name,
                            product=template.display_name,
                        )
                    )
            same = link.product_tmpl_id == link.linked_tmpl_id
            variants = link.product_id and link.linked_product_id
            if same and (not variants or link.product_id == link.linked_product_id):
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot be linked to itself.",
                        product=link.product_tmpl_id.display_name,
                    )
                )

    # === READING === #

    def _b2b_read_from(self, template, variant):
        """How the links (batch) read on the page of a variant.

        :param template: ``product.template`` of the page
        :param variant: ``product.product`` of the page, empty: links of variants are
            left out
        :return: list of :class:`Linked`
        """
        found, backwards = [], []
        for link in self:
            forth = link.product_tmpl_id == template and (
                not link.product_id or link.product_id == variant
            )
            back = link.linked_tmpl_id == template and (
                not link.linked_product_id or link.linked_product_id == variant
            )
            kind = link.kind if link.both_ways else BACKWARDS.get(link.kind)
            text = link.reason or ""
            if forth:
                ids = link.linked_tmpl_id.id, link.linked_product_id.id or 0
                found.append(Linked(link.kind, *ids, text))
            if back and kind:
                ids = link.product_tmpl_id.id, link.product_id.id or 0
                backwards.append(Linked(kind, *ids, text))
        return found + backwards


class ProductTemplate(models.Model):
    _inherit = "product.template"

    b2b_link_ids = fields.One2many(
        "b2b.product.link", "product_tmpl_id", "Linked products", copy=False
    )
    b2b_back_link_ids = fields.One2many(
        "b2b.product.link", "linked_tmpl_id", "Linked from", copy=False
    )

    def _b2b_get_linked(self, variant, facts=None):
        """What the product (single) is linked to, typed links and core's together.

        Not judged by rights: the caller searches the goods as the visitor. One or two
        queries, whatever the number of links. A hook: addons add kinds of their own.

        :param variant: ``product.product``, the one that is looked at
        :param facts: :class:`TemplateFacts` of the product, if the caller has them
        :return: list of :class:`Linked`, each (kind, product) once, typed links first,
            in the order that staff gave them
        """
        self.ensure_one()
        links = self.env["b2b.product.link"].sudo()
        links = links.search_fetch(
            Domain("product_tmpl_id", "=", self.id)
            | Domain("linked_tmpl_id", "=", self.id),
            order="sequence, id",
        )
        found = links._b2b_read_from(self, variant)
        facts = facts or self.sudo()._b2b_get_facts()
        found += self._b2b_get_core_linked(facts, found)
        return self._b2b_merge_linked(found, variant)

    def _b2b_get_core_linked(self, facts, typed):
        """Core's links, but for those that staff has told more of.

        :param facts: :class:`TemplateFacts`
        :param list typed: :class:`Linked` of typed links
        """
        told = {(row.kind, row.template_id, row.variant_id) for row in typed}
        return [
            Linked(kind, template_id, variant_id)
            for kind, template_id, variant_id in facts.links
            if not any(
                (more, template_id, id_) in told
                for more in _MORE_THAN_CORE[kind]
                for id_ in (0, variant_id)
            )
        ]

    def _b2b_merge_linked(self, found, variant):
        """Drop what is said twice: a template covers its variants.

        :param list found: :class:`Linked`, the ones that win first
        """
        known, merged = defaultdict(set), []
        whole = {(row.kind, row.template_id) for row in found if not row.variant_id}
        for row in found:
            covered = row.variant_id and (row.kind, row.template_id) in whole
            itself = row.template_id == self.id and row.variant_id in (0, variant.id)
            key = (row.template_id, row.variant_id)
            if covered or itself or key in known[row.kind]:
                continue
            known[row.kind].add(key)
            merged.append(row)
        return merged
