# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.b2b_portal.models.sale_order_cart import CartRequest

from .assortment_common import AssortmentMixin
from .common import B2bCommon


@tagged("post_install", "-at_install")
class TestAssortmentCarts(AssortmentMixin, B2bCommon):
    """Goods that a customer does not see are in none of his orders."""

    def _wish(self, product):
        return CartRequest(product.sudo(), product.uom_id, 2.0)

    def test_no_way_into_the_cart(self):
        self._create_rule("exclusive", self.secret, account=self.south)
        cart = self._create_cart(self.buyer)
        with self.assertRaises(UserError) as hidden:
            cart._cart_add(self.secret.id, 1)
        self.assertNotIn("Secret", str(hidden.exception))
        wishes = [self._wish(self.secret), self._wish(self.drill)]
        cart._b2b_add(wishes)
        self.assertEqual([w.outcome for w in wishes], ["rejected", "added"])
        self.assertEqual(wishes[0].reasons, ("unknown_article",))
        self.assertEqual(cart.order_line.product_id, self.drill)

    def test_a_cart_is_judged_by_its_agreement(self):
        """Not by what else its member may see."""
        other = self._create_agreement(self.north_a)
        self._create_rule("exclusive", self.secret, agreement=other)
        wish = self._wish(self.secret)
        self._create_cart(self.buyer)._b2b_add([wish])
        self.assertEqual(wish.outcome, "rejected")
        wish = self._wish(self.secret)
        self._create_cart(self.buyer, other)._b2b_add([wish])
        self.assertEqual(wish.outcome, "added")

    def test_quick_order_knows_no_such_article(self):
        """Rows for hidden and for unknown articles differ in nothing."""
        self.secret.barcode = "4600000000017"
        box = self.env["product.uom"].create(
            {
                "product_id": self.secret.id,
                "uom_id": self.box.id,
                "barcode": "4600000000024",
            }
        )
        self.secret.uom_ids = self.box
        self._create_rule("exclusive", self.secret, account=self.south)
        cart = self._create_cart(self.buyer)
        Import = self.env["b2b.cart.import"].with_user(self.buyer.user_id)
        text = f"NO-SUCH-1 5\nSECRET-1 5\nsecret-1 5\n{self.secret.barcode} 5\n"
        run = Import._run_text(cart, f"{text}{box.barcode} 5\nDRILL-1 5")
        rows = run.line_ids
        self.assertEqual(run.count_rejected, 5)
        self.assertEqual(run.count_added, 1)
        answers = {
            (
                r.outcome,
                r.reasons,
                r.product_id.id,
                r.uom_id.id,
                r.wish_qty,
                r._get_text(),
            )
            for r in rows
            if r.outcome == "rejected"
        }
        self.assertEqual(len(answers), 1)
        self.assertEqual(cart.order_line.product_id, self.drill)

    def test_checkout_names_the_line(self):
        cart = self._create_cart(self.buyer, lines=[(self.secret, 1), (self.drill, 1)])
        self.assertNotIn("not_sold", [c["code"] for c in cart._b2b_get_checks()])
        self._create_rule("hide", self.secret, account=self.north)
        checks = [c for c in cart._b2b_get_checks() if c["code"] == "not_sold"]
        self.assertEqual(len(checks), 1)
        self.assertIn("Secret drill", checks[0]["message"])
        line = cart.order_line.filtered(lambda li: li.product_id == self.secret)
        self.assertEqual(checks[0]["fixes"][0]["name"], f"set_{line.id}")
        with self.assertRaises(UserError):
            cart._b2b_submit()
        self.assertEqual(cart.state, "draft")

    def test_staff_sell_what_they_like(self):
        self._create_rule("hide", self.secret, audience="everybody")
        manager = self.env.ref("base.user_admin")
        cart = self._create_cart(self.buyer).with_user(manager)
        cart._cart_add(self.secret.id, 1)
        self.assertEqual(cart.order_line.product_id, self.secret)
        self.assertFalse(cart._b2b_get_hidden(self.secret))
