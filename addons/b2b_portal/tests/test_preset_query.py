# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.datastructures import MultiDict

from odoo.tests import BaseCase, tagged

from odoo.addons.b2b_portal.tools.catalogue_address import read_address
from odoo.addons.b2b_portal.tools.catalogue_query import CatalogueQuery
from odoo.addons.b2b_portal.tools.preset_query import PresetQuery
from odoo.addons.b2b_portal.tools.slug import is_slug, make_slug

PATH, SECTION = "/shop/pick/wood", "/shop/category/7"
BASE = CatalogueQuery(
    section=7, brands=(1, 2), attributes=((5, (50, 51)),), order="new", in_stock=True
)


@tagged("post_install", "-at_install")
class TestPresetQuery(BaseCase):
    """Landing page and visitor's filters in one address."""

    def _read(self, *pairs, page=1):
        return PresetQuery.from_request(MultiDict(pairs), BASE, PATH, SECTION, page)

    def test_the_bare_address_means_the_page(self):
        query = self._read()
        self.assertEqual(query.plain, BASE)
        self.assertTrue(query.is_within)
        self.assertEqual(query.get_url(PATH), PATH)

    def test_narrower_stays(self):
        query = self._read(("brands", "2"), ("tags", "9"), ("attribute_values", "5-51"))
        self.assertTrue(query.is_within)
        self.assertEqual(query.brands, (2,))
        self.assertEqual(query.attributes, ((5, (51,)),))
        self.assertTrue(query.in_stock)
        url = query.get_url(PATH)
        self.assertEqual(url, f"{PATH}?brands=2&tags=9&attribute_values=5-51")
        address = read_address(url)
        again = PresetQuery.from_request(address.args, BASE, PATH, SECTION)
        self.assertEqual(again, query)

    def test_every_way_out(self):
        """Without one of the page's own filters it is the catalogue."""
        query = self._read()
        for changed in (
            query.change(brands=()),
            query.toggle("brands", 3),
            query.change(attributes=()),
            query.toggle_value(5, 52),
            query.change(in_stock=False),
            query.clear(),
        ):
            self.assertFalse(changed.is_within)
            self.assertTrue(changed.get_url(PATH).startswith(SECTION))
            self.assertNotIn("whole", changed.get_url(PATH))
        url = query.change(brands=()).get_url(PATH)
        address = read_address(url)
        self.assertEqual(
            CatalogueQuery.from_args(address.args, 7), query.change(brands=()).plain
        )

    def test_prices_and_texts(self):
        base = CatalogueQuery(section=7, min_price=10.0, max_price=20.0, letter="Б")

        def within(**changes):
            read = PresetQuery.from_request(MultiDict(), base, PATH, SECTION)
            return read.change(**changes).is_within

        self.assertTrue(within(min_price=11.0, max_price=12.0))
        for changes in (
            {"min_price": None},
            {"min_price": 9.0},
            {"max_price": None},
            {"max_price": 21.0},
            {"letter": ""},
            {"letter": "В"},
            {"section": 8},
        ):
            self.assertFalse(within(**changes), changes)

    def test_forms_name_all_filters(self):
        """A form that sends no brand takes the page's brands off."""
        pairs = [p for p in self._read().get_params() if p[0] != "brands"]
        self.assertFalse(self._read(*pairs).is_within)
        self.assertEqual(self._read(*self._read().get_params()).get_url(PATH), PATH)

    def test_the_usual_order(self):
        query = self._read(("order", "usual"))
        self.assertTrue(query.is_within)
        self.assertEqual(query.get_url(PATH), f"{PATH}?order=usual")
        self.assertEqual(query.plain.order, "")
        self.assertEqual(self._read().order, "new")
        self.assertEqual(
            self._read().change(order="").get_url(PATH), f"{PATH}?order=usual"
        )

    def test_pages(self):
        query = self._read(("tags", "9"), page=3)
        self.assertEqual(query.get_url(PATH), f"{PATH}/page/3?tags=9")
        self.assertEqual(query.get_url(PATH, page=2), f"{PATH}/page/2?tags=9")

    def test_forged(self):
        query = self._read(
            ("brands", "x,0,1e9,99999999999999"),
            ("whole", "yes"),
            ("order", "x" * 10_000),
            ("attribute_values", "5-"),
        )
        self.assertTrue(query.is_within)
        self.assertEqual(query.brands, (1, 2))

    # === ADDRESSES THAT PEOPLE PASTE === #

    def test_addresses(self):
        for text, section, slug in (
            ("/shop", 0, ""),
            ("/shop/", 0, ""),
            ("/shop/category/bolts-12?brands=3", 12, ""),
            ("/shop/category/%D0%B1%D0%BE%D0%BB%D1%82%D1%8B-12/page/2", 12, ""),
            (" https://shop.example/ru/shop/category/12 ", 12, ""),
            ("/ru_RU/shop/pick/wood?tags=1", 0, "wood"),
        ):
            address = read_address(text, {"shop.example"})
            self.assertEqual((address.query.section, address.slug), (section, slug))
            self.assertEqual(address.query.page, 1)

    def test_foreign_and_broken_addresses(self):
        for text in (
            "",
            None,
            "/",
            "/my/orders",
            "/shop/cart",
            "/shop/category/bolts",
            "/shop/pick/UPPER",
            "https://evil.example/shop",
            "//evil.example/shop",
            "javascript:alert(1)",
            "https:/shop",
            "/shop\\evil",
            "/shop?x=\0",
            "/shop?" + "a=1&" * 500,
            "/shop?search=" + "x" * 10_000,
            "http://[/shop",
        ):
            self.assertIsNone(read_address(text, {"shop.example"}), text)

    def test_slugs(self):
        self.assertEqual(
            make_slug("Крепёж для деревянного дома"), "krepezh-dlya-derevyannogo-doma"
        )
        self.assertEqual(make_slug(" Щуп & №5 — Éclair "), "shchup-no5-eclair")
        self.assertEqual(make_slug("螺栓"), "")
        self.assertEqual(len(make_slug("я" * 10_000)), 80)
        for text in ("", "-a", "a-", "a--b", "A", "я", "a/b", "a\n", "a" * 81):
            self.assertFalse(is_slug(text), text)
        self.assertTrue(is_slug("a2-b"))
