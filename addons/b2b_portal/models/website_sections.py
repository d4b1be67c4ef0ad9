# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The two trees of sections in the panel of the catalogue."""

from odoo import models
from odoo.fields import Domain
from odoo.http import request

from ..tools.section_node import SectionNode, SectionTree

# With more sections that have goods, branches are fetched when they are unfolded.
MAX_INLINE = 90
_FIELDS = ["name", "parent_id", "parent_path", "b2b_kind", "seo_name"]


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_trees(self, query, section, unfold=()):
        """Sections with goods under the other filters, as trees; a hook.

        A tree is counted without what is chosen in it, but with what is chosen in the
        other one: on the page of a section, the other tree leads across.

        :param query: :class:`~..tools.catalogue_query.CatalogueQuery`
        :param section: ``product.public.category`` in sudo, of the page; may be empty
        :param unfold: slugs of sections whose branches are shown
        :return: list of :class:`~..tools.section_node.SectionTree`, of those that have
            sections
        """
        provider = self.env["b2b.catalogue"]
        # a tree is counted without the section of the page
        counted = query if query.is_filtered else query.change(section=0)
        counts = provider._count(counted, request.b2b, ["tree"]).get("tree", {})
        sections = self._b2b_find_sections()
        counts = {id_: count for id_, count in counts.items() if count}
        kept = self._b2b_get_kept_sections(sections, query, section, counts)
        shown = sections.filtered(lambda s: s.id in counts or s.id in kept)
        opened = self._b2b_get_opened_sections(sections, query, section, unfold)
        roots = self._b2b_join_nodes(shown, query, section, counts, opened)
        return self._b2b_label_trees(roots, query, section, shown)

    def _b2b_find_sections(self):
        """Sections of this website that the assortment does not close, in sudo.

        Whether one has goods for the visitor is a matter of counts.
        """
        domain = Domain(self.website_domain()) & Domain("parent_path", "!=", False)
        if self.env.user.share:
            domain &= self.env["ir.rule"]._b2b_get_group_domain("sections")
        sections = self.env["product.public.category"].sudo()
        return sections.search_fetch(domain, _FIELDS)

    def _b2b_get_kept_sections(self, sections, query, section, counts):
        """Ids that are shown without goods: where one is, and what is ticked."""
        kept = section
        if empty := [id_ for id_ in query.categories if id_ not in counts]:
            # the visitor's own rights: a forged id must not tell a name
            seen = self.env["product.public.category"].search([("id", "in", empty)])
            kept |= seen.sudo() & sections
        return set(kept.parents_and_self.ids)

    def _b2b_get_opened_sections(self, sections, query, section, unfold):
        """Ids of the sections whose branches are shown from the start."""
        asked = sections.filtered(lambda each: f"section-{each.id}" in unfold)
        ticked = sections.filtered(lambda each: each.id in query.categories)
        return set((section | asked | ticked.parent_id).parents_and_self.ids)

    # === NODES === #

    def _b2b_join_nodes(self, shown, query, section, counts, opened):
        """Nodes of sections, put into branches.

        :return: dict kind -> nodes of the first level
        """
        nodes, roots = {}, {}
        inline = len(shown) <= MAX_INLINE
        ticked = shown.filtered(lambda other: other.id in query.categories)
        known = set(shown._ids)
        for each in shown._b2b_in_order():
            above = nodes.get(each.parent_id.id)
            if above and not inline and not above.open:
                above.lazy = True
                continue
            node = self._b2b_build_node(each, query, section, ticked)
            node.count, node.open = counts.get(each.id, 0), each.id in opened
            nodes[each.id] = node
            if above:
                above.children.append(node)
            elif each.parent_id.id not in known:
                roots.setdefault(each.b2b_kind, []).append(node)
        return roots

    def _b2b_build_node(self, each, query, section, ticked):
        """The node of a section, with an address that keeps the other filters."""
        across = bool(section) and section.b2b_kind != each.b2b_kind
        others = ticked.filtered(lambda other: other.b2b_kind != each.b2b_kind)
        if across:
            others |= section
        target = query.change(section=each.id, categories=tuple(sorted(others.ids)))
        # of the same tree, only sections below the page's own narrow its list
        below = (each.parent_path or "").startswith(section.parent_path or "")
        return SectionNode(
            each.id,
            each.name,
            target.get_url(self._b2b_get_section_path(each)),
            current=each == section,
            chosen=each in ticked,
            box=each != section and (across or below),
        )

    def _b2b_label_trees(self, roots, query, section, shown):
        field = self.env["product.public.category"]._fields["b2b_kind"]
        trees = [
            SectionTree(kind, label, roots[kind])
            for kind, label in field._description_selection(self.env)
            if kind in roots
        ]
        ticked = shown.filtered(lambda each: each.id in query.categories)
        for place, tree in enumerate(trees):
            across = section and section.b2b_kind != tree.kind
            tree.across = bool(across)
            tree.open = (
                bool(section) or not place or tree.kind in ticked.mapped("b2b_kind")
            )
        return trees

    def _b2b_get_branch(self, query, section, slug):
        """The nodes below one section, or None where there is none to see."""
        nodes = [
            n for t in self._b2b_get_trees(query, section, (slug,)) for n in t.nodes
        ]
        while nodes:
            node = nodes.pop()
            if node.slug == slug:
                return node.children
            nodes += node.children
        return None

    # === BY NAME === #

    def _b2b_get_section_names(self):
        """Sections with goods that the visitor sees, for a search by name.

        :return: list of dicts: id, name, above (names of the sections above), url
        """
        seen = self.env["product.public.category"].search(Domain(self.website_domain()))
        sections = seen.sudo()
        return [
            {
                "id": each.id,
                "name": each.name,
                "above": " › ".join(each.parents_and_self[:-1].mapped("name")),
                "url": self._b2b_get_section_path(each),
            }
            for each in sections._b2b_in_order()
        ]
