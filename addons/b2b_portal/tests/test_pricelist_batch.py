# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import ExitStack
from datetime import datetime, timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.product.models.product_pricelist import ProductPricelist
from odoo.addons.product.models.product_pricelist_item import ProductPricelistItem

from .common import B2bCommon, Command

NOW = datetime(2026, 6, 15, 12)
LISTS, PRODUCTS = 4, 6
money = st.integers(-500, 50_000).map(lambda cents: cents / 100)
percent = st.integers(-2000, 10_000).map(lambda number: number / 100)

rules = st.fixed_dictionaries(
    {
        "list": st.integers(0, LISTS - 1),
        "applied_on": st.sampled_from(["variant", "template", "category", "all"]),
        "target": st.integers(0, PRODUCTS - 1),
        "min_quantity": st.sampled_from([0, 0, 1, 5, 24, 100]),
        "compute_price": st.sampled_from(["fixed", "percentage", "formula"]),
        "base": st.sampled_from(["list_price", "standard_price", "pricelist"]),
        "amount": money,
        "percent": percent,
        "surcharge": money,
        "round": st.sampled_from([0, 0.01, 0.05, 1, 10]),
        "margins": st.sampled_from([(0, 0), (1, 5), (0, 3)]),
        "starts": st.sampled_from([None, None, -10, 5]),
        "ends": st.sampled_from([None, None, -5, 10]),
    }
)
questions = st.fixed_dictionaries(
    {
        "quantity": st.sampled_from([1, 4.5, 5, 24, 100, 2400]),
        "uom": st.sampled_from([None, "unit", "box"]),
        "currency": st.sampled_from([None, 0, 1]),
        "days": st.sampled_from([-20, -7, 0, 7]),
        "templates": st.booleans(),
        "lists": st.just(LISTS),
    }
)


