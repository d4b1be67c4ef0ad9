# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import nullcontext
from datetime import timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..tools.stock_prices import as_stock
from .common import Command
from .price_common import LISTS, NOW, PriceCase, questions, rules, terms

asked_often = st.lists(questions, min_size=8, max_size=8)


def profile(examples):
    """Settings of a property: always the same examples, whatever the machine."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@st.composite
def chained(draw):
    """Every list is based on the next one by a formula, and has a few rules besides."""
    chain = [
        draw(rules)
        | {
            "list": number,
            "applied_on": "all",
            "compute_price": draw(st.sampled_from(["formula", "percentage"])),
            "base": "pricelist",
            "min_quantity": 0,
            "starts": None,
            "ends": None,
        }
        for number in range(LISTS)
    ]
    return chain + draw(st.lists(rules, max_size=4))


@st.composite
def overlapping(draw):
    """Rules for the same goods whose dates overlap, in the first list."""
    target = draw(rules)
    values = {key: target[key] for key in ("applied_on", "target")} | {"list": 0}
    dates = st.sampled_from([None, -10, -8, -3, 5, 6])
    ends = st.sampled_from([None, -9, -7, 0, 1, 10])
    return [
        draw(rules) | values | {"starts": draw(dates), "ends": draw(ends)}
        for _number in range(draw(st.integers(2, 6)))
    ]


@st.composite
def stepped(draw):
    """Quantity steps, asked in units of another size than the rules are in."""
    return [
        draw(rules)
        | {"min_quantity": draw(st.sampled_from([1, 23, 24, 25, 120, 2400]))}
        for _number in range(draw(st.integers(1, 8)))
    ]


@tagged("post_install", "-at_install")
class TestPricelistBatch(PriceCase):
    """Prices in sets are core's prices, to the last bit."""

    def _ask(self, question):
        """Prices of every list for one question."""
        currency = question["currency"]
        products = self.products
        if question["templates"]:
            products = products.product_tmpl_id
        return [
            pricelist._compute_price_rule(
                products,
                question["quantity"],
                uom=self._get_uom(question),
                currency=None if currency is None else self.currencies[currency],
                date=NOW + timedelta(days=question["days"]),
            )
            for pricelist in self.lists
        ]

    def _compare(self, drawn, asked):
        """Ours and core's answers on the same rules are the same floats."""
        with self.env.cr.savepoint():
            self._set_rules(drawn)
            for question in asked:
                ours = self._ask(question)
                with as_stock(self.env):
                    core = self._ask(question)
                self.assertEqual(ours, core)

    @profile(70)
    @given(st.lists(rules, max_size=12), asked_often)
    def _check_mixed(self, drawn, asked):
        self._compare(drawn, asked)

    @profile(25)
    @given(chained(), asked_often)
    def _check_chains(self, drawn, asked):
        self._compare(drawn, asked)

    @profile(30)
    @given(overlapping(), asked_often)
    def _check_dates(self, drawn, asked):
        self._compare(drawn, asked)

    @profile(30)
    @given(stepped(), asked_often)
    def _check_steps(self, drawn, asked):
        self._compare(drawn, asked)

    def test_any_rules(self):
        """70 random sets of rules, eight questions to each: 560 comparisons."""
        self._check_mixed()

    def test_chains_of_lists(self):
        """25 chains of four lists in three currencies: 200 comparisons."""
        self._check_chains()

    def test_overlapping_dates(self):
        """30 sets of rules for the same goods: 240 comparisons."""
        self._check_dates()

    def test_quantity_steps_in_other_units(self):
        """30 sets of quantity steps: 240 comparisons."""
        self._check_steps()

    def test_the_check_can_fail(self):
        """The comparison sees a rule that only one side knows."""
        question = {"quantity": 1, "uom": None, "currency": None, "days": 0}
        question["templates"] = False
        ours = self._ask(question)
        self.lists[0].item_ids = [
            Command.create({"compute_price": "fixed", "fixed_price": 7.77})
        ]
        with as_stock(self.env):
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


