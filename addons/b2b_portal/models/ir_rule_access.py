# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain

# What a catalogue consists of; core opens all of it to visitors by RPC.
CATALOGUE_MODELS = frozenset(
    (
        "product.template",
        "product.product",
        "product.public.category",
        "product.category",
        "product.image",
        "product.tag",
        "product.ribbon",
        "product.attribute",
        "product.attribute.value",
        "product.template.attribute.line",
        "product.template.attribute.value",
        "product.template.attribute.exclusion",
        "product.combo",
        "product.combo.item",
        "product.wishlist",
    )
)


class IrRule(models.Model):
    _name = "ir.rule"
    _inherit = ["ir.rule"]

    @api.model
    def _b2b_get_live_domain(self, model_name, mode):
        """Keep the catalogue from visitors who may not see it."""
        domain = super()._b2b_get_live_domain(model_name, mode)
        if model_name not in CATALOGUE_MODELS or not self.env.user.share:
            return domain
        website = self.env["website"]
        if not website._b2b_may_see("catalogue"):
            return Domain.FALSE
        if model_name == "product.template" and website._b2b_has_closed():
            # by RPC, core serves the products of every website
            domain &= Domain("website_id", "in", (False, website._b2b_get_visited().id))
        return domain
