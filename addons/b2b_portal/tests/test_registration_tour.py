# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch
from urllib.parse import urlsplit

from lxml import html

from odoo.tests import HttpCase, tagged

from .registration_common import RegistrationMixin


@tagged("post_install", "-at_install")
class TestRegistrationTour(RegistrationMixin, HttpCase):
    """From the form to the portal, by the applicant and the manager, in Chromium."""

    def test_registration(self):
        self.segment.copy({"name": "Tour segment"})
        controller = "odoo.addons.b2b_portal.controllers.registration"
        with patch(f"{controller}.MIN_SECONDS", 0):
            self.start_tour("/shop", "b2b_registration_applicant", timeout=120)
        registration = self._find("tour@fresh.example")
        self.assertEqual(registration.state, "submitted")

        self.manager.password = "b2b_manager"
        self.start_tour(
            f"/odoo/action-b2b_portal.b2b_registration_action/{registration.id}",
            "b2b_registration_manager",
            login="b2b_manager",
            timeout=120,
        )
        self.env.invalidate_all()
        self.assertEqual(registration.decided_by_id, self.manager)

        mail = self._get_mails("tour@fresh.example")[-1]
        link = html.fromstring(mail.body_html).xpath(
            "//a[contains(@href, '/web/reset_password')]/@href"
        )[0]
        url = f"/web/reset_password?{urlsplit(link).query}"
        self.start_tour(url, "b2b_registration_password", timeout=120)
        self.env.invalidate_all()
        member = registration.member_id
        self.assertTrue(member.user_id.login_date)
        self.assertEqual(member.account_id.name, "Tour Fasteners")
