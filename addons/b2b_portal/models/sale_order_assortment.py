# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Goods that are not for the customer are not ordered; documents keep their lines."""

from odoo import models
from odoo.exceptions import UserError, ValidationError

_HIDDEN_KEY = "b2b_hidden_products"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _b2b_get_hidden(self, products):
        """Those of the products (batch) that the order's (single) customer sees not.

        Staff sell what they like: they are never asked.
        """
        if not self.env.user.share or not products:
            return products.browse()
        templates = self.env["product.template"].sudo()
        domain = self.website_id.sudo()._b2b_get_order_domain(self, templates)
        return products - products._b2b_get_offered(domain)

    # === INTO THE CART === #

    def _cart_add(self, product_id, quantity=1.0, *, uom_id=None, **kwargs):
        product = self.env["product.product"].sudo().browse(product_id).exists()
        if self._b2b_get_hidden(product):
            raise UserError(
                self.env._("We have no such product: it cannot be put into the cart.")
            )
        return super()._cart_add(product_id, quantity, uom_id=uom_id, **kwargs)

    def _b2b_add(self, requests):
        """Answer wishes for hidden goods as if we had no such article."""
        products = self.env["product.product"].browse(
            {request.product.id for request in requests if request.product}
        )
        hidden = self._b2b_get_hidden(products)
        for request in requests:
            if request.product and request.product in hidden:
                request.reject("unknown_article")
                request.product = request.product.browse()
        kept = [request for request in requests if request.product]
        return super()._b2b_add(kept if hidden else requests)

    def _cart_accessories(self):
        accessories = super()._cart_accessories()
        offered = self.env["product.product"].union(*accessories)._b2b_get_offered()
        return [product for product in accessories if product in offered]

    # === CHECKOUT === #

    def _b2b_get_line_checks(self):
        hidden = self._b2b_get_hidden(self.order_line.product_id)
        order = self.with_context(**{_HIDDEN_KEY: tuple(hidden.ids)})
        return super(SaleOrder, order)._b2b_get_line_checks()

    def _b2b_judge_line(self, line, free):
        if line.product_id.id in self.env.context.get(_HIDDEN_KEY, ()):
            # what of it is in the cart is known to the customer: it may be named
            return "not_sold", self.env._(
                "%(product)s is not offered to you any more. Remove the line.",
                product=line.product_id.display_name,
            )
        return super()._b2b_judge_line(line, free)

    def _check_cart_is_ready_to_be_paid(self):
        hidden = self._b2b_get_hidden(self.order_line.product_id)
        if hidden:
            raise ValidationError(
                self.env._(
                    "%(product)s is not offered to you any more. Remove the line.",
                    product=hidden[0].display_name,
                )
            )
        return super()._check_cart_is_ready_to_be_paid()


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_order_domain(self, order, templates):
        """What the customer of an order (single) sees.

        An order under an agreement is judged by it, another one by its visitor.
        """
        if order.b2b_agreement_id:
            customer = self._b2b_get_customer(order.b2b_agreement_id)
            rules = self.env["b2b.assortment"].sudo()
            return rules._b2b_get_assortment(customer).get_domain()
        return templates.sudo(False)._b2b_get_visitor_domain()


class B2bCartImport(models.Model):
    _name = "b2b.cart.import"
    _inherit = ["b2b.cart.import"]

    def _find_products(self, articles):
        """Hidden goods are not found: the answer is that of an unknown article."""
        found = super()._find_products(articles)
        products = self.env["product.product"].sudo()
        products = products.union(*(group for group, _uom in found.values()))
        offered = products._b2b_get_offered()
        if offered == products:
            return found
        return {key: (group & offered, uom) for key, (group, uom) in found.items()}
