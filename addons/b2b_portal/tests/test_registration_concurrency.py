# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from odoo.service.model import retrying
from odoo.tests import tagged

from .common import RaceCase

EMAILS = ["race1@fresh.example", "race2@fresh.example"]


@tagged("post_install", "-at_install")
class TestRegistrationConcurrency(RaceCase):
    """Two managers approve at once, on two connections.

    The data is committed, for other connections to see it, and removed again.
    """

    def setUp(self):
        super().setUp()
        mail_class = type(self.env["mail.mail"])
        self.startPatcher(patch.object(mail_class, "send_after_commit"))
        self.addCleanup(self._remove)
        with self._transaction() as env:
            values = {
                "name": "Race Firm",
                "country_id": env.ref("base.be").id,
                "vat": "BE0403019261",
                "contact_name": "Racer",
                "lang": "en_US",
            }
            registrations = env["b2b.registration"].create(
                [values | {"email": email} for email in EMAILS]
            )
            self.ids = registrations.ids

    def _remove(self):
        with self._transaction() as env:
            registrations = env["b2b.registration"].browse(self.ids)
            accounts = registrations.account_id
            entities, members = registrations.entity_id, accounts.member_ids
            users, partners = members.user_id, members.user_id.partner_id
            registrations.unlink()
            members.unlink()
            users.unlink()
            (entities | partners).unlink()
            accounts.unlink()
            env["mail.mail"].search([("email_to", "in", EMAILS)]).unlink()

    def _approve(self, registration_id, barrier):
        """Approve like a request does; both have read before either goes on.

        :return: how often it was tried
        """
        tries = []

        def run():
            registration = env["b2b.registration"].browse(registration_id)
            self.assertEqual(registration.kind, "account")
            tries.append(registration.state)
            if len(tries) == 1:
                barrier.wait(timeout=30)
            registration.action_approve()

        with self._transaction() as env:
            retrying(run, env)
        return len(tries)

    def _race(self, ids):
        barrier = threading.Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            tries = list(pool.map(lambda i: self._approve(i, barrier), ids))
        # the loser had to start over: it was the lock that stopped it
        self.assertEqual(sorted(tries), [1, 2])

    def test_one_registration_twice(self):
        self._race([self.ids[0]] * 2)
        with self._transaction() as env:
            registration = env["b2b.registration"].browse(self.ids[0])
            self.assertEqual(registration.state, "approved")
            domain = [("name", "=", "Race Firm")]
            self.assertEqual(env["b2b.account"].search_count(domain), 1)
            self.assertEqual(env["res.partner"].search_count(domain), 1)
            users = [("login", "=", EMAILS[0])]
            self.assertEqual(env["res.users"].search_count(users), 1)

    def test_two_registrations_of_one_firm(self):
        self._race(self.ids)
        with self._transaction() as env:
            registrations = env["b2b.registration"].browse(self.ids)
            self.assertEqual(
                sorted(registrations.mapped(lambda r: (r.kind, r.state))),
                [("account", "approved"), ("join", "submitted")],
            )
            self.assertEqual(len(registrations.account_id), 1)
            domain = [("vat", "=", "BE0403019261"), ("b2b_account_id", "!=", False)]
            self.assertEqual(env["res.partner"].search_count(domain), 1)
