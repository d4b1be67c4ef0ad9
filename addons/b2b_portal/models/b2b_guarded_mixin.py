# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain


class B2bGuardedMixin(models.AbstractModel):
    """Fields that a website may keep from its visitors, such as prices.

    A field of :attr:`_b2b_guarded` is refused to visitors who may not see its
    content on the website they visit: in reads, searches, orders, groups and
    exports, by page and by RPC. Code in sudo is not judged: what it shows, it
    must ask ``website._b2b_may_see`` for.
    """

    _name = "b2b.guarded.mixin"
    _description = "Fields that a website may hide"

    # field name -> content of the access matrix, see website._b2b_may_see
    _b2b_guarded = {}

    def _has_field_access(self, field, operation):
        content = self._b2b_guarded.get(field.name)
        if (
            content
            and not self.env.su
            and not self.env["website"]._b2b_may_see(content)
        ):
            return False
        return super()._has_field_access(field, operation)

    def _can_return_content(self, field_name=None, access_token=None):
        """No image of a catalogue that is closed to the visitor.

        Core serves images of whatever is published without asking the rules.
        """
        content = self._b2b_guarded.get(field_name, "catalogue")
        if not self.env["website"]._b2b_may_see(content):
            return False
        return super()._can_return_content(field_name, access_token)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Refuse conditions on guarded fields.

        Core judges the fields of a domain itself, but not those reached through
        ``_inherits``: there it goes on in sudo.
        """
        if not self.env.su and not self.env["website"]._b2b_sees_all():
            self._b2b_check_conditions(Domain(domain))
        return super()._search(domain, *args, **kwargs)

    def _b2b_check_conditions(self, domain):
        """Check every field that a domain of this model names, at any depth.

        :raise AccessError: a condition is on a guarded field
        """
        for condition in domain.iter_conditions():
            model = self
            for name in condition.field_expr.split("."):
                field = model._fields.get(name)
                if field is None:
                    break
                if hasattr(model, "_b2b_guarded"):
                    model._check_field_access(field, "read")
                if not field.relational:
                    break
                model = self.env[field.comodel_name]
            if isinstance(condition.value, (Domain, list, tuple)) and (
                condition.operator.removeprefix("not ") in ("any", "any!")
            ):
                self._b2b_check_conditions.__func__(model, Domain(condition.value))
