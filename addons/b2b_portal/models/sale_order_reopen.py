# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """A placed order goes back to the carts, to be changed and placed again."""

    _inherit = "sale.order"

    def _b2b_get_reopen_refusal(self):
        """Why the placed order (single, sudo) cannot be changed any more.

        :return: text for the customer, or False
        """
        self.ensure_one()
        if self.state != "sale" or not self.b2b_member_id:
            return self.env._("%(name)s is not a placed order.", name=self.name)
        if self.locked:
            return self.env._(
                "%(name)s is locked. Ask your manager to change it.", name=self.name
            )
        if any(picking.state == "done" for picking in self.picking_ids):
            return self.env._(
                "%(name)s has been shipped, at least in part. Ask your manager.",
                name=self.name,
            )
        if any(invoice.state == "posted" for invoice in self.invoice_ids):
            return self.env._(
                "%(name)s has been invoiced. Ask your manager.", name=self.name
            )
        return False

    def _b2b_reopen(self, website):
        """Make a cart of the placed order (single, sudo with the member's uid).

        Transfers and draft invoices are cancelled, the proforma is cancelled until
        the order is placed again under the same number; every check runs then.

        :param website: where the cart is to be found
        :raise AccessError: the role does not allow it
        :raise UserError: the order is on its way; nothing has changed
        """
        self.ensure_one()
        self._b2b_lock()
        self._b2b_check("write")
        if refusal := self._b2b_get_reopen_refusal():
            raise UserError(refusal)
        self._action_cancel()
        self.action_draft()
        self.write(
            {
                "b2b_submitted_at": False,
                "b2b_name": self.b2b_name or self.name,
                "website_id": website.id,
            }
        )
        self.message_post(
            body=self.env._("Taken back to be changed."),
            author_id=self.env.user.partner_id.id,
        )
