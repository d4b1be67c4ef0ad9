# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request

from ..tools.refusal import Refusal
from .website_access import _begins

_KINDS = ("text/html", "application/json")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):  # pylint: disable=missing-return
        """Close pages that are nothing but prices while the client mode is on."""
        super()._pre_dispatch(rule, args)
        if not hasattr(request, "b2b") or not request.website._b2b_in_client_mode():
            return
        closed = request.website._b2b_get_client_mode_closed()
        paths = [request.httprequest.path, *rule.endpoint.routing["routes"]]
        if any(_begins(path, closed) for path in paths):
            raise Refusal(text=request.website._b2b_get_client_mode_text())

    @classmethod
    def _post_dispatch(cls, response):  # pylint: disable=missing-return
        """Keep members' pages out of every cache: one address, other prices for each.

        Out of the browser's too: 'back' must not bring prices from before the client
        mode, or from before a sign-out.
        """
        super()._post_dispatch(response)
        if (
            getattr(request, "is_frontend", False)
            and hasattr(request, "b2b")
            and "Cache-Control" not in response.headers
            and response.mimetype in _KINDS
            and request.session.uid
            and request.env["b2b.member"]._is_member(request.env.user)
        ):
            response.headers["Cache-Control"] = "private, no-store"
