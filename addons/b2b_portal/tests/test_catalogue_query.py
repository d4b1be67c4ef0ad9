# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from odoo.tests import TransactionCase, tagged

from ..tools.catalogue_query import (
    MAX_ATTRIBUTES,
    MAX_IDS,
    MAX_PAGE,
    MAX_TEXT,
    CatalogueQuery,
)
from .catalogue_common import CatalogueCase
from .common import B2bCommon

_KEYS = [
    "search",
    "within",
    "categories",
    "brands",
    "tags",
    "warehouses",
    "attribute_values",
    "in_stock",
    "slices",
    "min_price",
    "max_price",
    "letter",
    "order",
    "per_page",
    "page",
]


@tagged("post_install", "-at_install")
class TestCatalogueQuery(TransactionCase):
    """Addresses into queries and back."""

    def _read(self, *pairs, **options):
        return CatalogueQuery.from_args(MultiDict(pairs), **options)

    def test_an_address_and_back(self):
        pairs = [
            ("search", "болт м8"),
            ("categories", "3,5"),
            ("brands", "2"),
            ("attribute_values", "7-1,4"),
            ("attribute_values", "9-12"),
            ("in_stock", "1"),
            ("slices", "new"),
            ("letter", "Б"),
            ("order", "name"),
            ("min_price", "10.5"),
        ]
        query = self._read(*pairs, page=3)
        self.assertEqual(query.attributes, ((7, (1, 4)), (9, (12,))))
        url = urlsplit(query.get_url("/shop", page=3))
        self.assertEqual(url.path, "/shop/page/3")
        self.assertEqual(self._read(*parse_qsl(url.query), page=3), query)

    def test_ticking_twice_is_not_ticking(self):
        query = self._read(("brands", "2"), page=4)
        more = query.toggle("brands", 5).toggle_value(7, 1)
        self.assertEqual((more.brands, more.attributes), ((2, 5), ((7, (1,)),)))
        self.assertEqual(more.page, 1, "other goods are read from their first page")
        self.assertEqual(more.toggle("brands", 5).toggle_value(7, 1), query.change())

    def test_clear(self):
        query = self._read(("search", "x"), ("order", "name"), ("brands", "1"))
        self.assertTrue(query.is_filtered)
        self.assertFalse(query.clear().is_filtered)
        self.assertEqual((query.clear().search, query.clear().order), ("x", "name"))

    @given(
        st.lists(st.tuples(st.sampled_from(_KEYS), st.text(max_size=300)), max_size=8),
        st.integers(),
    )
    @settings(max_examples=300, deadline=None)
    def test_any_address_is_read(self, pairs, page):
        query = self._read(*pairs, page=page)
        self.assertLessEqual(len(query.search), MAX_TEXT)
        self.assertTrue(1 <= query.page <= MAX_PAGE)
        again = urlsplit(query.get_url("/shop", page=query.page))
        read = self._read(*parse_qsl(again.query), page=query.page, limit=query.limit)
        self.assertEqual(read, query)

    def test_too_much_is_cut(self):
        many = ",".join(map(str, range(1, 10_000)))
        lines = [("attribute_values", f"{n}-{many}") for n in range(1, 500)]
        query = self._read(*lines, ("brands", many), ("search", "я" * 10_000))
        self.assertEqual(len(query.brands), MAX_IDS)
        self.assertEqual(len(query.attributes), MAX_ATTRIBUTES)
        self.assertEqual(len(query.attributes[0][1]), MAX_IDS)
        self.assertEqual(len(query.search), MAX_TEXT)


