# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .preset_common import PresetCase


@tagged("post_install", "-at_install")
class TestPresets(PresetCase):
    """Landing pages as staff make them."""

    def test_an_address_becomes_filters_in_words(self):
        preset = self._create_preset(name="Zqx second", slug="zqx-second")
        slug = self.env["ir.http"]._slug(self.section)
        preset.address = (
            f"/shop/category/{slug}/page/4?brands={self.brand.id}&tags={self.tag.id}"
            "&utm_source=mail"
        )
        self.assertEqual(preset.section_id, self.section)
        query = preset._get_query()
        self.assertEqual((query.brands, query.tags), ((self.brand.id,), (self.tag.id,)))
        self.assertEqual(query.page, 1)
        for name in ("Zqx bolts", "Zqx one", "Zqx outdoors"):
            self.assertIn(name, preset.words)
        self.assertEqual(preset.goods_count, 1)
        self.plain.product_tmpl_id.is_published = False
        preset.invalidate_recordset()
        self.assertEqual(preset.goods_count, 0)

    def test_an_address_of_another_landing_page(self):
        other = self._create_preset(name="Zqx second")
        other.address = f"{self.preset._get_path()}?tags={self.tag.id}"
        query = other._get_query()
        self.assertEqual(query.brands, self.preset._get_query().brands)
        self.assertEqual(query.tags, (self.tag.id,))

    def test_the_form(self):
        """What the address means is said before the page is saved."""
        form = Form(self.env["b2b.catalogue.preset"])
        self.assertFalse(form.address)
        form.name = "Zqx форма"
        self.assertEqual(form.slug, "zqx-forma")
        form.address = (
            f"{self.website._b2b_get_section_path(self.section)}?tags={self.tag.id}"
        )
        self.assertEqual(form.section_id, self.section)
        self.assertIn("Zqx outdoors", form.words)
        self.assertEqual(form.goods_count, 1)
        preset = form.save()
        self.assertEqual(preset._get_query().tags, (self.tag.id,))
        with Form(preset) as form:
            form.section_id = self.below
            self.assertIn("Zqx long bolts", form.words)
        self.assertEqual(preset._get_query().section, self.below.id)
        self.assertEqual(preset._get_query().tags, (self.tag.id,))

    def test_foreign_addresses_are_refused(self):
        for address in (
            "https://evil.example/shop?brands=1",
            "/my/orders",
            "/shop/category/none-99999999",
            "/shop/pick/nothing-of-ours",
            "x" * 10_000,
        ):
            with self.assertRaises(ValidationError, msg=address[:40]):
                self.preset.address = address

    def test_what_a_page_must_have(self):
        for values in (
            {"slug": "Upper"},
            {"slug": "a/b"},
            {"name": "x" * 10_000},
            {"valid_from": "2026-02-01", "valid_until": "2026-01-01"},
            {"section_id": False, "params": ""},
        ):
            with self.assertRaises(ValidationError, msg=str(values)[:60]):
                self.preset.write(values)
        draft = self._create_preset(section_id=False, is_published=False)
        with self.assertRaises(ValidationError):
            draft.is_published = True

    def test_addresses_are_made_of_names(self):
        first = self._create_preset(name="Нержавейка А2")
        second = self._create_preset(name="Нержавейка А2")
        self.assertEqual(
            (first.slug, second.slug), ("nerzhaveyka-a2", "nerzhaveyka-a2-2")
        )
        self.assertEqual(self._create_preset(name="螺栓").slug, "page")

    def test_states(self):
        today = date.today()
        presets = self.env["b2b.catalogue.preset"]
        for values, state in (
            ({"is_published": False}, "draft"),
            ({"is_published": True}, "shown"),
            ({"valid_from": today + timedelta(2)}, "scheduled"),
            ({"valid_from": False, "valid_until": today - timedelta(2)}, "expired"),
            ({"valid_until": today}, "shown"),
        ):
            self.preset.write(values)
            self.assertEqual(self.preset.state, state)
            found = presets.search([("state", "=", state)])
            self.assertIn(self.preset, found)
            others = presets.search([("state", "!=", state)])
            self.assertNotIn(self.preset, others)

    def test_scripts_in_texts_are_taken_out(self):
        self.preset.intro = "<p>Good<script>alert(1)</script></p>"
        self.assertNotIn("script", self.preset.intro)

    def test_rights(self):
        """Customers read what is on the website; only administrators write."""
        draft = self._create_preset(is_published=False)
        for login in (self.buyer.user_id, self.retail_user):
            presets = self.env["b2b.catalogue.preset"].with_user(login)
            self.assertEqual(
                presets.search([("id", "in", (self.preset + draft).ids)]), self.preset
            )
            with self.assertRaises(AccessError):
                self.preset.with_user(login).write({"name": "stolen"})
            with self.assertRaises(AccessError):
                self.env["b2b.catalogue.cloud"].with_user(login).search([])
        manager = new_test_user(self.env, "zqx_m", "b2b_portal.group_staff_user")
        with self.assertRaises(AccessError):
            self.preset.with_user(manager).name = "x"
        admin = new_test_user(self.env, "zqx_a", "b2b_portal.group_staff_admin")
        preset = self.preset.with_user(admin)
        preset.slug = "zqx-other"
        self.assertTrue(preset.words)
        preset.unlink()
