# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.b2b_portal.models.website import Acting
from odoo.addons.b2b_portal.models.website_behalf import BEHALF_KEY, Behalf


class B2bSearchViewpoint(models.AbstractModel):
    """With whose eyes staff look at a search."""

    _name = "b2b.search.viewpoint"
    _description = "Viewpoint of a Search"

    website_id = fields.Many2one(
        "website", required=True, default=lambda self: self._get_default_website()
    )
    agreement_id = fields.Many2one(
        "b2b.agreement",
        "As the customer",
        domain=[("state", "=", "active")],
        help="With the assortment, the stock and the purchases of its customer. Left "
        "empty: as yourself.",
    )
    account_id = fields.Many2one(related="agreement_id.account_id")
    member_id = fields.Many2one(
        "b2b.member",
        compute="_compute_member_id",
        store=True,
        readonly=False,
        domain="[('account_id', '=', account_id)]",
    )

    @api.model
    def _get_default_website(self):
        return self.env["website"].get_current_website()

    @api.depends("agreement_id")
    def _compute_member_id(self):
        """The first member of the customer, unless one of its own is chosen."""
        for wizard in self:
            account, member = wizard.agreement_id.account_id, wizard.member_id
            if not account or member.account_id != account:
                member = account.member_ids.filtered("active")[:1]
            wizard.member_id = member

    def _get_provider(self):
        """``b2b.catalogue`` with the eyes of the chosen one (single wizard)."""
        website, agreement = self.website_id.sudo(), self.agreement_id
        if agreement and self.member_id:
            agreement.check_access("read")
            self.member_id.check_access("read")
            lists = self.env["b2b.price.list"]
            user = self.member_id.sudo().user_id
            return lists._as_user(website, agreement, user).env["b2b.catalogue"]
        nobody = Acting(
            self.env["b2b.member"].sudo(),
            self.env["res.partner"].sudo(),
            self.env["b2b.agreement"].sudo(),
        )
        return self.env["b2b.catalogue"].with_context(
            website_id=website.id, **{BEHALF_KEY: Behalf(website, nobody)}
        )
