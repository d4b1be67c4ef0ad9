# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class WebsitePage(models.Model):
    _inherit = "website.page"

    b2b_public = fields.Boolean(
        "Public on a closed site",
        help="Visitors see this page though the website is closed: imprint, terms, "
        "privacy.",
    )


class WebsitePageProperties(models.TransientModel):  # pylint: disable=no-wizard-in-models
    _inherit = "website.page.properties"

    b2b_public = fields.Boolean(related="target_model_id.b2b_public", readonly=False)
