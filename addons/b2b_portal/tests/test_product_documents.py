# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io
import zipfile
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .product_page_common import ProductPageCase


@tagged("post_install", "-at_install")
class TestProductDocuments(ProductPageCase):
    """Documents of the product page: in their time, for those who may see them."""

    def _document(self, name, **values):
        return self.env["product.document"].create(
            {
                "name": name,
                "datas": base64.b64encode(name.encode()),
                "res_model": "product.template",
                "res_id": self.plain.product_tmpl_id.id,
                "shown_on_product_page": True,
            }
            | values
        )

    def test_documents(self):
        today = fields.Date.context_today(self.plain)
        old, coming = today - timedelta(days=1), today + timedelta(days=1)
        shown = self._document("zqx-passport.pdf", b2b_valid_until=today)
        same = self._document("zqx-passport.pdf")
        odd = self._document("../../zqx:etc.pdf")
        expired = self._document("zqx-expired.pdf", b2b_valid_until=old)
        later = self._document("zqx-later.pdf", b2b_valid_from=coming)
        inner = self._document("zqx-inner.pdf", shown_on_product_page=False)
        self._login(self.buyer)
        page = self._page(self.plain)
        text = page.text_content()
        self.assertIn("zqx-passport.pdf", text)
        for document in (expired, later, inner):
            self.assertNotIn(document.name, text)
        self.authenticate(None, None)
        text = self.url_open(self.plain.website_url).text
        self.assertIn("zqx-passport.pdf", text)
        self.assertNotIn("zqx-expired.pdf", text)
        self._login(self.buyer)
        url = f"/shop/{self.plain.product_tmpl_id.id}/document"
        for document in shown | same | odd:
            self.assertEqual(self.url_open(f"{url}/{document.id}").status_code, 200)
        for document in expired | later:
            self.assertEqual(self.url_open(f"{url}/{document.id}").status_code, 404)
        response = self.url_open(f"/shop/{self.plain.product_tmpl_id.id}/documents")
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            names = archive.namelist()
            self.assertEqual(len(set(names)), 3)
            self.assertFalse([name for name in names if "/" in name or ":" in name])
            self.assertIn(b"zqx-passport.pdf", archive.read("zqx-passport.pdf"))
        self.website.b2b_show_documents = "members"
        self.buyer.stage = "registered"
        self.assertNotIn("zqx-passport.pdf", self._page(self.plain).text_content())
        for address in (f"{url}/{shown.id}", f"{url}s"):
            self.assertEqual(self.url_open(address).status_code, 404, address)
        other = self.url_open(f"/shop/{self.broken.product_tmpl_id.id}/documents")
        self.assertEqual(other.status_code, 404)
