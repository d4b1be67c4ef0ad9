# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.http import Request, root
from odoo.tests import HttpCase, new_test_user, tagged

from ..models import ir_http_preview
from .test_members import MembersMixin

READ_ONLY = "read only|только чтение"
BANNER = 'action="/b2b/preview/stop"'


@tagged("post_install", "-at_install")
class TestPreview(MembersMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cart = cls._create_cart(cls.buyer, lines=[(cls.bolt, 5)])
        cls.cart.b2b_name = "Basket of the buyer"
        cls.staff = new_test_user(
            cls.env, "b2b_staff", "base.group_user,b2b_portal.group_staff_user"
        )

    def _post(self, url, data=None):
        return self.url_open(
            url, data={"csrf_token": Request.csrf_token(self)} | (data or {})
        )

    def _login(self, user):
        self.authenticate(user.login, user.login.ljust(8, "x"))

    def _rpc(self, url, **params):
        return self.url_open(
            url,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()

    def _start(self, member=None):
        member = member or self.buyer
        self._login(self.director.user_id)
        return self._post(f"/my/members/{member.id}/preview", {"reason": "a test"})

    def test_pages_are_the_members(self):
        page = self._start()
        self.assertIn(BANNER, page.text)
        page = self.url_open("/my/carts")
        self.assertIn(BANNER, page.text)
        self.assertIn("Basket of the buyer", page.text)
        self.assertIn(self.buyer.name, page.text)
        self.assertEqual(self.url_open("/my/members/new").status_code, 403)
        self.assertEqual(self.url_open("/my/security").status_code, 403)

        page = self._post("/b2b/preview/stop")
        self.assertIn(f"/my/members/{self.buyer.id}", page.url)
        self.assertNotIn(BANNER, page.text)
        self.assertEqual(self.url_open("/my/members/new").status_code, 200)
        history = str(self.buyer._get_history())
        self.assertIn("a test", history)
        self.assertIn("no longer looks", history)
        self.assertIn(self.director.name, history)

    def test_nothing_changes_in_a_preview(self):
        self._start()
        for url, data in (
            (f"/my/carts/{self.cart.id}/update", {"name": "changed"}),
            (f"/my/carts/{self.cart.id}/submit", {}),
            (f"/my/members/{self.buyer.id}/save", {"job": "x"}),
            (f"/my/members/{self.buyer2.id}/preview", {}),
            ("/b2b/ask", {"object": "role", "verb": "write"}),
        ):
            with self.subTest(url=url):
                page = self._post(url, data)
                self.assertEqual(page.status_code, 403)
                self.assertRegex(page.text, READ_ONLY)
        answer = self._rpc("/shop/cart/add", product_template_id=1, product_id=1)
        self.assertRegex(str(answer["error"]), READ_ONLY)
        self.assertEqual(self.cart.b2b_name, "Basket of the buyer")
        self.assertEqual(self.cart.state, "draft")
        self.assertFalse(self._find("b2b.access.request"))

    def test_what_core_writes_on_a_page_is_rolled_back(self):
        """Opening a cart makes it current: in the session and in the database."""
        self._start()
        Website = self.env.registry["website"]

        def write_on_get(website):
            self.cart.with_env(website.env).sudo().b2b_name = "written by a page"
            return

        with patch.object(Website, "_b2b_get_bar", write_on_get):
            page = self.url_open(f"/my/carts/{self.cart.id}")
        self.assertEqual(page.status_code, 200)
        self.cart.invalidate_recordset()
        self.assertEqual(self.cart.b2b_name, "Basket of the buyer")
        session = root.session_store.get(self.session.sid)
        self.assertNotIn("sale_order_id", session)

    def test_backend_and_rpc_stay_the_real_users(self):
        self._start()
        answer = self._rpc(
            "/web/dataset/call_kw",
            model="res.users",
            method="context_get",
            args=[],
            kwargs={},
        )
        self.assertEqual(answer["result"]["uid"], self.director.user_id.id)

    def test_who_may_not_preview_whom(self):
        for actor, member in (
            (self.head, self.buyer),
            (self.buyer, self.buyer2),
            (self.stranger, self.buyer),
            (self.director, self.stranger),
            (self.director, self.director),
        ):
            with self.subTest(actor=actor.name, member=member.name):
                self._login(actor.user_id)
                self._post(f"/my/members/{member.id}/preview")
                self.assertNotIn(BANNER, self.url_open("/my").text)
                with self.assertRaises(AccessError):
                    self._as(actor, member)._check_preview()

    def test_member_of_another_account_too_is_not_shown(self):
        self.env["b2b.member"].create(
            {"account_id": self.south.id, "user_id": self.buyer.user_id.id}
        )
        with self.assertRaises(AccessError):
            self._as(self.director, self.buyer)._check_preview()

    def test_revoked_right_ends_the_preview(self):
        self._start()
        self.director.role_ids = self.junior_role
        self.env.flush_all()
        page = self.url_open("/my/carts")
        self.assertNotIn(BANNER, page.text)
        self.assertEqual(self._post("/my/carts/new").status_code, 200)

    def test_suspended_member_ends_the_preview(self):
        self._start()
        self._as(self.director, self.buyer)._portal_suspend(self.head)
        self.env.flush_all()
        self.assertNotIn(BANNER, self.url_open("/my/carts").text)

    def test_preview_ends_in_time(self):
        self._start()
        with patch.object(ir_http_preview, "PREVIEW_SECONDS", -1):
            self.assertNotIn(BANNER, self.url_open("/my/carts").text)
        self.assertNotIn(BANNER, self.url_open("/my/carts").text)

    def test_sign_out_works_in_a_preview(self):
        self._start()
        self.url_open("/web/session/logout")
        self.assertIn("/web/login", self.url_open("/my/carts").url)

    def test_staff_previews_from_the_backend(self):
        self._login(self.staff)
        wizard = self.env["b2b.member.preview.wizard"].with_user(self.staff)
        wizard = wizard.create({"member_id": self.buyer.id, "reason": "help"})
        answer = self._rpc(
            "/web/dataset/call_button",
            model=wizard._name,
            method="action_preview",
            args=[wizard.ids],
            kwargs={},
        )
        self.assertEqual(answer["result"]["url"], "/my")
        page = self.url_open("/my/carts")
        self.assertIn("Basket of the buyer", page.text)
        self.assertIn(BANNER, page.text)
        self.assertIn("help", str(self.buyer._get_history()))

    def test_internal_users_without_the_group_preview_nobody(self):
        clerk = new_test_user(self.env, "b2b_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.buyer.with_user(clerk).sudo()._check_preview()
        with self.assertRaises(AccessError):
            wizards = self.env["b2b.member.preview.wizard"]
            wizards.with_user(self.buyer.user_id).create(
                {"member_id": self.buyer2.id, "reason": "x"}
            )
