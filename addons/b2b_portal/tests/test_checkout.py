# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import B2bCommon


@tagged("post_install", "-at_install")
class TestCheckout(B2bCommon):
    """What stands between a cart and an order."""

    def _codes(self, cart):
        return [check["code"] for check in cart._b2b_get_checks()]

    def test_a_good_cart_has_no_remarks(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 10)])
        self.assertEqual(self._codes(cart), [])

    def test_empty_cart(self):
        cart = self._create_cart(self.buyer)
        self.assertEqual(self._codes(cart), ["empty"])
        with self.assertRaises(UserError):
            cart._b2b_submit()

    def test_goods_that_left_the_catalogue(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 10)])
        self.bolt.is_published = False
        self.assertEqual(self._codes(cart), ["not_sold"])

    def test_multiple_changed_after_the_line_was_added(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 10)])
        self.bolt.b2b_multiple = 24
        checks = cart._b2b_get_checks()
        self.assertEqual(checks[0]["code"], "multiple")
        self.assertIn("24", checks[0]["message"])

    def test_price_on_request(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 10)])
        cart.order_line.price_unit = 0
        self.website.prevent_zero_price_sale = False
        self.assertEqual(self._codes(cart), [])
        self.website.prevent_zero_price_sale = True
        self.assertEqual(self._codes(cart), ["no_price"])

    def test_stock_is_counted_over_all_units_of_a_product(self):
        """12 loose ones and a box of 24 need 36, which are not there."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.agreement.warehouse_id = warehouse
        self.bolt.allow_out_of_stock_order = False
        self.env["stock.quant"]._update_available_quantity(
            self.bolt, warehouse.lot_stock_id, 30
        )
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 12)])
        self.assertEqual(self._codes(cart), [])
        cart.order_line.create(
            {
                "order_id": cart.id,
                "product_id": self.bolt.id,
                "product_uom_id": self.box.id,
                "product_uom_qty": 1,
            }
        )
        checks = cart._b2b_get_checks()
        self.assertEqual([check["code"] for check in checks], ["stock"])
        self.assertIn("6", checks[0]["message"])
        self.bolt.allow_out_of_stock_order = True
        self.assertEqual(self._codes(cart), [])

    def test_queries_do_not_grow_with_the_lines(self):
        def count(number):
            products = [
                self._create_product(f"Q{number}-{i}", 5) for i in range(number)
            ]
            cart = self._create_cart(self.buyer, lines=[(p, 1) for p in products])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cart._b2b_get_checks()
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(40), count(5) + 2)

    def test_limit_per_order_and_per_period(self):
        permission = self.env.ref("b2b_portal.permission_buyer_cart_submit")
        permission.write({"amount_limit": 150, "period_limit": 180, "period": "month"})
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 16)])
        self.assertEqual(self._codes(cart), ["amount_limit"])
        cart.order_line.product_uom_qty = 10
        self.assertEqual(self._codes(cart), [])
        cart._b2b_submit()
        second = self._create_cart(self.buyer, lines=[(self.bolt, 10)])
        self.assertEqual(self._codes(second), ["period_limit"])
        with self.assertRaises(UserError):
            second._b2b_submit()
        other = self._create_cart(self.buyer2, lines=[(self.bolt, 10)])
        self.assertEqual(self._codes(other), [], "the limit is the member's own")
        cart._action_cancel()
        second._b2b_submit()
        self.assertEqual(second.state, "sale", "a cancelled order gives the sum back")
