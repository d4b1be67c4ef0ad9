# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Words of a cloud that are shown at once; the others are behind 'more'.
MAX_SHOWN = 20
# More than anybody reads.
MAX_ENTRIES = 100
_STEPS = (1, 2, 3)


@dataclass
class CloudWord:
    """A word of the tag cloud."""

    name: str
    # 1 small, 2 usual, 3 large
    step: int
    # id of the tag, 0: it is a landing page
    tag: int = 0
    # of the landing page
    path: str = ""
    # goods of the section that have the tag; None: not counted
    count: int = None


class B2bCatalogueCloud(models.Model):
    """A word of the tag cloud of a section: a tag, or a landing page.

    A section without words of its own shows those of the nearest section above that
    has any, in the end those of the whole catalogue.
    """

    _name = "b2b.catalogue.cloud"
    _description = "Word of the Tag Cloud"
    _order = "section_id, sequence, id"

    section_id = fields.Many2one(
        "product.public.category",
        ondelete="cascade",
        index=True,
        help="None: the whole catalogue.",
    )
    sequence = fields.Integer(default=10)
    tag_id = fields.Many2one("product.tag", ondelete="cascade", index=True)
    preset_id = fields.Many2one(
        "b2b.catalogue.preset", "Landing page", ondelete="cascade", index=True
    )
    weight = fields.Selection(
        [
            ("auto", "By the number of goods"),
            ("1", "Small"),
            ("2", "Usual"),
            ("3", "Large"),
        ],
        "Size",
        default="auto",
        required=True,
        help="Goods are counted for each visitor anew, those of tags only: a landing "
        "page of this size is usual.",
    )

    _one_word = models.Constraint(
        "CHECK((tag_id IS NULL) != (preset_id IS NULL))",
        "A word is either a tag or a landing page.",
    )
    _tag_unique = models.UniqueIndex(
        "(COALESCE(section_id, 0), tag_id) WHERE tag_id IS NOT NULL",
        "The tag is in this cloud already.",
    )
    _preset_unique = models.UniqueIndex(
        "(COALESCE(section_id, 0), preset_id) WHERE preset_id IS NOT NULL",
        "The landing page is in this cloud already.",
    )

    @api.depends("tag_id", "preset_id")
    def _compute_display_name(self):
        for word in self:
            word.display_name = word.tag_id.name or word.preset_id.name or ""

    # === THE CLOUD OF A PAGE === #

    @api.model
    def _get_cloud(self, website, section, acting):
        """The cloud above the goods of a section, for the visitor.

        Tags without any goods for the visitor are left out. The number of queries does
        not depend on the number of words or goods.

        :param section: ``product.public.category`` in sudo; none: the whole catalogue
        :param acting: as for ``b2b.catalogue``
        :return: list of :class:`CloudWord`, in the order that staff gave them
        """
        entries = self._get_entries(section)
        if not entries:
            return []
        # names of tags for customers are on public pages
        tags = entries.tag_id.filtered("visible_to_customers")
        counts = self._count_tags(tags, section, acting)
        presets = entries.preset_id._filter_shown(website)
        words = []
        for entry in entries:
            if counts.get(entry.tag_id.id):
                words.append(self._make_tag_word(entry, counts))
            elif entry.preset_id and entry.preset_id in presets:
                step = 2 if entry.weight == "auto" else int(entry.weight)
                path = entry.preset_id._get_path()
                words.append(CloudWord(entry.preset_id.name, step, path=path))
        return words

    @api.model
    def _get_entries(self, section):
        """The words of the nearest section that has any, in sudo."""
        above = [False, *section.parents_and_self.ids]
        entries = self.sudo().search_fetch(
            [("section_id", "in", above)],
            ["section_id", "tag_id", "preset_id", "weight"],
        )
        by_section = {entry.section_id.id: entries.browse() for entry in entries}
        for entry in entries:
            by_section[entry.section_id.id] |= entry
        nearest = [by_section[id_] for id_ in reversed(above) if id_ in by_section]
        return nearest[0][:MAX_ENTRIES] if nearest else entries

    @api.model
    def _make_tag_word(self, entry, counts):
        count = counts[entry.tag_id.id]
        step = (
            int(entry.weight)
            if entry.weight != "auto"
            else self._weigh(count, counts.values())
        )
        return CloudWord(entry.tag_id.name, step, tag=entry.tag_id.id, count=count)

    @api.model
    def _weigh(self, count, counts):
        """The step of a count among others: a third of the words is large."""
        known = sorted(set(counts))
        if len(known) == 1:
            return 2
        share = known.index(count) / (len(known) - 1)
        return _STEPS[min(int(share * len(_STEPS)), len(_STEPS) - 1)]

    @api.model
    def _count_tags(self, tags, section, acting):
        """Goods of a section with each tag that the visitor sees, in one query.

        :return: dict tag id -> number of templates, more than none
        """
        if not tags:
            return {}
        provider = self.env["b2b.catalogue"]
        conditions = {"tags": Domain("product_tag_ids", "in", tags.ids)}
        if section:
            conditions["section"] = provider._get_section_domain((section.id,))
        templates = provider._search_templates(conditions)
        rows = self.env.execute_query(
            SQL(
                "SELECT product_tag_id, count(*)"
                " FROM product_tag_product_template_rel"
                " WHERE product_tag_id IN %s AND product_template_id IN %s"
                " GROUP BY product_tag_id",
                tags._ids,
                templates.subselect(),
            )
        )
        return dict(rows)
