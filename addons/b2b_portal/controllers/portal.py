# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class MemberPortal(CustomerPortal):
    """Core's portal pages for members: the scope engine narrows the lists."""

    def _prepare_portal_layout_values(self):
        values = super()._prepare_portal_layout_values()
        if request.website._b2b_is_member():
            acting = request.b2b
            values["sales_user"] = acting.member.account_id.manager_id.sudo()
        return values

    def _prepare_quotations_domain(self, partner):
        if request.website._b2b_is_member():
            return [("state", "=", "sent")]
        return super()._prepare_quotations_domain(partner)

    def _prepare_orders_domain(self, partner):
        if request.website._b2b_is_member():
            return [("state", "=", "sale")]
        return super()._prepare_orders_domain(partner)

    def _prepare_sale_portal_rendering_values(self, sortby=None, **kwargs):
        # A sorting that nobody offers would be a server error in core.
        if sortby not in self._get_sale_searchbar_sortings():
            sortby = None
        return super()._prepare_sale_portal_rendering_values(sortby=sortby, **kwargs)
