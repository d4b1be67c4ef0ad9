# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

# What of an address decides on the price region of agreements.
REGION_FIELDS = {
    "city",
    "state_id",
    "type",
    "parent_id",
    "active",
    "b2b_agreement_id",
}


class ResPartner(models.Model):
    """Addresses decide on the price region of agreements."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        addresses = partners.filtered(lambda p: p.type == "delivery" and p.parent_id)
        addresses._b2b_refresh_regions()
        return partners

    def write(self, vals):
        fields_changed = REGION_FIELDS & vals.keys()
        entities = self.commercial_partner_id if fields_changed else self.browse()
        result = super().write(vals)
        if fields_changed:
            (self | entities)._b2b_refresh_regions()
        return result

    def unlink(self):
        entities = self.commercial_partner_id - self
        result = super().unlink()
        entities._b2b_refresh_regions()
        return result

    def _b2b_refresh_regions(self):
        """The region of the agreements of these legal entities (batch) anew."""
        entities = self.sudo().commercial_partner_id.filtered("b2b_account_id")
        if not entities:
            return
        Agreement = self.env["b2b.agreement"].sudo().with_context(active_test=False)
        agreements = Agreement.search(
            [("entity_id", "in", entities.ids), ("region_source", "=", "delivery")]
        )
        agreements._b2b_refresh_region()