@tagged("post_install", "-at_install")
class TestPricelistBatch(B2bCommon):
    """Prices in sets are core's prices, to the last bit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Currency = cls.env["res.currency"].with_context(active_test=False)
        cls.currencies = Currency.search([("name", "in", ("EUR", "CNY"))])
        cls.currencies.active = True
        cls.env["res.currency.rate"].create(
            [
                {"currency_id": currency.id, "name": day, "rate": rate}
                for currency, rates in zip(
                    cls.currencies, ((1.25, 1.5), (7.3, 0.011)), strict=True
                )
                for day, rate in zip(("2026-02-03", "2026-06-11"), rates, strict=True)
            ]
        )
        parent = cls.env["product.category"].create({"name": "Fasteners"})
        child = cls.env["product.category"].create(
            {"name": "Bolts", "parent_id": parent.id}
        )
        cls.categories = parent | child
        attribute = cls.env["product.attribute"].create(
            {
                "name": "Coating",
                "value_ids": [
                    Command.create({"name": "Zinc", "default_extra_price": 0.37}),
                    Command.create({"name": "Black"}),
                ],
            }
        )
        cls.products = cls.env["product.product"]
        for number in range(PRODUCTS - 1):
            cls.products |= cls._create_product(
                f"P{number}",
                3.33 * (number + 1),
                standard_price=1.1 * number,
                categ_id=cls.categories[number % 2].id,
                uom_id=cls.box.id if number == 3 else cls.bolt.uom_id.id,
            )
        template = cls._create_product("PV", 12.5).product_tmpl_id
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]
        template.categ_id = child
        cls.products |= template.product_variant_ids
        cls.lists = cls.env["product.pricelist"].create(
            [
                {
                    "name": f"List {number}",
                    "currency_id": (cls.company.currency_id | cls.currencies)[
                        number % 3
                    ].id,
                }
                for number in range(LISTS)
            ]
        )
        cls.env.flush_all()

    def _prepare_rule(self, rule):
        """Values of a price rule; a list is based on a later one only: no cycle."""
        number = rule["list"]
        base = rule["base"]
        if base == "pricelist" and number == LISTS - 1:
            base = "list_price"
        product = self.products[rule["target"]]
        minimum, maximum = rule["margins"]
        start, end = (
            NOW + timedelta(days=days) if days is not None else False
            for days in (rule["starts"], rule["ends"])
        )
        if start and end and start >= end:
            end = False
        formula = rule["compute_price"] == "formula"
        return {
            "pricelist_id": self.lists[number].id,
            "min_quantity": rule["min_quantity"],
            "compute_price": rule["compute_price"],
            "base": base,
            "base_pricelist_id": self.lists[number + 1].id
            if base == "pricelist"
            else False,
            "fixed_price": rule["amount"],
            "percent_price": rule["percent"],
            "price_discount": rule["percent"] if formula else 0,
            "price_surcharge": rule["surcharge"] if formula else 0,
            "price_round": rule["round"] if formula else 0,
            "price_min_margin": minimum if formula else 0,
            "price_max_margin": maximum if formula else 0,
            "date_start": start,
            "date_end": end,
        } | {
            "variant": {
                "applied_on": "0_product_variant",
                "product_id": product.id,
                "product_tmpl_id": product.product_tmpl_id.id,
            },
            "template": {
                "applied_on": "1_product",
                "product_tmpl_id": product.product_tmpl_id.id,
            },
            "category": {
                "applied_on": "2_product_category",
                "categ_id": self.categories[rule["target"] % 2].id,
            },
            "all": {"applied_on": "3_global"},
        }[rule["applied_on"]]

    def _as_core(self):
        """Take our methods out of the price computation."""
        stack = ExitStack()
        for model, core, names in (
            (
                "product.pricelist",
                ProductPricelist,
                ("_compute_price_rule", "_get_applicable_rules"),
            ),
            (
                "product.pricelist.item",
                ProductPricelistItem,
                ("_compute_base_price", "_compute_price"),
            ),
        ):
            for name in names:
                cls = self.env.registry[model]
                stack.enter_context(patch.object(cls, name, getattr(core, name)))
        return stack

    def _ask(self, question):
        """Prices of every list for one question."""
        uom = {"unit": self.bolt.uom_id, "box": self.box, None: None}[question["uom"]]
        currency = question["currency"]
        products = self.products
        if question["templates"]:
            products = products.product_tmpl_id
        return [
            pricelist._compute_price_rule(
                products,
                question["quantity"],
                uom=uom,
                currency=None if currency is None else self.currencies[currency],
                date=NOW + timedelta(days=question["days"]),
            )
            for pricelist in self.lists
        ]

    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(rules, max_size=12), st.lists(questions, min_size=8, max_size=8))
    def _check_example(self, drawn, asked):
        with self.env.cr.savepoint():
            self.lists.item_ids.unlink()
            self.env["product.pricelist.item"].create(
                [self._prepare_rule(rule) for rule in drawn]
            )
            for question in asked:
                ours = self._ask(question)
                with self._as_core():
                    core = self._ask(question)
                self.assertEqual(ours, core)

    def test_equal_to_core(self):
        """150 random sets of rules, eight questions to each: 1,200 comparisons."""
        self._check_example()

    def test_the_check_can_fail(self):
        """The comparison sees a rule that only one side knows."""
        question = {"quantity": 1, "uom": None, "currency": None, "days": 0}
        question["templates"] = False
        ours = self._ask(question)
        self.lists[0].item_ids = [
            Command.create({"compute_price": "fixed", "fixed_price": 7.77})
        ]
        with self._as_core():
            self.assertNotEqual(self._ask(question), ours)

    def test_queries_do_not_grow(self):
        """Three levels of lists, three currencies: as many queries for 60 as for 6."""
        for number, pricelist in enumerate(self.lists[:-1]):
            pricelist.item_ids = [
                Command.create(
                    {
                        "compute_price": "formula",
                        "base": "pricelist",
                        "base_pricelist_id": self.lists[number + 1].id,
                        "price_discount": 3,
                    }
                )
            ]
        products = self.env["product.product"].browse()
        for number in range(60):
            products |= self._create_product(f"Q{number}", number + 1)
        self.env.flush_all()

        def count(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            prices = self.lists[0]._compute_price_rule(some, 1)
            self.assertEqual(len(prices), len(some))
            return self.env.cr.sql_log_count - before

        count(products)
        self.assertEqual(count(products[:6]), count(products))
