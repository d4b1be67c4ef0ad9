# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import find_ragged_rows
from .product_page_common import ProductPageCase


@tagged("post_install", "-at_install")
class TestProductSections(ProductPageCase):
    """Goods that the page of a product leads to."""

    def test_sections(self):
        for kind, product in (
            ("analogue", self.broken),
            ("required", self.agreed),
            ("accessory", self.offered),
            ("consumable", self.boxed),
            ("spare_part", self.nut),
        ):
            self._link(self.plain, kind, product, reason=f"Zqx {kind}")
        self._login(self.buyer)
        response = self.url_open(self.plain.website_url)
        self.assertFalse(find_ragged_rows(response.text))
        page = self._page(self.plain)
        for code, product in (
            ("required", self.agreed),
            ("accessories", self.offered),
            ("consumables", self.boxed),
            ("spare_parts", self.nut),
        ):
            self.assertEqual(self._section(page, code), product.ids, code)
            self.assertIn("Zqx", self._text(page, f"o_b2b_goods_{code}"))
        # the product itself is the first row of the comparison
        self.assertEqual(
            self._section(page, "analogues"), (self.plain + self.broken).ids
        )
        north = self._get_prices(self.agreement)
        for product in (self.broken, self.agreed, self.offered, self.boxed):
            section = page.xpath(f"//tr[@data-product-id='{product.id}']")[0]
            shown = self._cell(section, "o_b2b_my_price")
            self.assertTrue(self._has(shown, north[product]), product.default_code)
        back = self._page(self.boxed)
        self.assertEqual(self._section(back, "fits"), self.plain.ids)
        back = self._page(self.broken)
        self.assertEqual(
            self._section(back, "analogues"), (self.broken + self.plain).ids
        )

    def test_comparison(self):
        """Columns are the properties that differ; the difference is of my prices."""
        self._link(self.plain, "analogue", self.broken)
        self._login(self.buyer)
        page = self._page(self.plain)
        (table,) = page.xpath(
            "//section[contains(@class, 'o_b2b_goods_analogues')]//table"
        )
        heads = [
            " ".join(th.text_content().split()) for th in table.xpath(".//thead//th")
        ]
        self.assertIn("Zqx Coat", heads)
        self.assertNotIn("Zqx Size", heads, "the same on both")
        base, row = table.xpath(".//tbody/tr")
        self.assertIn("zinc", self._cell(base, "o_b2b_cell_property"))
        self.assertIn("plain", self._cell(row, "o_b2b_cell_property"))
        north = self._get_prices(self.agreement)
        percent = 100 * (north[self.broken] / north[self.plain] - 1)
        shown = self._cell(row, "o_b2b_cell_difference").replace(",", ".")
        self.assertAlmostEqual(
            float(shown.replace("\ufeff", "").replace("\u2212", "-")), percent, 1
        )
        self.assertEqual(self._cell(base, "o_b2b_cell_difference"), "")

    def test_successor_stands_before_analogues(self):
        self._link(self.plain, "analogue", self.broken)
        self._link(self.plain, "successor", self.agreed, sequence=90)
        self._login(self.buyer)
        page = self._page(self.plain)
        self.assertEqual(
            self._section(page, "analogues"),
            (self.plain + self.agreed + self.broken).ids,
        )
        back = self._page(self.agreed)
        self.assertEqual(self._section(back, "fits"), self.plain.ids)

    def test_similar(self):
        """By shared values, of the same section, without what is linked already."""
        self._login(self.buyer)
        page = self._page(self.plain)
        # broken shares the size, agreed nothing
        self.assertEqual(self._section(page, "similar"), self.broken.ids)
        self._link(self.plain, "analogue", self.broken)
        self.assertEqual(self._section(self._page(self.plain), "similar"), [])
        twin = self._create_product("TWIN-1", 1.0, public_categ_ids=self.section.ids)
        self._describe(twin, self.size, 0)
        self._describe(twin, self.coat, 0)
        half = self._create_product("HALF-1", 1.0, public_categ_ids=self.section.ids)
        self._describe(half, self.size, 0)
        far = self._create_product("FAR-1", 1.0)
        self._describe(far, self.size, 0)
        self.assertEqual(
            self._section(self._page(self.plain), "similar"), (twin + half).ids
        )
        twin.is_published = False
        self.assertEqual(self._section(self._page(self.plain), "similar"), half.ids)

    def test_linked_product_with_variants(self):
        color = self._create_attribute("Zqx Color", "always", ("red", "blue"))
        template = self.agreed.product_tmpl_id
        self._describe(self.agreed, color, 0, 1)
        red, blue = template.product_variant_ids
        self._link(self.plain, "accessory", red)
        self._link(self.plain, "consumable", blue, linked_product_id=blue.id)
        self._login(self.buyer)
        page = self._page(self.plain)
        (row,) = page.xpath(
            "//section[contains(@class, 'o_b2b_goods_accessories')]//tbody/tr"
        )
        self.assertFalse(row.xpath(".//input"), "to be chosen on its own page")
        self.assertEqual(self._section(page, "consumables"), blue.ids)
        blue.active = False
        page = self._page(self.plain)
        self.assertEqual(self._section(page, "consumables"), [])
        self.assertEqual(self._section(page, "accessories"), red.ids)

    def test_a_section_has_an_end(self):
        for number in range(15):
            self._link(
                self.plain, "accessory", self._create_product(f"A-{number}", 1.0)
            )
        self._login(self.buyer)
        self.assertEqual(len(self._section(self._page(self.plain), "accessories")), 12)
