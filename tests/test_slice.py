# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestSlice(HttpCase):
    """The main job on the demo data, by three people in Chromium."""

    def _free_limit(self):
        self.line.invalidate_recordset()
        return self.line.available

    def _login_tour(self, url, tour, login):
        self.start_tour(url, tour, login=login, timeout=120)
        self.env.invalidate_all()

    def test_order_shipment_invoice_payment(self):
        self.line = self.env.ref("b2b_credit.credit_line_north_dealer_demo")
        free = self._free_limit()
        buyer = self.env.ref("b2b_portal.member_north_buyer_demo")
        self._login_tour("/shop/quick-order", "b2b_slice_buyer", "buyer@north.example")
        order = self.env["sale.order"].search([], order="id desc", limit=1)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.b2b_member_id, buyer)
        self.assertEqual(order.client_order_ref, "ЗП-118")
        self.assertEqual(order.pricelist_id, order.b2b_agreement_id.pricelist_id)
        self.assertEqual(
            order.order_line.mapped(
                lambda line: (line.product_id.default_code, line.product_uom_qty)
            ),
            [("BLT-933-M8X40-ZN", 4), ("BLT-933-M8X50-ZN", 200)],
        )
        self.assertAlmostEqual(self._free_limit(), free - order.amount_total)

        self._login_tour(
            f"/odoo/action-sale.action_orders/{order.id}",
            "b2b_slice_manager",
            "manager@seller.example",
        )
        self.assertEqual(order.picking_ids.mapped("state"), ["done"])
        invoice = order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertAlmostEqual(self._free_limit(), free - order.amount_total)

        self._login_tour(
            f"/odoo/action-account.action_move_out_invoice_type/{invoice.id}",
            "b2b_slice_accountant",
            "accounting@seller.example",
        )
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertAlmostEqual(self._free_limit(), free)
        self._check_papers(order)

    def _check_papers(self, order):
        """The buyer, and not a colleague, gets three PDFs of the order."""
        papers = self.env["b2b.document"].search([("order_id", "=", order.id)])
        self.assertEqual(
            sorted(papers.mapped("kind")), ["invoice", "proforma", "waybill"]
        )
        self.authenticate("buyer@north.example", "buyer@north.example")
        page = self.url_open(f"/my/documents?order_id={order.id}").text
        links = set(re.findall(r"/my/documents/\d+/pdf", page))
        self.assertEqual(len(links), 3)
        for link in links:
            response = self.url_open(link)
            self.assertEqual(response.status_code, 200)
            self.assertTrue(response.content.startswith(b"%PDF"))
        self.authenticate("buyer2@north.example", "buyer2@north.example")
        for link in links:
            self.assertEqual(self.url_open(urlsplit(link).path).status_code, 404)
