# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.b2b_portal.models.b2b_product_link import Linked

MAX_KITS = 12


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _b2b_get_linked(self, variant, facts=None):
        """Add the parts of a kit, and the kits that a part belongs to."""
        linked = super()._b2b_get_linked(variant, facts)
        return (
            linked
            + self._b2b_get_part_links(variant)
            + self._b2b_get_kit_links(variant)
        )

    def _b2b_get_kit_company(self):
        """The company whose kits the page shows."""
        acting = getattr(request, "b2b", None) if request else None
        agreement = acting and acting.agreement
        return (agreement and agreement.company_id) or self.env.company

    def _b2b_get_part_links(self, variant):
        """Parts of the variant where it is a kit, as the bill of materials has them."""
        bom = variant._b2b_get_kit_boms(self._b2b_get_kit_company()).get(variant)
        if not bom:
            return []
        parts = variant.sudo()._b2b_get_kit_lines(bom)
        return [
            Linked("part", part.product_tmpl_id.id, part.id, quantity=quantity)
            for part, quantity in parts.items()
        ]

    def _b2b_get_kit_links(self, variant):
        """Kits that hold the variant."""
        company = self._b2b_get_kit_company()
        boms = self.env["mrp.bom"].sudo()
        boms = boms.search_fetch(
            Domain("bom_line_ids.product_id", "=", variant.id)
            & Domain("type", "=", "phantom")
            & Domain("company_id", "in", (False, company.id)),
            ["product_tmpl_id", "product_id"],
            limit=MAX_KITS,
        )
        kits = {(bom.product_tmpl_id.id, bom.product_id.id or 0) for bom in boms}
        return [
            Linked("kit", template_id, variant_id)
            for template_id, variant_id in sorted(kits)
        ]
