# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..tools.catalogue_address import read_address
from .catalogue_common import CatalogueCase
from .common import Command


@tagged("post_install", "-at_install")
class TestPresetsPages(CatalogueCase):
    """Landing pages: their filter, their address, who sees what of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.section = cls.env["product.public.category"].create({"name": "Zqx bolts"})
        cls.brand = cls.env["b2b.brand"].create({"name": "Zqx brand"})
        cls.inside, cls.outside = cls.plain, (cls.goods - cls.plain)[:1]
        for product in (cls.inside, cls.outside):
            product.product_tmpl_id.public_categ_ids = [Command.set(cls.section.ids)]
        cls.inside.product_tmpl_id.b2b_brand_id = cls.brand
        cls.preset = cls.env["b2b.catalogue.preset"].create(
            {
                "name": "Zqx для дома",
                "website_id": cls.website.id,
                "intro": "<p>Zqx intro</p><script>alert(1)</script>",
                "outro": "<p>Zqx outro</p>",
            }
        )
        cls.preset.address = (
            f"/shop/category/{cls.section.id}?brands={cls.brand.id}&nonsense=1"
        )
        cls.preset.is_published = True
        cls.url = f"/shop/pick/{cls.preset.slug}"

    # === STAFF === #

    def test_an_address_becomes_a_filter(self):
        self.assertEqual(self.preset.slug, "zqx-dlia-doma")
        self.assertEqual(self.preset.section_id, self.section)
        query = self.preset._get_query()
        self.assertEqual(query.brands, (self.brand.id,))
        self.assertEqual(self.preset.goods_count, 1)
        self.assertIn("Zqx brand", self.preset.words)

    def test_foreign_addresses_are_refused(self):
        for address in (
            "https://elsewhere.example/shop?brands=1",
            "/my/orders",
            "javascript:alert(1)",
            "/shop/../web",
            "x" * 10_000,
        ):
            self.assertIsNone(read_address(address), address[:40])
            with self.assertRaises(ValidationError, msg=address[:40]):
                self.preset.address = address

    def test_nothing_but_the_whole_catalogue_is_no_page(self):
        with self.assertRaises(ValidationError):
            self.preset.address = "/shop"

    def test_slugs(self):
        for slug in ("", "Два слова", "a--b", "-a", "a/b", "x" * 200):
            with self.assertRaises(ValidationError, msg=slug[:20]):
                self.preset.slug = slug
        again = self.preset.copy()
        self.assertNotEqual(again.slug, self.preset.slug)
        self.assertFalse(again.is_published)
        with self.assertRaises(ValidationError):
            self.preset.name = "x" * 10_000

    # === PAGES === #

    def test_members_see_its_goods(self):
        self._login(self.buyer)
        page = self.url_open(self.url).text
        for text in ("Zqx для дома", "Zqx intro", "Zqx outro", self.inside.name):
            self.assertIn(text, page)
        self.assertNotIn("alert(1)", page)
        self.assertNotIn(self.outside.name, page)

    def test_guests_see_them_on_cores_page(self):
        page = self.url_open(self.url).text
        self.assertIn("Zqx intro", page)
        self.assertIn(self.inside.name, page)
        self.assertNotIn(self.outside.name, page)
        self.assertIn(self.url, self.url_open("/sitemap.xml").text)

    def test_visitors_narrow_it_further(self):
        self._login(self.buyer)
        page = self.url_open(f"{self.url}?within=nothing-like-this").text
        self.assertIn("Zqx intro", page)
        self.assertNotIn(self.inside.name, page)

    def test_drafts_and_ended_ones(self):
        self._login(self.buyer)
        self.preset.is_published = False
        self.assertEqual(self.url_open(self.url).status_code, 404)
        yesterday = fields.Date.today() - timedelta(days=2)
        self.preset.write({"is_published": True, "valid_until": yesterday})
        response = self.url_open(self.url)
        self.assertEqual(response.status_code, 410)
        self.assertNotIn(self.inside.name, response.text)
        self.assertNotIn(self.url, self.url_open("/sitemap.xml").text)

    def test_an_old_address_leads_to_the_new_one(self):
        self._login(self.buyer)
        self.preset.slug = "zqx-new"
        self.env["ir.http"].env.registry.clear_cache("routing")
        response = self.url_open(f"{self.url}?within=M8")
        self.assertTrue(response.history)
        self.assertIn("/shop/pick/zqx-new?within=M8", response.url)

    def test_forged_addresses(self):
        self._login(self.buyer)
        for url in (
            "/shop/pick/no-such-page",
            "/shop/pick/%00",
            f"/shop/pick/{'x' * 5000}",
            f"{self.url}/page/999999999",
            f"{self.url}?brands={'9,' * 500}&min_price=-1&order=drop",
        ):
            self.assertIn(self.url_open(url).status_code, (200, 404), url[:60])

    def test_hidden_goods_stay_hidden(self):
        self.env["b2b.assortment"].create(
            {
                "name": "Closed",
                "mode": "hide",
                "audience": "everybody",
                "brand_ids": [Command.set(self.brand.ids)],
            }
        )
        self._login(self.buyer)
        page = self.url_open(self.url).text
        self.assertNotIn(self.inside.name, page)

    def test_only_staff_make_pages_of_what_they_see(self):
        presets = self.env["b2b.catalogue.preset"]
        count = presets.search_count([("id", ">", 0)])
        self._login(self.buyer)
        data = {"address": f"/shop?brands={self.brand.id}"}
        self.assertEqual(self._post("/b2b/catalogue-page/new", data).status_code, 404)
        self.assertEqual(presets.search_count([("id", ">", 0)]), count)

    # === TAG CLOUD === #

    def test_the_cloud_counts_what_the_visitor_sees(self):
        tag = self.env["product.tag"].create(
            {
                "name": "Zqx tag",
                "product_template_ids": [
                    Command.set((self.inside | self.outside).product_tmpl_id.ids)
                ],
            }
        )
        self.env["b2b.catalogue.cloud"].create({"tag_id": tag.id})
        self._login(self.buyer)
        page = self.url_open("/shop").text
        self.assertRegex(page, rf"tags={tag.id}\"[^>]*>\s*Zqx tag\s*(<[^>]*>\s*)*2")
        listed = self.url_open(f"/shop?tags={tag.id}").text
        self.assertIn(self.inside.name, listed)
        self.assertIn(self.outside.name, listed)
