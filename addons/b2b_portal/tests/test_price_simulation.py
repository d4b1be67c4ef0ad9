# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import B2bCommon, Command


@tagged("post_install", "-at_install")
class TestPriceSimulation(B2bCommon):
    """Staff works out prices for products, agreements, quantities and dates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "b2b_sim", "b2b_portal.group_staff_user")
        cls.salesman = new_test_user(
            cls.env, "b2b_sim_seller", "sales_team.group_sale_salesman"
        )
        cls.bolt.standard_price = 6
        cls.later = fields.Datetime.now() + timedelta(days=30)
        cls.price_type.item_ids = [
            Command.create(values | {"compute_price": "percentage"})
            for values in (
                {"percent_price": 10, "min_quantity": 100},
                {"percent_price": 20, "date_start": cls.later - timedelta(days=1)},
            )
        ]
        cls.other = cls._create_agreement(cls.north_a, discount=5)

    def _simulate(self, user, **values):
        values = {
            "agreement_ids": [Command.set(self.agreement.ids)],
            "product_ids": [Command.set(self.bolt.ids)],
        } | values
        simulation = self.env["b2b.price.simulation"].with_user(user).create(values)
        simulation.action_compute()
        return simulation

    def test_quantities_and_dates(self):
        simulation = self._simulate(
            self.manager, quantities="100; 100 5,5", other_date=self.later
        )
        lines = simulation.line_ids
        self.assertEqual(
            [(line.quantity, line.price) for line in lines],
            [(1, 10), (100, 9), (5.5, 10), (1, 8), (100, 9), (5.5, 8)],
        )
        self.assertAlmostEqual(lines[1].difference, -0.1)
        self.assertAlmostEqual(lines[0].margin, 0.4)
        self.assertEqual(lines[0].cost, 6)
        self.assertIn("100", lines[0].next_text)
        self.assertEqual(lines[1].step_ids[-1].amount, 9)
        self.assertTrue(lines[1].step_ids[-1].rule_id)
        self.assertEqual(lines[1].action_open_rule()["res_id"], lines[1].rule_id.id)
        simulation.action_compute()
        self.assertEqual(len(simulation.line_ids), 6)

    def test_many_products_and_agreements(self):
        simulation = self._simulate(
            self.manager,
            agreement_ids=[Command.set((self.agreement | self.other).ids)],
            product_ids=[Command.set((self.bolt | self.nut).ids)],
            uom_id=self.box.id,
        )
        prices = {
            (line.product_id, line.agreement_id): line.price
            for line in simulation.line_ids
        }
        self.assertEqual(len(prices), 4)
        self.assertAlmostEqual(prices[self.bolt, self.agreement], 240)
        self.assertAlmostEqual(prices[self.bolt, self.other], 228)

    def test_queries_do_not_grow_with_products(self):
        products = self.env["product.product"].browse()
        for number in range(20):
            products |= self._create_product(f"S{number}", number + 1)
        simulation = self.env["b2b.price.simulation"].create(
            {"agreement_ids": [Command.set(self.agreement.ids)]}
        )

        def count(some):
            simulation.product_ids = some
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = simulation._prepare_lines(self.agreement, 1, fields.Datetime.now())
            self.assertEqual(len(rows), len(some))
            return self.env.cr.sql_log_count - before

        count(products)
        self.assertEqual(count(products[:2]), count(products))

    def test_salesman_sees_no_cost(self):
        self.price_type.item_ids = [
            Command.clear(),
            Command.create(
                {"compute_price": "formula", "base": "standard_price"}
                | {"price_markup": 50}
            ),
        ]
        line = self._simulate(self.salesman).line_ids
        self.assertEqual(line.price, 9)
        self.assertNotIn(6, line.step_ids.mapped("amount"))
        self.assertFalse(line.sudo().cost)
        with self.assertRaises(AccessError):
            line.read(["cost"])
        line = self._simulate(self.manager).line_ids
        self.assertIn(6, line.step_ids.mapped("amount"))

    def test_bad_questions(self):
        for values in (
            {"product_ids": False},
            {"quantities": "10 many"},
            {"quantities": "-5"},
            {"quantities": "nan"},
            {"quantities": " ".join(map(str, range(1, 700)))},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self._simulate(self.manager, **values)

    def test_for_staff_only(self):
        with self.assertRaises(AccessError):
            self._simulate(self.buyer.user_id)

    def test_entity_fills_in_agreements(self):
        simulation = self.env["b2b.price.simulation"].create(
            {"entity_id": self.north_a.id}
        )
        self.assertEqual(simulation.agreement_ids, self.agreement | self.other)

    def test_from_the_order(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 3)])
        context = cart.action_b2b_simulate_prices()["context"]
        simulation = self.env["b2b.price.simulation"].with_context(**context)
        simulation = simulation.create({})
        self.assertEqual(simulation.product_ids, self.bolt)
        self.assertEqual(simulation.agreement_ids, self.agreement)
        self.assertEqual(simulation.date, cart.date_order)
