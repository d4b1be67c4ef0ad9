# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from .b2b_scope_mixin import VERB_OF_MODE


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _b2b_is_scoped(self, model_name):
        """Whether the scope engine, not core's portal rules, judges the access."""
        model = self.env.registry.get(model_name)
        return (
            not self.env.su
            and model is not None
            and hasattr(model, "_b2b_scope_domain")
            and self.env["b2b.member"]._is_member(self.env.user)
        )

    def _get_rules(self, model_name, mode="read"):
        """Leave a member only the global rules on a scoped model.

        Core's portal rules follow the contact's company: too wide (colleagues'
        orders) and too narrow (one person, several legal entities).
        """
        rules = super()._get_rules(model_name, mode)
        if rules and self._b2b_is_scoped(model_name):
            rules = rules.filtered(lambda rule: not rule.sudo().groups)
        return rules

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """Add the member's scope to the cached domain of the rules.

        The scope stays out of the ormcache: a right that was revoked acts on
        the next request, in every worker.
        """
        domain = super()._compute_domain(model_name, mode)
        if self._b2b_is_scoped(model_name):
            model = self.env[model_name]
            domain &= model._b2b_scope_domain(VERB_OF_MODE[mode])
            domain = domain.optimize(model)
        return domain
