# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import datetime

from odoo.http import STORED_SESSION_BYTES, Request
from odoo.tests import HttpCase, tagged

from .common import find_ragged_rows
from .test_members import MembersMixin


@tagged("post_install", "-at_install")
class TestMemberPages(MembersMixin, HttpCase):
    def _post(self, url, data=None):
        return self.url_open(
            url, data={"csrf_token": Request.csrf_token(self)} | (data or {})
        )

    def _login(self, member):
        login = member.user_id.login
        return self.authenticate(login, login.ljust(8, "x"))

    def _call_kw(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()

    def test_list_shows_the_scope(self):
        for member, seen, hidden in (
            (self.director, ("b2b_head", "b2b_buyer2", "b2b_accountant"), ()),
            (self.head, ("b2b_buyer2",), ("b2b_accountant", "b2b_director")),
            (self.buyer, ("b2b_buyer",), ("b2b_buyer2", "b2b_accountant")),
        ):
            self._login(member)
            page = self.url_open("/my/members")
            self.assertEqual(find_ragged_rows(page.text), [])
            table = page.text.partition("o_b2b_members")[2].partition("</table>")[0]
            links = [row for row in table.split("<tr")[1:] if "/my/members/" in row]
            names = "".join(row.partition("</a>")[0] for row in links)
            for name in seen:
                self.assertIn(f">{name} ", names)
            for name in hidden:
                self.assertNotIn(f">{name} ", names)
            self.assertNotIn("b2b_stranger", page.text)

    def test_search_and_department(self):
        self.buyer.department = "Ropes"
        self.buyer.partner_id.name = "Zoe Quick"
        self._login(self.director)
        for query in ("department=Ropes", "search=zoe%20"):
            page = self.url_open(f"/my/members?{query}").text
            self.assertIn(f"/my/members/{self.buyer.id}", page)
            self.assertNotIn(f"/my/members/{self.buyer2.id}", page)
        self.assertIn("Nobody here", self.url_open("/my/members?search=zzz").text)

    def test_list_needs_few_queries(self):
        members = self.env["b2b.member"].with_user(self.director.user_id)

        def count():
            self.env.invalidate_all()
            self.env["b2b.member"]._forget_grants()
            before = self.env.cr.sql_log_count
            shown = members.search([]).sudo()
            shown._get_last_logins()
            shown._get_2fa_users()
            shown.role_ids.mapped("name")
            shown.entity_ids.mapped("name")
            return self.env.cr.sql_log_count - before

        first = count()
        for number in range(10):
            self._create_member(self.north, "buyer", f"b2b_more_{number}")
        self.assertLessEqual(count(), first)

    def test_reading_needs_no_write_transaction(self):
        self._login(self.director)
        role = self.buyer_role
        for url in (
            "/my/members",
            f"/my/members/{self.buyer.id}",
            "/my/members/new",
            "/my/roles",
            f"/my/roles/{role.id}",
            "/b2b/why?object=cart&verb=submit",
        ):
            with self.subTest(url=url), self.assertNoLogs("odoo.http", "WARNING"):
                self.assertEqual(self.url_open(url).status_code, 200)

    def test_card_saves_what_the_form_has(self):
        self._login(self.director)
        form = {
            "role_ids": self.junior_role.id,
            "entity_ids": self.north_b.id,
            "has_all_entities": "1",
            "department": "Sales",
            "supervisor_id": self.head.id,
            "stage": "registered",
            "active": "",
            "account_id": self.south.id,
            "user_id": self.stranger.user_id.id,
        }
        user = self.buyer.user_id
        page = self._post(f"/my/members/{self.buyer.id}/save", form)
        self.assertEqual(page.status_code, 200)
        self.assertEqual(self.buyer.role_ids, self.junior_role)
        self.assertEqual(self.buyer.entity_ids, self.north_b)
        self.assertEqual(self.buyer.department, "Sales")
        self.assertEqual(
            (self.buyer.stage, self.buyer.active, self.buyer.account_id),
            ("confirmed", True, self.north),
        )
        self.assertEqual(self.buyer.user_id, user)

    def test_tampered_forms_change_nothing(self):
        self._login(self.director)
        foreign = self.env["b2b.role"].create(
            {"name": "South", "code": "south", "account_id": self.south.id}
        )
        good = {
            "role_ids": self.buyer_role.id,
            "entity_ids": self.north_a.id,
            "supervisor_id": self.head.id,
            "department": "kept as typed",
        }
        for change in (
            {"role_ids": foreign.id},
            {"role_ids": "-1"},
            {"role_ids": ""},
            {"entity_ids": self.south_a.id},
            {"supervisor_id": self.stranger.id},
            {"supervisor_id": self.buyer.id},
        ):
            with self.subTest(change=change):
                page = self._post(f"/my/members/{self.buyer.id}/save", good | change)
                self.assertIn('role="alert"', page.text)
                if change.get("role_ids") in (None, foreign.id):
                    self.assertIn("kept as typed", page.text)
                self.buyer.invalidate_recordset()
                self.assertEqual(self.buyer.role_ids, self.buyer_role)
                self.assertEqual(self.buyer.entity_ids, self.north_a)
                self.assertEqual(self.buyer.supervisor_id, self.head)
                self.assertFalse(self.buyer.department)

    def test_others_are_kept_out(self):
        actions = ("save", "suspend", "reactivate", "confirm", "sessions/end")
        self.buyer.stage = "verified"
        for member, statuses in (
            (self.stranger, (404,)),
            (self.buyer2, (404,)),
            (self.accountant, (404,)),
            (self.head, (403,)),
        ):
            self._login(member)
            for action in (*actions, "preview"):
                if member == self.head and action == "confirm":
                    continue
                with self.subTest(member=member.name, action=action):
                    page = self._post(f"/my/members/{self.buyer.id}/{action}")
                    self.assertIn(page.status_code, statuses)
        self._login(self.director)
        for action in (*actions, "preview"):
            page = self._post(f"/my/members/{self.stranger.id}/{action}")
            self.assertEqual(page.status_code, 404)
        self.buyer.invalidate_recordset()
        self.assertTrue(self.buyer.active)
        self.assertEqual(self.buyer.stage, "verified")

    def test_rpc_changes_nothing(self):
        """call_kw of a director: read at most, never write."""
        invitation = self.env["b2b.invitation"].create(
            {"account_id": self.north.id, "name": "x", "email": "x@x.example"}
        )
        question = self.env["b2b.access.request"].create(
            {"member_id": self.buyer.id, "object": "role", "verb": "write"}
        )
        records = (self.buyer, self.director, self.buyer.user_id, self.director.user_id)
        records += (self.buyer.partner_id, self.north_a, invitation, question)
        records += (self.junior_role, self.junior_role.permission_ids[0], self.north)
        values = {
            "b2b.member": {"stage": "confirmed", "role_ids": [[4, 1]]},
            "res.users": {"login": "taken", "group_ids": [[4, 1]]},
            "res.partner": {"b2b_account_id": self.south.id, "vat": "1"},
            "b2b.invitation": {"state": "pending", "email": "thief@x.example"},
            "b2b.access.request": {"state": "granted"},
            "b2b.role": {"name": "x"},
            "b2b.permission": {"scope": "account"},
            "b2b.account": {"name": "x"},
        }
        self._login(self.director)
        for record in records:
            vals = values[record._name]
            for method, args in (
                ("write", (record.ids, vals)),
                ("create", ([vals | {"name": "x"}],)),
                ("unlink", (record.ids,)),
                ("copy", (record.ids,)),
            ):
                with self.subTest(model=record._name, method=method):
                    answer = self._call_kw(record._name, method, *args)
                    self.assertIn("error", answer)
        for method in (
            "_portal_write",
            "_portal_confirm",
            "_portal_suspend",
            "_explain",
            "action_b2b_confirm",
            "action_b2b_reactivate",
        ):
            with self.subTest(method=method):
                answer = self._call_kw("b2b.member", method, self.buyer.ids)
                self.assertIn("error", answer)
        for method in ("_accept", "action_b2b_send", "action_b2b_cancel"):
            answer = self._call_kw("b2b.invitation", method, invitation.ids)
            self.assertIn("error", answer)
        answer = self._call_kw("b2b.invitation", "read", invitation.ids, ["token_hash"])
        self.assertIn("error", answer)
        self.assertEqual(invitation.state, "pending")

    def test_revoked_right_acts_in_an_open_session(self):
        self._login(self.director)
        self.assertEqual(self.url_open("/my/members/new").status_code, 200)
        self.director.role_ids = self.env.ref("b2b_portal.role_viewer")
        self.env.flush_all()
        self.assertEqual(self.url_open("/my/members/new").status_code, 403)
        page = self._post(f"/my/members/{self.buyer.id}/suspend")
        self.assertEqual(page.status_code, 404)
        rows = self._call_kw("b2b.member", "search_read", [], ["id"])["result"]
        self.assertEqual([row["id"] for row in rows], self.director.ids)

    def test_suspension_ends_the_open_session(self):
        session = self._login(self.buyer)
        self.assertEqual(self.url_open("/my/carts").status_code, 200)
        self.env["res.device.log"].create(
            {
                "session_identifier": session.sid[:STORED_SESSION_BYTES],
                "user_id": self.buyer.user_id.id,
                "last_activity": datetime.now(),
            }
        )
        self.env.flush_all()
        self._as(self.director, self.buyer)._portal_suspend()
        self.env.flush_all()
        self.assertIn("/web/login", self.url_open("/my/carts").url)
        self.assertIn("error", self._call_kw("b2b.member", "search_read", [], ["id"]))

    def test_ended_sessions_are_ended(self):
        session = self._login(self.buyer)
        self.env["res.device.log"].create(
            {
                "session_identifier": session.sid[:STORED_SESSION_BYTES],
                "user_id": self.buyer.user_id.id,
                "last_activity": datetime.now(),
            }
        )
        self.env.flush_all()
        self._as(self.director, self.buyer)._portal_end_sessions()
        self.assertTrue(self.buyer.user_id.active)
        self.assertIn("/web/login", self.url_open("/my/carts").url)
        self._login(self.buyer)
        self.assertEqual(self.url_open("/my/carts").status_code, 200)

    def test_suspend_and_reactivate_by_the_page(self):
        self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        self._login(self.director)
        url = f"/my/members/{self.buyer.id}"
        self.assertIn("takes over", self._post(f"{url}/suspend").text)
        page = self._post(f"{url}/suspend", {"target_id": self.stranger.id})
        self.assertTrue(self.buyer.active)
        page = self._post(f"{url}/suspend", {"target_id": self.head.id})
        self.assertIn("is suspended", page.text)
        self.assertIn("suspended", self.url_open("/my/members").text)
        page = self._post(f"{url}/reactivate")
        self.assertIn("active again", page.text)
        self.assertTrue(self.buyer.active)
