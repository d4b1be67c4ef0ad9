# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.tests import tagged

from ..tools.price_list import PriceListOptions
from .assortment_common import AssortmentMixin
from .catalogue_common import CatalogueCase
from .common import Command
from .test_agreement_terms import TermsMixin


@tagged("post_install", "-at_install")
class TestPriceListGoods(TermsMixin, AssortmentMixin, CatalogueCase):
    """A price list holds the goods that the catalogue shows: no more, no fewer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.write({"b2b_stock_rule": "usual", "b2b_to_order_in_stock": False})
        cls.second_agreement = cls._create_agreement(cls.north_b, name="Second")
        cls.full = cls._create_product(
            "ZQX-FULL", 5.0, name="Zqx in stock", b2b_brand_id=cls.brand.id
        )
        cls.empty = cls._create_product(
            "ZQX-EMPTY",
            6.0,
            name="Zqx without",
            allow_out_of_stock_order=False,
            public_categ_ids=[Command.set(cls.subsection.ids)],
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.full, cls.main.lot_stock_id, 7
        )
        # of two variants, and one that is not sold
        cls._create_product("ZQX-HIDDEN", 5.0, name="Zqx hidden", is_published=False)
        size = cls.env["product.attribute"].create(
            {
                "name": "Zqx size",
                "value_ids": [Command.create({"name": name}) for name in "ab"],
            }
        )
        cls.env["product.template"].create(
            {
                "name": "Zqx variants",
                "is_published": True,
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": size.id,
                            "value_ids": [Command.set(size.value_ids.ids)],
                        }
                    )
                ],
            }
        )

    def _act(self, member, agreement):
        self._login(member)
        self._post("/b2b/agreement", {"agreement_id": agreement.id})

    def _crawl(self, query=""):
        """Ids of the templates on all pages of the catalogue."""
        found, page, size = set(), 1, None
        while size is None or len(found) > size:
            size = len(found)
            url = f"/shop/page/{page}?view=table&per_page=50&{query}"
            tree = html.fromstring(self.url_open(url).text)
            ids = tree.xpath("//tr[@data-product-id]/@data-product-id")
            products = self.env["product.product"].browse(map(int, ids))
            found |= set(products.product_tmpl_id.ids)
            # goods whose variants are folded
            found |= set(map(int, tree.xpath("//@data-template-id")))
            page += 1
        return found

    def _listed(self, member, agreement, **values):
        """Products of the list, made without a request as a job makes it."""
        where = self.website, agreement, member.user_id
        lists = self.env["b2b.price.list"]
        task = lists._make_task(*where, PriceListOptions(**values))
        pairs = lists._as_user(*where)._find(task)
        return self.env["product.product"].browse([pair[0] for pair in pairs])

    def _compare(self, member, agreement, address="", **values):
        """That the list is the catalogue, with all variants; its products."""
        products = self._listed(member, agreement, **values)
        self.assertEqual(set(products.product_tmpl_id.ids), self._crawl(address))
        self.assertEqual(products, products.product_tmpl_id.product_variant_ids)
        self.assertEqual(len(products), len(set(products.ids)))
        return products

    def test_assortment_and_stock_rule_of_each_agreement(self):
        self._create_rule(
            "exclusive", self.bolt.browse(), agreement=self.agreement, brand=self.brand
        )
        self._create_rule("hide", self.drill, account=self.south)
        self._set_warehouses(self.main)
        self.second_agreement.stock_rule = "hide"
        south = self._create_agreement(self.south_a)
        seen = {}
        for member, agreement in (
            (self.head, self.agreement),
            (self.buyer, self.agreement),
            (self.head, self.second_agreement),
            (self.stranger, south),
        ):
            with self.subTest(member=member.user_id.login, agreement=agreement.id):
                self._act(member, agreement)
                seen[member, agreement] = self._compare(member, agreement)
        mine, other = seen[self.head, self.agreement], seen[self.stranger, south]
        hidden = seen[self.head, self.second_agreement]
        self.assertEqual(mine, seen[self.buyer, self.agreement])
        self.assertLessEqual(self.secret | self.drill | self.empty, mine)
        self.assertFalse(other & (self.secret | self.drill | self.full))
        self.assertIn(self.empty, other)
        # the same person under another agreement
        self.assertFalse(hidden & (self.secret | self.full | self.empty))

    def test_the_filter_of_the_catalogue(self):
        self._act(self.buyer, self.agreement)
        attribute = self.env["product.attribute"].create({"name": "Zqx colour"})
        value = self.env["product.attribute.value"].create(
            {"name": "Zqx red", "attribute_id": attribute.id}
        )
        line = {"attribute_id": attribute.id, "value_ids": [Command.set(value.ids)]}
        for product in (self.full, self.empty):
            product.product_tmpl_id.attribute_line_ids = [Command.create(line)]
        found = {}
        for query in (
            "search=Zqx",
            "search=Zqx&within=variants",
            # one letter wrong: what core's search takes it for
            "search=Zqx-emptyy",
            f"categories={self.section.id}",
            f"brands={self.brand.id}",
            f"attribute_values={attribute.id}-{value.id}&letter=z",
            "search=none-such-goods",
            f"brands={self.brand.id}&search=Zqx&in_stock=1&min_price=1&slices=new",
        ):
            with self.subTest(query):
                options = self._read_address(query)
                found[query] = self._compare(
                    self.buyer, self.agreement, query, query=options.query
                )
        self.assertGreater(len(found["search=Zqx"]), 4)
        self.assertEqual(len(found["search=Zqx&within=variants"]), 2)
        self.assertEqual(
            found[f"attribute_values={attribute.id}-{value.id}&letter=z"],
            self.full | self.empty,
        )
        self.assertFalse(found["search=none-such-goods"])
        section = self._read_address(f"category={self.section.id}").query
        self.assertEqual(
            self._listed(self.buyer, self.agreement, query=section),
            self.drill | self.empty,
        )

    def _read_address(self, query):
        """What the page of the price list makes of the catalogue's address."""
        page = html.fromstring(
            self.url_open(f"/shop/price-list?current=1&{query}").text
        )
        pairs = page.xpath("//form[contains(@class, 'o_b2b_price_list_form')]//input")
        kept = [
            (field.get("name"), field.get("value"))
            for field in pairs
            if field.get("type") == "hidden"
            and field.get("name") not in ("csrf_token", "current")
        ]
        return PriceListOptions(query=tuple(kept))

    def test_saved_parameters_are_read_like_an_address(self):
        options = PriceListOptions.from_json(
            {
                "format": "exe",
                "sections": [self.section.id, "x", -5],
                "brands": ["1; DROP TABLE"],
                "in_stock": 1,
                "columns": [["price"]],
                "query": [["search", "a\0b" * 500], ["min_price", "nan"], ["x", "y"]],
            }
        )
        self.assertEqual(options.format, "xlsx")
        self.assertEqual(options.sections, (self.section.id,))
        self.assertEqual(options.brands, ())
        ((name, text),) = options.query
        self.assertEqual(name, "search")
        self.assertLessEqual(len(text), 200)
        self.assertEqual(PriceListOptions.from_json(options.to_json()), options)
        self.assertFalse(self._listed(self.buyer, self.agreement, query=options.query))

    def test_a_context_of_rpc_is_nobody(self):
        """Only our own code may say on whose behalf it works."""
        model = self.env["website"].with_user(self.stranger.user_id)
        for forged in (
            {"member": self.buyer.id},
            [self.website.id, self.agreement.id],
            self.agreement.id,
        ):
            self.assertIsNone(
                model.with_context(b2b_behalf=forged)._b2b_get_current_acting()
            )
        # the behalf of another user is not taken over by whoever inherits the context
        lists = self.env["b2b.price.list"]
        mine = lists._as_user(self.website, self.agreement, self.buyer.user_id)
        self.assertEqual(
            mine.env["website"]._b2b_get_current_acting().member, self.buyer
        )
        theirs = mine.with_user(self.stranger.user_id)
        self.assertIsNone(theirs.env["website"]._b2b_get_current_acting())

    def test_the_website_of_the_job(self):
        other = self.env["website"].create(
            {"name": "Second shop", "company_id": self.company.id}
        )
        only_there = self._create_product(
            "ZQX-THERE", 5.0, name="Zqx there", website_id=other.id
        )
        for website, seen in ((self.website, False), (other, True)):
            where = website, self.agreement, self.buyer.user_id
            lists = self.env["b2b.price.list"]
            options = PriceListOptions(query=(("search", "Zqx there"),))
            task = lists._make_task(*where, options)
            pairs = lists._as_user(*where)._find(task)
            self.assertEqual(only_there.id in [pair[0] for pair in pairs], seen)
