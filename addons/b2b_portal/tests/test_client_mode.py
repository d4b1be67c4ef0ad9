# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .catalogue_common import SUGGESTIONS, CatalogueCase


@tagged("post_install", "-at_install")
class TestClientMode(CatalogueCase):
    """'Show to my client': no price of the agreement leaves the server."""

    def _set_mode(self, on):
        return self._post(
            "/b2b/client-mode", {"on": "1" if on else "", "page": "/my/carts"}
        )

    def _get_secrets(self):
        """Amounts that only the agreement knows."""
        rows = self.agreement.sudo()._get_price_rows(self.goods)
        secrets = {row.price for row in rows} | {row.regular for row in rows}
        secrets |= {row.wholesale for row in rows}
        secrets |= {price for row in rows for _quantity, price in row.steps}
        secrets -= {row.retail for row in rows}
        return secrets

    def _check_clean(self, response, secrets):
        self.assertIn(response.status_code, (200, 403), response.url)
        leaks = [price for price in secrets if self._has(response.text, price)]
        self.assertFalse(leaks, response.url)
        self.assertNotIn("N-7", response.text, response.url)

    def test_nothing_leaks(self):
        cart = self._create_cart(
            self.buyer, lines=[(product, 1) for product in self.goods]
        )
        # prices have moved since: the page of the cart compares them
        self.agreement.discount = 4
        secrets = self._get_secrets() | {
            *cart.order_line.mapped("price_unit"),
            cart.amount_total,
            cart.amount_untaxed,
            *cart.order_line.mapped("price_subtotal"),
        }
        retail = {
            row.product: row.retail
            for row in self.agreement.sudo()._get_price_rows(self.goods)
        }
        self._login(self.buyer)
        before = self.url_open(f"/shop?search={self.mark}").text
        self.assertTrue(any(self._has(before, price) for price in secrets))
        self.assertIn("o_b2b_repricing", self.url_open(f"/my/carts/{cart.id}").text)
        self._set_mode(True)
        for view in ("table", "list", "grid"):
            page = self.url_open(f"/shop?search={self.mark}&view={view}")
            self._check_clean(page, secrets)
            self.assertIn("o_b2b_client_badge", page.text)
            for product, price in retail.items():
                self.assertTrue(self._has(page.text, price), (view, product.name))
        for product, price in retail.items():
            page = self.url_open(product.website_url)
            self._check_clean(page, secrets)
            self.assertTrue(self._has(page.text, price), product.name)
            self.assertNotIn("o_b2b_why", page.text)
        for url, params in self._get_price_calls(cart):
            response = self._rpc(url, **params)
            self._check_clean(response, secrets)
            closed = url in ("/shop/cart/quick_add", "/shop/cart/update")
            self.assertEqual("error" in response.json(), closed, url)
        for url in ("/my/carts", f"/my/carts/{cart.id}"):
            page = self.url_open(url)
            self._check_clean(page, secrets)
            self.assertIn("o_b2b_client_note", page.text)
            self.assertNotIn("o_b2b_repricing", page.text)
        self._check_closed(cart, secrets)
        self._set_mode(False)
        page = self.url_open(f"/shop?search={self.mark}&view=table").text
        self.assertNotIn("o_b2b_client_badge", page)
        for price in self._get_prices(self.agreement).values():
            self.assertTrue(self._has(page, price))

    def _check_closed(self, cart, secrets):
        """Pages that are nothing but the agreement's prices and sums."""
        for url in (
            f"/my/carts/{cart.id}/checkout",
            f"/my/carts/{cart.id}/compare",
            f"/shop/why/{self.plain.id}",
            "/my/agreements",
            f"/my/agreements/{self.agreement.id}",
            "/my/price-changes",
            "/my/orders",
            "/my/documents",
        ):
            response = self.url_open(url)
            self.assertEqual(response.status_code, 403, url)
            leaks = [price for price in secrets if self._has(response.text, price)]
            self.assertFalse(leaks, url)
        self.assertTrue(self.url_open("/my").url.endswith("/shop"))
        response = self._post(f"/my/carts/{cart.id}/recalculate", {})
        self.assertEqual(response.status_code, 403)

    def _get_price_calls(self, cart):
        """Routes of core and of ours that answer with prices."""
        template = self.plain.product_tmpl_id
        ids = {"product_template_id": template.id, "product_id": self.plain.id}
        return (
            (
                "/website_sale/get_combination_info",
                ids | {"combination": [], "add_qty": 100},
            ),
            (
                "/website/snippet/autocomplete",
                {
                    "search_type": "products",
                    "term": self.mark,
                    "order": "name asc",
                    "limit": 10,
                    "options": SUGGESTIONS,
                },
            ),
            ("/shop/cart/add", ids | {"quantity": 1}),
            ("/shop/cart/quick_add", ids | {"quantity": 1}),
            ("/shop/cart/update", {"line_id": cart.order_line[0].id, "quantity": 3}),
            (
                "/website_sale/product_configurator/get_values",
                {
                    "product_template_id": template.id,
                    "quantity": 1,
                    "currency_id": self.currency.id,
                    "so_date": "2026-01-01",
                    "ptav_ids": [],
                },
            ),
            (
                "/shop/table/add_row",
                {
                    "product_id": self.offered.id,
                    "quantity": "2",
                    "cart_id": cart.id,
                    "agreement_id": self.agreement.id,
                },
            ),
        )

    def test_the_cart_keeps_the_agreements_prices(self):
        self._login(self.buyer)
        self._set_mode(True)
        result = self._rpc(
            "/shop/table/add_row",
            product_id=self.offered.id,
            quantity="1",
            agreement_id=self.agreement.id,
        ).json()["result"]
        cart = self.env["sale.order"].browse(result["cart_id"])
        self.assertEqual(cart.pricelist_id, self.agreement.pricelist_id)
        self.assertEqual(cart.order_line.price_unit, 401.03)
        response = self._post(f"/my/carts/{cart.id}/submit", {})
        self.assertEqual(response.status_code, 403)
        self.assertEqual(cart.state, "draft")

    def test_one_session_is_no_other(self):
        self._login(self.buyer)
        self._set_mode(True)
        self._login(self.buyer2)
        page = self.url_open(f"/shop?search={self.mark}").text
        self.assertNotIn("o_b2b_client_badge", page)
        self.authenticate("b2b_retail", "b2b_retail")
        self.assertEqual(self._set_mode(True).status_code, 403)

    def test_retail_in_another_currency(self):
        other = self.env["res.currency"].with_context(active_test=False)
        other = other.search(
            [("name", "in", ("CNY", "EUR")), ("id", "!=", self.currency.id)], limit=1
        )
        other.active = True
        self.retail.currency_id = other
        (row,) = self.agreement.sudo()._get_retail_rows(self.plain)
        self._login(self.buyer)
        self._set_mode(True)
        page = self.url_open(f"/shop?search={self.mark}")
        cell = self._cell(self._read_row(page.text, self.plain), "o_b2b_cell_retail")
        self.assertTrue(self._has(cell, row.retail))
        self.assertTrue(
            self._has(self.url_open(self.plain.website_url).text, row.retail)
        )
