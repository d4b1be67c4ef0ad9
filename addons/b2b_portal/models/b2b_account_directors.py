# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class B2bAccount(models.Model):
    """An account is never left without somebody who manages its members."""

    _inherit = "b2b.account"

    invitation_ids = fields.One2many("b2b.invitation", "account_id", "Invitations")

    def _b2b_lock(self):  # pylint: disable=missing-return
        """With the account (single) its members: their rights are read anew."""
        self.ensure_one()
        super()._b2b_lock()
        self.env.invalidate_all()
        self.env["b2b.member"]._forget_grants()

    def _b2b_get_directors(self):
        """Members of the account (single) who may change every member of it.

        :return: ``b2b.member`` records in sudo
        """
        self.ensure_one()
        return self.sudo().member_ids.filtered(
            lambda member: (
                member.active and member.user_id.active and member._b2b_is_director()
            )
        )

    def _b2b_check_director_left(self, before):
        """Refuse a change that has taken the account's (single) last director.

        :param before: directors before the change; where there were none, nothing
            is taken
        :raise UserError: with a text for the customer
        """
        if before and not self._b2b_get_directors():
            raise UserError(
                self.env._(
                    "%(name)s is the last one who manages the members of "
                    "%(account)s. Give this right to somebody else first.",
                    name=before[0].name,
                    account=self.name,
                )
            )
