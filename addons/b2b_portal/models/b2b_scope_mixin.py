# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# The ORM's access modes and the verbs that a permission speaks of.
VERB_OF_MODE = {
    "read": "read",
    "write": "write",
    "create": "create",
    "unlink": "delete",
}


class B2bScopeMixin(models.AbstractModel):
    """What a member may see and do, for one model.

    The scope engine: ``ir.rule`` asks :meth:`_b2b_scope_domain` for every
    access of a member (DESIGN section 4), so ORM, RPC, reports, attachments and
    chatter obey the same answer as our pages. A model states where its legal
    entity and its member are; nothing else is needed in the usual case.
    """

    _name = "b2b.scope.mixin"
    _inherit = "b2b.lock.mixin"
    _description = "Scope of a customer's member"

    _b2b_entity_path = "entity_id"
    _b2b_member_path = None

    @api.model
    def _b2b_objects(self):
        """Objects of the permission table that this model's records stand for.

        :return: dict object name -> Domain of the records that are that object
        """
        raise NotImplementedError

    @api.model
    def _b2b_grant_domain(self, grant):
        """Records that one grant reaches, by plain ids.

        :param grant: :class:`~.b2b_member.Grant`
        :return: Domain
        """
        entity_ids = grant.get_entity_ids()
        domain = Domain(self._b2b_entity_path, "in", entity_ids)
        member_ids = grant.get_member_ids()
        if self._b2b_member_path and member_ids is not None:
            domain &= Domain(self._b2b_member_path, "in", member_ids)
        return domain

    @api.model
    def _b2b_scope_domain(self, verb):
        """Records on which the current user, a member, may do ``verb``.

        :param str verb: a verb of ``b2b.permission``
        :return: Domain; ``Domain.FALSE`` where no permission says otherwise
        """
        grants = self.env["b2b.member"]._get_grants()
        return Domain.OR(
            Domain(condition) & self._b2b_grant_domain(grant)
            for name, condition in self._b2b_objects().items()
            for grant in grants
            if grant.object == name and grant.verb == verb
        )

    def _b2b_filtered(self, verb):
        """Records of ``self`` (batch) on which the current user may do ``verb``.

        Users who are no members, and superuser environments of the server
        itself, are not judged here: their rights come from core.
        """
        if not self.env["b2b.member"]._is_member(self.env.user):
            return self
        # In sudo: whoever may not even read a record gets no error, but nothing.
        domain = self._b2b_scope_domain(verb)
        return self.browse(self.sudo().filtered_domain(domain).ids)

    def _b2b_check(self, verb):
        """Refuse unless the user may do ``verb`` on every record of ``self``.

        For verbs that the ORM does not know and for records in sudo.

        :raise AccessError: with a text for the customer
        """
        if self._b2b_filtered(verb) != self:
            raise AccessError(
                self.env._(
                    "Your role does not allow this. Ask the director of your account."
                )
            )


class B2bScopeChildMixin(models.AbstractModel):
    """Lines that share the scope of the record they belong to."""

    _name = "b2b.scope.child.mixin"
    _inherit = "b2b.scope.mixin"
    _description = "Scope of a line: that of its parent"

    _b2b_parent_field = None

    @api.model
    def _b2b_scope_domain(self, verb):
        """See :meth:`B2bScopeMixin._b2b_scope_domain`."""
        field = self._fields[self._b2b_parent_field]
        parent_domain = self.env[field.comodel_name]._b2b_scope_domain(verb)
        return Domain(self._b2b_parent_field, "any!", parent_domain)
