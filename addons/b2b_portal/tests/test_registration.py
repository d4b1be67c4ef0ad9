# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .registration_common import PDF, RegistrationMixin


@tagged("post_install", "-at_install")
class TestRegistration(RegistrationMixin, TransactionCase):
    """Rules of the applications: routes, deadlines, decisions."""

    def _call(self, registration, method, *args):
        return getattr(registration.with_user(self.manager), method)(*args)

    def test_the_manager_gets_an_activity_and_a_message(self):
        registration = self._create_registration()
        self.assertEqual(registration.manager_id, self.manager)
        activity = registration.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertGreaterEqual(activity.date_deadline, registration.create_date.date())
        message = self.env["mail.message"].search(
            [
                ("model", "=", "b2b.registration"),
                ("res_id", "=", registration.id),
                ("partner_ids", "in", self.manager.partner_id.ids),
            ]
        )
        self.assertTrue(message)

    def test_the_least_loaded_manager_checks(self):
        second = self.manager.copy({"login": "b2b_manager2", "name": "Second"})
        self.company.b2b_registration_manager_ids = self.manager | second
        first = self._create_registration()
        other = self._create_registration(email="b@fresh.example", vat="BE0428759497")
        self.assertEqual(first.manager_id | other.manager_id, self.manager | second)
        self.assertNotEqual(first.manager_id, other.manager_id)

    def test_deadline_skips_the_weekend(self):
        self.company.b2b_registration_hours = 24
        self.company.resource_calendar_id.tz = "Europe/Moscow"
        registration = self._create_registration()
        for now, expected in (
            # Wednesday; Friday noon: half a day, then Monday; Saturday; Friday night
            ("2026-03-04 09:00:00", "2026-03-05 09:00:00"),
            ("2026-03-06 09:00:00", "2026-03-09 09:00:00"),
            ("2026-03-07 09:00:00", "2026-03-09 21:00:00"),
            ("2026-03-06 21:00:00", "2026-03-09 21:00:00"),
        ):
            with self.subTest(now=now), freeze_time(now):
                self.assertEqual(str(registration._get_deadline()), expected)

    def test_approval_creates_account_entity_and_director(self):
        registration = self._create_registration()
        registration._add_files(
            [
                {
                    "kind": "charter",
                    "name": "charter.pdf",
                    "data": PDF,
                    "mimetype": "application/pdf",
                }
            ]
        )
        self._call(registration, "action_approve")
        self.assertEqual(registration.state, "approved")
        self.assertEqual(registration.decided_by_id, self.manager)
        account = registration.account_id
        self.assertEqual(account.manager_id, self.manager)
        self.assertEqual(account.segment_id, self.segment)
        entity = account.entity_ids
        self.assertEqual(entity, registration.entity_id)
        self.assertEqual((entity.vat, entity.b2b_stage), ("BE0403019261", "verified"))
        member = account.member_ids
        self.assertEqual(member.role_ids, self.env.ref("b2b_portal.role_director"))
        self.assertTrue(member.all_entities)
        self.assertEqual(member.stage, "verified")
        user = member.user_id
        self.assertEqual(user.login, "anna@fresh.example")
        self.assertFalse(user.partner_id.parent_id)
        self.assertTrue(user.share)
        self.assertTrue(user.has_group("b2b_portal.group_member"))
        attachment = registration.file_ids.attachment_id
        paper = self.env["b2b.paper"].search([("entity_id", "=", entity.id)])
        self.assertEqual((paper.kind_id.code, paper.state), ("charter", "uploaded"))
        self.assertEqual(paper.attachment_ids, attachment)
        self.assertEqual(
            (attachment.res_model, attachment.res_id), (paper._name, paper.id)
        )
        self.assertFalse(registration.activity_ids)

    def test_a_second_approval_changes_nothing(self):
        registration = self._create_registration()
        self._call(registration, "action_approve")
        accounts = self.env["b2b.account"].search_count([])
        mails = len(self._get_mails("anna@fresh.example"))
        self._call(registration, "action_approve")
        self.assertEqual(self.env["b2b.account"].search_count([]), accounts)
        self.assertEqual(len(self._get_mails("anna@fresh.example")), mails)

    def test_what_is_rejected_cannot_be_approved(self):
        registration = self._create_registration()
        wizard = self.env["b2b.registration.answer"].with_user(self.manager)
        values = {"registration_id": registration.id, "mode": "reject", "text": "No"}
        wizard.create(values).action_send()
        self.assertEqual((registration.state, registration.reason), ("rejected", "No"))
        with self.assertRaisesRegex(UserError, "cannot be decided"):
            self._call(registration, "action_approve")
        self.assertFalse(registration.account_id)
        registration.sudo()._resubmit({}, [])
        self._call(registration, "action_approve")
        self.assertEqual(registration.state, "approved")

    def test_an_answer_needs_a_text(self):
        registration = self._create_registration()
        wizard = self.env["b2b.registration.answer"].with_user(self.manager)
        answer = wizard.create(
            {"registration_id": registration.id, "mode": "more", "text": " \n"}
        )
        with self.assertRaises(UserError):
            answer.action_send()
        self.assertEqual(registration.state, "submitted")

    def test_more_stops_the_clock_and_resubmission_starts_it(self):
        registration = self._create_registration()
        self._call(registration, "_ask_more", "The charter, please")
        self.assertEqual(registration.state, "more")
        self.assertFalse(registration.deadline)
        self.assertFalse(registration.activity_ids)
        registration.sudo()._resubmit({"comment": "Here"}, [])
        self.assertEqual(registration.state, "submitted")
        self.assertTrue(registration.deadline)
        self.assertEqual(registration.activity_ids.user_id, self.manager)
        with self.assertRaises(UserError):
            registration.sudo()._resubmit({}, [])

    def test_a_known_contact_becomes_the_entity(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Fresh Firm, from the old book",
                "is_company": True,
                "country_id": self.belgium.id,
                "vat": "BE0403019261",
            }
        )
        registration = self._create_registration()
        self.assertEqual(registration.partner_id, partner)
        self._call(registration, "action_approve")
        self.assertEqual(registration.entity_id, partner)
        self.assertEqual(partner.name, "Fresh Firm, from the old book")
        self.assertEqual(partner.city, "Brussels")

    def test_two_of_one_firm_become_one_account(self):
        first = self._create_registration()
        second = self._create_registration(
            email="boris@fresh.example", vat="0403 019 261"
        )
        self.assertEqual(second.kind, "account")
        self._call(first, "action_approve")
        answer = self._call(second, "action_approve")
        self.assertEqual(answer["tag"], "display_notification")
        self.assertEqual((second.kind, second.state), ("join", "submitted"))
        self.assertEqual(second.account_id, first.account_id)
        self.assertIn(first.member_id, second.account_id.member_ids)

    def test_a_taken_login_stops_the_approval(self):
        registration = self._create_registration()
        new_test_user(
            self.env, "anna@fresh.example", "base.group_portal"
        ).active = False
        with self.assertRaisesRegex(UserError, "already"):
            self._call(registration, "action_approve")
        self.assertEqual(registration.state, "submitted")
        self.assertFalse(registration.account_id)

    def test_portal_users_cannot_call_it(self):
        """Nobody but staff reads, approves, answers or writes."""
        registration = self._create_registration()
        answers = self.env["b2b.registration.answer"]
        values = {"registration_id": registration.id, "mode": "reject", "text": "No"}
        for user in (self.director.user_id, self.retail_user):
            mine = registration.with_user(user)
            with self.subTest(user=user.login):
                for mode in ("read", "write", "create", "unlink"):
                    self.assertFalse(mine.has_access(mode))
                with self.assertRaises(AccessError):
                    mine.action_approve()
                with self.assertRaises(AccessError):
                    answers.with_user(user).create(values)
        self.assertEqual(registration.state, "submitted")

    def test_an_error_leaves_nothing(self):
        """Everything that the form became is rolled back together."""
        for name in ("_send_mail", "_add_files", "_notify_manager"):
            with self.subTest(step=name):
                model = type(self.registrations)
                with (
                    patch.object(model, name, side_effect=ValueError("broken")),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(ValueError),
                ):
                    self._create_registration()
                self.assertFalse(self._find())
                self.assertFalse(self._get_mails("anna@fresh.example"))

    # === ENTITIES OF AN ACCOUNT === #

    def _ask_for_entity(self, **values):
        model = self.registrations.with_user(self.director.user_id).sudo()
        form = self._get_form(**values)
        texts = model._read_form(form, "entity")
        values, errors = model._check_form(texts, "entity")
        self.assertFalse(errors)
        return model._create_from_portal(
            values, [], account=self.north, member=self.director
        )

    def test_an_entity_enters_the_account(self):
        registration = self._ask_for_entity()
        self.assertEqual(registration.kind, "entity")
        self.assertEqual(registration.email, "director@customer.example")
        members = self.north.member_ids
        hook = patch.object(type(self.north), "_b2b_entity_approved", autospec=True)
        with hook as called:
            self._call(registration, "action_approve")
        called.assert_called_once_with(registration.account_id, registration.entity_id)
        entity = registration.entity_id
        self.assertEqual(entity.b2b_account_id, self.north)
        self.assertEqual(self.north.member_ids, members)
        mail = self._get_mails("director@customer.example")[-1]
        self.assertIn("Fresh Firm", mail.subject)

    def test_the_account_has_it_already(self):
        with self.assertRaisesRegex(ValidationError, "already"):
            self._ask_for_entity(vat="BE0477472701")

    def test_an_entity_of_others_is_not_told_but_not_approved(self):
        self.south_a.write({"country_id": self.belgium.id, "vat": "BE0403019261"})
        registration = self._ask_for_entity()
        self.assertEqual(registration.kind, "entity")
        with self.assertRaisesRegex(UserError, "belongs to the account South"):
            self._call(registration, "action_approve")

    # === CONSENTS, SEGMENTS, LIMITS === #

    def test_a_new_wording_is_a_new_version(self):
        registration = self._create_registration()
        kept = registration.consent_ids
        self.assertEqual(kept.version, self.consent.version)
        self.assertEqual(kept.ip, "192.0.2.1")
        text = kept.text
        version = self.consent.version
        self.consent.sequence = 99
        self.assertEqual(self.consent.version, version)
        self.consent.text = "<p>Something else</p>"
        self.assertEqual(self.consent.version, version + 1)
        self.assertEqual((kept.version, kept.text), (version, text))

    def test_rate_limit(self):
        limits = self.env["b2b.rate.limit"]
        others = limits.search_count([])
        with freeze_time("2026-03-04 09:00:00"):
            answers = [limits._hit("a", 2, 60) for _try in range(3)]
            self.assertEqual(answers, [True, True, False])
            self.assertTrue(limits._hit("b", 2, 60))
        with freeze_time("2026-03-04 09:01:00"):
            self.assertTrue(limits._hit("a", 2, 60))
        limits.invalidate_model()
        with freeze_time("2026-03-04 09:01:30"):
            limits._gc_expired()
        self.assertEqual(limits.search_count([]), others + 1)
