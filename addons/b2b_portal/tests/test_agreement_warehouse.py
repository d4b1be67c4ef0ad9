# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import B2bCommon, Command
from .test_agreement_terms import TermsMixin


@tagged("post_install", "-at_install")
class TestAgreementWarehouse(TermsMixin, B2bCommon):
    """Warehouses by priority: on the agreement, and on the lines of its orders."""

    def test_main_warehouse_is_the_first_line(self):
        self.agreement.warehouse_id = self.main
        self.assertEqual(self.agreement.warehouse_line_ids.warehouse_id, self.main)
        self._set_warehouses(self.second, self.main)
        self.assertEqual(self.agreement.warehouse_id, self.second)
        self.assertEqual(self.agreement.warehouse_names, f"Second, {self.main.name}")
        self.agreement.warehouse_id = self.main
        self.assertEqual(
            self.agreement._b2b_get_warehouses().ids, (self.main | self.second).ids
        )
        self.agreement.warehouse_line_ids.filtered(
            lambda line: line.warehouse_id == self.main
        ).unlink()
        self.assertEqual(self.agreement.warehouse_id, self.second)
        self.agreement.warehouse_id = False
        self.assertFalse(self.agreement.warehouse_line_ids)

    def test_created_with_either(self):
        one = self._create_agreement(self.north_b, warehouse_id=self.second.id)
        self.assertEqual(one.warehouse_line_ids.warehouse_id, self.second)
        other = self._create_agreement(
            self.north_b,
            warehouse_line_ids=[Command.create({"warehouse_id": self.second.id})],
        )
        self.assertEqual(other.warehouse_id, self.second)

    def test_names_follow_a_main_warehouse_that_was_given(self):
        agreement = self._create_agreement(self.north_a, warehouse_id=self.second.id)
        self.assertEqual(agreement.warehouse_names, self.second.name)
        agreement.warehouse_id = self.main
        self.assertEqual(agreement.warehouse_names, self.main.name)

    def test_same_warehouse_twice(self):
        self._set_warehouses(self.main)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.agreement.warehouse_line_ids = [
                Command.create({"warehouse_id": self.main.id})
            ]

    def test_warehouse_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.env["stock.warehouse"].sudo()
        foreign = foreign.search([("company_id", "=", company.id)], limit=1)
        with self.assertRaises(ValidationError):
            self._set_warehouses(foreign)

    def test_warehouse_of_each_line(self):
        """By priority, the first with all of it; a delivery from each."""
        self._set_warehouses(self.main, self.second)
        pin = self._create_product("PIN", 1.0)
        self._stock(self.bolt, self.main, 10)
        self._stock(self.bolt, self.second, 100)
        self._stock(self.nut, self.main, 500)
        self._stock(self.nut, self.second, 500)
        self._stock(pin, self.main, 4)
        cart = self._create_cart(
            self.buyer, lines=[(self.bolt, 50), (self.nut, 200), (pin, 9)]
        )
        self.assertEqual(cart.order_line.warehouse_id, self.main)
        cart._b2b_submit()
        bolt, nut, other = cart.order_line
        self.assertEqual(bolt.warehouse_id, self.second)
        self.assertEqual(nut.warehouse_id, self.main, "the first one has it")
        self.assertEqual(other.warehouse_id, self.main, "nobody has it: the main one")
        self.assertEqual(len(cart.picking_ids), 2)
        self.assertEqual(
            cart.picking_ids.picking_type_id.warehouse_id, self.main | self.second
        )
        self.assertIn("Second", cart._b2b_get_warehouse_names())

    def test_lines_of_one_product_share_the_stock(self):
        self._set_warehouses(self.main, self.second)
        self._stock(self.bolt, self.main, 20)
        self._stock(self.bolt, self.second, 30)
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 12), (self.nut, 100)])
        values = {"product_id": self.bolt.id, "product_uom_id": self.box.id}
        cart.order_line = [Command.create(values | {"product_uom_qty": 1})]
        cart._b2b_submit()
        lines = cart.order_line.filtered(lambda li: li.product_id == self.bolt)
        loose = lines.filtered(lambda li: li.product_uom_id != self.box)
        self.assertEqual(loose.warehouse_id, self.main)
        self.assertEqual((lines - loose).warehouse_id, self.second)

    def test_all_from_the_second_warehouse_and_again(self):
        self._set_warehouses(self.main, self.second)
        self._stock(self.bolt, self.second, 30)
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 12)])
        cart._b2b_submit()
        self.assertEqual(cart.warehouse_id, self.second)
        self.assertEqual(len(cart.picking_ids), 1)
        director = self._create_member(
            self.north, "director", "b2b_director", all_entities=True
        )
        cart.with_user(director.user_id).sudo()._b2b_reopen(self.website)
        self.assertEqual(cart.warehouse_id, self.main)
        self._stock(self.bolt, self.main, 30)
        cart._b2b_submit()
        self.assertEqual(cart.warehouse_id, self.main)

    def test_warehouse_of_the_salesperson_stays(self):
        self._set_warehouses(self.main, self.second)
        self._stock(self.bolt, self.main, 30)
        order = self._create_cart(self.buyer, lines=[(self.bolt, 12)])
        order.warehouse_id = self.second
        order.action_confirm()
        self.assertEqual(order.order_line.warehouse_id, self.second)

    def test_free_stock_is_that_of_the_best_warehouse(self):
        self._set_warehouses(self.main, self.second)
        self.bolt.allow_out_of_stock_order = False
        self._stock(self.bolt, self.main, 20)
        self._stock(self.bolt, self.second, 30)
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 30)])
        self.assertEqual(self._codes(cart), [])
        self.assertEqual(cart._get_free_qty(self.bolt), 30)
        cart.order_line.product_uom_qty = 31
        self.assertEqual(self._codes(cart), ["stock"])

    def test_stock_at_once_equals_core(self):
        self._stock(self.bolt, self.main, 20)
        self._stock(self.nut, self.second, 7)
        quant = self.env["stock.quant"].search([("product_id", "=", self.bolt.id)])
        quant.reserved_quantity = 3
        products = self.bolt | self.nut
        warehouses = self.main | self.second
        free = products._b2b_get_free_by_warehouse(warehouses)
        for product in products:
            for warehouse in warehouses:
                core = product.with_context(warehouse_id=warehouse.id).free_qty
                self.assertEqual(free[product][warehouse], core)

    def test_queries_of_availability(self):
        """Neither the goods nor the lines count, in checks and in the choice."""
        self._set_warehouses(self.main, self.second)

        def count(number):
            products = [
                self._create_product(
                    f"A{number}-{i}", 5, allow_out_of_stock_order=False
                )
                for i in range(number)
            ]
            for product in products:
                self._stock(product, self.second, 5)
            cart = self._create_cart(self.buyer, lines=[(p, 1) for p in products])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cart._b2b_get_free(cart.order_line.product_id, cart.order_line)
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(40), count(5) + 2)
