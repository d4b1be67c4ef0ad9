# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, TransactionCase, tagged

from .test_members import MembersMixin


@tagged("post_install", "-at_install")
class TestExplain(MembersMixin, TransactionCase):
    def _explain(self, member, *cell, record=None):
        Member = self.env["b2b.member"].with_user(member.user_id)
        return Member._explain(*cell, record=record)

    def _assert_code(self, code, member, *cell, record=None):
        answer = self._explain(member, *cell, record=record)
        self.assertEqual(answer["code"], code)
        self.assertTrue(answer["text"])
        return answer

    def test_ok(self):
        answer = self._assert_code("ok", self.buyer, "cart", "submit")
        self.assertFalse(answer["who"])

    def test_no_permission_names_the_director(self):
        answer = self._assert_code("no_permission", self.buyer, "member", "create")
        self.assertEqual(answer["who"], [self.director.name])
        self.north.manager_id = self.env.ref("base.user_admin")
        answer = self._explain(self.buyer, "member", "create")
        self.assertEqual(answer["manager"], self.north.manager_id.name)

    def test_stage_names_the_heads(self):
        self.buyer.stage = "registered"
        answer = self._assert_code("stage", self.buyer, "cart", "submit")
        self.assertEqual(set(answer["who"]), {self.head.name, self.director.name})

    def test_entity_stage(self):
        self.north_a.b2b_stage = "registered"
        self._assert_code("entity_stage", self.buyer, "cart", "submit")
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        self._assert_code("entity_stage", self.buyer, "cart", "submit", record=cart)

    def test_two_factor(self):
        self.env.ref("b2b_portal.permission_buyer_cart_submit").needs_2fa = True
        self._assert_code("2fa", self.buyer, "cart", "submit")

    def test_blocked(self):
        self.north.state = "blocked"
        self._assert_code("blocked", self.buyer, "cart", "submit")
        self._assert_code("ok", self.buyer, "cart", "read")

    def test_scope(self):
        cart = self._create_cart(self.buyer2, lines=[(self.bolt, 1)])
        self._assert_code("scope", self.buyer, "cart", "write", record=cart)

    def test_limit(self):
        self.env.ref("b2b_portal.permission_buyer_cart_submit").amount_limit = 5
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        answer = self._assert_code("limit", self.buyer, "cart", "submit", record=cart)
        self.assertIn("limit", answer["text"])

    def test_no_membership(self):
        self._as(self.director, self.buyer)._portal_suspend()
        self._assert_code("no_membership", self.buyer, "cart", "read")

    def test_base_role_narrowed(self):
        own = self.buyer_role.with_user(self.director.user_id).sudo()
        self.buyer.role_ids = own._portal_clone(self.north, "Small buyer")
        self._assert_code("ok", self.buyer, "cart", "submit")
        self.env.ref("b2b_portal.permission_buyer_cart_submit").unlink()
        self._assert_code("no_permission", self.buyer, "cart", "submit")


@tagged("post_install", "-at_install")
class TestRequests(MembersMixin, TransactionCase):
    def _ask(self, member, *cell):
        requests = self.env["b2b.access.request"].with_user(member.user_id)
        return requests._ask(member.sudo(), *cell, "please")

    def _decide(self, actor, request):
        return request.with_user(actor.user_id).sudo()

    def test_second_question_is_the_first(self):
        request = self._ask(self.buyer, "address", "write")
        self.assertEqual(self._ask(self.buyer, "address", "write"), request)

    def test_nonsense_is_refused(self):
        for cell in (("cart", "submit"), ("cart", "fly"), ("moon", "read")):
            with self.subTest(cell=cell), self.assertRaises(UserError):
                self._ask(self.buyer, *cell)
        with self.assertRaises(UserError):
            requests = self.env["b2b.access.request"].with_user(self.buyer.user_id)
            requests._ask(self.head, "role", "write")

    def test_grant_by_a_role(self):
        request = self._ask(self.buyer, "address", "write")
        storekeeper = self.env.ref("b2b_portal.role_storekeeper")
        before = self.buyer.role_ids
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._decide(self.director, request)._portal_grant(self.junior_role)
        self._decide(self.director, request)._portal_grant(storekeeper)
        self.assertEqual(self.buyer.role_ids, before | storekeeper)
        self.assertEqual(request.state, "granted")
        self.assertEqual(request.decided_by_id, self.director.user_id)
        mail = self.env["mail.mail"].search([], limit=1)
        self.assertRegex(mail.body_html, "You have got the right|выдано")
        with self.assertRaisesRegex(UserError, "decided already"):
            self._decide(self.director, request)._portal_decline("no")

    def test_grant_by_confirming(self):
        self.buyer.stage = "verified"
        self.env.ref(
            "b2b_portal.permission_buyer_cart_submit"
        ).member_stage = "confirmed"
        request = self._ask(self.buyer, "cart", "submit")
        self._decide(self.head, request)._portal_grant(confirm=True)
        self.assertEqual(self.buyer.stage, "confirmed")

    def test_decline_tells_why(self):
        request = self._ask(self.buyer, "address", "write")
        self._decide(self.director, request)._portal_decline("Ask the head")
        self.assertEqual((request.state, request.answer), ("declined", "Ask the head"))
        mail = self.env["mail.mail"].search([], limit=1)
        self.assertIn("Ask the head", mail.body_html)

    def test_others_do_not_decide(self):
        request = self._ask(self.buyer, "address", "write")
        storekeeper = self.env.ref("b2b_portal.role_storekeeper")
        for actor in (self.buyer, self.buyer2, self.stranger, self.head):
            with self.subTest(actor=actor.name), self.assertRaises(UserError):
                self._decide(actor, request)._portal_grant(storekeeper)
        for actor in (self.buyer, self.buyer2, self.stranger):
            with self.subTest(actor=actor.name), self.assertRaises(AccessError):
                self._decide(actor, request)._portal_decline("no")
        self.assertEqual(request.state, "open")
        self.assertNotIn(storekeeper, self.buyer.role_ids)

    def test_who_sees_a_request(self):
        request = self._ask(self.buyer, "address", "write")
        for member, seen in (
            (self.buyer, True),
            (self.head, True),
            (self.director, True),
            (self.buyer2, False),
            (self.stranger, False),
        ):
            mine = request.sudo(False).with_user(member.user_id)
            with self.subTest(member=member.name):
                self.assertEqual(mine.has_access("read"), seen)
                self.assertFalse(mine.has_access("write"))

    def test_inbox(self):
        self._ask(self.buyer, "address", "write")
        self.buyer2.stage = "verified"
        codes = {
            member: sorted(
                row["code"]
                for row in self.website.with_user(member.user_id)._b2b_get_inbox()
                if row["code"] in ("access_request", "member_confirm")
            )
            for member in (self.director, self.head, self.buyer2, self.stranger)
        }
        both = ["access_request", "member_confirm"]
        self.assertEqual(codes[self.director], both)
        self.assertEqual(codes[self.head], both)
        self.assertEqual(codes[self.buyer2], [])
        self.assertEqual(codes[self.stranger], [])


