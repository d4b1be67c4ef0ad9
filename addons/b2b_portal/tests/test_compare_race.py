# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from concurrent.futures import ThreadPoolExecutor

from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import new_test_user, tagged

from .common import Command, RaceCase


@tagged("post_install", "-at_install")
class TestMoveRace(RaceCase):
    """A move and the order of one cart at once, in real transactions."""

    def setUp(self):
        super().setUp()
        self._create_kept()

    def _create(self, env):
        agreement = self._create_agreement(env, state="active")
        entity = agreement.entity_id
        entity.b2b_stage = "confirmed"
        other = self._keep(agreement.copy({"name": "Other"}))
        other.warehouse_id = env["stock.warehouse"].search(
            [("company_id", "=", other.company_id.id)], limit=1
        )
        other.state = "active"
        user = new_test_user(env, "b2b_race_move", "base.group_portal")
        self._keep(user.partner_id)
        self._keep(user)
        member = self._keep(
            env["b2b.member"].create(
                {
                    "account_id": agreement.account_id.id,
                    "user_id": user.id,
                    "role_ids": env.ref("b2b_portal.role_director").ids,
                    "all_entities": True,
                    "stage": "confirmed",
                }
            )
        )
        product = self._keep(
            env["product.product"].create(
                {
                    "name": "Race",
                    "list_price": 10,
                    "is_published": True,
                    "type": "service",
                }
            )
        )
        website = env["website"].search([], limit=1)
        order = env["sale.order"].create(
            {
                "partner_id": entity.id,
                "b2b_agreement_id": agreement.id,
                "b2b_member_id": member.id,
                "website_id": website.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        self.ids = (user.id, order.id, agreement.id, other.id)

    def _remove(self):
        order_id = self.ids[1]
        with self._transaction() as env:
            env["b2b.document"].search([("order_id", "=", order_id)]).unlink()
            env["sale.order"].browse(order_id)._action_cancel()
            env["sale.order"].browse(order_id).unlink()
            for model, ids in reversed(self.created):
                env[model].browse(ids).exists().unlink()

    def _run(self, work, barrier):
        user_id, order_id, _agreement_id, other_id = self.ids
        tries = []

        def run():
            order = env["sale.order"].browse(order_id).sudo()
            tries.append(order.state)
            if len(tries) == 1:
                barrier.wait(timeout=30)
            try:
                if work == "submit":
                    order._b2b_submit()
                else:
                    order._b2b_move_to(env["b2b.agreement"].browse(other_id).sudo())
            except UserError:
                return "refused"
            return "done"

        with self._transaction(user_id) as env:
            return retrying(run, env), len(tries)

    def test_move_against_submit(self):
        barrier = threading.Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            submit, move = pool.map(
                lambda work: self._run(work, barrier), ("submit", "move")
            )
        self.assertEqual(submit[0], "done")
        # the loser had to start over: it was the lock that stopped it
        self.assertEqual(sorted((submit[1], move[1])), [1, 2])
        with self._transaction() as env:
            order = env["sale.order"].browse(self.ids[1])
            self.assertEqual(order.state, "sale")
            moved = move[0] == "done"
            self.assertEqual(moved, move[1] == 1)
            self.assertEqual(order.b2b_agreement_id.id, self.ids[3 if moved else 2])
            self.assertEqual(order.pricelist_id, order.b2b_agreement_id.pricelist_id)
