# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import B2bMixin

PDF = ("a.pdf", b"%PDF-1.7\n%abc", "application/pdf")
SVG = ("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")
FAKE = ("a.png", b"<html><script>alert(1)</script>", "image/png")


@tagged("post_install", "-at_install")
class TestMessages(B2bMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "b2b_manager", "b2b_portal.group_staff_user", email="m@seller.test"
        )
        (cls.north | cls.south).manager_id = cls.manager
        cls.buyer.partner_id.phone = "+7 812 309-11-03"
        cls.talk = cls._create_talk(cls.buyer, "Bolts")
        cls.foreign = cls._create_talk(cls.stranger, "Nuts")

    @classmethod
    def _create_talk(cls, member, name):
        talk = cls.env["b2b.conversation"].create(
            {"name": name, "member_id": member.id}
        )
        talk.with_user(member.user_id).sudo()._post_as_member(
            f"Secret of {name}", [PDF[:2]]
        )
        return talk

    def _login(self, user):
        self.authenticate(user.login, user.login.ljust(8, "x"))

    def _post(self, url, data=None, files=None, **kwargs):
        data = {"csrf_token": Request.csrf_token(self)} | (data or {})
        return self.url_open(url, data=data, files=files, **kwargs)

    def _rpc(self, url, **params):
        payload = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self.url_open(
            url,
            data=json.dumps(payload),
            headers={"Content-Type": "application/json"},
        ).json()

    def _answer(self, talk=None, **values):
        return (
            (talk or self.talk)
            .with_user(self.manager)
            .message_post(
                body="Tomorrow",
                message_type="comment",
                **({"subtype_xmlid": "mail.mt_comment"} | values),
            )
        )

    # === THE MEMBER === #

    def test_from_a_question_to_an_answer(self):
        order = self._create_cart(self.buyer, lines=[(self.bolt, 5)])
        self._login(self.buyer.user_id)
        response = self._post(
            "/my/messages/new",
            {"subject": "Washers", "text": "How many?", "order_id": order.id},
            [("files", PDF)],
        )
        self.assertEqual(response.status_code, 200)
        talk = self.env["b2b.conversation"].search([("name", "=", "Washers")])
        self.assertEqual(talk.member_id, self.buyer)
        self.assertEqual(talk.order_id, order)
        self.assertIn(f"/my/messages/{talk.id}", response.url)
        file = talk._get_messages().attachment_ids
        download = self.url_open(f"/my/messages/{talk.id}/file/{file.id}")
        self.assertEqual(download.content, PDF[1])
        self.assertTrue(
            download.headers["Content-Disposition"].startswith("attachment")
        )
        self.assertEqual(download.headers["X-Content-Type-Options"], "nosniff")

        last = talk._get_messages().id
        self._answer(talk)
        self.assertIn("Washers", self.url_open("/my").text)
        news = self._rpc(f"/my/messages/{talk.id}/news", after=last)["result"]
        self.assertIn("Tomorrow", news["html"])
        self.assertNotIn("How many?", news["html"])
        self.assertEqual(talk.unread_member, 1, "only who looks has read")
        self._rpc(f"/my/messages/{talk.id}/news", after=last, seen=True)
        self.assertEqual(talk.unread_member, 0)
        sent = self._rpc(f"/my/messages/{talk.id}/send", text="Thanks", after=last)
        self.assertIn("Thanks", sent["result"]["html"])
        self.assertEqual(talk.state, "us")
        for search, found in (("wash", True), (order.name, True), ("zzz", False)):
            page = self.url_open(f"/my/messages?search={search}").text
            self.assertEqual(f"/my/messages/{talk.id}" in page, found)

    def test_reading_changes_nothing(self):
        """GET marks nothing as read and needs no write transaction."""
        self._answer()
        self._login(self.buyer.user_id)
        for url in ("/my", "/my/messages", f"/my/messages/{self.talk.id}"):
            with self.subTest(url=url), self.assertNoLogs("odoo.http", "WARNING"):
                self.assertEqual(self.url_open(url).status_code, 200)
        self.assertEqual(self.talk.unread_member, 1)
        self._post(f"/my/messages/{self.talk.id}/read")
        self.assertEqual(self.talk.unread_member, 0)

    def test_bad_input_is_kept_and_nothing_written(self):
        self._login(self.buyer.user_id)
        before = self.env["mail.message"].search_count([])
        talks = self.env["b2b.conversation"].search_count([])
        url = f"/my/messages/{self.talk.id}"
        for data, files in (
            ({"text": " "}, None),
            ({"text": "x" * 10001}, None),
            ({"text": "My words"}, [("files", SVG)]),
            ({"text": "My words"}, [("files", FAKE)]),
            ({"text": "My words"}, [("files", PDF)] * 6),
        ):
            with self.subTest(text=data["text"][:9], files=files and files[0][1][0]):
                page = self._post(url, data, files).text
                self.assertIn('role="alert"', page)
                self.assertIn(data["text"].strip()[:9], page)
        page = self._post("/my/messages/new", {"subject": "", "text": "My words"}).text
        self.assertIn("My words", page)
        self.assertEqual(self.env["mail.message"].search_count([]), before)
        self.assertEqual(self.env["b2b.conversation"].search_count([]), talks)

    def test_order_of_another_account(self):
        agreement = self._create_agreement(self.south_a, name="South")
        order = self._create_cart(self.stranger, agreement, [(self.bolt, 5)])
        self._login(self.buyer.user_id)
        for order_id in (order.id, 99999999, "x"):
            page = self._post(
                "/my/messages/new",
                {"subject": "S", "text": "T", "order_id": order_id},
            )
            self.assertIn('role="alert"', page.text)
            self.assertNotIn(order.name, page.text)
        self.assertFalse(self.env["b2b.conversation"].search([("name", "=", "S")]))

    def test_extra_fields_of_the_form_are_ignored(self):
        self._login(self.buyer.user_id)
        self._post(
            "/my/messages/new",
            {"subject": "S", "text": "T", "member_id": self.stranger.id}
            | {"account_id": self.south.id, "state": "closed", "author_id": 1},
        )
        talk = self.env["b2b.conversation"].search([("name", "=", "S")])
        self.assertEqual((talk.member_id, talk.state), (self.buyer, "us"))
        self.assertEqual(talk.message_ids.author_id, self.buyer.partner_id)

    # === ATTACKS === #

    def test_foreign_conversations(self):
        foreign = self.foreign
        file = foreign._get_messages().attachment_ids
        before = foreign.message_ids
        users = (self.buyer.user_id, self.buyer2.user_id, self.head.user_id)
        for user in (*users, self.retail_user):
            self._login(user)
            url = f"/my/messages/{foreign.id}"
            for path in (url, f"{url}/file/{file.id}"):
                with self.subTest(user=user.login, get=path):
                    response = self.url_open(path)
                    self.assertIn(response.status_code, (403, 404))
            for path in (url, f"{url}/read"):
                with self.subTest(user=user.login, post=path):
                    response = self._post(path, {"text": "x"})
                    self.assertIn(response.status_code, (403, 404))
            for path in ("send", "news"):
                with self.subTest(user=user.login, rpc=path), mute_logger("odoo.http"):
                    self.assertIn("error", self._rpc(f"{url}/{path}", after=0))
        self.assertEqual(foreign.message_ids, before)

    def test_a_head_reads_but_does_not_write_for_the_buyer(self):
        self._answer()
        self._login(self.head.user_id)
        url = f"/my/messages/{self.talk.id}"
        self.assertEqual(self.url_open(url).status_code, 200)
        self.assertEqual(self._post(url, {"text": "x"}).status_code, 403)
        self._rpc(f"{url}/news", after=0, seen=True)
        self.assertEqual(self.talk.unread_member, 1, "the buyer has not read it")

    def test_file_of_another_conversation(self):
        """An id of a file in the address of one's own conversation."""
        foreign = self.foreign._get_messages().attachment_ids
        loose = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"secret", "res_model": self.talk._name}
            | {"res_id": self.talk.id}
        )
        note = self._answer(
            subtype_xmlid="mail.mt_note", attachments=[("n.txt", b"secret")]
        )
        self._login(self.buyer.user_id)
        for file in (foreign, loose, note.attachment_ids):
            url = f"/my/messages/{self.talk.id}/file/{file.id}"
            self.assertEqual(self.url_open(url).status_code, 404)
            response = self.url_open(f"/web/content/{file.id}")
            self.assertNotEqual(response.status_code, 200)

    def test_internal_notes_stay_inside(self):
        self._answer(subtype_xmlid="mail.mt_note")
        self.assertIn("Tomorrow", str(self.talk.message_ids.mapped("body")))
        self._login(self.buyer.user_id)
        self.assertNotIn("Tomorrow", self.url_open(f"/my/messages/{self.talk.id}").text)
        news = self._rpc(f"/my/messages/{self.talk.id}/news", after=0)
        self.assertNotIn("Tomorrow", json.dumps(news))
        for answer in self._read_by_core(self.talk):
            self.assertNotIn("Tomorrow", json.dumps(answer))

    def _read_by_core(self, talk):
        """Answers of core's routes and RPC for the messages of a conversation."""
        thread = {"thread_model": talk._name, "thread_id": talk.id}
        domain = [["model", "=", talk._name], ["res_id", "=", talk.id]]
        kw = {"model": "mail.message", "method": "search_read"}
        with mute_logger("odoo.http"):
            yield self._rpc("/mail/chatter_fetch", **thread)
            yield self._rpc("/mail/thread/messages", **thread)
            yield self._rpc("/portal/chatter_init", **thread)
            yield self._rpc(
                "/web/dataset/call_kw", args=[domain, ["body"]], kwargs={}, **kw
            )
            for message in talk.message_ids:
                yield self._rpc(
                    "/web/dataset/call_kw",
                    model="mail.message",
                    method="read",
                    args=[message.ids, ["body"]],
                    kwargs={},
                )

    def test_core_routes_show_nothing_foreign(self):
        users = (self.buyer.user_id, self.head.user_id, self.retail_user)
        for user in users:
            self._login(user)
            for answer in self._read_by_core(self.foreign):
                with self.subTest(user=user.login):
                    self.assertNotIn("Secret of Nuts", json.dumps(answer))
        self._login(self.stranger.user_id)
        answers = json.dumps(list(self._read_by_core(self.foreign)))
        self.assertIn("Secret of Nuts", answers, "the test sees what may be seen")

    def test_core_routes_write_nothing(self):
        """Posting, editing and uploading past our page, in anybody's thread."""
        own = self.talk.message_ids[:1]
        before = [(m.id, m.body) for m in (self.talk | self.foreign).message_ids]
        files = self.env["ir.attachment"].search_count([])
        self._login(self.buyer.user_id)
        with mute_logger("odoo.http"):
            for talk in (self.talk, self.foreign):
                for data in (
                    {"body": "x"},
                    {"body": "x", "subtype_xmlid": "mail.mt_note"},
                ):
                    answer = self._rpc(
                        "/mail/message/post",
                        thread_model=talk._name,
                        thread_id=talk.id,
                        post_data=data,
                    )
                    self.assertIn("error", answer)
                upload = self._post(
                    "/mail/attachment/upload",
                    {"thread_model": talk._name, "thread_id": talk.id}
                    | {"is_pending": "true"},
                    {"ufile": SVG},
                )
                self.assertNotEqual(upload.status_code, 200)
            answer = self._rpc(
                "/mail/message/update_content",
                message_id=own.id,
                update_data={"body": "never said"},
            )
            self.assertIn("error", answer)
        self.env.invalidate_all()
        after = [(m.id, m.body) for m in (self.talk | self.foreign).message_ids]
        self.assertEqual(after, before)
        self.assertEqual(self.env["ir.attachment"].search_count([]), files)

    def test_staff_who_open_the_chatter_have_read(self):
        self.assertEqual(self.talk.unread_staff, 1)
        self._login(self.manager)
        self._rpc(
            "/mail/thread/messages",
            thread_model=self.talk._name,
            thread_id=self.talk.id,
        )
        self.assertEqual(self.talk.unread_staff, 0)
        self.assertEqual(self.talk.staff_seen_id, self.talk.message_ids[:1].id)

    # === MANAGER === #

    def test_photo(self):
        self._login(self.buyer.user_id)
        good = self.url_open(f"/b2b/manager/{self.north.id}/photo")
        self.assertEqual(good.status_code, 200)
        self.assertTrue(good.headers["Content-Type"].startswith("image/"))
        self.assertIn("private", good.headers["Cache-Control"])
        for account_id in (self.south.id, 99999999):
            url = f"/b2b/manager/{account_id}/photo"
            self.assertEqual(self.url_open(url).status_code, 404)
        self._login(self.retail_user)
        url = f"/b2b/manager/{self.north.id}/photo"
        self.assertEqual(self.url_open(url).status_code, 403)

    def _get_calls(self):
        return self.env["mail.activity"].search(
            [("res_model", "=", "b2b.account"), ("res_id", "=", self.north.id)]
        )

    def test_callback(self):
        self._login(self.buyer.user_id)
        response = self._post(
            "/b2b/callback",
            {"wish": "after <b>15:00</b>", "page": "/my/messages?search=a"},
            allow_redirects=False,
        )
        self.assertTrue(response.headers["Location"].endswith("/my/messages?search=a"))
        call = self._get_calls()
        self.assertEqual(call.user_id, self.manager)
        self.assertIn("+7 812 309-11-03", call.note)
        self.assertIn("/my/messages?search=a", call.note)
        self.assertIn("&lt;b&gt;", call.note)
        self.assertIn(self.manager.name, self.url_open("/my/messages").text)

    def test_callback_leads_nowhere_else(self):
        self._login(self.buyer.user_id)
        for page in ("javascript:alert(1)", "//evil.example", "https://evil.example"):
            response = self._post(
                "/b2b/callback", {"page": page}, allow_redirects=False
            )
            self.assertTrue(response.headers["Location"].endswith("/my"))
        self.assertNotIn("evil", str(self._get_calls().mapped("note")))
        self.assertNotIn("javascript", str(self._get_calls().mapped("note")))

    def test_callback_spam(self):
        self._login(self.buyer.user_id)
        for _click in range(8):
            self._post("/b2b/callback")
        self.assertEqual(len(self._get_calls()), 5)

    def test_callback_of_others(self):
        self._login(self.retail_user)
        self.assertEqual(self._post("/b2b/callback").status_code, 403)
        self.authenticate(None, None)
        self._post("/b2b/callback")
        self.assertFalse(self._get_calls())
        self._login(self.buyer.user_id)
        self.assertIn(self.url_open("/b2b/callback").status_code, (404, 405))
