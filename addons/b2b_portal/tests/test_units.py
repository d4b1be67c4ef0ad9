# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.sale_order_cart import CartRequest
from .common import B2bCommon

Command = fields.Command


@tagged("post_install", "-at_install")
class TestUnits(B2bCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls.bolt.uom_id
        cls.pallet = cls.env["uom.uom"].create(
            {
                "name": "Pallet of 480",
                "relative_factor": 480,
                "relative_uom_id": cls.unit.id,
                "b2b_whole": True,
            }
        )
        cls.bolt.uom_ids = cls.box | cls.pallet
        cls.rules = cls.env["b2b.quantity.rule"]

    def _rule(self, **values):
        return self.rules.create({"applied_on": "3_all"} | values)

    def _terms(self, product=None, **kwargs):
        product = product or self.bolt
        return tuple(
            product._b2b_get_quantity_terms(self.agreement, **kwargs)[product.id]
        )

    # === RULES === #

    def test_the_most_specific_rule_wins(self):
        self.bolt.b2b_multiple = 10
        category = self.env["product.category"].create({"name": "Bolts"})
        child = category.create({"name": "M8", "parent_id": category.id})
        self.bolt.categ_id = child
        self.assertEqual(self._terms(), (0, 10, 0))
        self._rule(min_qty=1)
        self._rule(applied_on="2_category", categ_id=category.id, min_qty=2)
        self.assertEqual(self._terms(), (2, 10, 0))
        self._rule(applied_on="2_category", categ_id=child.id, min_qty=3)
        self.assertEqual(self._terms(), (3, 10, 0))
        product = {"product_tmpl_id": self.bolt.product_tmpl_id.id}
        self._rule(applied_on="1_product", min_qty=4, max_qty=900, **product)
        self.assertEqual(self._terms(), (4, 10, 900))
        self._rule(price_type_id=self.price_type.id, min_qty=5)
        self.assertEqual(self._terms(), (5, 10, 900))
        last = self._rule(agreement_id=self.agreement.id, min_qty=6)
        self.assertEqual(self._terms(), (6, 10, 900))
        last.lifts = True
        self.assertEqual(self._terms(), (6, 0, 0), "it lifts the step and the maximum")
        other = self._create_agreement(self.north_b)
        terms = self.bolt._b2b_get_quantity_terms(other)[self.bolt.id]
        self.assertEqual(tuple(terms), (5, 10, 900))

    def test_rules_hold_between_their_dates(self):
        today = fields.Date.today()
        self._rule(min_qty=7, date_start=today + timedelta(1))
        self._rule(min_qty=8, date_end=today - timedelta(1))
        self.assertEqual(self._terms(), (0, 0, 0))
        self.assertEqual(self._terms(date=today + timedelta(2)), (7, 0, 0))

    def test_rules_of_another_company_and_archived_ones(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._rule(min_qty=9, company_id=company.id)
        rule = self._rule(min_qty=3)
        self.assertEqual(self._terms(), (3, 0, 0))
        rule.active = False
        self.assertEqual(self._terms(), (0, 0, 0))

    def test_contradictions_are_refused_at_entry(self):
        template = self.bolt.product_tmpl_id
        with self.assertRaisesRegex(ValidationError, "30"):
            template.write({"b2b_min_qty": 30, "b2b_max_qty": 20})
        with self.assertRaisesRegex(ValidationError, "24"):
            template.write({"b2b_min_qty": 30, "b2b_max_qty": 40, "b2b_multiple": 24})
        template.write({"b2b_min_qty": 0, "b2b_max_qty": 40, "b2b_multiple": 24})
        with self.assertRaises(ValidationError):
            self._rule(min_qty=5, max_qty=4)
        with self.assertRaises(ValidationError):
            self._rule()
        with self.assertRaises(ValidationError):
            self._rule(applied_on="1_product", min_qty=1)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._rule(min_qty=-1)

    def test_contradictions_of_rule_and_product_are_shown(self):
        self.bolt.write({"b2b_min_qty": 100})
        self._rule(max_qty=50)
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 70)])
        check = cart._b2b_get_checks()[0]
        self.assertEqual(check["code"], "impossible")
        self.assertIn("100", check["message"])
        self.assertIn("50", check["message"])
        self.assertEqual([fix["value"] for fix in check["fixes"]], ["0"])

    # === NEIGHBOURS === #

    def test_neighbours_in_packs(self):
        self.bolt.b2b_multiple = 24
        found = self.bolt._b2b_get_neighbours(95, self.unit)
        self.assertEqual(
            [(c["quantity"], c["packs"]) for c in (found["upper"], found["lower"])],
            [(96, "4 × Box of 24"), (72, "3 × Box of 24")],
        )
        found = self.bolt._b2b_get_neighbours(600, self.unit)
        self.assertEqual(found["lower"]["packs"], "1 × Pallet of 480 + 5 × Box of 24")
        self.assertEqual(found["lower"], found["upper"])
        found = self.bolt._b2b_get_neighbours(1.5, self.pallet)
        self.assertEqual(found["upper"]["quantity"], 2)
        self.assertIn("960", found["upper"]["packs"])

    def test_a_pallet_over_the_maximum_is_offered_in_pieces(self):
        self.bolt.write({"b2b_multiple": 24, "b2b_max_qty": 100})
        _quantity, reason = self.bolt._b2b_round_quantity(1, self.pallet)
        self.assertEqual(reason, "impossible")
        found = self.bolt._b2b_get_neighbours(1, self.pallet)
        self.assertFalse(found["upper"])
        lower = found["lower"]
        self.assertEqual((lower["quantity"], lower["uom"]), (96, self.unit))

    def test_unrelated_units_are_refused(self):
        kilogram = self.env.ref("uom.product_uom_kgm")
        with self.assertRaises(ValidationError):
            self.bolt.uom_ids = kilogram
        with self.assertRaises(UserError):
            self.bolt._b2b_round_quantity(3, kilogram)
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        with self.assertRaises(ValidationError):
            cart.order_line.product_uom_id = kilogram

    # === WAYS INTO THE CART === #

    def test_core_raises_and_remembers_the_wish(self):
        self.bolt.b2b_multiple = 24
        cart = self._create_cart(self.buyer)
        result = cart._cart_add(self.bolt.id, 95)
        line = cart.order_line
        self.assertEqual((line.product_uom_qty, line.b2b_wish_qty), (96, 95))
        for text in ("95", "96", "72", "4 × Box of 24"):
            self.assertIn(text, result["warning"])
        terms = cart._b2b_get_quantity_terms()
        self.assertEqual(
            [c["quantity"] for c in line._b2b_get_choice(terms)["choices"]], [96, 72]
        )
        cart._cart_update_line_quantity(line.id, 72)
        self.assertEqual((line.product_uom_qty, line.b2b_wish_qty), (72, 0))
        self.assertIsNone(line._b2b_get_choice(terms))

    def test_core_refuses_more_than_the_maximum(self):
        self.bolt.b2b_max_qty = 50
        cart = self._create_cart(self.buyer)
        result = cart._cart_add(self.bolt.id, 51)
        self.assertIn("50", result["warning"])
        self.assertFalse(cart.order_line)
        cart._cart_add(self.bolt.id, 20)
        result = cart._cart_add(self.bolt.id, 40)
        self.assertEqual(cart.order_line.product_uom_qty, 20)
        self.assertIn("60", result["warning"])
        self.assertEqual(cart.order_line.b2b_wish_qty, 60)

    def test_stock_leaves_a_quantity_that_may_be_ordered(self):
        self.bolt.write({"b2b_multiple": 24, "allow_out_of_stock_order": False})
        location = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.bolt, location, 60)
        cart = self._create_cart(self.buyer)
        cart._cart_add(self.bolt.id, 96)
        self.assertEqual(cart.order_line.product_uom_qty, 48)
        cart.order_line.unlink()
        request = CartRequest(self.bolt, self.unit, 96.0)
        cart._b2b_add([request])
        self.assertEqual(request.reasons, ("stock",))
        self.assertEqual(cart.order_line.product_uom_qty, 48)

    def test_lists_obey_the_agreement(self):
        self._rule(agreement_id=self.agreement.id, multiple=24, max_qty=240)
        cart = self._create_cart(self.buyer)
        requests = [
            CartRequest(self.bolt, self.unit, 95.0),
            CartRequest(self.nut, self.unit, 500.0),
            CartRequest(self.bolt, self.pallet, 1.0),
        ]
        cart._b2b_add(requests)
        self.assertEqual(
            [(r.outcome, r.reasons, r.wish) for r in requests],
            [
                ("changed", ("multiple",), 95),
                ("rejected", ("maximum",), 500),
                ("rejected", ("impossible",), 1),
            ],
        )
        self.assertEqual(cart.order_line.product_uom_qty, 96)

    def test_import_rows_name_the_agreements_terms(self):
        self._rule(agreement_id=self.agreement.id, multiple=24, max_qty=240)
        cart = self._create_cart(self.buyer)
        imports = self.env["b2b.cart.import"].with_user(self.buyer.user_id)
        run = imports._run_text(cart, "BLT-M8;95\nNUT-M8;500")
        bolt, nut = run.line_ids
        self.assertIn("24", bolt._get_text())
        self.assertIn("240", nut._get_text())
        self.assertIn("72", bolt._get_text_with_choices())
        choices = run.line_ids._get_choices()
        self.assertEqual([c["quantity"] for c in choices[bolt.id]], [96, 72])
        self.assertEqual([c["quantity"] for c in choices[nut.id]], [240])

    def test_orders_of_staff_are_warned_about(self):
        self._rule(agreement_id=self.agreement.id, multiple=24)
        order = self._create_cart(self.buyer, lines=[(self.bolt, 95)]).sudo(False)
        order = order.with_user(self.env.user)
        self.assertIn("96", order.b2b_quantity_warning)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.order_line.product_uom_qty, 95)

    # === UNIT OF A LINE === #

    def test_changing_the_unit_converts_and_reprices(self):
        self.price_type.item_ids = [
            Command.create(
                {"compute_price": "fixed", "fixed_price": 8, "min_quantity": 90}
            )
        ]
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 48)])
        line = cart.order_line
        self.assertEqual(line.price_unit, 10)
        cart._b2b_change_unit(line, self.box)
        self.assertEqual((line.product_uom_id, line.product_uom_qty), (self.box, 2))
        self.assertEqual(line.price_unit, 240)
        cart._b2b_change_unit(line, self.pallet, 1)
        self.assertEqual(line.product_uom_qty, 1)
        self.assertEqual(line.price_unit, 8 * 480, "480 pieces reach the price break")

    def test_changing_the_unit_of_an_odd_quantity_is_told(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 95)])
        line = cart.order_line
        self.box.b2b_whole = True
        text = cart._b2b_change_unit(line, self.box)
        self.assertEqual(line.product_uom_qty, 4)
        self.assertIn("95", text)
        self.assertIn("96", text)

    def test_a_line_that_meets_its_twin_is_added_to_it(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 48)])
        cart._cart_add(self.bolt.id, 3, uom_id=self.box.id)
        cart._b2b_change_unit(cart.order_line[0], self.box)
        self.assertEqual(len(cart.order_line), 1)
        self.assertEqual(cart.order_line.product_uom_qty, 5)

    def test_a_unit_that_is_gone_is_shown_with_a_fix(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        line = cart.order_line
        cart._b2b_set_line(line, 4, self.box)
        for gone in ("archived", "not sold"):
            with self.subTest(gone=gone):
                if gone == "archived":
                    self.box.active = False
                else:
                    self.box.active = True
                    self.bolt.uom_ids = self.pallet
                check = cart._b2b_get_checks()[0]
                self.assertEqual(check["code"], "wrong_unit")
                values = [fix["value"] for fix in check["fixes"]]
                self.assertEqual(values, [f"96:{self.unit.id}", "0"])
                with self.assertRaises(UserError):
                    cart._cart_update_line_quantity(line.id, 5)
        with self.assertRaises(UserError):
            cart._b2b_submit()
        cart._b2b_set_line(line, 96, self.unit)
        self.assertEqual(cart._b2b_get_checks(), [])

    def test_a_unit_in_use_cannot_be_deleted(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        cart._b2b_set_line(cart.order_line, 4, self.box)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.box.unlink()
        self.assertTrue(self.box.exists())

    # === PRICES BY UNIT === #

    def test_prices_by_unit(self):
        self.price_type.item_ids = [
            Command.create(
                {"compute_price": "fixed", "fixed_price": 8, "min_quantity": 480}
            )
        ]
        self.bolt.barcode = "4600000000017"
        self.env["product.uom"].create(
            {
                "product_id": self.bolt.id,
                "uom_id": self.box.id,
                "barcode": "4600000000024",
            }
        )
        rows = self.bolt._b2b_get_unit_options(self.agreement)[self.bolt.id]
        self.assertEqual(
            [(r["unit"], r["factor"], r["price"], r["base_price"]) for r in rows],
            [
                (self.unit, 1, 10, 10),
                (self.box, 24, 240, 10),
                (self.pallet, 480, 3840, 8),
            ],
        )
        self.assertEqual(
            [r["barcode"] for r in rows], ["4600000000017", "4600000000024", None]
        )
        rows = self.bolt._b2b_get_unit_options()[self.bolt.id]
        self.assertEqual({r["price"] for r in rows}, {None})

    # === LOAD === #

    def test_load(self):
        self.bolt.write({"weight": 0.02, "volume": 0.00001})
        pallet = self.env["b2b.transport.unit"].create(
            {"name": "P", "max_weight": 10, "max_volume": 1, "sequence": 0}
        )
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 48), (self.nut, 100)])
        cart._b2b_change_unit(cart.order_line[0], self.box, 50)
        load = cart._b2b_get_load()
        self.assertEqual((load["weight"], load["unit"]), (24, pallet))
        self.assertAlmostEqual(load["volume"], 0.012)
        self.assertEqual(load["unweighed"], self.nut)
        self.assertEqual((load["needed"], load["full"]), (3, 2))
        self.assertAlmostEqual(load["rest_weight"], 4)
        self.assertEqual((load["weight_percent"], load["volume_percent"]), (80, 0))
        cart._b2b_set_line(cart.order_line[0], 1000, self.unit)
        load = cart._b2b_get_load()
        self.assertEqual((load["needed"], load["full"]), (2, 2))
        self.assertEqual(load["weight_percent"], 100)

    def test_load_by_volume_and_of_nothing(self):
        unit = self.env["b2b.transport.unit"].create({"name": "V", "max_volume": 2})
        fill = unit._b2b_get_fill(5.0, 5.0)
        self.assertEqual((fill["needed"], fill["full"]), (3, 2))
        self.assertAlmostEqual(fill["rest_volume"], 1)
        self.assertIsNone(fill["weight_percent"])
        self.assertEqual(unit._b2b_get_fill(0.0, 0.0)["volume_percent"], 0)
        self.assertIsNone(unit.browse()._b2b_get_fill(1.0, 1.0)["weight_percent"])
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            unit.create({"name": "Nothing"})

    # === QUERIES === #

    def _count(self, function, number):
        products = [
            self._create_product(f"{function.__name__}-{number}-{i}", 5, weight=1)
            for i in range(number)
        ]
        products = self.bolt.browse([product.id for product in products])
        products.product_tmpl_id.uom_ids = self.box | self.pallet
        cart = self._create_cart(self.buyer, lines=[(p, 1) for p in products])
        self.env.flush_all()
        self.env.invalidate_all()
        self.rules._b2b_forget_rules()
        before = self.env.cr.sql_log_count
        function(cart, products)
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow(self):
        self._rule(agreement_id=self.agreement.id, multiple=24)

        def options(cart, products):
            products._b2b_get_unit_options(cart.b2b_agreement_id)

        def terms(cart, products):
            products._b2b_get_quantity_terms(cart.b2b_agreement_id)

        def load(cart, products):
            cart._b2b_get_load()

        def checks(cart, products):
            self.assertEqual(len(cart._b2b_get_checks()), len(products))

        def choices(cart, products):
            terms = cart._b2b_get_quantity_terms()
            for line in cart.order_line:
                self.assertTrue(line._b2b_get_choice(terms))

        def add(cart, products):
            cart._b2b_add([CartRequest(p, self.box, 2.0) for p in products])

        def warning(cart, products):
            self.assertTrue(cart.b2b_quantity_warning)

        for function in (options, terms, load, checks, choices, add, warning):
            with self.subTest(function=function.__name__):
                self._count(function, 2)
                few, many = self._count(function, 5), self._count(function, 50)
                self.assertLessEqual(many, few + 2)
