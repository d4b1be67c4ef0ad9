# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from concurrent.futures import ThreadPoolExecutor

from odoo.service.model import retrying
from odoo.tests import new_test_user, tagged

from .common import RaceCase


@tagged("post_install", "-at_install")
class TestContractConcurrency(RaceCase):
    """Two acceptances at once, in real transactions.

    The data is committed, for other connections to see it, and removed again.
    """

    def setUp(self):
        super().setUp()
        self._create_kept()

    def _create(self, env):
        agreement = self._create_agreement(env)
        account = agreement.account_id
        self.template_id = env["b2b.contract.template"].create({"name": "Race"}).id
        version = env["b2b.contract.template.version"].create(
            {"template_id": self.template_id, "body": "<p>Race</p>"}
        )
        contract = self._keep(
            env["b2b.contract"].create(agreement._prepare_contract(version, "waiting"))
        )
        contract._refresh_text()
        self.contract_id, self.sha256 = contract.id, contract.sha256
        self.user_ids = []
        role = env.ref("b2b_portal.role_director")
        for login in ("b2b_race_1", "b2b_race_2"):
            user = self._keep(new_test_user(env, login, "base.group_portal"))
            self._keep(user.partner_id)
            self.user_ids.append(user.id)
            self._keep(
                env["b2b.member"].create(
                    {
                        "account_id": account.id,
                        "user_id": user.id,
                        "role_ids": role.ids,
                        "all_entities": True,
                        "stage": "confirmed",
                    }
                )
            )

    def _remove(self):
        with self._transaction() as env:
            documents = env["b2b.document"]
            documents.search([("res_id", "=", self.contract_id)]).filtered(
                lambda d: d.kind == "contract"
            ).unlink()
            env.cr.execute("DELETE FROM b2b_contract WHERE id = %s", [self.contract_id])
            users = env["res.users"].browse(self.user_ids)
            members = env["b2b.member"].with_context(active_test=False)
            members.search([("user_id", "in", users.ids)]).unlink()
            partners = users.partner_id
            users.unlink()
            partners.exists().unlink()
            for model, ids in reversed(self.created):
                if model in env and model not in ("res.users", "b2b.contract"):
                    env[model].browse(ids).exists().unlink()
            env.cr.execute(
                "DELETE FROM b2b_contract_template WHERE id = %s", [self.template_id]
            )

    def _accept(self, uid, barrier):
        """Accept like a request does; both have read before either goes on.

        :return: number of tries
        """
        tries = []

        def run():
            contract = env["b2b.contract"].browse(self.contract_id)
            contract = contract.sudo()
            if not tries:
                self.assertEqual(contract.state, "waiting")
            tries.append(uid)
            if len(tries) == 1:
                barrier.wait(timeout=30)
            contract._b2b_accept(self.sha256, f"Name {uid}", "Director")

        with self._transaction(uid) as env:
            retrying(run, env)
        return len(tries)

    def test_one_acceptance(self):
        barrier = threading.Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            tries = list(
                pool.map(lambda uid: self._accept(uid, barrier), self.user_ids)
            )
        # The loser had to start over: it was the lock that stopped it.
        self.assertEqual(sorted(tries), [1, 2])
        with self._transaction() as env:
            contract = env["b2b.contract"].browse(self.contract_id)
            winner = self.user_ids[tries.index(1)]
            self.assertEqual(contract.state, "accepted")
            self.assertEqual(contract.accepted_user_id.id, winner)
            self.assertEqual(contract.sign_name, f"Name {winner}")
            documents = env["b2b.document"].search(
                [("kind", "=", "contract"), ("res_id", "=", contract.id)]
            )
            self.assertEqual(len(documents), 1)
