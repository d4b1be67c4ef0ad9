# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_section_kinds(self):
        """Parts right after the analogues, kits before what a product fits."""
        sections = super()._b2b_get_section_kinds()
        sections.insert(1, ("parts", ("part",)))
        sections.insert(-2, ("kits", ("kit",)))
        return sections

    def _b2b_get_section_titles(self):
        return super()._b2b_get_section_titles() | {
            "parts": self.env._("What is in the kit"),
            "kits": self.env._("Kits with it"),
        }
