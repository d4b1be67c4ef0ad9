# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was found goes into the cart: the search was a good one."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _b2b_add(self, requests):
        result = super()._b2b_add(requests)
        products = self.env["product.product"].browse(
            {wish.product.id for wish in requests if wish.outcome != "rejected"}
        )
        self.env["b2b.search.visit"]._note_carts(products.sudo().product_tmpl_id)
        return result

    def _cart_add(self, product_id, quantity=1.0, *, uom_id=None, **kwargs):
        result = super()._cart_add(product_id, quantity, uom_id=uom_id, **kwargs)
        product = self.env["product.product"].sudo().browse(product_id)
        self.env["b2b.search.visit"]._note_carts(product.product_tmpl_id)
        return result
