# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io

from PIL import Image

from odoo.tests import tagged

from .product_page_common import ProductPageCase


@tagged("post_install", "-at_install")
class TestProductHidden(ProductPageCase):
    """Goods that a member may not see: no way around, and none to their names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        image = io.BytesIO()
        Image.new("RGB", (8, 8), "blue").save(image, "PNG")
        cls.hidden = cls.broken
        cls.hidden.name = "Zqx unseen"
        cls.hidden.image_1920 = base64.b64encode(image.getvalue())
        cls.gallery = cls.env["product.image"].create(
            {
                "name": "Zqx unseen side",
                "image_1920": base64.b64encode(image.getvalue()),
                "product_tmpl_id": cls.hidden.product_tmpl_id.id,
            }
        )
        cls.document = cls.env["product.document"].create(
            {
                "name": "zqx-unseen.pdf",
                "datas": base64.b64encode(b"unseen"),
                "res_model": "product.template",
                "res_id": cls.hidden.product_tmpl_id.id,
                "shown_on_product_page": True,
            }
        )

    def _hide(self):
        self.hidden.is_published = False
        self._login(self.buyer)

    def _assert_kept(self, response, *codes):
        self.assertIn(response.status_code, codes or (403, 404))
        self.assertNotIn("unseen", response.text)

    def test_addresses(self):
        self._hide()
        template_id = self.hidden.product_tmpl_id.id
        for url in (
            f"/shop/{template_id}",
            f"/shop/{template_id}?attribute_values=1,2",
            f"/shop/{template_id}/documents",
            f"/shop/{template_id}/document/{self.document.id}",
            f"/shop/why/{self.hidden.id}",
        ):
            self._assert_kept(self.url_open(url))
        # core's page of guests, too
        self.authenticate(None, None)
        self._assert_kept(self.url_open(f"/shop/{template_id}"))

    def test_another_products_document(self):
        """By the address of goods that the member sees."""
        self._hide()
        url = f"/shop/{self.plain.product_tmpl_id.id}/document/{self.document.id}"
        self._assert_kept(self.url_open(url), 404)

    def test_pictures(self):
        template_id = self.hidden.product_tmpl_id.id
        urls = (
            f"/web/image/product.template/{template_id}/image_128",
            f"/web/image/product.product/{self.hidden.id}/image_128",
            f"/web/image/product.image/{self.gallery.id}/image_128",
        )
        self._login(self.buyer)
        seen = [self.url_open(url).content for url in urls]
        self._hide()
        for url, picture in zip(urls, seen, strict=True):
            response = self.url_open(url)
            self.assertNotEqual(response.content, picture, url)

    def test_alerts(self):
        self._login(self.buyer)
        alert = self.env["b2b.stock.alert"]._b2b_set(
            self.buyer, self.agreement, self.hidden, 5
        )
        self._hide()
        self._assert_kept(self.url_open("/my/stock-alerts"), 200)
        self._assert_kept(
            self._post(
                "/shop/stock-alert", {"product_id": self.hidden.id, "quantity": "5"}
            )
        )
        url = f"/my/stock-alerts/{alert.id}"
        self._assert_kept(self._post(f"{url}/save", {"quantity": "7"}))
        self._assert_kept(self._post(f"{url}/delete", {}), 200)
        self.assertEqual(alert.state, "expired")

    def test_links_carts_and_history(self):
        """Tables of the page: nothing of it, not even a number of columns."""
        for kind in ("analogue", "similar", "accessory", "successor", "required"):
            self._link(self.plain, kind, self.hidden)
        attribute = self._create_attribute("Zqx unseen", "always", "a")
        self._describe(self.hidden, attribute, 0)
        self._hide()
        text = self.url_open(self.plain.website_url).text
        self.assertNotIn("unseen", text)
        self.assertNotIn(self.hidden.default_code, text)

    def test_an_order_of_it(self):
        """The form of the page, with another product in it."""
        self._hide()
        answer = self._rpc(
            "/shop/table/add_row",
            product_id=self.hidden.id,
            quantity="1",
            cart_id=0,
            agreement_id=self.agreement.id,
            uom_id=0,
        )
        self.assertNotIn("unseen", answer.text)
        lines = self.env["sale.order.line"].search(
            [("product_id", "=", self.hidden.id), ("order_id.state", "=", "draft")]
        )
        self.assertFalse(lines)
