# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import B2bMixin


@tagged("post_install", "-at_install")
class TestReopen(B2bMixin, HttpCase):
    """The director changes a placed order: it becomes a cart again."""

    def setUp(self):
        super().setUp()
        self.director = self._create_member(
            self.north, "director", "b2b_director", all_entities=True
        )
        self.order = self._create_cart(self.buyer, lines=[(self.bolt, 10)])
        self.order._b2b_submit()
        self.env.flush_all()

    def _reopen(self, member):
        order = self.order.with_user(member.user_id).sudo()
        order._b2b_reopen(self.website)

    def _papers(self):
        return self.env["b2b.document"].search([("order_id", "=", self.order.id)])

    def test_there_and_back(self):
        name, picking = self.order.name, self.order.picking_ids
        self.assertEqual(self._papers().state, "valid")
        self._reopen(self.director)
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(picking.state, "cancel")
        self.assertEqual(self._papers().state, "cancelled")
        self.order.order_line.product_uom_qty = 20
        self.order._b2b_submit()
        self.assertEqual((self.order.state, self.order.name), ("sale", name))
        self.assertEqual(self._papers().state, "valid")
        self.assertEqual(self._papers().amount, self.order.amount_total)
        live = self.order.picking_ids.filtered(lambda p: p.state != "cancel")
        self.assertEqual(live.move_ids.product_uom_qty, 20)

    def test_without_the_right(self):
        for member in (self.buyer, self.head, self.stranger):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self._reopen(member)
        self.assertEqual(self.order.state, "sale")

    def test_shipped_or_invoiced_or_locked_stays(self):
        self.order.sudo().locked = True
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._reopen(self.director)
        self.order.sudo().locked = False
        picking = self.order.sudo().picking_ids
        picking.move_ids.write({"quantity": 4, "picked": True})
        picking._action_done()
        with self.assertRaisesRegex(UserError, "shipped|отгружен"):
            self._reopen(self.director)
        self.assertEqual(self.order.state, "sale")

    def test_page(self):
        url = f"/my/orders/{self.order.id}"
        self.authenticate("b2b_buyer", "b2b_buyer")
        self.assertNotIn("o_b2b_reopen", self.url_open(url).text)
        self.authenticate("b2b_director", "b2b_director")
        self.assertIn("o_b2b_reopen", self.url_open(url).text)
        for _click in range(2):
            token = {"csrf_token": Request.csrf_token(self)}
            page = self.url_open(f"{url}/reopen", data=token)
            self.assertTrue(page.url.endswith(f"/my/carts/{self.order.id}"), page.url)
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "draft")
