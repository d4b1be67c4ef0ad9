# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request
from odoo.tools import lazy


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _frontend_pre_dispatch(cls):  # pylint: disable=missing-return
        super()._frontend_pre_dispatch()
        request.b2b = lazy(request.website._b2b_get_acting)

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Scripts of our pages speak the visitor's language, too."""
        return [*super()._get_translation_frontend_modules_name(), "b2b_portal"]
