# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request

from ..tools.parse_id import parse_id


class IrHttp(models.AbstractModel):
    """What an address or a form of a page may hold, before a controller reads it."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):  # pylint: disable=missing-return
        super()._pre_dispatch(rule, args)
        routing = rule.endpoint.routing
        if not routing.get("website") or routing["type"] != "http":
            return
        # what is put here goes before the same name in the address
        values = request.httprequest.values
        for name, value in values.items():
            if "\0" in value and name not in args:
                # PostgreSQL refuses the zero byte, which nobody types
                args[name] = value.replace("\0", " ")
        if "page" in values and any("<int:page>" in r for r in routing["routes"]):
            # '?page=' is a text, while '/page/2' is a number
            args.setdefault("page", max(parse_id(values["page"]), 1))
