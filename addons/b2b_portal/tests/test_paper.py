# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

from .entity_common import PDF, EntityMixin

FILES = [("a.pdf", PDF, "application/pdf")]


@tagged("post_install", "-at_install")
class TestPaper(EntityMixin, TransactionCase):
    """Founding papers: who sees them, states, reminders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kinds = cls.env["b2b.paper.kind"]
        kinds.search([("required", "=", True)]).required = False
        cls.charter = kinds.create({"name": "Charter", "code": "t1", "required": True})
        cls.attorney = kinds.create(
            {"name": "Attorney", "code": "t2", "has_validity": True}
        )

    def _create_paper(self, entity=None, **values):
        return self.env["b2b.paper"].create(
            {
                "kind_id": self.charter.id,
                "entity_id": (entity or self.north_a).id,
                "company_id": self.company.id,
            }
            | values
        )

    def _upload(self, paper, **values):
        self._as(self.director, paper)._b2b_upload(self.director, FILES, **values)

    def _sees(self, member, paper):
        papers = self.env["b2b.paper"].with_user(member.user_id)
        return bool(papers.search([("id", "=", paper.id)]))

    # === SCOPE === #

    def test_who_sees_what(self):
        paper = self._create_paper()
        other = self._create_paper(self.south_a)
        for member, seen in (
            (self.director, (True, False)),
            (self.head, (True, False)),
            (self.accountant, (True, False)),
            (self.buyer, (False, False)),
            (self.stranger, (False, True)),
        ):
            with self.subTest(member=member.name):
                self.assertEqual(
                    (self._sees(member, paper), self._sees(member, other)), seen
                )

    def test_our_papers(self):
        """Everyone sees what is published for everyone, nobody what is in work."""
        values = {"direction": "seller", "entity_id": False}
        paper = self._create_paper(**values)
        self.assertFalse(self._sees(self.director, paper))
        paper._b2b_attach(FILES)
        paper.action_check()
        self.assertTrue(self._sees(self.director, paper))
        self.assertTrue(self._sees(self.stranger, paper))
        self.assertFalse(self._sees(self.buyer, paper), "the role has no papers")
        paper.entity_id = self.north_a
        self.assertFalse(self._sees(self.stranger, paper))
        with self.assertRaises(UserError):
            self._upload(paper)
        with self.assertRaises(ValidationError):
            self._create_paper(direction="customer", entity_id=False)

    def test_papers_of_another_company_are_not_ours(self):
        company = self.env["res.company"].create({"name": "Other seller"})
        paper = self._create_paper(
            direction="seller", entity_id=False, company_id=company.id
        )
        paper.state = "checked"
        self.assertFalse(self._sees(self.director, paper))

    def test_nobody_of_the_portal_writes_by_rpc(self):
        paper = self._create_paper()
        mine = paper.with_user(self.director.user_id)
        for call in (
            lambda: mine.write({"state": "checked"}),
            lambda: mine.action_check(),
            lambda: mine.unlink(),
            lambda: mine.create({"kind_id": self.charter.id}),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(paper.state, "requested")

    # === STATES === #

    def test_from_request_to_registry(self):
        paper = self._create_paper()
        with self.assertRaises(UserError):
            paper.action_check()
        self._upload(paper, number="7")
        self.assertEqual(paper.state, "uploaded")
        self.assertEqual(paper.uploaded_member_id, self.director)
        self.assertTrue(paper.activity_ids, "the manager has to check it")
        paper.action_check()
        self.assertFalse(paper.activity_ids)
        document = self.env["b2b.document"].search(
            [("kind", "=", "paper"), ("res_id", "=", paper.id)]
        )
        self.assertEqual(document.entity_id, self.north_a)
        self.assertEqual(document.name, "Charter 7")
        with self.assertRaisesRegex(UserError, "accepted already"):
            self._upload(paper)

    def test_refusal_says_why_and_a_new_file_is_taken(self):
        staff = new_test_user(self.env, "b2b_staff", "b2b_portal.group_staff_user")
        paper = self._create_paper()
        self._upload(paper)
        first = paper.attachment_ids
        wizard = self.env["b2b.paper.refuse"].with_user(staff)
        wizard.create({"paper_ids": paper.ids, "reason": "Unreadable"}).action_refuse()
        self.assertEqual((paper.state, paper.reason), ("refused", "Unreadable"))
        messages = self.env["mail.message"].search(
            [("model", "=", "b2b.paper"), ("res_id", "=", paper.id)]
        )
        told = messages.filtered(
            lambda m: self.director.partner_id in m.notified_partner_ids
        )
        self.assertIn("Unreadable", told.body)
        self._upload(paper)
        self.assertEqual((paper.state, paper.reason), ("uploaded", False))
        self.assertFalse(first.exists(), "the refused file is not kept")

    def test_a_paper_with_validity_needs_its_day(self):
        paper = self._create_paper(kind_id=self.attorney.id)
        with self.assertRaisesRegex(UserError, "until which"):
            self._upload(paper)
        with self.assertRaises(ValidationError):
            self._upload(paper, date=self._today(), date_end=self._today(-1))

    def test_an_expiring_paper_may_be_uploaded_anew(self):
        paper = self._create_paper()
        self._upload(paper, date_end=self._today(100))
        paper.action_check()
        with self.assertRaises(UserError):
            self._upload(paper)
        paper.date_end = self._today(20)
        self._upload(paper, date_end=self._today(300))
        self.assertEqual(paper.state, "uploaded")

    # === WHAT IS MISSING === #

    def test_missing_kinds(self):
        Paper = self.env["b2b.paper"]
        entities = self.north_a | self.north_b
        self._create_paper()
        missing = Paper._b2b_get_missing(entities)
        self.assertFalse(missing[self.north_a])
        self.assertEqual(missing[self.north_b], self.charter)
        texts = Paper._b2b_get_state_text(entities)
        self.assertEqual(texts[self.north_a][0], "warning")

    def test_inbox(self):
        paper = self._create_paper()
        self._upload(paper, date_end=self._today(3))

        def titles(member=self.director):
            rows = self.website.with_user(member.user_id)._b2b_get_inbox()
            rows = [row for row in rows if row["code"].startswith("paper")]
            return [row["title"] for row in rows if "North LLC" in row["title"]]

        self.assertEqual(titles(), [], "being checked")
        paper.action_check()
        self.assertIn("expires soon", titles()[0])
        paper.date_end = self._today(-1)
        self.assertIn("has expired", titles()[0])
        paper._refuse("Bad")
        self.assertIn("is refused", titles()[0])
        self.assertEqual(titles(self.buyer), [])
        self.assertEqual(titles(self.stranger), [])
        paper.unlink()
        self.assertIn("Upload papers", titles()[0])

    # === REMINDERS === #

    def _mails(self, paper):
        return self.env["mail.mail"].search(
            [("model", "=", "b2b.paper"), ("res_id", "=", paper.id)]
        )

    def test_reminders_before_the_end(self):
        paper = self._create_paper(kind_id=self.attorney.id)
        self._upload(paper, date_end="2030-06-30")
        paper.action_check()
        Paper = self.env["b2b.paper"]
        sent = {}
        for day in ("2030-05-30", "2030-05-31", "2030-06-01", "2030-06-23"):
            with freeze_time(f"{day} 08:00:00"):
                Paper._cron_remind()
                Paper._cron_remind()
            sent[day] = paper.reminded_days
        self.assertEqual(
            sent,
            {"2030-05-30": 0, "2030-05-31": 30, "2030-06-01": 30, "2030-06-23": 7},
        )
        with freeze_time("2030-06-30 08:00:00"):
            Paper._cron_remind()
        self.assertEqual(paper.reminded_days, 1, "the day itself makes up for a miss")
        mails = self._mails(paper)
        receivers = self.director | self.head | self.accountant
        self.assertEqual(mails.recipient_ids, receivers.partner_id)
        self.assertEqual(len(mails), 3 * len(receivers))
        self.assertIn("Attorney", mails[0].subject)
        self.assertIn(f"entity_id={self.north_a.id}", mails[0].body_html)
        self.assertEqual(len(paper.activity_ids), 3)
        paper.date_end = "2031-06-30"
        self.assertEqual(paper.reminded_days, 0, "a new end, new reminders")

    def test_no_reminder_of_what_is_not_in_force(self):
        for values in (
            {"state": "refused"},
            {"state": "uploaded"},
            {"state": "checked", "direction": "seller"},
        ):
            paper = self._create_paper(date_end=self._today(5), **values)
            self.env["b2b.paper"]._cron_remind()
            self.assertFalse(paper.reminded_days or self._mails(paper))
