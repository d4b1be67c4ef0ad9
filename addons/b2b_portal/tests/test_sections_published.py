# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random

from odoo.tests import tagged

from .common import B2bCommon, Command


@tagged("post_install", "-at_install")
class TestSectionsPublished(B2bCommon):
    """Which sections have published goods, by the database and in memory."""

    def _has_goods(self, section):
        """The rule in words: goods of its own, or of a section below."""
        own = section.with_context(active_test=False).product_tmpl_ids
        if own.filtered(lambda t: t.active and t.is_published):
            return True
        return any(self._has_goods(below) for below in section.child_id)

    def test_random_trees(self):
        chance = random.Random(7)  # noqa: S311
        Section = self.env["product.public.category"]
        sections = Section.create({"name": "Root"})
        for number in range(25):
            parent = chance.choice([*sections, Section])
            sections |= Section.create(
                {"name": f"S{number}", "parent_id": parent.id or False}
            )
        templates = self.env["product.template"].create(
            [
                {
                    "name": f"T{number}",
                    "is_published": chance.random() < 0.5,
                    "active": chance.random() < 0.8,
                    "public_categ_ids": [Command.set(chance.sample(sections.ids, 2))],
                }
                for number in range(8)
            ]
        )
        for _round in range(6):
            wanted = sections.filtered(self._has_goods)
            self.assertTrue(wanted)
            self.assertLess(len(wanted), len(sections))
            domain = [("id", "in", sections.ids)]
            found = Section.search([*domain, ("has_published_products", "=", True)])
            self.assertEqual(set(found), set(wanted))
            empty = Section.search([*domain, ("has_published_products", "=", False)])
            self.assertEqual(found | empty, found + empty)
            self.assertEqual(len(found) + len(empty), len(sections))
            self.assertEqual(sections.filtered("has_published_products"), wanted)
            template = chance.choice(templates)
            template.is_published = not template.is_published
            chance.choice(templates).public_categ_ids = chance.choice(sections)

    def test_one_query_for_a_tree(self):
        section = self.env["product.public.category"].create({"name": "Root"})
        sections = section
        for number in range(6):
            section = section.create({"name": f"{number}", "parent_id": section.id})
            sections |= section
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            sections.mapped("has_published_products")
