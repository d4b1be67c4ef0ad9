# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain

# What tells of a product by its name, and the fields that lead there.
PARTS = {
    "product.image": ("product_tmpl_id", "product_variant_id.product_tmpl_id"),
    "product.template.attribute.line": ("product_tmpl_id",),
    "product.template.attribute.value": ("product_tmpl_id",),
    "product.template.attribute.exclusion": ("product_tmpl_id",),
    "product.combo.item": ("product_id.product_tmpl_id",),
    "product.wishlist": ("product_id.product_tmpl_id",),
}
# Groups of goods that are closed with all that is in them.
GROUPS = {"product.public.category": "sections", "b2b.brand": "brands"}


class IrRule(models.Model):
    _name = "ir.rule"
    _inherit = ["ir.rule"]

    @api.model
    def _b2b_get_live_domain(self, model_name, mode):
        """Keep from customers, portal users and guests what is not for them."""
        domain = super()._b2b_get_live_domain(model_name, mode)
        if not self.env.user.share:
            return domain
        if model_name in GROUPS:
            return domain & self._b2b_get_group_domain(GROUPS[model_name])
        paths = PARTS.get(model_name)
        if not paths and model_name != "product.template":
            return domain
        visible = self.env["product.template"]._b2b_get_visitor_domain()
        if model_name == "product.image":
            # core gives pictures of goods that are not published to whoever asks
            visible &= Domain("is_published", "=", True)
        if visible.is_true():
            return domain
        if not paths:
            return domain & visible
        return domain & Domain.AND(self._b2b_reach(path, visible) for path in paths)

    @api.model
    def _b2b_reach(self, path, visible):
        """Records without a product at the end of a path, or with a visible one."""
        first, *rest = path.split(".")
        inner = self._b2b_reach(".".join(rest), visible) if rest else visible
        return Domain(first, "=", False) | Domain(first, "any!", inner)

    @api.model
    def _b2b_get_group_domain(self, name):
        found = self.env["website"]._b2b_get_assortments()
        if not found:
            return Domain.TRUE
        closed = set.intersection(*(a.get_closed(name) for a in found))
        return Domain("id", "not in", list(closed)) if closed else Domain.TRUE
