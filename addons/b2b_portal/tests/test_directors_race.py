# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from concurrent.futures import ThreadPoolExecutor

from odoo.exceptions import AccessError, UserError
from odoo.service.model import retrying
from odoo.tests import new_test_user, tagged

from .common import Command, RaceCase


@tagged("post_install", "-at_install")
class TestDirectorsRace(RaceCase):
    """Two directors remove each other at once, on two real connections.

    The data is committed, for other connections to see it, and removed again.
    """

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove)
        with self._transaction() as env:
            account = env["b2b.account"].create({"name": "Race of directors"})
            members = env["b2b.member"]
            for number in (1, 2):
                user = new_test_user(env, f"b2b_race_{number}", "base.group_portal")
                role = env.ref("b2b_portal.role_director")
                members |= members.create(
                    {
                        "account_id": account.id,
                        "user_id": user.id,
                        "role_ids": [Command.set(role.ids)],
                        "all_entities": True,
                        "stage": "confirmed",
                    }
                )
            self.account_id = account.id
            self.pairs = [
                (members[0].user_id.id, members[1].id),
                (members[1].user_id.id, members[0].id),
            ]

    def _remove(self):
        with self._transaction() as env:
            account = env["b2b.account"].browse(self.account_id)
            members = env["b2b.member"].with_context(active_test=False)
            members = members.search([("account_id", "=", account.id)])
            users = members.user_id
            partners = users.partner_id
            members.unlink()
            account.unlink()
            users.unlink()
            partners.unlink()

    def _suspend(self, pair, barrier):
        """Suspend like a request does; both have read before either goes on.

        :return: text of the refusal or None
        """
        uid, member_id = pair
        tries = []

        def run():
            member = env["b2b.member"].sudo().browse(member_id)
            self.assertTrue(env["b2b.member"]._get_grants())
            tries.append(member.active)
            if len(tries) == 1:
                barrier.wait(timeout=30)
            member._portal_suspend()

        try:
            with self._transaction(uid) as env:
                retrying(run, env)
        except (AccessError, UserError, AssertionError) as error:
            return str(error) or "refused"
        return None

    def test_one_of_two_stays(self):
        barrier = threading.Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            results = list(
                pool.map(lambda pair: self._suspend(pair, barrier), self.pairs)
            )
        self.assertEqual(len([text for text in results if text]), 1, results)
        with self._transaction() as env:
            account = env["b2b.account"].browse(self.account_id)
            self.assertEqual(len(account._b2b_get_directors()), 1)
