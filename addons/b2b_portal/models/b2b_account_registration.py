# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Domain


class B2bAccount(models.Model):
    _inherit = "b2b.account"

    segment_id = fields.Many2one(
        "b2b.segment",
        ondelete="restrict",
        groups="base.group_user",
        tracking=True,
    )
    registration_ids = fields.One2many(
        "b2b.registration", "account_id", groups="b2b_portal.group_staff_user"
    )

    def _b2b_entity_approved(self, entity):
        """Called once a legal entity (single, sudo) has entered the account.

        A hook for what a new legal entity starts with, such as a contract.
        """
        self.ensure_one()

    def _b2b_get_deciders(self, object_name, verb):
        """Members (sudo) of this account (single) whose rights reach all of it.

        :return: ``b2b.member`` records with a grant of this object and verb
        """
        self.ensure_one()
        members = self.sudo().member_ids
        permissions = members._get_permissions()
        return members.filtered(
            lambda member: any(
                (grant.object, grant.verb) == (object_name, verb)
                for grant in member._build_grants(permissions[member])
            )
        )

    def _b2b_get_assignable_roles(self):
        """Roles (sudo) that members of this account (single) may give."""
        self.ensure_one()
        own = Domain("account_id", "=", False) | Domain("account_id", "=", self.id)
        return self.env["b2b.role"].sudo().search(own & Domain("assignable", "=", True))
