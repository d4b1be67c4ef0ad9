# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import B2bCommon


@tagged("post_install", "-at_install")
class TestScope(B2bCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cart = cls._create_cart(cls.buyer, lines=[(cls.bolt, 5)])
        cls.order = cls._create_cart(cls.buyer, lines=[(cls.bolt, 7)])
        cls.order._b2b_submit()
        cls.agreement_b = cls._create_agreement(cls.north_b, name="Logistics")
        cls.order_b = cls._create_cart(
            cls.head, agreement=cls.agreement_b, lines=[(cls.bolt, 1)]
        )
        cls.order_b._b2b_submit()
        cls.env.flush_all()

    def _visible(self, model, user, among):
        found = self.env[model].with_user(user).search([("id", "in", among.ids)])
        return self.env[model].browse(found.ids)

    def test_access_matrix(self):
        """Role x record: who finds it by search, who reads it by id."""
        records = {
            "cart": self.cart,
            "order": self.order,
            "order of the other entity": self.order_b,
            "agreement": self.agreement,
            "agreement of the other entity": self.agreement_b,
            "proforma": self.env["b2b.document"].search(
                [("order_id", "=", self.order.id)]
            ),
            "legal entity": self.north_a,
            "other legal entity": self.north_b,
        }
        everything = set(records)
        expected = {
            self.head.user_id: everything,
            self.buyer.user_id: {
                "cart",
                "order",
                "agreement",
                "proforma",
                "legal entity",
            },
            self.buyer2.user_id: {"agreement", "legal entity"},
            self.accountant.user_id: everything - {"cart"},
            self.stranger.user_id: set(),
            self.retail_user: set(),
        }
        for user, allowed in expected.items():
            for name, record in records.items():
                with self.subTest(user=user.login, record=name):
                    self.assertTrue(record)
                    mine = record.with_user(user)
                    self.assertEqual(mine.has_access("read"), name in allowed)
                    if user == self.retail_user and record._name.startswith("b2b."):
                        with self.assertRaises(AccessError):
                            mine.search([("id", "=", record.id)])
                        continue
                    found = mine.search([("id", "=", record.id)])
                    self.assertEqual(bool(found), name in allowed)
                    if name not in allowed:
                        with self.assertRaises(AccessError):
                            mine.read(["display_name"])

    def test_lines_follow_the_order(self):
        lines = self.order.order_line
        self.assertTrue(self._visible("sale.order.line", self.buyer.user_id, lines))
        self.assertFalse(self._visible("sale.order.line", self.buyer2.user_id, lines))

    def test_nobody_writes_by_rpc(self):
        for member in (self.head, self.buyer, self.accountant):
            order = self.order.sudo(False).with_user(member.user_id)
            with self.assertRaises(AccessError):
                order.write({"client_order_ref": "mine"})
            with self.assertRaises(AccessError):
                self.cart.sudo(False).with_user(member.user_id).unlink()

    def test_revoked_right_acts_in_the_next_request(self):
        user = self.buyer.user_id
        self.assertTrue(self.order.sudo(False).with_user(user).has_access("read"))
        self.buyer.role_ids = False
        self.assertFalse(self.order.sudo(False).with_user(user).has_access("read"))

    def test_archived_member_sees_nothing(self):
        user = self.buyer.user_id
        self.buyer.active = False
        self.assertFalse(self._visible("sale.order", user, self.order))
        self.assertFalse(self._visible("b2b.agreement", user, self.agreement))

    def test_entity_taken_away(self):
        self.buyer.entity_ids = False
        self.assertFalse(
            self._visible("sale.order", self.buyer.user_id, self.order | self.cart)
        )

    def test_blocked_account_reads_only(self):
        self.north.state = "blocked"
        self.assertTrue(self._visible("sale.order", self.buyer.user_id, self.order))
        with self.assertRaises(AccessError):
            self.cart._cart_add(self.bolt.id, 1)
        with self.assertRaises(AccessError):
            self.cart._b2b_submit()

    def test_unverified_member_cannot_submit(self):
        self.buyer.stage = "registered"
        self.cart._cart_add(self.bolt.id, 1)
        with self.assertRaises(AccessError):
            self.cart._b2b_submit()

    def test_junior_cannot_submit(self):
        self.buyer.role_ids = self.env.ref("b2b_portal.role_junior")
        with self.assertRaises(AccessError):
            self.cart._b2b_submit()
        self.assertEqual(self.cart.state, "draft")

    def test_submit_is_idempotent(self):
        self.cart._b2b_submit()
        confirmed_at = self.cart.date_order
        self.cart._b2b_submit()
        self.assertEqual(self.cart.date_order, confirmed_at)
        papers = self.env["b2b.document"].search([("order_id", "=", self.cart.id)])
        self.assertEqual(papers.mapped("kind"), ["proforma"])

    def test_ordered_cart_is_closed(self):
        with self.assertRaises(UserError):
            self.order._cart_add(self.bolt.id, 1)

    def test_amount_limit(self):
        permission = self.env.ref("b2b_portal.permission_buyer_cart_submit")
        permission.amount_limit = 49
        with self.assertRaisesRegex(UserError, "limit"):
            self.cart._b2b_submit()
        permission.amount_limit = 50
        self.cart._b2b_submit()
        self.assertEqual(self.cart.state, "sale")

    def test_price_lists_are_secret(self):
        for user in (self.buyer.user_id, self.stranger.user_id, self.retail_user):
            pricelist = self.agreement.pricelist_id.with_user(user)
            self.assertFalse(pricelist.has_access("read"))
            items = self.agreement.pricelist_id.item_ids.with_user(user)
            self.assertFalse(items.has_access("read"))

    def test_internal_users_keep_their_rules(self):
        manager = self.env["res.users"].create(
            {
                "name": "Manager",
                "login": "b2b_manager",
                "group_ids": [
                    (4, self.env.ref("b2b_portal.group_staff_user").id),
                ],
            }
        )
        found = self._visible("sale.order", manager, self.order | self.order_b)
        self.assertEqual(found, self.order | self.order_b)
