# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import B2bMixin, Command


@tagged("post_install", "-at_install")
class TestSections(B2bMixin, TransactionCase):
    """Sections of the catalogue: trees, columns and filters; brands."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sections = cls.env["product.public.category"]
        cls.top = cls.sections.create({"name": "Fasteners"})
        cls.middle = cls._create_section("Bolts", cls.top)
        cls.leaf = cls._create_section("Hexagon bolts", cls.middle)
        attributes = cls.env["product.attribute"].create(
            [
                {"name": name, "create_variant": "no_variant"}
                for name in ("Thread", "Length")
            ]
        )
        cls.thread, cls.length = attributes

    @classmethod
    def _create_section(cls, name, above):
        return cls.sections.create({"name": name, "parent_id": above.id})

    # === TREES === #

    def test_sections_follow_the_tree_of_the_topmost(self):
        self.assertEqual(self.leaf.b2b_kind, "classifier")
        self.top.b2b_kind = "application"
        self.assertEqual(
            (self.middle | self.leaf).mapped("b2b_kind"), ["application"] * 2
        )
        new = self._create_section("Roofs", self.top)
        self.assertEqual(new.b2b_kind, "application")

    def test_a_moved_section_takes_all_below_it_along(self):
        other = self.sections.create({"name": "Roofs", "b2b_kind": "application"})
        self.middle.parent_id = other
        self.assertEqual(self.leaf.b2b_kind, "application")
        self.middle.parent_id = False
        self.assertEqual(self.leaf.b2b_kind, "application")

    def test_no_section_leaves_the_tree_alone(self):
        with self.assertRaises(ValidationError):
            self.leaf.b2b_kind = "application"
        with self.assertRaises(ValidationError):
            self.sections.create(
                {
                    "name": "Elsewhere",
                    "parent_id": self.top.id,
                    "b2b_kind": "application",
                }
            )

    # === COLUMNS AND FILTERS === #

    def test_columns_of_the_nearest_section_count(self):
        get = self.leaf._b2b_get_configured
        self.assertFalse(get("b2b_column_ids"))
        self.top.b2b_column_ids = self.thread
        self.assertEqual(get("b2b_column_ids"), self.thread)
        self.middle.b2b_column_ids = self.length
        self.assertEqual(get("b2b_column_ids"), self.length)
        self.leaf.b2b_column_ids = self.thread | self.length
        self.assertEqual(get("b2b_column_ids"), self.thread | self.length)
        self.assertFalse(get("b2b_facet_ids"), "filters are settled apart")
        nobody = self.sections._b2b_get_configured("b2b_column_ids")
        self.assertFalse(nobody)

    def test_staff_see_what_is_shown(self):
        self.top.b2b_facet_ids = self.thread
        self.assertEqual(self.leaf.b2b_shown_facet_ids, self.thread)
        self.middle.b2b_facet_ids = self.length
        self.assertEqual(self.leaf.b2b_shown_facet_ids, self.length)
        self.middle.b2b_facet_ids = False
        self.assertEqual(self.leaf.b2b_shown_facet_ids, self.thread)

    def test_goods_of_a_section_are_counted_once(self):
        self.bolt.public_categ_ids = self.leaf | self.middle
        self.nut.public_categ_ids = self.top
        self.sections.flush_model()
        counts = (self.top | self.middle | self.leaf).mapped("b2b_product_count")
        self.assertEqual(counts, [2, 1, 1])
        action = self.middle.action_b2b_open_products()
        found = self.env["product.template"].search(action["domain"])
        self.assertEqual(found, self.bolt.product_tmpl_id)
        self.assertEqual(self.sections.new({"name": "New"}).b2b_product_count, 0)

    def test_counts_take_the_same_queries_for_any_number(self):
        def ask(sections):
            sections.invalidate_recordset(["b2b_product_count"])
            before = self.env.cr.sql_log_count
            sections.mapped("b2b_product_count")
            return self.env.cr.sql_log_count - before

        more = self.sections.create(
            [{"name": str(i), "parent_id": self.leaf.id} for i in range(30)]
        )
        ask(self.top | more)
        self.assertEqual(ask(self.top), ask(self.top | more))

    # === VIEWS === #

    def test_staff_configure_a_section_in_its_form(self):
        with Form(self.sections) as form:
            form.name = "Anchors"
            form.parent_id = self.top
            self.assertEqual(form.b2b_kind, "classifier")
            form.b2b_column_ids.add(self.thread)
            form.b2b_facet_ids.add(self.length)
        section = form.record
        self.assertEqual(section.b2b_column_ids, self.thread)
        self.assertEqual(section.b2b_facet_ids, self.length)
        arch = etree.fromstring(self.sections.get_view(view_type="form")["arch"])
        for name in ("website_description", "cover_image", "b2b_column_ids"):
            self.assertEqual(len(arch.xpath(f"//field[@name='{name}']")), 1, name)
        for action in ("b2b_section_action", "b2b_brand_action", "b2b_product_action"):
            action = self.env.ref(f"b2b_portal.{action}")
            model = self.env[action.res_model]
            views = [(False, name) for name in action.view_mode.split(",")]
            model.get_views([*views, (False, "search")])

    # === BRANDS === #

    def test_brands(self):
        brand = self.env["b2b.brand"].create({"name": "Zqx"})
        self.assertEqual(brand.product_count, 0)
        with Form(self.bolt.product_tmpl_id) as form:
            form.b2b_brand_id = brand
        brand.invalidate_recordset()
        self.assertEqual(brand.product_count, 1)
        action = brand.action_open_products()
        found = self.env["product.template"].search(action["domain"])
        self.assertEqual(found, self.bolt.product_tmpl_id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["b2b.brand"].create({"name": "Zqx"})

    def test_who_changes_brands(self):
        brand = self.env["b2b.brand"].create({"name": "Zqx"})
        admin = new_test_user(self.env, "b2b_staff", "b2b_portal.group_staff_admin")
        manager = new_test_user(self.env, "b2b_manager", "b2b_portal.group_staff_user")
        brand.with_user(admin).name = "Zqy"
        for user in (manager, self.buyer.user_id, self.env.ref("base.public_user")):
            self.assertEqual(brand.with_user(user).name, "Zqy")
            with self.assertRaises(AccessError):
                brand.with_user(user).name = "Mine"


@tagged("post_install", "-at_install")
class TestChoice(B2bMixin, TransactionCase):
    """When a row of the table cannot say what exactly is ordered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.bolt.product_tmpl_id

    def _create_line(self, names, create_variant="no_variant", **values):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Zqx",
                "create_variant": create_variant,
                "value_ids": [Command.create({"name": name}) for name in names],
            }
            | values
        )
        self.template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]
        return attribute

    def _is_chosen(self):
        found = self.website._b2b_get_chosen_on_page(self.template)
        return self.template.id in found

    def test_a_property_of_one_value_is_no_choice(self):
        self._create_line(["M8"])
        self._create_line(["40"])
        self.assertFalse(self._is_chosen())

    def test_variants_are_rows_of_their_own(self):
        self._create_line(["9", "10"], create_variant="always")
        self.assertFalse(self._is_chosen())

    def test_several_values_without_variants_are_a_choice(self):
        self._create_line(["Red", "Blue"])
        self.assertTrue(self._is_chosen())

    def test_ticks_are_a_choice(self):
        self._create_line(["Engraving"], display_type="multi")
        self.assertTrue(self._is_chosen())

    def test_a_value_to_be_written_is_a_choice(self):
        attribute = self._create_line(["Text"])
        attribute.value_ids.is_custom = True
        self.assertTrue(self._is_chosen())

    def test_combos_are_a_choice(self):
        combo = self.env["product.combo"].create(
            {
                "name": "Bolt",
                "combo_item_ids": [Command.create({"product_id": self.bolt.id})],
            }
        )
        kit = self.env["product.template"].create(
            {"name": "Kit", "type": "combo", "combo_ids": [Command.set(combo.ids)]}
        )
        self.assertIn(kit.id, self.website._b2b_get_chosen_on_page(kit))

    def test_properties_neither_split_nor_describe_a_line_of_the_cart(self):
        """Goods with properties are ordered like those without, again and again."""
        self._create_line(["Zqv"])
        cart = self._create_cart(self.buyer)
        for _time in range(2):
            cart._cart_add(self.bolt.id, 24, uom_id=self.bolt.uom_id.id)
        (line,) = cart.order_line
        self.assertEqual(line.product_uom_qty, 48)
        self.assertNotIn("Zqv", line.name)
