# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .common import Command, CreditCommon


@tagged("post_install", "-at_install")
class TestBlock(CreditCommon):
    @contextmanager
    def assert_refused(self):
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIn("credit limit", str(caught.exception))

    def test_limit_may_be_used_up_but_not_passed(self):
        self._confirm(10)
        order = self._create_order(1)
        with self.assert_refused():
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_caught_refusal_leaves_the_order_alone(self):
        order = self._create_order(11)
        try:
            order.action_confirm()
        except UserError:
            self.assertEqual(order.state, "draft")
        else:
            self.fail("confirmed")

    def test_message_names_the_amounts(self):
        self._confirm(8)
        order = self._create_order(5)
        with self.assertRaises(UserError) as caught:
            order.action_confirm()
        for amount in (1000, 800, 500, 300):
            self.assertIn(
                self.company.currency_id.format(amount), str(caught.exception)
            )
        self.assertIn(self.agreement.name, str(caught.exception))

    def test_two_orders_in_one_call_are_judged_together(self):
        """Style.md 1.1, defect 2."""
        orders = self._create_order(8) | self._create_order(8)
        with self.assert_refused():
            orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        orders[0].action_confirm()

    def test_context_is_no_way_around(self):
        order = self._create_order(11)
        with self.assert_refused():
            order.with_context(bypass_risk=True, b2b_credit=False).action_confirm()

    def test_signature_is_refused(self):
        order = self._create_order(11)
        order.state = "sent"
        with self.assert_refused():
            order._validate_order()
        self.assertEqual(order.state, "sent")

    def test_salesman_is_refused_by_button_and_by_rpc(self):
        user = new_test_user(
            self.env, "b2b_sales", "sales_team.group_sale_salesman_all_leads"
        )
        order = self._create_order(11).with_user(user)
        with self.assert_refused():
            order.action_confirm()
        with self.assert_refused():
            order.write({"state": "sale"})
        with self.assert_refused():
            self._create_order(11, state="sale")
        with self.assert_refused():
            order.with_context(default_state="sale").copy()

    def test_copy_is_judged(self):
        order = self._confirm(6)
        with self.assert_refused():
            order.copy().action_confirm()

    def test_shop_shows_and_refuses(self):
        cart = self._create_cart(self.buyer, lines=[(self.service, 11)])
        checks = {check["code"]: check for check in cart._b2b_get_checks()}
        self.assertEqual(checks["credit"]["severity"], "error")
        with self.assert_refused():
            cart._b2b_submit()
        cart.order_line.product_uom_qty = 10
        self.assertNotIn("credit", {c["code"] for c in cart._b2b_get_checks()})
        cart._b2b_submit()
        self.assertEqual(cart.state, "sale")

    def test_confirmed_order_does_not_grow_above_the_limit(self):
        order = self._confirm(8)
        for change in (
            {"product_uom_qty": 11},
            {"price_unit": 130},
        ):
            with self.assert_refused():
                order.order_line.write(change)
        with self.assert_refused():
            order.order_line = [
                Command.create({"product_id": self.service.id, "product_uom_qty": 3})
            ]
        order.order_line.product_uom_qty = 10
        self.assertEqual(self._exposure(), 1000)

    def test_change_is_judged_by_its_outcome(self):
        order = self._create_order(8)
        order.order_line = [
            Command.create({"product_id": self.service.id, "product_uom_qty": 2})
        ]
        order.action_confirm()
        first, second = order.order_line
        order.write(
            {
                "order_line": [
                    Command.update(first.id, {"product_uom_qty": 9}),
                    Command.update(second.id, {"product_uom_qty": 1}),
                ]
            }
        )
        self.assertEqual(self._exposure(), 1000)

    def test_reduction_passes_above_the_limit(self):
        order = self._confirm(10)
        self.line.limit = 500
        order.order_line.product_uom_qty = 9
        with self.assert_refused():
            order.order_line.product_uom_qty = 10

    def test_order_cannot_move_to_a_full_agreement(self):
        free = self._create_agreement(self.north_a, name="Free")
        self._confirm(8)
        order = self._confirm(8, free)
        with self.assert_refused():
            order.b2b_agreement_id = self.agreement

    def test_paid_invoice_lets_the_next_order_in(self):
        invoice = self._invoice(self._confirm(10))
        order = self._create_order(10)
        with self.assert_refused():
            order.action_confirm()
        self._pay(invoice)
        order.action_confirm()

    def test_no_line_no_check(self):
        free = self._create_agreement(self.north_a, name="Prepaid")
        self._confirm(100, free)
        self.line.active = False
        self._confirm(100)

    def test_zero_limit_refuses(self):
        self.line.limit = 0
        order = self._create_order(1)
        with self.assert_refused():
            order.action_confirm()

    def test_cents_of_rounding_do_not_refuse(self):
        self.line.limit = 0.3
        for _number in range(3):
            order = self._create_order(1)
            order.order_line.price_unit = 0.1
            order.action_confirm()

    def test_staff_see_the_figures_on_the_order(self):
        self._confirm(4)
        with Form(self._create_order(1)) as form:
            self.assertEqual(form.b2b_credit_limit, 1000)
            self.assertEqual(form.b2b_credit_available, 600)
