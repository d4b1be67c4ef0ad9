# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from .test_invitation import InvitationMixin


@tagged("post_install", "-at_install")
class TestMembersTour(InvitationMixin, HttpCase):
    def test_from_invitation_to_stage_two(self):
        """Director invites, junior accepts and asks, head confirms: in Chromium."""
        self.website.prevent_zero_price_sale = False
        self.start_tour("/my/members", "b2b_members_invite", login="b2b_director")
        invitation = self._find("b2b.invitation")
        self.assertEqual(invitation.supervisor_id, self.head)
        url = f"/b2b/invitation/{self._get_token()}"
        self.start_tour(url, "b2b_members_accept")
        member = invitation.member_id
        self.assertEqual(member.stage, "verified")
        self.assertEqual(member.role_ids, self.junior_role)
        cart = self.env["sale.order"].search([("b2b_member_id", "=", member.id)])
        self.assertEqual(cart.state, "draft")
        self.assertEqual(cart.order_line.product_id, self.bolt)
        request = self._find("b2b.access.request")
        self.assertEqual((request.object, request.verb), ("cart", "submit"))
        self.assertEqual(request.member_id, member)
        self.start_tour("/my/members", "b2b_members_confirm", login="b2b_head")
        self.assertEqual(member.stage, "confirmed")
