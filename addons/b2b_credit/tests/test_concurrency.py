# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from concurrent.futures import ThreadPoolExecutor

from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged

from odoo.addons.b2b_portal.tests.common import RaceCase

from .common import Command


@tagged("post_install", "-at_install")
class TestConcurrency(RaceCase):
    """Two real transactions at once (style.md 1.1, defect 7).

    The data is committed, for other connections to see it, and removed again.
    """

    def setUp(self):
        super().setUp()
        self._create_kept()

    def _create(self, env):
        agreement = self._create_agreement(env, state="active")
        entity = agreement.entity_id
        line = self._keep(
            env["b2b.credit.line"].create({"agreement_id": agreement.id, "limit": 1000})
        )
        template = self._keep(
            env["product.template"].create(
                {"name": "Race", "type": "service", "list_price": 100, "taxes_id": []}
            )
        )
        values = {
            "partner_id": entity.id,
            "b2b_agreement_id": agreement.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": template.product_variant_id.id,
                        "product_uom_qty": 8,
                    }
                )
            ],
        }
        orders = self._keep(env["sale.order"].create([values, values]))
        self.line_id, self.order_ids = line.id, orders.ids

    def _remove(self):
        with self._transaction() as env:
            orders = env["sale.order"].browse(self.order_ids)
            orders.filtered(lambda o: o.state == "sale")._action_cancel()
            env["b2b.document"].search([("order_id", "in", orders.ids)]).unlink()
            for model, ids in reversed(self.created):
                env[model].browse(ids).exists().unlink()

    def _confirm(self, order_id, barrier):
        """Confirm like a request does; both have read before either goes on.

        :return: text of the refusal, or None
        """
        tries = []

        def run():
            order = env["sale.order"].browse(order_id)
            self.assertEqual(order.state, "draft")
            tries.append(order_id)
            if len(tries) == 1:
                barrier.wait(timeout=30)
            order.action_confirm()

        try:
            with self._transaction() as env:
                retrying(run, env)
        except UserError as error:
            return str(error), len(tries)
        return None, len(tries)

    def test_one_of_two_wins(self):
        barrier = threading.Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            results = list(
                pool.map(
                    lambda order_id: self._confirm(order_id, barrier), self.order_ids
                )
            )
        refusals = [text for text, _tries in results if text]
        self.assertEqual(len(refusals), 1, results)
        self.assertIn("credit limit", refusals[0])
        # The loser had to start over: it was the lock that stopped it.
        self.assertEqual(sorted(tries for _text, tries in results), [1, 2])
        with self._transaction() as env:
            orders = env["sale.order"].browse(self.order_ids)
            self.assertEqual(sorted(orders.mapped("state")), ["draft", "sale"])
            self.assertEqual(env["b2b.credit.line"].browse(self.line_id).exposure, 800)
