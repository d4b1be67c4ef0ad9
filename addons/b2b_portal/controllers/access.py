# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.website.controllers.main import Website
from odoo.addons.website_sale.controllers.main import WebsiteSale


class AccessShop(WebsiteSale):
    @route()
    def product_document(self, product_template, document_id):
        """Product documents, where the visitor may see them."""
        if not request.website._b2b_may_see("documents"):
            raise NotFound
        return super().product_document(product_template, document_id)

    @route()
    def pricelist(self, promo, **post):
        """Codes change prices: they are for those who may see discounts."""
        if not request.website._b2b_may_see("promotions"):
            return request.redirect("/shop")
        return super().pricelist(promo, **post)


class AccessWebsite(Website):
    @route()
    def robots(self, **kwargs):
        """Search engines have no business on a closed website."""
        if request.website.sudo().b2b_access_mode == "closed":
            return request.make_response(
                "User-agent: *\nDisallow: /\n", [("Content-Type", "text/plain")]
            )
        return super().robots(**kwargs)

    @route()
    def sitemap_xml_index(self, **kwargs):
        """No addresses of a catalogue that is not for everyone.

        Core keeps a sitemap for hours and serves it to all: it is not built here.
        """
        if request.website.sudo().b2b_show_catalogue != "everyone":
            raise NotFound
        return super().sitemap_xml_index(**kwargs)
