# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urlencode

import werkzeug.exceptions

from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _name = "ir.http"
    _inherit = ["ir.http"]

    @classmethod
    def _pre_dispatch(cls, rule, args):  # pylint: disable=missing-return
        """Close what the website keeps from this visitor, before core looks at it.

        Core's own redirection to an address with the record's name comes later.
        """
        paths = [request.httprequest.path, *rule.endpoint.routing["routes"]]
        if cls._b2b_get_refusal(paths):
            cls._b2b_refuse(rule.endpoint.routing)
        super()._pre_dispatch(rule, args)

    @classmethod
    def _b2b_get_refusal(cls, paths):
        website_id = getattr(request, "website_routing", None)
        if not website_id or not request.env.uid:
            return None
        website = request.env["website"].browse(website_id)
        refusal = website._b2b_get_refusal(paths)
        # what is no page of the website is guarded by rules and fields
        is_page = getattr(request, "is_frontend", True)
        return refusal if is_page or refusal == "prices" else None

    @classmethod
    def _b2b_refuse(cls, routing):
        """End the request: with a page for people, with an error for programs.

        :raise HTTPException: always
        """
        page = routing["type"] == "http" and request.httprequest.method in (
            "GET",
            "HEAD",
        )
        if not page or not getattr(request, "is_frontend", False):
            raise werkzeug.exceptions.Forbidden
        werkzeug.exceptions.abort(cls._b2b_redirect_refused())

    @classmethod
    def _b2b_redirect_refused(cls):
        """Where somebody is sent who may not see a page: sign in, else their desk."""
        if request.env.user._is_public():
            query = urlencode({"redirect": request.httprequest.full_path.rstrip("?")})
            return request.redirect(f"/web/login?{query}")
        return request.redirect(
            "/shop" if request.env["website"]._b2b_may_see("catalogue") else "/my"
        )

    @classmethod
    def _serve_fallback(cls):
        """Close the pages that the seller has built, too."""
        if cls._b2b_get_refusal([request.httprequest.path]):
            return cls._b2b_redirect_refused()
        return super()._serve_fallback()
