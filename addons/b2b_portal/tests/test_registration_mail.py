# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from urllib.parse import parse_qs, urlsplit

from lxml import html

from odoo.exceptions import AccessDenied
from odoo.tests import HttpCase, tagged

from .registration_common import RegistrationMixin

# template -> what stands in the subject and in the body, by language
TEXTS = {
    "received": {
        "en_US": ("application has come in", "We have received the application of"),
        "ru_RU": ("Заявка получена", "Мы получили заявку"),
    },
    "more": {
        "en_US": ("needs something more", "Bring the charter"),
        "ru_RU": ("нужны дополнения", "Bring the charter"),
    },
    "rejected": {
        "en_US": ("was refused", "Wrong firm"),
        "ru_RU": ("Заявка отклонена", "Wrong firm"),
    },
    "activated": {
        "en_US": ("access to the wholesale portal is open", "Choose a password"),
        "ru_RU": ("Доступ", "Задать пароль"),
    },
    "entity": {
        "en_US": ("legal entity is added", "legal entity of your account"),
        "ru_RU": ("Юрлицо добавлено", "юрлицо"),
    },
    "join": {
        "en_US": ("asks to join your account", "Do you know this person"),
        "ru_RU": ("просит", "Вы знаете этого человека"),
    },
}


@tagged("post_install", "-at_install")
class TestRegistrationMail(RegistrationMixin, HttpCase):
    """What the mails say, in both languages, and where their links lead."""

    def _make(self):
        registration = self._create_registration()
        registration.action_approve()
        registration.write(
            {"request_text": "Bring the charter", "reason": "Wrong firm"}
        )
        return registration

    def test_texts(self):
        registration = self._make()
        for name, languages in TEXTS.items():
            for language, (subject, body) in languages.items():
                with self.subTest(mail=name, language=language):
                    registration.lang = language
                    mail = registration._send_mail(name, email_to="x@y.example")
                    self.assertIn(subject, mail.subject)
                    text = html.fromstring(mail.body_html).text_content()
                    self.assertIn(body, " ".join(text.split()))
                    self.assertIn(self.company.name, text)
                    self.assertNotIn("t-out", mail.body_html)
                    self.assertNotIn("False", text)

    def test_russian_mails_are_russian_throughout(self):
        """Apart from names and addresses no Latin word is left."""
        registration = self._make()
        names = " ".join(
            [
                registration.name,
                registration.contact_name,
                registration.email,
                self.company.name,
                registration.request_text,
                registration.reason,
            ]
        )
        registration.lang = "ru_RU"
        for name in TEXTS:
            with self.subTest(mail=name):
                mail = registration._send_mail(name, email_to="x@y.example")
                text = html.fromstring(mail.body_html).text_content()
                words = set(re.findall(r"[A-Za-z]{3,}", f"{mail.subject} {text}"))
                self.assertEqual(words - set(re.findall(r"[A-Za-z]+", names)), set())

    def test_known_user(self):
        user = self.director.user_id
        for language, text in (
            ("en_US", "You have an account already"),
            ("ru_RU", "У вас уже есть доступ"),
        ):
            user.lang = language
            self.registrations._send_known_mail(user)
            mail = self._get_mails("director@customer.example")[-1]
            self.assertIn(text, mail.subject)
            self.assertIn("b2b_director", mail.body_html)

    def test_names_are_escaped(self):
        registration = self._create_registration(name="<script>x</script> Ltd")
        mail = self._get_mails("anna@fresh.example")
        self.assertEqual(registration.name, "<script>x</script> Ltd")
        self.assertNotIn("<script>", mail.body_html)

    def test_the_password_link_works_once(self):
        self._make()
        mail = self._get_mails("anna@fresh.example")[-1]
        link = html.fromstring(mail.body_html).xpath(
            "//a[contains(@href, '/web/reset_password')]/@href"
        )[0]
        url = f"/web/reset_password?{urlsplit(link).query}"
        self.authenticate(None, None)
        page = self.url_open(url)
        self.assertIn('name="confirm_password"', page.text)
        token = parse_qs(urlsplit(link).query)["token"][0]
        form = {
            "token": token,
            "login": "anna@fresh.example",
            "name": "Anna New",
            "password": "Long-enough-1",
            "confirm_password": "Long-enough-1",
        }
        self._post("/web/reset_password", form)
        user = self.env["res.users"].search([("login", "=", "anna@fresh.example")])
        self.assertTrue(self._has_password(user, "Long-enough-1"))
        self.authenticate("anna@fresh.example", "Long-enough-1")
        page = self.url_open("/my")
        self.assertEqual(page.status_code, 200)
        self.assertIn("o_b2b_bar", page.text)
        self.authenticate(None, None)
        form |= {"password": "Another-one-2", "confirm_password": "Another-one-2"}
        self._post("/web/reset_password", form)
        self.assertFalse(self._has_password(user, "Another-one-2"))

    def _has_password(self, user, password):
        user.invalidate_recordset()
        credential = {"login": user.login, "password": password, "type": "password"}
        try:
            user.with_user(user)._check_credentials(credential, {"interactive": True})
        except AccessDenied:
            return False
        return True