@tagged("post_install", "-at_install")
class TestAgreementPriceBatch(PriceCase):
    """What core knows nothing of: in sets as product by product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products.weight = 1.7
        cls.products[1].weight = 0
        cls.agreement.price_type_id = cls.lists[0]

    def _get_rule(self, pricelist, product, question):
        """The rule that core's own search finds in a list."""
        with as_stock(self.env):
            rule_id = pricelist._get_product_rule(
                product,
                question["quantity"],
                uom=self._get_uom(question),
                date=NOW + timedelta(days=question["days"]),
            )
        return self.env["product.pricelist.item"].browse(rule_id)

    def _get_price(self, rule, product, question):
        """The price that a rule alone makes, outside of any computation in sets."""
        return rule._compute_price(
            product,
            question["quantity"],
            self._get_uom(question) or product.uom_id,
            NOW + timedelta(days=question["days"]),
            currency=self.agreement.currency_id,
        )

    def _get_expected(self, product, question):
        """(price, rule id): the agreement's, or the offer's where that is lower."""
        rule = self._get_rule(self.agreement.pricelist_id, product, question)
        price = self._get_price(rule, product, question)
        if special := self.agreement.special_pricelist_id:
            offer = self._get_rule(special, product, question)
            if offer:
                offered = self._get_price(offer, product, question)
                if offered < price:
                    return offered, offer.id
        return price, rule.id

    @profile(60)
    @given(
        st.lists(rules, max_size=10),
        terms,
        st.lists(questions, min_size=4, max_size=4),
    )
    def _check_terms(self, drawn, term, asked):
        with self.env.cr.savepoint():
            self._set_rules(drawn)
            self._set_terms(term)
            pricelist = self.agreement.pricelist_id
            rates = dict(zip(self.currencies.ids, term["rates"] or (), strict=False))
            if rates:
                rates[self.company.currency_id.id] = 1.0
            agreements = self.env.registry["b2b.agreement"]
            own_rates = nullcontext()
            if rates:
                own_rates = patch.object(agreements, "_b2b_get_rates", lambda *a: rates)
            with own_rates:
                for question in asked:
                    prices = pricelist._compute_price_rule(
                        self.products,
                        question["quantity"],
                        uom=self._get_uom(question),
                        date=NOW + timedelta(days=question["days"]),
                    )
                    # rules of the offers know no agreement: the block holds its rates
                    with self.env["res.currency"]._b2b_rates(rates):
                        expected = {
                            product.id: self._get_expected(product, question)
                            for product in self.products
                        }
                    self.assertEqual(prices, expected)

    def test_sets_equal_single_rules(self):
        """60 sets of rules and terms, 4 questions, 7 products: 1,680 prices."""
        self._check_terms()

    def test_the_terms_by_hand(self):
        """(10 - 5 %) + 4 % + 2.75 x 1.7 = 14.555, rounded to 14.56; 24 in a box."""
        self.bolt.weight = 1.7
        self.agreement.discount = 5
        general = self.agreement.pricelist_id.item_ids
        general.write({"b2b_factor": 4, "b2b_weight_surcharge": 2.75})
        pricelist = self.agreement.pricelist_id
        both = self.bolt | self.nut
        for products in (self.bolt, both):
            prices = pricelist._get_products_price(products, 1)
            self.assertAlmostEqual(prices[self.bolt.id], 14.56)
            prices = pricelist._get_products_price(products, 1, uom=self.box)
            self.assertAlmostEqual(prices[self.bolt.id], 349.32)

    def test_rates_hold_in_sets_and_alone(self):
        """A price type in a foreign currency, at the rate of the agreement."""
        euro = self.currencies[0]
        source = self.lists.filtered(lambda pricelist: pricelist.currency_id == euro)[0]
        source.item_ids = [Command.create({"compute_price": "fixed", "fixed_price": 3})]
        self.agreement.price_type_id = source
        self.agreement.currency_id = self.company.currency_id
        rates = {euro.id: 111.0, self.company.currency_id.id: 1.0}
        agreements = self.env.registry["b2b.agreement"]
        pricelist = self.agreement.pricelist_id
        with patch.object(agreements, "_b2b_get_rates", lambda *args: rates):
            for products in (self.bolt, self.bolt | self.nut):
                prices = pricelist._get_products_price(products, 1)
                self.assertAlmostEqual(prices[self.bolt.id], 333)
        self.assertNotAlmostEqual(pricelist._get_product_price(self.bolt, 1), 333)

    def test_no_price_below_zero_turns_into_zero(self):
        """Mistakes stay visible: checkout refuses them, nothing hides them."""
        self.lists[0].item_ids = [
            Command.create({"compute_price": "fixed", "fixed_price": -5})
        ]
        pricelist = self.agreement.pricelist_id
        for products in (self.bolt, self.bolt | self.nut):
            self.assertEqual(
                pricelist._get_products_price(products, 1)[self.bolt.id], -5
            )
