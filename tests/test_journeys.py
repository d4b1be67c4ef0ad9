# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestJourneys(HttpCase):
    """Roads that lead through several parts of the portal, on the demo data."""

    def test_from_registration_to_the_first_order(self):
        """The form, the mailed link and the manager's pages are played by the tour of
        ``b2b_portal/tests/test_registration_tour.py``; here the road goes on.
        """
        manager = self.env.ref("b2b_portal.user_manager_demo")
        registration = self.env.ref("b2b_portal.registration_montazh_demo")
        registration = registration.with_user(manager)
        registration.action_approve()
        member = registration.member_id
        login = member.user_id.login
        member.sudo().user_id.password = login
        self.authenticate(login, login)
        page = self.url_open("/my/carts/new", allow_redirects=False)
        self.assertEqual(page.status_code, 405, "a cart is no matter of a link")
        self.assertIn("/shop", self.url_open("/shop").url)

        # without an agreement there is no cart, and the page says what to do
        self.start_tour("/my/carts", "b2b_journey_no_agreement", login=login)
        self.assertFalse(
            self.env["sale.order"].search([("b2b_member_id", "=", member.id)])
        )

        agreement = self.env["b2b.agreement"].with_user(manager)
        agreement = agreement.create(
            {
                "entity_id": registration.entity_id.id,
                "company_id": self.env.ref("b2b_portal.company_demo").id,
                "price_type_id": self.env.ref("b2b_portal.pricelist_wholesale_demo").id,
                "warehouse_id": self.env.ref("b2b_portal.warehouse_podolsk").id,
                "is_default": True,
            }
        )
        agreement.action_activate()
        self.env.flush_all()
        self.start_tour(
            "/shop/quick-order", "b2b_slice_buyer", login=login, timeout=120
        )
        self.env.invalidate_all()
        order = self.env["sale.order"].search([("b2b_member_id", "=", member.id)])
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.b2b_agreement_id, agreement.sudo())
        self.assertEqual(order.partner_id, registration.sudo().entity_id)
        self.assertEqual(order.user_id, manager)
        papers = self.env["b2b.document"].search([("order_id", "=", order.id)])
        self.assertEqual(papers.mapped("kind"), ["proforma"])
