# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import json

from openpyxl import load_workbook

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import B2bMixin, find_ragged_rows


@tagged("post_install", "-at_install")
class TestPages(B2bMixin, HttpCase):
    def _post(self, url, data=None, files=None):
        data = {"csrf_token": Request.csrf_token(self)} | (data or {})
        return self.url_open(url, data=data, files=files)

    def _login(self, member):
        login = member.user_id.login
        self.authenticate(login, login.ljust(8, "x") if len(login) < 8 else login)

    def test_from_lines_to_proforma(self):
        """A buyer pastes lines, checks out and finds the proforma."""
        self._login(self.buyer)
        text = "BLT-M8 10\nNUT-M8 150\nNOPE-9 1"
        response = self._post("/shop/quick-order/run", {"text": text, "cart_id": "0"})
        self.assertEqual(response.status_code, 200)
        run = self.env["b2b.cart.import"].search([], limit=1)
        self.assertIn(f"/shop/quick-order/{run.id}", response.url)
        self.assertEqual(
            (run.count_added, run.count_changed, run.count_rejected), (1, 1, 1)
        )
        self.assertIn("NOPE-9", response.text)
        cart = run.order_id
        self.assertEqual(cart.partner_id, self.north_a)
        self.assertEqual(cart.b2b_member_id, self.buyer)

        book = load_workbook(
            io.BytesIO(self.url_open(f"/shop/quick-order/{run.id}/xlsx").content)
        )
        self.assertEqual(book.active.max_row, 4)

        for url in ("/my", "/my/carts", f"/my/carts/{cart.id}", "/shop", "/my/orders"):
            with self.subTest(url=url):
                page = self.url_open(url)
                self.assertEqual(page.status_code, 200)
                self.assertIn("o_b2b_bar", page.text)
        self.assertEqual(cart.partner_id, self.north_a, "core rewrote the buyer")
        self.assertIn(f"/my/carts/{cart.id}", self.url_open("/shop/cart").url)
        for url in ("/shop/checkout", "/shop/payment", "/shop/address"):
            self.assertIn(f"/my/carts/{cart.id}/checkout", self.url_open(url).url)

        line = cart.order_line[0]
        self._post(f"/my/carts/{cart.id}/update", {f"qty_{line.id}": "12,0"})
        self.assertEqual(line.product_uom_qty, 12)
        self._post(f"/my/carts/{cart.id}/update", {f"qty_{line.id}": "many"})
        self.assertEqual(line.product_uom_qty, 12)

        for _click in range(2):
            response = self._post(f"/my/carts/{cart.id}/submit", {"reference": "PO-1"})
            self.assertEqual(response.status_code, 200)
        self.assertEqual(cart.state, "sale")
        self.assertEqual(cart.client_order_ref, "PO-1")
        document = self.env["b2b.document"].search([("order_id", "=", cart.id)])
        self.assertEqual(document.kind, "proforma")
        self.assertIn(cart.name, self.url_open("/my/documents").text)

    def test_strangers_meet_closed_doors(self):
        """Every page, record and RPC of one member, as somebody else."""
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 5)])
        order = self._create_cart(self.buyer, lines=[(self.bolt, 7)])
        order._b2b_submit()
        document = self.env["b2b.document"].search([("order_id", "=", order.id)])
        attachment = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"secret", "res_model": "sale.order"}
            | {"res_id": order.id}
        )
        run = self.env["b2b.cart.import"].create({"name": "x", "order_id": cart.id})
        urls = [
            f"/my/carts/{cart.id}",
            f"/my/carts/{cart.id}/checkout",
            f"/my/orders/{order.id}",
            f"/my/orders/{order.id}?report_type=pdf",
            f"/my/documents/{document.id}/pdf",
            f"/shop/quick-order/{run.id}",
            f"/shop/quick-order/{run.id}/xlsx",
            f"/web/content/{attachment.id}",
            f"/report/html/sale.report_saleorder/{order.id}",
        ]
        posts = [
            (f"/my/carts/{cart.id}/update", {"name": "mine"}),
            (f"/my/carts/{cart.id}/delete", {}),
            (f"/my/carts/{cart.id}/submit", {}),
            ("/shop/quick-order/run", {"text": "A 1", "cart_id": str(cart.id)}),
        ]
        users = {member.user_id for member in (self.buyer2, self.stranger)}
        for user in users | {self.retail_user}:
            self.authenticate(user.login, user.login.ljust(8, "x"))
            for url in urls:
                with self.subTest(user=user.login, url=url):
                    response = self.url_open(url)
                    refused = response.status_code in (403, 404)
                    self.assertTrue(refused or response.url.endswith("/my"), response)
                    self.assertNotIn("secret", response.text)
            for url, data in posts:
                with self.subTest(user=user.login, post=url):
                    self.assertIn(self._post(url, data).status_code, (403, 404))
            for model, record in (("sale.order", order), ("b2b.document", document)):
                with self.subTest(user=user.login, rpc=model):
                    self.assertIn("error", self._call_kw(model, "read", [record.ids]))
        self.assertEqual(cart.state, "draft")
        self.assertEqual(cart.b2b_name, "Cart")

    def _call_kw(self, model, method, args):
        payload = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {"model": model, "method": method, "args": args, "kwargs": {}},
        }
        return self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps(payload),
            headers={"Content-Type": "application/json"},
        ).json()

    def test_entity_switch_keeps_the_carts(self):
        self.buyer.all_entities = True
        other = self._create_agreement(self.north_b, name="Logistics")
        first = self._create_cart(self.buyer, lines=[(self.bolt, 5)])
        second = self._create_cart(self.buyer, other, lines=[(self.bolt, 6)])
        self._login(self.buyer)
        for cart in (first, second, first):
            self._post("/b2b/agreement", {"agreement_id": cart.b2b_agreement_id.id})
            self.assertIn(f"/my/carts/{cart.id}", self.url_open("/shop/cart").url)
        self.assertEqual(first.partner_id, self.north_a)
        self.assertEqual(second.partner_id, self.north_b)
        self.assertEqual(first.order_line.product_uom_qty, 5)

    def _rpc(self, url, **params):
        payload = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self.url_open(
            url,
            data=json.dumps(payload),
            headers={"Content-Type": "application/json"},
        )

    def test_reading_needs_no_write_transaction(self):
        """Pages that only read can be served by a replica."""
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 10)])
        imports = self.env["b2b.cart.import"].with_user(self.buyer.user_id)
        run = imports._run_text(cart, "BLT-M8;10")
        self._login(self.buyer)
        for url in (
            "/my/carts",
            "/my/documents",
            "/shop/quick-order",
            f"/shop/quick-order/{run.id}",
            f"/shop/quick-order/{run.id}/xlsx",
        ):
            with self.subTest(url=url), self.assertNoLogs("odoo.http", "WARNING"):
                self.assertEqual(self.url_open(url).status_code, 200)

    def test_empty_values_leave_no_gap_in_a_table(self):
        self.bolt.default_code = False
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 10)])
        order = self._create_cart(self.buyer, lines=[(self.nut, 100)])
        order.sudo()._b2b_submit()
        imports = self.env["b2b.cart.import"].with_user(self.buyer.user_id)
        run = imports._run_text(cart, "Article;Quantity\n;5\nNOPE;\nNUT-M8;100")
        self._login(self.buyer)
        for url in (
            "/my/carts",
            f"/my/carts/{cart.id}",
            f"/my/carts/{cart.id}/checkout",
            "/my/documents",
            f"/shop/quick-order/{run.id}",
        ):
            with self.subTest(url=url):
                page = self.url_open(url).text
                self.assertIn("</tbody>", page)
                self.assertEqual(find_ragged_rows(page), [])

    def test_core_routes_leave_cart_and_requisites_alone(self):
        """Core takes the partner of the cart for the visitor: here it is the entity."""
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 10)])
        address = self.env["res.partner"].create(
            {"parent_id": self.north_a.id, "type": "delivery", "name": "Site"}
        )
        free = self.env["product.pricelist"].create(
            {"name": "Gift", "code": "GIFT", "selectable": True}
        )
        form = {
            "name": "Taken over",
            "email": "thief@example.com",
            "phone": "+7 812 000-00-00",
            "vat": "7801234567",
            "company_name": "Taken over",
            "street": "Street 1",
            "city": "City",
            "zip": "190000",
            "country_id": self.env.ref("base.ru").id,
        }
        fields = ("name", "email", "vat", "street", "parent_id", "active")
        fields += ("child_ids",)
        watched = self.north_a | address

        def look():
            self.env.invalidate_all()
            lines = cart.order_line.mapped(lambda ln: (ln.product_id, ln.price_unit))
            partners = (
                cart.partner_id,
                cart.partner_invoice_id,
                cart.partner_shipping_id,
            )
            values = [[partner[field] for field in fields] for partner in watched]
            return cart.state, cart.pricelist_id, partners, lines, values

        self._login(self.buyer)
        self._post("/b2b/agreement", {"agreement_id": cart.b2b_agreement_id.id})
        self.url_open(f"/my/carts/{cart.id}")
        before = look()
        for partner in (self.north_a, address, self.env["res.partner"]):
            who = {"partner_id": partner.id or ""}
            for kind in ("billing", "delivery"):
                for url in ("/shop/address/submit", "/my/address/submit"):
                    with self.subTest(url=url, partner=partner.name, kind=kind):
                        self._post(url, form | who | {"address_type": kind})
                        self.assertEqual(look(), before)
        calls = (
            ("/my/address/archive", {"partner_id": address.id}),
            ("/shop/update_address", {"partner_id": self.stranger.partner_id.id}),
            ("/shop/express_checkout", {"billing_address": form}),
            (
                "/shop/express/shipping_address_change",
                {"partial_delivery_address": form},
            ),
        )
        for url, params in calls:
            with self.subTest(url=url):
                self._rpc(url, **params)
                self.assertEqual(look(), before)
        for url in (
            "/shop/pricelist?promo=GIFT",
            f"/shop/change_pricelist/{free.id}",
            "/shop/payment",
            "/shop/payment/validate",
            f"/shop/payment/validate?sale_order_id={cart.id}",
            "/shop/checkout?try_skip_step=true",
            "/shop/extra_info",
            "/shop/confirmation",
        ):
            with self.subTest(url=url):
                self.url_open(url)
                self.assertEqual(look(), before)

    def test_foreign_agreement_is_refused(self):
        foreign = self._create_agreement(self.south_a, name="South")
        self._login(self.buyer)
        response = self._post("/b2b/agreement", {"agreement_id": foreign.id})
        self.assertEqual(response.status_code, 403)

    def test_bad_files_leave_no_trace(self):
        self._login(self.buyer)
        before = self.env["sale.order"].search_count([])
        for data in (b"", b"%PDF-1.4", b"PK\x03\x04broken"):
            response = self._post(
                "/shop/quick-order/run", {"cart_id": "0"}, {"file": ("o.xlsx", data)}
            )
            self.assertEqual(response.status_code, 200, response.text[-3000:])
            self.assertIn('role="alert"', response.text)
        self.assertEqual(self.env["sale.order"].search_count([]), before)
