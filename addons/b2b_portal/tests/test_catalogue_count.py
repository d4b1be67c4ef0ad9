# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Filters, counts and orders of the catalogue against what Python finds by itself."""

import random
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models.website import Acting
from ..tools.catalogue_query import CatalogueQuery
from .common import B2bCommon, Command
from .price_row_common import PriceMixin
from .test_agreement_terms import TermsMixin

_MARK = "Zqz"


class FacetCase(TermsMixin, PriceMixin, B2bCommon):
    """Forty goods drawn at random."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.write(
            {
                "show_line_subtotals_tax_selection": "tax_excluded",
                "b2b_stock_rule": "usual",
                "b2b_new_days": 30,
            }
        )
        cls._set_agreement_warehouses()
        cls.third = cls.env["stock.warehouse"].create(
            {"name": "Third", "code": "W3", "company_id": cls.company.id}
        )
        cls._create_choices()
        cls.chance = random.Random(19)
        cls.templates = cls.env["product.template"]
        for number in range(40):
            cls.templates |= cls._create_random(number)
        cls._create_offers()
        cls._create_order()
        cls.acting = Acting(cls.buyer.sudo(), cls.north_a.sudo(), cls.agreement.sudo())
        cls.provider = cls.env["b2b.catalogue"].with_user(cls.buyer.user_id)
        cls.facts = cls._collect_facts()

    @classmethod
    def _set_agreement_warehouses(cls):
        cls.agreement.warehouse_line_ids = [
            Command.clear(),
            Command.create({"warehouse_id": cls.main.id}),
            Command.create({"warehouse_id": cls.second.id}),
        ]

    @classmethod
    def _create_choices(cls):
        Section = cls.env["product.public.category"]
        cls.sections = Section
        for kind in ("classifier", "application"):
            top = Section.create({"name": f"{_MARK} {kind}", "b2b_kind": kind})
            cls.sections |= top
            for _middle in range(2):
                middle = Section.create({"name": _MARK, "parent_id": top.id})
                lower = Section.create(
                    [{"name": _MARK, "parent_id": middle.id} for _n in range(2)]
                )
                cls.sections |= middle | lower
        cls.brands = cls.env["b2b.brand"].create(
            [{"name": f"{_MARK} {number}"} for number in range(3)]
        )
        cls.tags = cls.env["product.tag"].create(
            [{"name": f"{_MARK} {number}"} for number in range(3)]
        )
        cls.attributes = cls.env["product.attribute"].create(
            [
                {
                    "name": f"{_MARK} {number}",
                    "create_variant": "no_variant",
                    "value_ids": [Command.create({"name": str(n)}) for n in range(3)],
                }
                for number in range(3)
            ]
        )

    @classmethod
    def _pick(cls, records, most):
        return records.browse(
            cls.chance.sample(records.ids, cls.chance.randint(0, most))
        )

    @classmethod
    def _create_random(cls, number):
        chance = cls.chance
        brand = chance.choice([False, *cls.brands.ids])
        lines = []
        for attribute in cls.attributes:
            if values := cls._pick(attribute.value_ids, 2):
                lines.append(
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(values.ids)],
                        }
                    )
                )
        product = cls._create_product(
            f"ZQZ-{number}",
            chance.choice([10, 20, 55.5, 130, 400]),
            name=f"{chance.choice('AbБ7')}{number} {_MARK}",
            b2b_brand_id=brand,
            product_tag_ids=[Command.set(cls._pick(cls.tags, 2).ids)],
            public_categ_ids=[Command.set(cls._pick(cls.sections, 4).ids)],
            attribute_line_ids=lines,
            is_storable=chance.random() < 0.9,
        )
        template = product.product_tmpl_id
        days = chance.choice([1, 29, 31, 300])
        template.publish_date = fields.Datetime.now() - timedelta(days=days)
        if template.is_storable:
            for warehouse in (cls.main, cls.second, cls.third):
                quantity = chance.choice([-2, 0, 0, 3, 8])
                if quantity:
                    cls._stock(cls, product, warehouse, quantity)
        return template

    @classmethod
    def _create_offers(cls):
        cls.offers.item_ids = [
            Command.create(cls._fixed(template.product_variant_id, price))
            for template in cls._pick(cls.templates, 15)
            for price in (cls.chance.choice([1, 9000]),)
        ]

    @classmethod
    def _create_order(cls):
        bought = cls.templates.filtered("is_storable")[:7]
        lines = [(template.product_variant_id, 1) for template in bought]
        cart = cls._create_cart(cls.buyer, lines=lines)
        cls.env["b2b.stock.touched"].flush_model()
        cart.order_line.price_unit = 1
        cart.write({"state": "sale"})
        cls.bought = bought

    # === WHAT PYTHON FINDS === #

    @classmethod
    def _collect_facts(cls):
        variants = cls.templates.product_variant_id
        rows = cls.agreement.sudo()._get_price_rows(variants)
        warehouses = cls.main | cls.second
        free = variants._b2b_get_free_by_warehouse(warehouses)
        since = fields.Datetime.now() - timedelta(days=30)
        facts = {}
        for row in rows:
            template = row.product.product_tmpl_id
            sections = template.public_categ_ids
            above = {
                int(part)
                for section in sections
                for part in section.parent_path.strip("/").split("/")
            }
            stocked = {w.id for w, q in free[row.product].items() if q > 0}
            values = template.attribute_line_ids.value_ids
            facts[template.id] = {
                "sections": above,
                "brands": {template.b2b_brand_id.id} - {False},
                "tags": set(template.product_tag_ids.ids),
                "letter": {template.name[0].upper()},
                "warehouses": stocked if template.is_storable else set(),
                "in_stock": bool(stocked) or not template.is_storable,
                "price": row.price,
                "slices": {
                    code
                    for code, holds in (
                        ("new", template.publish_date >= since),
                        ("offer", row.special == "offer"),
                        ("bought", template in cls.bought),
                    )
                    if holds
                },
            } | {
                ("attribute", attribute.id): set((values & attribute.value_ids).ids)
                for attribute in cls.attributes
            }
        return facts

    def _meets(self, query, fact, without=()):
        """Whether goods meet all filters but some; sections by tree."""
        kinds = {s.id: s.b2b_kind for s in self.sections}
        section = (query.section,) if query.section else ()
        for name, ids in (("section", section), ("categories", query.categories)):
            for kind in {kinds[id_] for id_ in ids}:
                of_kind = {id_ for id_ in ids if kinds[id_] == kind}
                if (name, kind) not in without and not (of_kind & fact["sections"]):
                    return False
        for name in ("brands", "tags", "slices"):
            wanted = set(getattr(query, name))
            if wanted and name not in without and not wanted & fact[name]:
                return False
        for attribute, values in query.attributes:
            key = ("attribute", attribute)
            if key not in without and not set(values) & fact[key]:
                return False
        letters = fact["letter"] if "letter" not in without else {query.letter}
        if query.letter and query.letter not in letters:
            return False
        if "stock" not in without:
            if query.in_stock and not fact["in_stock"]:
                return False
            if query.warehouses and not set(query.warehouses) & fact["warehouses"]:
                return False
        if "price" not in without:
            low, high = query.min_price, query.max_price
            if low is not None and fact["price"] < low:
                return False
            if high is not None and fact["price"] > high:
                return False
        return True

    def _expect(self, query):
        """The counts that ``_count`` should give, of all keys."""
        result = {}

        def tally(key, values_of, without=None):
            counts = result.setdefault(key, {})
            for fact in self.facts.values():
                if self._meets(query, fact, without or {key}):
                    for value in values_of(fact):
                        counts[value] = counts.get(value, 0) + 1

        for section in self.sections:
            tally(
                "sections",
                lambda fact, s=section: {s.id} & fact["sections"],
                {("categories", section.b2b_kind)},
            )
            tally(
                "tree",
                lambda fact, s=section: {s.id} & fact["sections"],
                {("section", section.b2b_kind), ("categories", section.b2b_kind)},
            )
        for name in ("brands", "tags", "letter"):
            tally(name, lambda fact, name=name: fact[name])
        result["slices"] = {"new": 0, "offer": 0, "bought": 0}
        tally("slices", lambda fact: fact["slices"])
        result["stock"] = {"in_stock": 0}
        tally(
            "stock",
            lambda fact: fact["warehouses"]
            | ({"in_stock"} & {fact["in_stock"] and "in_stock"}),
        )
        for attribute in self.attributes:
            key = ("attribute", attribute.id)
            tally(key, lambda fact, key=key: fact[key])
        prices = [
            fact["price"]
            for fact in self.facts.values()
            if self._meets(query, fact, {"price"})
        ]
        result["price"] = (min(prices), max(prices)) if prices else None
        return result

    def _draw_query(self, seed):
        chance = random.Random(seed)

        def some(ids, likely=0.3, most=2):
            if chance.random() > likely:
                return ()
            return tuple(sorted(chance.sample(ids, chance.randint(1, most))))

        attributes = []
        for attribute in self.attributes:
            if values := some(attribute.value_ids.ids):
                attributes.append((attribute.id, values))
        return CatalogueQuery(
            search=_MARK,
            section=chance.choice([0, 0, *self.sections.ids]),
            categories=some(self.sections.ids, most=3),
            brands=some(self.brands.ids),
            tags=some(self.tags.ids),
            attributes=tuple(attributes),
            warehouses=some((self.main | self.second).ids, 0.2),
            in_stock=chance.random() < 0.2,
            slices=some(["new", "offer", "bought"], 0.3),
            letter=chance.choice(["", "", "", "A", "B", "Б", "7"]),
            min_price=chance.choice([None, None, None, 15.0, 50.0]),
            max_price=chance.choice([None, None, None, 100.0, 60.0]),
            limit=200,
        )

    def _keep_prices(self):
        """As a job has filled the table after all that this test has changed."""
        self.env["b2b.price.index"]._fill(self.agreement.sudo())
        self.env["b2b.price.change"]._write_notes()
        self.env.cr.execute("DELETE FROM b2b_price_change")

    @property
    def _keys(self):
        keys = [
            "sections",
            "tree",
            "brands",
            "tags",
            "stock",
            "slices",
            "letter",
            "price",
        ]
        return keys + [("attribute", attribute.id) for attribute in self.attributes]


@tagged("post_install", "-at_install")
class TestCatalogueCount(FacetCase):
    def _check(self, query):
        expected = {id_ for id_, fact in self.facts.items() if self._meets(query, fact)}
        found = self.provider._find(query, self.acting)
        self.assertEqual(set(found.ids), expected)
        self.assertEqual(found.total, len(expected))
        counts = self.provider._count(query, self.acting, self._keys)
        wanted = self._expect(query)
        for key in self._keys:
            self.assertEqual(counts[key], wanted[key], key)
        return len(expected)

    def test_counts_are_those_of_python(self):
        """Any mix of filters, with prices computed at once and with those kept."""
        for kept in (False, True):
            if kept:
                self._keep_prices()
            sizes = set()
            for seed in range(45):
                query = self._draw_query(seed)
                with self.subTest(seed=seed, kept=kept, query=query):
                    sizes.add(self._check(query))
            self.assertGreater(len(sizes), 5, "the queries differ")

    def test_counts_after_the_stock_was_summed_up(self):
        self.env.cr.execute("SELECT COUNT(*) FROM b2b_stock_touched")
        self.assertTrue(self.env.cr.fetchone()[0])
        while self.env["b2b.stock.free"]._refresh():
            pass
        for seed in range(100, 115):
            with self.subTest(seed=seed):
                self._check(self._draw_query(seed))

    def test_one_query_whatever_is_counted(self):
        def count_queries(query, keys):
            self.env.invalidate_all()
            self.provider._count(query, self.acting, keys)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.provider._count(query, self.acting, keys)
            return self.env.cr.sql_log_count - before

        def draw(most):
            return CatalogueQuery(
                search=_MARK,
                brands=tuple(self.brands[:most].ids),
                tags=tuple(self.tags[:most].ids),
                letter="A",
                attributes=tuple(
                    (a.id, tuple(a.value_ids[:most].ids)) for a in self.attributes
                ),
            )

        few, many = draw(1), draw(3)
        keys = [key for key in self._keys if key not in ("stock", "slices", "price")]
        least = count_queries(few, keys)
        self.assertLessEqual(count_queries(many, keys), least)
        before = count_queries(many, self._keys)
        for number in range(40, 60):
            self._create_random(number)
        while self.env["b2b.stock.free"]._refresh():
            pass
        self.assertLessEqual(count_queries(many, self._keys), before)

    def test_rules_hold_in_counts(self):
        """Unpublished goods and goods that the assortment hides are not counted."""
        query = CatalogueQuery(search=_MARK)
        gone, hidden = self.templates[:2]
        gone.is_published = False
        self.env["b2b.assortment"].create(
            {
                "name": "Not for North",
                "mode": "hide",
                "audience": "everybody",
                "product_tmpl_ids": [Command.set(hidden.ids)],
            }
        )
        for template in (gone, hidden):
            del self.facts[template.id]
        self._check(query)
        self._check(query.change(in_stock=True, brands=tuple(self.brands.ids)))

    def setUp(self):
        super().setUp()
        self.facts = dict(self.facts)


@tagged("post_install", "-at_install")
class TestCatalogueOrders(FacetCase):
    def _order(self, order, **values):
        query = CatalogueQuery(search=_MARK, order=order, limit=200, **values)
        return self.provider._find(query, self.acting).ids

    def test_by_my_price(self):
        for kept in (False, True):
            if kept:
                self._keep_prices()
            up, down = self._order("price"), self._order("price_desc")
            self.assertEqual(set(up), set(self.facts))
            expected = sorted(self.facts, key=lambda i: (self.facts[i]["price"], i))
            self.assertEqual(up, expected)
            expected = sorted(self.facts, key=lambda i: (-self.facts[i]["price"], i))
            self.assertEqual(down, expected)

    def test_by_stock(self):
        free = self.templates.product_variant_id._b2b_get_free_by_warehouse(
            self.main | self.second
        )
        best = {
            product.product_tmpl_id.id: max(0, *by_warehouse.values())
            for product, by_warehouse in free.items()
        }
        expected = sorted(best, key=lambda i: (-best[i], i))
        self.assertEqual(self._order("stock"), expected)
        while self.env["b2b.stock.free"]._refresh():
            pass
        self.assertEqual(self._order("stock"), expected)

    def test_popular_first(self):
        first, second = self.templates[20:22]
        for lines in ([first], [first, second]):
            cart = self._create_cart(
                self.buyer, lines=[(t.product_variant_id, 1) for t in lines]
            )
            cart.write({"state": "sale", "date_order": fields.Datetime.now()})
        old = self._create_cart(
            self.buyer, lines=[(self.templates[30].product_variant_id, 1)]
        )
        long_ago = fields.Datetime.now() - timedelta(days=91)
        old.write({"state": "sale", "date_order": long_ago})
        self.env["product.template"]._b2b_cron_popularity()
        self.assertEqual(first.b2b_popularity, 2)
        self.assertEqual(self.templates[30].b2b_popularity, 0)
        self.assertEqual(self._order("popular")[0], first.id)
        with self.assertRaises(Exception):  # noqa: B017
            first.with_user(self.buyer.user_id).read(["b2b_popularity"])

    def test_pages_repeat_nothing(self):
        for order in ("price", "price_desc", "stock", "popular"):
            query = CatalogueQuery(search=_MARK, order=order, limit=7)
            seen = []
            for page in range(1, 7):
                found = self.provider._find(query.change(page=page), self.acting)
                seen += found.ids
            self.assertEqual(len(seen), len(set(seen)), order)
            self.assertEqual(set(seen), set(self.facts), order)


@tagged("post_install", "-at_install")
class TestCatalogueRights(FacetCase):
    """Who may not see it learns nothing by filters, orders and counts."""

    _bare = CatalogueQuery(search=_MARK, order="name", limit=200)

    def _find(self, **values):
        query = self._bare.change(**values)
        return self.provider._find(query, self.acting).ids

    def _hide(self, content):
        self.buyer.stage = "registered"
        self.website.write(
            {"b2b_access_mode": "custom", f"b2b_show_{content}": "members"}
        )

    def test_without_stock(self):
        everything = self._find()
        self.assertIn("stock", self.provider._get_orders(self.acting))
        self.assertNotEqual(self._find(in_stock=True), everything)
        self.assertNotEqual(self._find(order="stock"), self._find(order=""))
        self._hide("stock")
        self.assertNotIn("stock", self.provider._get_orders(self.acting))
        self.assertEqual(self._find(in_stock=True), everything)
        self.assertEqual(self._find(warehouses=self.main.ids), everything)
        self.assertEqual(self._find(order="stock"), self._find(order=""))
        counts = self.provider._count(self._bare, self.acting, ["stock", "letter"])
        self.assertEqual(list(counts), ["letter"])

    def _check_no_prices(self, provider=None):
        everything = self._find()
        orders = self.provider._get_orders(self.acting)
        self.assertFalse({"price", "price_desc"} & orders.keys())
        self.assertEqual(self._find(min_price=100.0), everything)
        self.assertEqual(self._find(order="price"), self._find(order=""))
        counts = self.provider._count(self._bare, self.acting, ["price", "slices"])
        self.assertNotIn("price", counts)
        self.assertNotIn("offer", counts["slices"])
        self.assertFalse(self._find(slices=("offer",)))

    def test_without_prices(self):
        self.assertNotEqual(self._find(min_price=100.0), self._find())
        self.assertNotEqual(self._find(order="price"), self._find(order=""))
        self._hide("prices")
        self._check_no_prices()

    def test_in_the_client_mode(self):
        self.patch(
            self.env.registry["website"], "_b2b_in_client_mode", lambda self: True
        )
        self._check_no_prices()

    def test_without_promotions(self):
        self.assertTrue(self._find(slices=("offer",)))
        self._hide("promotions")
        self.assertFalse(self._find(slices=("offer",)))
        self.assertNotIn("offer", self.provider._get_slices(self.acting))

    def test_without_the_right_to_orders(self):
        self.assertTrue(self._find(slices=("bought",)))
        self.buyer.role_ids = self.env.ref("b2b_portal.role_viewer")
        self.env.ref("b2b_portal.role_viewer").permission_ids.filtered(
            lambda permission: permission.object == "order"
        ).unlink()
        self.assertFalse(self._find(slices=("bought",)))

    def test_guests(self):
        query = self._bare.change(
            in_stock=True,
            warehouses=self.main.ids,
            min_price=1.0,
            slices=("new",),
            order="price",
        )
        public = self.env.ref("base.public_user")
        provider = self.env["b2b.catalogue"].with_user(public)
        self.assertEqual(len(provider._find(query, None).ids), 40)
        keys = ["price", "stock", "slices", "letter"]
        counts = provider._count(query, None, keys)
        self.assertEqual(counts["slices"], {})
        self.assertEqual(sum(counts["letter"].values()), 40)
        self.assertFalse({"price", "stock"} & counts.keys())

    def test_forged(self):
        self.assertFalse(self._find(warehouses=self.third.ids), "not the agreement's")
        self.assertFalse(self._find(warehouses=(10**9,)))
        self.assertFalse(self._find(slices=("nothing", "__class__")))
        self.assertFalse(self._find(categories=(10**9,)))
        self.assertFalse(self._find(min_price=1e12))
        self.assertEqual(self._find(order="stock;drop"), self._find(order=""))
        for values in (
            {"categories": (10**9,)},
            {"attributes": ((10**9, (1,)),)},
            {"warehouses": (10**9,)},
            {"slices": ("nothing",)},
        ):
            query = self._bare.change(**values)
            counts = self.provider._count(query, self.acting, self._keys)
            self.assertEqual(set(counts), set(self._keys))
        keys = [("attribute", 10**9), "nothing", ("nothing", 1)]
        counts = self.provider._count(self._bare, self.acting, keys)
        self.assertFalse(any(counts.values()))
