# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .registration_common import (
    HTML,
    PDF,
    PNG,
    SVG,
    THANKS,
    RegistrationMixin,
    make_docx,
)


@tagged("post_install", "-at_install")
class TestRegistrationPages(RegistrationMixin, HttpCase):
    """The form of the applicants, and what may be tried with it."""

    def test_form_is_found(self):
        self.authenticate(None, None)
        for url in ("/web/login", "/shop"):
            self.assertIn('/b2b/signup"', self.url_open(url).text)
        page = self.url_open("/b2b/signup")
        self.assertEqual(page.status_code, 200)
        self.assertIn('name="vat"', page.text)
        self._login(self.buyer)
        self.assertTrue(self.url_open("/b2b/signup").url.endswith("/my"))

    def test_application(self):
        """From the form to the page of the state, with files of every kind."""
        files = [
            ("file_charter", ("charter.pdf", PDF, "application/pdf")),
            ("file_charter", ("second.docx", make_docx(), "application/zip")),
            ("file_certificate", ("scan.PNG", PNG, "image/png")),
        ]
        response = self._send(files, comment="Two\nlines")
        self.assertTrue(response.url.endswith(THANKS))
        registration = self._find()
        self.assertEqual(
            (registration.kind, registration.state), ("account", "submitted")
        )
        self.assertEqual(registration.vat, "BE0403019261")
        self.assertEqual(registration.contact_phone, "+32 2 290 34 90")
        self.assertEqual(registration.segment_id, self.segment)
        self.assertEqual(registration.comment, "Two\nlines")
        self.assertEqual(
            registration.file_ids.mapped(lambda f: (f.kind, f.name)),
            [
                ("charter", "charter.pdf"),
                ("charter", "second.docx"),
                ("certificate", "scan.png"),
            ],
        )
        self.assertFalse(
            self.env["res.users"].search([("login", "ilike", "fresh.example")])
        )
        mail = self._get_mails("anna@fresh.example")
        link = re.search(r"/b2b/signup/status/\d+/[\w-]+", mail.body_html).group()
        page = self.url_open(link)
        self.assertEqual(page.status_code, 200)
        self.assertIn('data-state="submitted"', page.text)
        self.assertIn("Checking Manager", page.text)
        self.assertIn("scan.png", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "same-origin")

    def test_errors_stand_beside_their_fields_and_nothing_is_lost(self):
        response = self._send(
            vat="BE0403019262",
            email="no address",
            contact_phone="12",
            site="javascript:alert(1)",
            contact_name='<b onclick="x">Anna</b>',
            segment_id="999999",
        )
        self.assertFalse(self.registrations.search([("name", "=", "Fresh Firm")]))
        for name in ("vat", "email", "contact_phone", "site", "segment_id"):
            with self.subTest(field=name):
                self.assertIn(f'id="error_{name}"', response.text)
        self.assertNotIn('id="error_name"', response.text)
        self.assertIn('value="Fresh Firm"', response.text)
        self.assertNotIn('<b onclick="x">', response.text)
        self.assertIn('checked="True"', response.text)

    def test_required_fields_and_consents(self):
        consent = f"consent_{self.consent.id}"
        response = self._send(**{"name": " ", "street": "", consent: ""})
        self.assertIn('id="error_name"', response.text)
        self.assertIn('id="error_street"', response.text)
        self.assertFalse(self._find())
        response = self._send(**{consent: "2"})
        self.assertFalse(response.url.endswith(THANKS))
        self.assertFalse(self._find())

    def test_nothing_but_the_form_is_read(self):
        """Mass assignment: what the form does not ask for stays as it is."""
        self._send(
            kind="join",
            state="approved",
            account_id=str(self.north.id),
            member_id=str(self.director.id),
            manager_id="1",
            partner_id=str(self.north_a.id),
            company_id="1",
            access_token="x",
            deadline="2000-01-01",
            join_role_ids=str(self.env.ref("b2b_portal.role_director").id),
        )
        registration = self._find()
        self.assertEqual(
            (registration.kind, registration.state), ("account", "submitted")
        )
        self.assertFalse(registration.account_id or registration.member_id)
        self.assertFalse(registration.partner_id or registration.join_role_ids)
        self.assertEqual(registration.manager_id, self.manager)
        self.assertNotEqual(registration.access_token, "x")

    def test_files_are_judged_by_their_content(self):
        big = PDF + b"0" * (11 * 1024 * 1024)
        for name, data in (
            ("picture.pdf", SVG),
            ("page.pdf", HTML),
            ("run.pdf", b"MZ\x90\x00" + b"\x00" * 200),
            ("archive.docx", b"PK\x05\x06" + b"\x00" * 18),
            ("big.pdf", big),
            ("empty.pdf", b""),
        ):
            with self.subTest(file=name):
                upload = [("file_attorney", (name, data, "application/pdf"))]
                response = self._send(upload)
                self.assertIn('id="error_file_attorney"', response.text)
                self.assertIn(name, response.text)
                self.assertFalse(self._find())

    def test_names_of_files_are_harmless(self):
        upload = [("file_other", ("../../<img>.html", PDF, "text/html"))]
        self._send(upload)
        attachment = self._find().file_ids.attachment_id
        self.assertEqual(attachment.mimetype, "application/pdf")
        self.assertEqual(attachment.name, "_img_.pdf")
        self.assertFalse(attachment.public)

    def test_too_many_files(self):
        upload = [
            ("file_other", (f"{number}.pdf", PDF, "application/pdf"))
            for number in range(30)
        ]
        response = self._send(upload)
        self.assertIn('id="error_file_other"', response.text)
        self.assertFalse(self._find())

    # === MACHINES === #

    def test_honeypot(self):
        response = self._send(fax="123")
        self.assertTrue(response.url.endswith(THANKS))
        self.assertFalse(self._find())

    def test_too_fast_and_forged_and_old(self):
        for started in (self._sign(age=0), "forged", "", self._sign() + "x"):
            with self.subTest(started=started):
                response = self._send(started=started)
                self.assertNotIn(THANKS, response.url)
                self.assertIn('value="Fresh Firm"', response.text)
                self.assertFalse(self._find())

    def test_a_second_click_makes_no_second_application(self):
        started = self._sign()
        for _click in range(2):
            response = self._send(started=started)
            self.assertTrue(response.url.endswith(THANKS))
        self.assertEqual(len(self._find()), 1)
        self.assertEqual(len(self._get_mails("anna@fresh.example")), 1)

    def test_the_same_application_again_is_the_first_one(self):
        self._send()
        response = self._send()
        self.assertTrue(response.url.endswith(THANKS))
        self.assertEqual(len(self._find()), 1)
        self.assertEqual(len(self._get_mails("anna@fresh.example")), 2)

    def test_limits(self):
        controller = "odoo.addons.b2b_portal.controllers.registration"
        with patch(f"{controller}.TRIES_PER_IP", (2, 3600)):
            codes = [self._send(vat="bad").status_code for _try in range(3)]
        self.assertEqual(codes, [200, 200, 429])
        with patch(f"{controller}.MAILS_PER_ADDRESS", (1, 3600)):
            self.assertTrue(self._send().url.endswith(THANKS))
            response = self._send(vat="BE0428759497", name="Other")
        self.assertIn("Too many applications", response.text)
        self.assertEqual(len(self._find()), 1)

    def test_csrf(self):
        self.authenticate(None, None)
        data = {"started": self._sign()} | self._get_form()
        with mute_logger("odoo.http"):
            response = self.url_open("/b2b/signup", data=data)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._find())

    # === NOTHING IS DISCLOSED === #

    def test_the_answer_is_the_same_for_everybody(self):
        """New, known tax number, known e-mail: one page; the mail tells."""
        new_test_user(
            self.env, "known@user.example", "base.group_portal", email="k@user.example"
        )
        answers = set()
        for values in (
            {},
            {"email": "joiner@customer.example", "vat": "BE 0477 472 701"},
            {"email": "known@user.example", "vat": "BE0428759497"},
            {"email": "K@user.example", "vat": "BE0428759497"},
        ):
            response = self._send(**values)
            text = re.sub(r'csrf_token: "[^"]+"', "", response.text)
            answers.add((response.status_code, response.url, text))
        self.assertEqual(len(answers), 1)
        self.assertFalse(self._find("known@user.example"))
        self.assertFalse(self._find("k@user.example"))
        mails = self._get_mails("k@user.example")
        self.assertEqual(len(mails), 2)
        self.assertIn("known@user.example", mails[0].body_html)
        self.assertIn("/web/reset_password", mails[0].body_html)
        join = self._find("joiner@customer.example")
        self.assertEqual((join.kind, join.account_id), ("join", self.north))

    def test_the_page_of_the_state_tells_no_account(self):
        self._send(email="joiner@customer.example", vat="BE0477472701")
        join = self._find("joiner@customer.example")
        page = self.url_open(join._get_status_url()).text
        self.assertNotIn("North", page)
        self.assertNotIn(self.director.name, page)

    def test_an_error_of_the_mails_leaves_nothing(self):
        model = type(self.registrations)
        before = self.env["ir.attachment"].search_count([])
        upload = [("file_other", ("a.pdf", PDF, "application/pdf"))]
        with patch.object(model, "_send_mail", side_effect=UserError("Mail is down")):
            response = self._send(upload)
        self.assertIn("Mail is down", response.text)
        self.assertIn('value="Fresh Firm"', response.text)
        self.assertFalse(self._find())
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    # === STATE === #

    def test_foreign_tokens(self):
        first = self._create_registration()
        second = self._create_registration(email="b@fresh.example", vat="BE0428759497")
        self.authenticate(None, None)
        for number, token in (
            (first.id, second.access_token),
            (first.id, "x"),
            (first.id, "é"),
            (99999999, first.access_token),
        ):
            base = f"/b2b/signup/status/{number}/{token}"
            with self.subTest(base=base):
                self.assertEqual(self.url_open(base).status_code, 404)
                self.assertEqual(self.url_open(f"{base}/edit").status_code, 404)
                for action in ("files", "edit", "cancel"):
                    answer = self._post(f"{base}/{action}", self._get_form())
                    self.assertEqual(answer.status_code, 404)
        self.assertEqual((first | second).mapped("state"), ["submitted"] * 2)

    def test_complete_and_correct(self):
        """What was typed is there again; files are added."""
        registration = self._create_registration(comment="Keep me")
        registration._ask_more("The <b>charter</b>")
        self.authenticate(None, None)
        base = registration._get_status_url()
        page = self.url_open(base)
        self.assertIn("The &lt;b&gt;charter&lt;/b&gt;", page.text)
        self.assertIn("o_b2b_resubmit", page.text)

        answer = self._post(f"{base}/files", {"comment": ""})
        self.assertIn("Add a file", answer.text)
        upload = [("file_charter", ("c.pdf", HTML, "application/pdf"))]
        answer = self._post(f"{base}/files", {"comment": "Typed"}, upload)
        self.assertIn("error_file_charter", answer.text)
        self.assertIn("Typed", answer.text)
        self.assertEqual(registration.state, "more")
        upload = [("file_charter", ("c.pdf", PDF, "application/pdf"))]
        self._post(f"{base}/files", {"comment": ""}, upload)
        self.assertEqual(registration.state, "submitted")
        self.assertEqual(registration.comment, "Keep me")
        self.assertEqual(registration.file_ids.mapped("name"), ["c.pdf"])

        registration._reject("Wrong street")
        page = self.url_open(f"{base}/edit").text
        for text in ("Fresh Firm", "BE0403019261", "Rue Neuve 1", "Keep me"):
            self.assertIn(text, page)
        answer = self._post(f"{base}/edit", self._get_form(street=""))
        self.assertIn("error_street", answer.text)
        form = self._get_form(street="Rue Haute 2", state="approved", kind="join")
        self._post(f"{base}/edit", form)
        self.assertEqual(registration.street, "Rue Haute 2")
        self.assertEqual(
            (registration.kind, registration.state), ("account", "submitted")
        )
        self._post(f"{base}/edit", self._get_form(street="Late change"))
        self.assertEqual(registration.street, "Rue Haute 2")

    def test_withdraw(self):
        registration = self._create_registration()
        self.authenticate(None, None)
        base = registration._get_status_url()
        self._post(f"{base}/cancel")
        self.assertEqual(registration.state, "cancelled")
        self.assertEqual(self.url_open(f"{base}/cancel").status_code, 405)
        with self.assertRaises(UserError):
            registration.action_approve()

    def test_a_changed_tax_number_changes_who_decides(self):
        registration = self._create_registration(vat="BE0477472701")
        self.assertEqual(registration.kind, "join")
        registration._reject("Unknown")
        registration._resubmit({"vat": "BE0403019261"}, [])
        self.assertEqual(registration.kind, "account")
        self.assertFalse(registration.account_id)
        registration._reject("Once more")
        registration._resubmit({"vat": "BE0477472701"}, [])
        self.assertEqual(
            (registration.kind, registration.account_id), ("join", self.north)
        )