@tagged("post_install", "-at_install")
class TestAccessPages(MembersMixin, HttpCase):
    def _post(self, url, data=None):
        return self.url_open(
            url, data={"csrf_token": Request.csrf_token(self)} | (data or {})
        )

    def _login(self, member):
        login = member.user_id.login
        self.authenticate(login, login.ljust(8, "x"))

    def test_refusal_explains_and_offers_to_ask(self):
        self._login(self.buyer)
        page = self.url_open("/my/members/new")
        self.assertEqual(page.status_code, 403)
        self.assertIn(self.director.name, page.text)
        self.assertIn('action="/b2b/ask"', page.text)
        for _click in range(2):
            page = self._post(
                "/b2b/ask", {"object": "member", "verb": "create", "text": "New team"}
            )
            self.assertIn("You have asked", page.text)
        request = self._find("b2b.access.request")
        self.assertEqual((request.member_id, request.text), (self.buyer, "New team"))

        self._login(self.director)
        page = self.url_open(f"/my/requests/{request.id}")
        self.assertIn("New team", page.text)
        page = self._post(f"/my/requests/{request.id}/decline", {"text": ""})
        self.assertEqual(request.state, "open", "a reason is needed")
        self._post(f"/my/requests/{request.id}/decline", {"text": "Later"})
        self.assertEqual(request.state, "declined")

    def test_refused_verb_on_ones_own_cart(self):
        self.buyer.role_ids = self.junior_role
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        foreign = self._create_cart(self.buyer2, lines=[(self.bolt, 1)])
        self._login(self.buyer)
        page = self.url_open(f"/my/carts/{cart.id}")
        self.assertIn('name="o_b2b_why"', page.text)
        page = self.url_open(f"/my/carts/{cart.id}/checkout")
        self.assertEqual(page.status_code, 403)
        self.assertIn('action="/b2b/ask"', page.text)
        for number in (foreign.id, 99999999):
            page = self.url_open(f"/my/carts/{number}/checkout")
            self.assertEqual(page.status_code, 404)
            self.assertNotIn("/b2b/ask", page.text)

    def test_why_page(self):
        foreign = self._create_cart(self.buyer2, lines=[(self.bolt, 1)])
        self._login(self.buyer)
        page = self.url_open("/b2b/why?object=role&verb=write")
        self.assertEqual(page.status_code, 200)
        self.assertIn("o_b2b_ask", page.text)
        for query in (
            "object=moon&verb=read",
            "object=cart&verb=fly",
            "",
            f"object=cart&verb=write&cart_id={foreign.id}",
        ):
            with self.subTest(query=query):
                page = self.url_open(f"/b2b/why?{query}")
                self.assertEqual(page.status_code, 404)

    def test_two_factor_leads_to_the_settings(self):
        self.env.ref("b2b_portal.permission_buyer_cart_submit").needs_2fa = True
        self._login(self.buyer)
        page = self.url_open("/b2b/why?object=cart&verb=submit")
        self.assertIn('href="/my/security"', page.text)

    def test_foreign_requests_are_not_there(self):
        request = self.env["b2b.access.request"].create(
            {"member_id": self.buyer.id, "object": "role", "verb": "write"}
        )
        for member in (self.buyer, self.buyer2, self.stranger):
            self._login(member)
            with self.subTest(member=member.name):
                url = f"/my/requests/{request.id}"
                self.assertEqual(self.url_open(url).status_code, 404)
                for action in ("grant", "decline"):
                    data = {"role_id": self.director_role.id, "text": "x"}
                    page = self._post(f"{url}/{action}", data)
                    self.assertEqual(page.status_code, 404)
        self.assertEqual(request.state, "open")
