# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import B2bCommon, Command


@tagged("post_install", "-at_install")
class TestPriceCheck(B2bCommon):
    """No order with a price below zero, none with a zero that nobody decided."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.prevent_zero_price_sale = False

    def _set_rule(self, **values):
        self.price_type.item_ids = [Command.clear(), Command.create(values)]

    def _get_codes(self, product):
        self.cart = self._create_cart(self.buyer, lines=[(product, 1)])
        return {check["code"] for check in self.cart._b2b_get_checks()} & {
            "negative_price",
            "no_price",
        }

    def test_below_zero_is_refused(self):
        self.bolt.allow_out_of_stock_order = True
        self._set_rule(compute_price="formula", base="list_price", price_surcharge=-13)
        self.assertEqual(self._get_codes(self.bolt), {"negative_price"})
        with self.assertRaises(UserError):
            self.cart._b2b_submit()
        self.assertEqual(self.cart.state, "draft")

    def test_zero_without_a_decision_is_refused(self):
        unpriced = self._create_product("NOPRICE", 0)
        self.assertEqual(self._get_codes(unpriced), {"no_price"})
        self._set_rule(compute_price="percentage", percent_price=100)
        self.assertEqual(self._get_codes(self.bolt), {"no_price"})

    def test_zero_for_this_product_is_a_decision(self):
        target = {
            "applied_on": "1_product",
            "product_tmpl_id": self.bolt.product_tmpl_id.id,
        }
        own = self.agreement.pricelist_id
        for values in (
            {"compute_price": "fixed", "fixed_price": 0},
            {"compute_price": "percentage", "percent_price": 100},
        ):
            with self.subTest(values):
                own.item_ids.filtered("product_tmpl_id").unlink()
                own.item_ids = [Command.create(values | target)]
                self.assertFalse(self._get_codes(self.bolt))
                self.assertFalse(self.cart.amount_total)
        self.website.prevent_zero_price_sale = True
        own.item_ids.filtered("product_tmpl_id").unlink()
        own.item_ids = [
            Command.create({"compute_price": "fixed", "fixed_price": 0} | target)
        ]
        self.assertEqual(self._get_codes(self.bolt), {"no_price"})

    def test_zero_written_by_staff_is_a_decision(self):
        self.assertFalse(self._get_codes(self.bolt))
        self.cart.order_line.price_unit = 0
        codes = {check["code"] for check in self.cart._b2b_get_checks()}
        self.assertNotIn("no_price", codes)
        self.cart.order_line.write({"price_unit": 5, "discount": 100})
        codes = {check["code"] for check in self.cart._b2b_get_checks()}
        self.assertNotIn("no_price", codes)
