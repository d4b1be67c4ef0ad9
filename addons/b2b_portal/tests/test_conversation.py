# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.mail.tests.common import MockEmail

from .common import B2bMixin

MAIL = """Return-Path: <{sender}>
From: {sender}
To: catchall@test.example
Subject: Re: Bolts
Message-ID: <{number}@outside.example>
In-Reply-To: {parent}
References: {parent}
Content-Type: text/plain; charset="UTF-8"

{text}
"""


@tagged("post_install", "-at_install")
class TestConversation(B2bMixin, MockEmail, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_staff("b2b_manager", "Mary Manager")
        cls.deputy = cls._create_staff("b2b_deputy", "Dan Deputy")
        (cls.north | cls.south).manager_id = cls.manager
        cls.buyer.user_id.email = "buyer@north.test"
        cls.talk = cls._create_talk(cls.buyer)

    @classmethod
    def _create_staff(cls, login, name):
        groups = [(4, cls.env.ref("b2b_portal.group_staff_user").id)]
        return cls.env["res.users"].create(
            {"name": name, "login": login, "email": f"{login}@seller.test"}
            | {"group_ids": groups, "tz": "Europe/Moscow", "notification_type": "email"}
        )

    @classmethod
    def _create_talk(cls, member, **values):
        return cls.env["b2b.conversation"].create(
            {"name": "Bolts", "member_id": member.id} | values
        )

    def _ask(self, text="When?", talk=None, member=None, files=()):
        user = (member or self.buyer).user_id
        return (talk or self.talk).with_user(user).sudo()._post_as_member(text, files)

    def _answer(self, text="Tomorrow", **values):
        return self.talk.with_user(self.manager).message_post(
            body=text,
            message_type="comment",
            **({"subtype_xmlid": "mail.mt_comment"} | values),
        )

    # === STATES AND COUNTERS === #

    def test_question_and_answer(self):
        with freeze_time("2026-03-02 07:00:00"):
            self._ask()
        self.assertEqual(self.talk.state, "us")
        self.assertEqual(self.talk.unread_staff, 1)
        with freeze_time("2026-03-02 08:00:00"):
            self._ask("Hello?")
        self.assertEqual(
            self.talk.waiting_since, fields.Datetime.to_datetime("2026-03-02 07:00:00")
        )
        with freeze_time("2026-03-02 09:30:00"):
            self._answer()
        self.assertEqual(self.talk.state, "you")
        self.assertFalse(self.talk.waiting_since)
        self.assertEqual(self.talk.first_response_hours, 2.5)
        self.assertEqual((self.talk.unread_staff, self.talk.unread_member), (0, 1))

    def test_first_answer_is_measured_once(self):
        with freeze_time("2026-03-02 07:00:00"):
            self._ask()
        with freeze_time("2026-03-02 08:00:00"):
            self._answer()
            self._ask()
        with freeze_time("2026-03-04 08:00:00"):
            self._answer()
        self.assertEqual(self.talk.first_response_hours, 1)

    def test_closed_opens_again(self):
        self._ask()
        self.talk.action_close()
        self.assertFalse(self.talk.waiting_since)
        self._ask()
        self.assertEqual(self.talk.state, "us")

    def test_a_note_changes_nothing(self):
        self._ask()
        self._answer("He pays late", subtype_xmlid="mail.mt_note")
        self.assertEqual(self.talk.state, "us")
        self.assertNotIn("He pays late", str(self.talk._get_messages().mapped("body")))

    def test_text_is_escaped(self):
        message = self._ask("<script>alert(1)</script>\nsecond line")
        self.assertNotIn("<script", message.body)
        self.assertIn("second line", message.body)

    # === NOTIFICATIONS === #

    def test_the_other_side_is_notified(self):
        self.assertEqual(self._ask().partner_ids, self.manager.partner_id)
        self.assertEqual(self._answer().partner_ids, self.buyer.partner_id)
        self.assertFalse(self.talk.message_follower_ids)

    def test_the_substitute_is_notified(self):
        today = self.manager._b2b_today()
        self.env["b2b.absence"].create(
            {"user_id": self.manager.id, "substitute_id": self.deputy.id}
            | {"date_from": today, "date_to": today}
        )
        self.assertEqual(self._ask().partner_ids, self.deputy.partner_id)

    def test_mail_to_the_customer_links_the_page(self):
        self._ask()
        with self.mock_mail_gateway():
            self._answer("See you")
        mail = self._new_mails.filtered(
            lambda m: self.buyer.partner_id in m.recipient_ids
        )
        self.assertIn(f"/my/messages/{self.talk.id}", mail.body_html)
        self.assertNotIn("access_token", mail.body_html)

    def test_no_mail_without_the_right(self):
        self._ask()
        self.buyer.role_ids = False
        with self.mock_mail_gateway():
            self._answer("See you")
        self.assertFalse(
            self._new_mails.filtered(lambda m: self.buyer.partner_id in m.recipient_ids)
        )

    # === MAIL GATEWAY === #

    def _receive(self, sender, text, number=1):
        parent = self._answer()
        self.env.flush_all()
        raw = MAIL.format(
            sender=sender, text=text, number=number, parent=parent.message_id
        )
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process("b2b.conversation", raw)
        return self.env["mail.message"].search(
            [("message_id", "=", f"<{number}@outside.example>")]
        )

    def test_reply_of_the_member_enters_the_thread(self):
        message = self._receive("Buyer <buyer@north.test>", "Thanks a lot")
        self.assertEqual((message.model, message.res_id), self._key())
        self.assertEqual(message.author_id, self.buyer.partner_id)
        self.assertIn(message, self.talk._get_messages())
        self.assertEqual(self.talk.state, "us")
        self.assertIn(self.manager.partner_id, message.partner_ids)

    def _key(self):
        return self.talk._name, self.talk.id

    def test_reply_of_a_stranger_is_an_internal_note(self):
        for number, sender in enumerate(("evil@outside.test", self.stranger.email), 7):
            with self.subTest(sender=sender):
                message = self._receive(sender, "Send it elsewhere", number)
                self.assertEqual((message.model, message.res_id), self._key())
                self.assertNotEqual(message.author_id, self.buyer.partner_id)
                self.assertTrue(message.is_internal)
                self.assertNotIn(message, self.talk._get_messages())
                self.assertEqual(self.talk.state, "you")
                self.assertNotIn(self.buyer.partner_id, message.notified_partner_ids)
                self.assertFalse(
                    message.with_user(self.buyer.user_id).has_access("read")
                )

    # === RIGHTS === #

    def test_who_reads(self):
        other = self._create_talk(self.head)
        expected = {
            self.buyer: self.talk,
            self.head: self.talk | other,
            self.buyer2: self.talk.browse(),
            self.accountant: self.talk.browse(),
            self.stranger: self.talk.browse(),
        }
        both = self.talk | other
        for member, seen in expected.items():
            with self.subTest(member=member.user_id.login):
                found = both.with_user(member.user_id).search([("id", "in", both.ids)])
                self.assertEqual(found.sudo().ids, seen.sorted().ids)

    def test_messages_follow_the_conversation(self):
        question, note = self._ask(), self._answer("x", subtype_xmlid="mail.mt_note")
        answer = self._answer()
        for member, readable in (
            (self.buyer, True),
            (self.head, True),
            (self.buyer2, False),
            (self.stranger, False),
        ):
            user = member.user_id
            with self.subTest(member=user.login):
                for message in (question, answer):
                    mine = message.with_user(user)
                    self.assertEqual(mine.has_access("read"), readable)
                    found = mine.search([("id", "=", message.id)])
                    self.assertEqual(bool(found), readable)
                self.assertFalse(note.with_user(user).has_access("read"))

    def test_a_revoked_role_hides_what_was_received(self):
        """Core lets everybody read what they wrote or were notified of."""
        question, answer = self._ask(), self._answer()
        self.buyer.role_ids = False
        for message in (question, answer):
            mine = message.with_user(self.buyer.user_id)
            self.assertFalse(mine.has_access("read"))
            self.assertFalse(mine.search([("id", "=", message.id)]))

    def test_no_forged_messages_by_rpc(self):
        """Not into the own thread, as somebody else, nor behind a known parent."""
        answer = self._answer()
        messages = self.env["mail.message"].with_user(self.buyer.user_id)
        foreign = self._create_talk(self.stranger)
        for talk in (self.talk, foreign):
            for extra in ({}, {"parent_id": answer.id}):
                values = {
                    "model": talk._name,
                    "res_id": talk.id,
                    "body": "We give 50 %",
                    "author_id": self.manager.partner_id.id,
                    "message_type": "comment",
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                }
                attempt = self.subTest(talk=talk, extra=extra)
                with attempt, self.assertRaises(AccessError):
                    messages.create(values | extra)
        with self.assertRaises(AccessError):
            self.talk.with_user(self.buyer.user_id).message_post(body="x")

    def test_history_is_not_rewritten(self):
        question = self._ask().with_user(self.buyer.user_id)
        with self.assertRaises(AccessError):
            question.write({"body": "I never said that"})
        with self.assertRaises(AccessError):
            question.unlink()

    def test_marking_as_seen(self):
        self._ask()
        answer = self._answer()
        self.talk._mark_seen("member")
        self.assertEqual(self.talk.unread_member, 0)
        self.assertEqual(self.talk.member_seen_id, answer.id)
