# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import tagged

from .common import Command
from .price_common import NOW, PriceCase, questions, rules, terms


@tagged("post_install", "-at_install")
class TestPriceExplanation(PriceCase):
    """The steps lead to the price, and tell the customer nothing secret."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products.weight = 1.7
        cls.lists.b2b_kind = "wholesale"
        cls.agreement.price_type_id = cls.lists[0]

    def _check_steps(self, found, price):
        steps = found.steps
        self.assertEqual(steps[-1].after, price)
        self.assertEqual(steps[-1].currency, found.currency)
        self.assertTrue(all(step.label for step in steps))
        for before, step in zip(steps, steps[1:], strict=False):
            if step.before is not None:
                self.assertAlmostEqual(before.after, step.before, 6)

    @settings(
        max_examples=120,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(rules, max_size=10),
        terms,
        st.lists(questions, min_size=2, max_size=2),
    )
    def _check_example(self, drawn, term, asked):
        with self.env.cr.savepoint():
            self._set_rules(drawn)
            self._set_terms(term)
            pricelist = self.agreement.pricelist_id
            for question in asked:
                uom = self._get_uom(question)
                date = NOW + timedelta(days=question["days"])
                quantity = question["quantity"]
                prices = pricelist._compute_price_rule(
                    self.products, quantity, uom=uom, date=date
                )
                for full in (True, False):
                    found = self.agreement._explain_prices(
                        self.products, quantity, uom, date, full
                    )
                    for product in self.products:
                        why = found[product.id]
                        self._check_steps(why, prices[product.id][0])
                        self.assertEqual(why.rule.id, prices[product.id][1])

    def test_steps_lead_to_the_price(self):
        """120 random sets of rules and terms, 2 questions, 7 products, 2 readers."""
        self._check_example()

    def test_parts_of_the_discount_and_the_cap(self):
        parts = [
            {"kind": "agreed", "name": "Agreed", "percent": 5},
            {"kind": "volume", "name": "Volume", "percent": 7},
        ]
        self.patch(
            self.env.registry["b2b.agreement"], "_get_discount_parts", lambda s: parts
        )
        self.agreement.discount_cap = 10
        self.agreement._compute_total_discount()
        self.agreement._update_own_pricelist()
        why = self.agreement._explain_price(self.bolt)
        codes = [step.code for step in why.steps]
        self.assertEqual(codes, ["base", "part", "part", "cap"])
        amounts = [step.after for step in why.steps]
        for amount, expected in zip(amounts, (10, 9.5, 8.8, 9), strict=True):
            self.assertAlmostEqual(amount, expected)
        self.agreement.discount_cap = 20
        self.agreement._update_own_pricelist()
        why = self.agreement._explain_price(self.bolt)
        self.assertEqual([s.code for s in why.steps], ["base", "part", "part"])
        self.assertAlmostEqual(why.price, 8.8)

    def test_cost_and_margin_are_a_figure_to_the_customer(self):
        self.bolt.standard_price = 6.17
        for values in (
            {"base": "standard_price", "price_markup": 50},
            {"base": "list_price", "price_min_margin": 1.23, "price_max_margin": 5},
        ):
            with self.subTest(values):
                self.lists[0].item_ids = [
                    Command.clear(),
                    Command.create({"compute_price": "formula"} | values),
                ]
                why = self.agreement._explain_price(self.bolt)
                self.assertEqual(why.steps[0].code, "figure")
                self.assertNotIn("cost", [step.code for step in why.steps])
                full = self.agreement._explain_price(self.bolt, full=True)
                self.assertIn(full.steps[0].code, ("cost", "base"))
                self.assertEqual(why.steps[-1].after, full.steps[-1].after)

    def test_list_that_is_no_price_type_is_not_shown(self):
        """Purchase prices under a price type: not even their figure is told."""
        self.lists[1].b2b_kind = False
        self.lists[1].item_ids = [
            Command.create({"compute_price": "percentage", "percent_price": 60})
        ]
        self.lists[0].item_ids = [
            Command.create(
                {
                    "compute_price": "percentage",
                    "base": "pricelist",
                    "base_pricelist_id": self.lists[1].id,
                    "percent_price": -25,
                }
            )
        ]
        steps = self.agreement._explain_price(self.bolt).steps
        self.assertEqual(steps[0].code, "figure")
        self.assertEqual(steps[0].pricelist, self.lists[0])
        self.assertNotIn(4.0, [step.after for step in steps])

    def test_next_quantities(self):
        self.lists[0].item_ids = [
            Command.create(
                {
                    "compute_price": "percentage",
                    "percent_price": percent,
                    "min_quantity": quantity,
                }
            )
            for quantity, percent in ((0, 0), (100, 3), (200, 2), (500, 8))
        ]
        steps = self.agreement._explain_price(self.bolt, 88).next_steps
        self.assertEqual([(s.quantity, s.missing) for s in steps[:1]], [(100, 12)])
        self.assertAlmostEqual(steps[0].percent, 3)
        self.assertEqual([s.quantity for s in steps], [100, 500])
        boxes = self.agreement._explain_price(self.bolt, 1, self.box).next_steps
        self.assertEqual([s.quantity for s in boxes], [5, 21])
        self.assertFalse(self.agreement._explain_price(self.bolt, 500).next_steps)

    def test_validity(self):
        now = fields.Datetime.now()
        why = self.agreement._explain_price(self.bolt)
        self.assertFalse(why.valid_until)
        self.agreement.date_end = fields.Date.today() + timedelta(days=90)
        why = self.agreement._explain_price(self.bolt)
        self.assertEqual(why.valid_reason, "agreement")
        end = now.replace(microsecond=0) + timedelta(days=10)
        self.lists[0].item_ids = [
            Command.create(
                {"compute_price": "percentage", "percent_price": 5, "date_end": end}
            )
        ]
        why = self.agreement._explain_price(self.bolt)
        self.assertEqual((why.valid_until, why.valid_reason), (end, "price"))
        # the same price from another rule: nothing ends
        self.lists[0].item_ids = [
            Command.create(
                {
                    "compute_price": "percentage",
                    "percent_price": 5,
                    "date_start": end - timedelta(days=1),
                }
            )
        ]
        why = self.agreement._explain_price(self.bolt)
        self.assertEqual(why.valid_reason, "agreement")

    def test_special_offer(self):
        special = self.lists[2]
        special.write(
            {"b2b_kind": "special", "currency_id": self.agreement.currency_id}
        )
        end = datetime(2030, 1, 31, 12)
        special.item_ids = [
            Command.create(
                {
                    "applied_on": "1_product",
                    "product_tmpl_id": self.bolt.product_tmpl_id.id,
                    "compute_price": "fixed",
                    "fixed_price": 6.5,
                    "date_end": end,
                }
            )
        ]
        self.agreement.special_pricelist_id = special
        why = self.agreement._explain_price(self.bolt)
        self.assertEqual(why.price, 6.5)
        self.assertEqual(why.valid_until, end)
        self.assertEqual(why.steps[-1].pricelist, special)
        self.assertIn("2030", why.steps[-1].detail)

    def test_queries_do_not_grow(self):
        products = self.env["product.product"].browse()
        for number in range(20):
            products |= self._create_product(f"Q{number}", number + 1)
        self.lists[0].item_ids = [
            Command.create(
                {
                    "compute_price": "formula",
                    "base": "pricelist",
                    "base_pricelist_id": self.lists[1].id,
                    "price_discount": 3,
                    "min_quantity": quantity,
                }
            )
            for quantity in (0, 10, 100)
        ]
        self.env.flush_all()

        def count(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self.agreement._explain_prices(some, 1, full=True)
            self.assertEqual(len(found), len(some))
            return self.env.cr.sql_log_count - before

        count(products)
        few, many = count(products[:2]), count(products)
        self.assertEqual(few, many)
        self.assertLess(many, 40)
