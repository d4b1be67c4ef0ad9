# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import B2bCommon, Command


@tagged("post_install", "-at_install")
class TestProductBulk(B2bCommon):
    """Changes of many products: previewed, counted, noted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pin = cls._create_product("PIN-1", 3.0)
        cls.goods = (cls.bolt | cls.nut | cls.pin).product_tmpl_id
        cls.section = cls.env["product.public.category"].create({"name": "New"})
        cls.tag = cls.env["product.tag"].create({"name": "Hit"})
        cls.brand = cls.env["b2b.brand"].create({"name": "Zqx"})
        cls.attribute = cls.env["product.attribute"].create(
            {
                "name": "Coating",
                "create_variant": "no_variant",
                "value_ids": [
                    Command.create({"name": "Zinc"}),
                    Command.create({"name": "None"}),
                ],
            }
        )
        cls.zinc, cls.bare = cls.attribute.value_ids

    def _open(self, operation, **values):
        wizard = self.env["b2b.product.bulk"].with_context(
            active_model="product.template", active_ids=self.goods.ids
        )
        return wizard.create({"operation": operation} | values)

    def _run(self, operation, **values):
        """Apply, and compare the message with the preview.

        :return: (chosen, changed, were so, refused)
        """
        wizard = self._open(operation, **values)
        preview = (wizard.change_count, wizard.same_count, wizard.refused_count)
        message = wizard.action_apply()["params"]["message"]
        counts = tuple(int(n) for n in re.findall(r"\d+", message.split("\n")[0]))
        self.assertEqual(counts[0], sum(counts[1:]))
        self.assertEqual(counts[1:], preview)
        return counts

    def test_sections(self):
        self.bolt.public_categ_ids = self.section
        sections = [Command.set(self.section.ids)]
        self.assertEqual(self._run("add_sections", section_ids=sections), (3, 2, 1, 0))
        self.assertEqual(self.goods.public_categ_ids, self.section)
        self.assertEqual(self._run("add_sections", section_ids=sections), (3, 0, 3, 0))
        self.assertEqual(
            self._run("remove_sections", section_ids=sections), (3, 3, 0, 0)
        )
        self.assertFalse(self.goods.public_categ_ids)

    def test_brand_tags_publication(self):
        self.assertEqual(self._run("brand", brand_id=self.brand.id), (3, 3, 0, 0))
        self.assertEqual(self.goods.b2b_brand_id, self.brand)
        self.assertEqual(self._run("brand"), (3, 3, 0, 0))
        self.assertFalse(self.goods.b2b_brand_id)
        tags = [Command.set(self.tag.ids)]
        self.assertEqual(self._run("add_tags", tag_ids=tags), (3, 3, 0, 0))
        self.assertEqual(self._run("remove_tags", tag_ids=tags), (3, 3, 0, 0))
        self.assertEqual(self._run("unpublish"), (3, 3, 0, 0))
        self.pin.sale_ok = False
        self.assertEqual(self._run("publish"), (3, 2, 0, 1))
        self.assertEqual(self.goods.mapped("is_published"), [True, True, False])

    def test_quantities(self):
        counts = self._run(
            "quantities", set_multiple=True, multiple=100, set_min_qty=True, min_qty=0
        )
        self.assertEqual(counts, (3, 2, 1, 0))
        self.assertEqual(self.goods.mapped("b2b_multiple"), [100, 100, 100])

    def test_a_product_that_refuses_keeps_none_of_the_others_back(self):
        self.bolt.b2b_max_qty = 10
        wizard = self._open("quantities", set_min_qty=True, min_qty=500)
        self.assertEqual(wizard.change_count, 3)
        message = wizard.action_apply()["params"]["message"]
        counts = [int(n) for n in re.findall(r"\d+", message.split("\n")[0])]
        self.assertEqual(counts, [3, 2, 0, 1])
        self.assertIn("BLT-M8", message)
        self.assertEqual(
            (self.bolt | self.nut | self.pin).mapped("b2b_min_qty"), [0, 500, 500]
        )

    def test_property(self):
        values = {"attribute_id": self.attribute.id, "value_id": self.zinc.id}
        variants = self.goods.product_variant_ids
        self.assertEqual(self._run("property", **values), (3, 3, 0, 0))
        self.assertEqual(self.goods.attribute_line_ids.value_ids, self.zinc)
        self.bolt.attribute_line_ids.value_ids = self.attribute.value_ids
        values["value_id"] = self.bare.id
        self.assertEqual(self._run("property", **values), (3, 2, 0, 1))
        self.assertEqual(self.nut.attribute_line_ids.value_ids, self.bare)
        self.assertEqual(len(self.bolt.attribute_line_ids.value_ids), 2)
        self.assertEqual(self.goods.product_variant_ids, variants)
        self.attribute = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [Command.create({"name": "S"})]}
        )
        values = {
            "attribute_id": self.attribute.id,
            "value_id": self.attribute.value_ids.id,
        }
        self.assertEqual(self._run("property", **values), (3, 0, 0, 3))

    def test_notes(self):
        self._run("brand", brand_id=self.brand.id)
        for template in self.goods:
            self.assertIn("Zqx", template.message_ids[0].body)
        before = len(self.bolt.product_tmpl_id.message_ids)
        self._run("brand", brand_id=self.brand.id)
        self.assertEqual(len(self.bolt.product_tmpl_id.message_ids), before)

    def test_form(self):
        wizard = self.env["b2b.product.bulk"].with_context(
            active_model="product.product", active_ids=self.bolt.ids
        )
        with Form(wizard) as form:
            self.assertEqual(form.total_count, 1)
            self.assertEqual(form.change_count, 0)
            form.section_ids.add(self.section)
            self.assertEqual(form.change_count, 1)

    def test_nothing_said_and_nobody_else(self):
        for operation in ("add_sections", "remove_tags", "quantities", "property"):
            with self.assertRaises(UserError):
                self._open(operation).action_apply()
        manager = new_test_user(self.env, "zqx_mgr", "b2b_portal.group_staff_user")
        with self.assertRaises(AccessError):
            self.env["b2b.product.bulk"].with_user(manager).create({})

    def test_queries_do_not_follow_the_products(self):
        """Beyond what core's write does for each batch."""
        many = self.env["product.template"]
        for number in range(60):
            many |= self._create_product(f"BULK-{number}", 1.0).product_tmpl_id

        def count(templates):
            self.goods = templates
            wizard = self._open("brand", brand_id=self.brand.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_apply()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(many[:5])
        self.assertLessEqual(count(many[10:60]), count(many[5:10]) + 3)
