# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain

from .b2b_scope_mixin import VERB_OF_MODE

# Compared by identity: a context that comes with an RPC call cannot hold it.
_BARE = object()


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
        """Add what changes from request to request to the cached domain.

        It stays out of the ormcache: a right that was revoked acts on the next
        request, in every worker. Core asks for the models of ``_inherits`` from
        inside its cached method; those calls get the bare rules, and the live
        part of the parents is added out here.
        """
        rules = self.with_context(b2b_bare_rules=_BARE)
        domain = super(IrRule, rules)._compute_domain(model_name, mode)
        if self.env.su or self.env.context.get("b2b_bare_rules") is _BARE:
            return domain
        live = self._b2b_get_live_domain(model_name, mode)
        return (
            domain if live.is_true() else (domain & live).optimize(self.env[model_name])
        )

    @api.model
    def _b2b_get_live_domain(self, model_name, mode):
        """Records of a model, and of those it inherits, that rights leave open.

        A hook: addons narrow super's domain.

        :return: Domain, ``Domain.TRUE`` where nothing is to be added
        """
        domain = Domain.TRUE
        for parent, field_name in self.env[model_name]._inherits.items():
            if self.env[model_name]._fields[field_name].store:
                live = self._b2b_get_live_domain(parent, mode)
                if not live.is_true():
                    domain &= Domain(field_name, "any", live)
        if self._b2b_is_scoped(model_name):
            domain &= self.env[model_name]._b2b_scope_domain(VERB_OF_MODE[mode])
        return domain