@tagged("post_install", "-at_install")
class TestCatalogueProvider(B2bCommon):
    """Which goods a query finds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["b2b.catalogue"]
        sections = cls.env["product.public.category"]
        cls.bolts = sections.create({"name": "Bolts Qvx"})
        cls.hex = sections.create({"name": "Hex", "parent_id": cls.bolts.id})
        cls.roofs = sections.create({"name": "Roofs", "b2b_kind": "application"})
        cls.brand = cls.env["b2b.brand"].create({"name": "Qvx"})
        cls.attribute = cls.env["product.attribute"].create(
            {
                "name": "Thread Qvx",
                "create_variant": "no_variant",
                "value_ids": [(0, 0, {"name": name}) for name in ("M6", "M8", "M10")],
            }
        )
        cls.goods = cls.env["product.template"]
        for number, value in enumerate(cls.attribute.value_ids):
            product = cls._create_product(
                f"QVX-{number}",
                10,
                name=f"Qvx bolt {value.name}",
                public_categ_ids=[
                    (6, 0, (cls.hex | cls.roofs).ids if number else cls.bolts.ids)
                ],
                b2b_brand_id=cls.brand.id if number < 2 else False,
                attribute_line_ids=[
                    (
                        0,
                        0,
                        {
                            "attribute_id": cls.attribute.id,
                            "value_ids": [(6, 0, value.ids)],
                        },
                    )
                ],
            )
            cls.goods |= product.product_tmpl_id

    def _find(self, **values):
        values = {"search": "Qvx", "order": "article"} | values
        found = self.provider._find(CatalogueQuery(**values), None)
        self.assertEqual(found.total, len(found.ids))
        return self.goods.browse(found.ids)

    def test_filters_narrow_and_values_widen(self):
        first, second, third = self.goods
        m6, m8, m10 = self.attribute.value_ids.ids
        key = self.attribute.id
        self.assertEqual(self._find(), self.goods)
        self.assertEqual(self._find(brands=(self.brand.id,)), first | second)
        self.assertEqual(self._find(attributes=((key, (m6, m10)),)), first | third)
        self.assertEqual(
            self._find(attributes=((key, (m8, m10)),), brands=(self.brand.id,)), second
        )
        self.assertFalse(self._find(attributes=((key + 10**6, (m6,)),)))
        self.assertEqual(self._find(within="M10"), third)
        self.assertEqual(self._find(letter="Q"), self.goods)
        self.assertFalse(self._find(letter="%"))

    def test_sections_of_two_trees(self):
        self.assertEqual(self._find(section=self.bolts.id), self.goods)
        self.assertEqual(self._find(section=self.hex.id), self.goods[1:])
        both = (self.bolts.id, self.roofs.id)
        self.assertEqual(self._find(categories=both), self.goods[1:], "trees narrow")
        both = (self.bolts.id, self.hex.id)
        self.assertEqual(self._find(categories=both), self.goods, "sections widen")
        self.assertFalse(self._find(section=10**8))

    def test_pages(self):
        query = CatalogueQuery(search="Qvx", order="article", limit=2)
        found = self.provider._find(query.change(page=2), None)
        self.assertEqual((found.ids, found.total), (self.goods[2:].ids, 3))
        last = self.provider._find(query.change(page=999), None)
        self.assertEqual(last, found, "after the last page comes the last one")

    def test_unpublished_goods_are_not_found(self):
        self.goods[0].is_published = False
        member = self.provider.with_user(self.buyer.user_id)
        found = member._find(CatalogueQuery(search="Qvx", order="article"), None)
        self.assertEqual(found.ids, self.goods[1:].ids)


@tagged("post_install", "-at_install")
class TestCatalogueAddresses(CatalogueCase):
    """Forged addresses get a page, and an empty one says what to do."""

    def test_forged_addresses(self):
        self._login(self.buyer)
        for address in (
            "/shop?categories=99999999&brands=-5,x,1e9",
            "/shop?attribute_values=1&attribute_values=x-y&attribute_values=9-999999",
            "/shop?min_price=nan&max_price=-inf",
            "/shop?min_price=1e400&letter=%25&slices=';drop",
            "/shop?order=list_price;drop&per_page=100000",
            f"/shop?search={'%D1%8F' * 3000}",
            "/shop?search=%00&within=%00",
            "/shop/page/999999?search=Zqx",
        ):
            with self.subTest(address=address[:80]):
                response = self.url_open(address)
                self.assertEqual(response.status_code, 200)
                self.assertIn("o_b2b_catalogue_bar", response.text)

    def test_nothing_found_says_what_to_do(self):
        self._login(self.buyer)
        page = self.url_open("/shop?search=Zqx&brands=99999999").text
        self.assertIn("o_b2b_empty", page)
        self.assertIn('href="/shop?search=Zqx"', page)
