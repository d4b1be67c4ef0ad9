# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
import tempfile
import zipfile

from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import Controller, content_disposition, request, route

from odoo.addons.website_sale.controllers.main import WebsiteSale

from ..tools.parse_id import parse_id
from .common import MemberPages

_MAX_QUANTITY = 1e9
# What a zip of documents may hold.
_MAX_ZIP = 200 * 1024 * 1024


class ProductPage(WebsiteSale):
    """Core's page of a product with the members' page in its place."""

    @route()
    def product(self, product, category=None, pricelist=None, **kwargs):
        """The page of members; core's for whoever acts under no agreement."""
        website, acting = request.website, request.b2b
        facts = acting and acting.agreement and product.sudo()._b2b_get_facts()
        if not facts or not website._b2b_has_product_page(product, facts):
            return super().product(product, category, pricelist, **kwargs)
        wanted = str(kwargs.get("attribute_values") or "").split(",")
        values = website._b2b_get_product_values(
            product, [parse_id(text) for text in wanted[:100]], facts
        )
        if not values:
            raise NotFound
        return request.render("b2b_portal.product_page", values)

    @route()
    def product_document(self, product_template, document_id):
        """No document whose time has not come or has passed."""
        documents = request.env["product.document"].sudo()
        domain = documents._b2b_get_shown_domain(product_template)
        if not documents.search_count(domain & Domain("id", "=", document_id)):
            raise NotFound
        return super().product_document(product_template, document_id)

    @route(
        '/shop/<model("product.template"):product_template>/documents',
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def product_documents(self, product_template, **kwargs):
        """All documents of a product as one zip file.

        :raise NotFound: there are none, for this visitor
        """
        product_template.check_access("read")
        documents = request.website._b2b_get_documents(product_template)
        documents = documents.filtered(lambda document: document.type == "binary")
        if not documents:
            raise NotFound
        name = product_template.default_code or product_template.name
        return request.make_response(
            self._zip(documents),
            [
                ("Content-Type", "application/zip"),
                ("Content-Disposition", content_disposition(f"{name}.zip")),
            ],
        )

    def _zip(self, documents):
        """A zip file of documents (batch, sudo); bytes."""
        used, total = set(), 0
        with tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024) as target:
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                for document in documents:
                    total += document.file_size
                    if total > _MAX_ZIP:
                        break
                    archive.writestr(
                        self._get_member_name(document.name, used), document.raw or b""
                    )
            target.seek(0)
            return target.read()

    def _get_member_name(self, name, used):
        """A file name that leads nowhere else and is unique in the archive."""
        clean = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name or "").strip(". ") or "file"
        base, dot, ending = clean.rpartition(".")
        stem = base if dot else clean
        number, result = 1, clean
        while result.lower() in used:
            number += 1
            result = f"{stem} ({number}){dot}{ending if dot else ''}"
        used.add(result.lower())
        return result


class ProductPrices(MemberPages, Controller):
    """What the members' page of a product asks for while it is open."""

    @route(
        "/shop/product/price", type="jsonrpc", auth="user", website=True, readonly=True
    )
    def product_price(self, product_id, quantity="", uom_id=0):
        """Prices of a variant for a quantity and a unit.

        :param str quantity: as it was typed; what is none counts as one
        :return: dict: block (HTML), sum (text or empty)
        :raise NotFound: no such product for this visitor
        """
        self._check_member()
        website = request.website
        domain = Domain(website.sale_product_domain())
        domain &= Domain("id", "=", parse_id(product_id))
        product = request.env["product.product"].search(domain)
        if not product or not request.b2b.agreement:
            raise NotFound
        number, problem = self._read_quantity(str(quantity))
        asked = float(number or 0)
        if problem or not 0 < asked < _MAX_QUANTITY:
            asked = 0.0
        uom = request.env["uom.uom"].browse(parse_id(uom_id) or [])
        if uom not in product._b2b_allowed_units():
            uom = product.uom_id
        (row,) = website._b2b_get_order_rows(product, asked or 1.0, uom)
        block = request.env["ir.ui.view"]._render_template(
            "b2b_portal.price_block",
            website._b2b_get_price_values() | {"b2b_row": row, "website": website},
        )
        total = ""
        if asked and row.price is not None:
            total = row.currency.format(row.currency.round(row.price * asked))
        return {"block": block, "sum": total}
