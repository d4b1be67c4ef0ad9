# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from .registration_common import RegistrationMixin


@tagged("post_install", "-at_install")
class TestRegistrationJoin(RegistrationMixin, HttpCase):
    """A person whose firm is a customer asks its director."""

    def setUp(self):
        super().setUp()
        self.join = self._create_registration(
            email="joiner@customer.example", vat="BE0477472701"
        )
        self.url = f"/my/join/{self.join.id}"
        self.buyer_role = self.env.ref("b2b_portal.role_buyer")

    def _find_user(self):
        return self.env["res.users"].search([("login", "=", "joiner@customer.example")])

    def _accept(self, **values):
        values = {
            "role_id": str(self.buyer_role.id),
            "entity_id": str(self.north_a.id),
        } | values
        return self._post(f"{self.url}/accept", values)

    def test_directors_are_told(self):
        self.assertEqual((self.join.kind, self.join.account_id), ("join", self.north))
        mail = self._get_mails("director@customer.example")
        self.assertIn(self.url, mail.body_html)
        self.assertIn("joiner@customer.example", mail.body_html)
        self.assertFalse(self.join.activity_ids)

    def test_without_a_director_the_manager_decides(self):
        self.director.active = False
        join = self._create_registration(
            email="second@customer.example", vat="BE0477472701"
        )
        self.assertEqual(join.activity_ids.user_id, join.manager_id)
        with self.assertRaisesRegex(Exception, "Choose a role"):
            join.action_approve()
        join.join_role_ids = self.buyer_role
        join.action_approve()
        self.assertEqual(join.member_id.role_ids, self.buyer_role)
        self.assertEqual(join.member_id.account_id, self.north)

    def test_inbox(self):
        inbox = self.website.with_user(self.director.user_id)._b2b_get_inbox()
        urls = [row["url"] for row in inbox]
        self.assertIn(self.url, urls)
        for member in (self.buyer, self.stranger):
            inbox = self.website.with_user(member.user_id)._b2b_get_inbox()
            self.assertNotIn(self.url, [row["url"] for row in inbox])

    def test_accept(self):
        self._login(self.director)
        self.assertEqual(self.url_open(self.url).status_code, 200)
        for _click in range(2):
            self.assertEqual(self._accept().status_code, 200)
        member = self.join.member_id
        self.assertEqual(self.join.state, "approved")
        self.assertEqual(self.join.decided_by_id, self.director.user_id)
        self.assertEqual(member.user_id, self._find_user())
        self.assertEqual(member.role_ids, self.buyer_role)
        self.assertEqual(member.entity_ids, self.north_a)
        self.assertFalse(member.all_entities)
        mails = self._get_mails("joiner@customer.example")
        self.assertEqual(len(mails), 2)
        self.assertIn("/web/reset_password?", mails[-1].body_html)

    def test_decline(self):
        self._login(self.director)
        self._post(f"{self.url}/decline")
        self.assertEqual(self.join.state, "rejected")
        self.assertFalse(self._find_user())
        mail = self._get_mails("joiner@customer.example")[-1]
        self.assertNotIn("North", mail.body_html)
        self._accept()
        self.assertFalse(self._find_user())

    def test_who_may_not(self):
        """Without the right in this account the page does not exist."""
        for member in (self.buyer, self.head, self.accountant, self.stranger):
            self._login(member)
            with self.subTest(member=member.name):
                self.assertEqual(self.url_open(self.url).status_code, 404)
                self.assertEqual(self._accept().status_code, 404)
                answer = self._post(f"{self.url}/decline")
                self.assertEqual(answer.status_code, 404)
        self.authenticate("b2b_retail", "b2b_retail")
        self.assertEqual(self.url_open(self.url).status_code, 403)
        self.assertEqual(self._accept().status_code, 403)
        self.assertEqual(self.join.state, "submitted")
        self.assertFalse(self._find_user())

    def test_tampered_choices(self):
        """Roles that are not given and legal entities of others are refused."""
        foreign_role = self.buyer_role.copy(
            {"code": "south_buyer", "account_id": self.south.id}
        )
        kept_role = self.buyer_role.copy({"code": "kept", "assignable": False})
        self._login(self.director)
        for values in (
            {"role_id": str(foreign_role.id)},
            {"role_id": str(kept_role.id)},
            {"role_id": "x"},
            {"entity_id": str(self.south_a.id)},
            {"entity_id": ""},
        ):
            with self.subTest(values=values):
                self.assertIn('role="alert"', self._accept(**values).text)
                self.assertEqual(self.join.state, "submitted")
        self.assertFalse(self._find_user())

    def test_another_kind_has_no_page(self):
        other = self._create_registration()
        self._login(self.director)
        self.assertEqual(self.url_open(f"/my/join/{other.id}").status_code, 404)

    def test_a_taken_login(self):
        new_test_user(self.env, "joiner@customer.example", "base.group_portal")
        self._login(self.director)
        answer = self._accept()
        self.assertIn('role="alert"', answer.text)
        self.assertIn("joiner@customer.example", answer.text)
        self.assertEqual(self.join.state, "submitted")
        self.assertFalse(self.join.member_id)

    def test_accept_needs_the_token(self):
        self._login(self.director)
        self.assertEqual(self.url_open(f"{self.url}/accept").status_code, 405)
        token = Request.csrf_token(self)
        self.assertTrue(token)
        self.url_open(f"{self.url}/accept", data={"role_id": "1"})
        self.assertEqual(self.join.state, "submitted")
