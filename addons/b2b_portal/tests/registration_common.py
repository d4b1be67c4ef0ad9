# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io
import secrets
import time
import zipfile

from odoo import Command
from odoo.http import Request
from odoo.tools import hash_sign

from .common import B2bMixin

PDF = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    b"trailer\n<< /Root 1 0 R >>\n%%EOF"
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
THANKS = "/b2b/signup/thanks"


def make_docx():
    """The least that is a DOCX for whoever looks at its content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    return buffer.getvalue()


class RegistrationMixin(B2bMixin):
    """Forms of applicants; Belgian requisites, so that no localisation minds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belgium = cls.env.ref("base.be")
        cls.segment = cls.env.ref("b2b_portal.segment_contractor")
        cls.consent = cls.env.ref("b2b_portal.consent_data")
        cls.registrations = cls.env["b2b.registration"]
        cls.manager = cls.env["res.users"].create(
            {
                "name": "Checking Manager",
                "login": "b2b_manager",
                "email": "checking@seller.example",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.set(cls.env.ref("b2b_portal.group_staff_user").ids)
                ],
            }
        )
        cls.company.b2b_registration_manager_ids = cls.manager
        cls.director = cls._create_member(
            cls.north, "director", "b2b_director", all_entities=True
        )
        cls.director.user_id.email = "director@customer.example"
        cls.north_a.write({"country_id": cls.belgium.id, "vat": "BE0477472701"})

    def _get_form(self, **values):
        """What an applicant types, of a firm that nobody knows."""
        return {
            "name": "Fresh Firm",
            "country_id": str(self.belgium.id),
            "vat": "BE 0403.019.261",
            "city": "Brussels",
            "street": "Rue Neuve 1",
            "contact_name": "Anna New",
            "contact_job": "Buyer",
            "email": "Anna@Fresh.example",
            "contact_phone": "+32 2 290 34 90",
            "segment_id": str(self.segment.id),
            f"consent_{self.consent.id}": "1",
        } | values

    def _sign(self, age=60):
        content = [int(time.time()) - age, secrets.token_urlsafe(16)]
        return hash_sign(self.env, "b2b_signup", content, expiration_hours=24)

    def _post(self, url, data=None, files=None):
        data = {"csrf_token": Request.csrf_token(self)} | (data or {})
        return self.url_open(url, data=data, files=files)

    def _send(self, files=None, **values):
        """Send the form as a visitor."""
        self.authenticate(None, None)
        return self._post(
            "/b2b/signup", {"started": self._sign()} | self._get_form(**values), files
        )

    def _find(self, email="anna@fresh.example"):
        return self.registrations.search([("email", "=", email)])

    def _create_registration(self, **values):
        """A registration as the form makes it, without the form."""
        model = self.registrations._as_system(self.website)
        fields, errors = model._check_form(model._read_form(self._get_form(**values)))
        self.assertFalse(errors)
        origin = {
            "website": self.website,
            "ip": "192.0.2.1",
            "form_key": secrets.token_urlsafe(16),
        }
        model._take_in(fields, [], self.consent, origin)
        return self.registrations.search([("form_key", "=", origin["form_key"])])

    def _get_mails(self, email):
        return self.env["mail.mail"].search([("email_to", "=", email)], order="id")

    def _login(self, member):
        login = member.user_id.login
        self.authenticate(login, login.ljust(8, "x") if len(login) < 8 else login)
