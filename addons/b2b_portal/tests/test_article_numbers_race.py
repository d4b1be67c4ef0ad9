# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from concurrent.futures import ThreadPoolExecutor

from odoo.service.model import retrying
from odoo.tests import tagged

from .common import RaceCase


@tagged("post_install", "-at_install")
class TestCodeRace(RaceCase):
    """Two colleagues note the same number at once, in real transactions."""

    def setUp(self):
        super().setUp()
        self._create_kept()

    def _create(self, env):
        self.account_id = self._create_agreement(env).account_id.id
        products = env["product.product"].create([{"name": "Race"}, {"name": "Race 2"}])
        self.product_ids = self._keep(products).ids

    def _remove(self):
        with self._transaction() as env:
            for model, ids in reversed(self.created):
                env[model].browse(ids).exists().unlink()

    def test_one_number(self):
        barrier, waited = threading.Barrier(2, timeout=30), set()

        def put(product_id):
            with self._transaction() as env:

                def work():
                    account = env["b2b.account"].browse(self.account_id)
                    # the snapshot of both is older than either number
                    account.read(["name"])
                    if product_id not in waited:
                        waited.add(product_id)
                        barrier.wait()
                    values = {"code": "RACE-1", "product_id": product_id}
                    codes = env["b2b.customer.code"]
                    return codes._b2b_put(account, env["res.partner"], values)[1]

                return retrying(work, env)

        with ThreadPoolExecutor(2) as pool:
            outcomes = sorted(pool.map(put, self.product_ids))
        self.assertEqual(outcomes, ["added", "changed"])
        with self._transaction() as env:
            codes = env["b2b.customer.code"].search(
                [("account_id", "=", self.account_id)]
            )
            self.assertEqual(codes.mapped("code"), ["RACE-1"])
