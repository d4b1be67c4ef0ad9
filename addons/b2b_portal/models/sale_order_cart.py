# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass
from math import floor

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare


@dataclass
class CartRequest:
    """One wish for the cart: a product, a unit and a quantity, and its outcome.

    ``outcome`` is 'added', 'changed' or 'rejected'; ``reasons`` are codes that
    :meth:`b2b.cart.import.line._get_wish_text` turns into words.
    """

    product: object
    uom: object
    quantity: float
    outcome: str = "added"
    reasons: tuple = ()
    added_quantity: float = 0.0
    # what the line would hold, where that cannot be ordered
    wish: float = 0.0
    # the customer's own article number that named the product, if one did
    code: object = None

    def reject(self, reason):
        """Leave the wish out, saying why."""
        self.outcome, self.reasons, self.added_quantity = "rejected", (reason,), 0.0

    def change(self, quantity, reason):
        """Take another quantity than was wished, saying why."""
        self.outcome, self.added_quantity = "changed", quantity
        self.reasons = (*self.reasons, reason)


class SaleOrder(models.Model):
    """The cart: a draft order with a name, an agreement and an owner."""

    _inherit = "sale.order"

    @api.model
    def _b2b_cart_domain(self, website):
        """Carts of the portal that the current user sees (scope aside)."""
        return [
            ("state", "=", "draft"),
            ("b2b_member_id", "!=", False),
            ("website_id", "=", website.id),
        ]

    @api.model
    def _b2b_next_cart_name(self, member):
        """'Cart N' for a member's new cart."""
        count = self.sudo().search_count([("b2b_member_id", "=", member.id)])
        return self.env._("Cart %(number)s", number=count + 1)

    def _update_address(self, partner_id, fnames=None):
        """Keep the legal entity as the buyer.

        Core rewrites the partner of a cart to the contact of whoever is logged
        in, at every page view.
        """
        if self.b2b_member_id and fnames == ["partner_id"]:
            return None
        return super()._update_address(partner_id, fnames)

    def _get_shop_warehouse_id(self):
        warehouse = self.b2b_agreement_id.sudo().warehouse_id
        return warehouse.id or super()._get_shop_warehouse_id()

    def _filter_can_send_abandoned_cart_mail(self):
        """A parked cart of a member is work in progress, not abandoned."""
        parked = self.filtered("b2b_member_id")
        return super(SaleOrder, self - parked)._filter_can_send_abandoned_cart_mail()

    # === WRITING === #

    def _b2b_check_cart_write(self):
        """Refuse to change a cart (single) that is closed or not the user's.

        :raise AccessError: the role does not allow it
        :raise UserError: the cart has become an order
        """
        self.ensure_one()
        if self.b2b_member_id:
            if self.state != "draft":
                raise UserError(
                    self.env._(
                        "%(name)s has been ordered already. Open another cart.",
                        name=self.b2b_name or self.name,
                    )
                )
            self._b2b_check("write")

    def _cart_add(self, product_id, quantity=1.0, *, uom_id=None, **kwargs):
        self._b2b_check_cart_write()
        return super()._cart_add(product_id, quantity, uom_id=uom_id, **kwargs)

    def _cart_update_line_quantity(self, line_id, quantity, **kwargs):
        if self:
            self._b2b_check_cart_write()
        return super()._cart_update_line_quantity(line_id, quantity, **kwargs)

    def _b2b_add(self, requests):
        """Put many wishes into the cart (single) at once.

        The one way into the cart for lists: units, minimum, step, maximum and stock
        are judged here. The number of queries does not grow with the requests.

        :param list requests: :class:`CartRequest`; changed in place
        """
        self._b2b_check_cart_write()
        self = self.with_company(self.company_id)
        lines = {
            (line.product_id, line.product_uom_id): line
            for line in self.order_line
            if line.product_id and not line.linked_line_id and not line.combo_item_id
        }
        totals = self._b2b_settle(requests, lines)
        wishes = {(request.product, request.uom): request.wish for request in requests}
        commands = []
        for (product, uom), quantity in totals.items():
            line = lines.get((product, uom))
            wish = wishes[product, uom]
            values = {"product_uom_qty": quantity, "b2b_wish_qty": wish}
            if line:
                commands.append(fields.Command.update(line.id, values))
            else:
                values |= {"product_id": product.id, "product_uom_id": uom.id}
                commands.append(fields.Command.create(values))
        if commands:
            self.write({"order_line": commands})
            self._verify_cart_after_update()
            self._b2b_note_unpriced(requests)

    def _b2b_note_unpriced(self, requests):
        """Say of the goods just added (single cart) that they have no price yet.

        They may wait in the cart for a price, the order may not: `_b2b_get_checks`.
        """
        if not self.website_id.prevent_zero_price_sale:
            return
        unpriced = {
            (line.product_id, line.product_uom_id)
            for line in self.order_line
            if self.currency_id.is_zero(line.price_unit)
        }
        for request in requests:
            if request.outcome == "rejected":
                continue
            if (request.product, request.uom) in unpriced:
                request.reasons = (*request.reasons, "no_price")

    def _b2b_settle(self, requests, lines):
        """Judge the wishes against units, minimum, step, maximum and stock.

        :param dict lines: (product, unit) -> cart line
        :return: dict (product, unit) -> new quantity of the cart line
        """
        # rows of one product are added up before anything is rounded: 47 + 1 is 48
        totals, wishes = {}, {}
        products = self.env["product.product"].browse(
            {request.product.id for request in requests if request.product}
        )
        free = self._b2b_get_free(products, lines.values())
        terms = self._b2b_get_quantity_terms(products)
        for request in requests:
            product, uom = request.product, request.uom
            if request.outcome == "rejected":
                continue
            if uom not in product._b2b_allowed_units():
                request.reject("wrong_unit")
                continue
            key = (product, uom)
            line = lines.get(key)
            before = totals.get(key, line.product_uom_qty if line else 0.0)
            wish = wishes.get(key, before) + request.quantity
            request.added_quantity = request.quantity
            limits = terms[product.id]
            total, reason = product._b2b_round_quantity(wish, uom, terms=limits)
            if reason:
                request.wish = wish
            if reason in ("maximum", "impossible"):
                request.reject(reason)
                continue
            if reason:
                request.change(total - before, reason)
            possible = self._b2b_settle_stock(request, before, total, free, limits)
            if possible is not None:
                if key in totals:
                    request.change(possible - before, "merged")
                totals[key] = possible
                wishes[key] = wish if possible == total else possible
        return totals

    def _b2b_settle_stock(self, request, before, total, free, terms):
        """Cut a wish to the free stock where the product may not be oversold.

        :param dict free: product -> free quantity in its own unit, reduced here
        :param terms: ``QuantityTerms`` of the product
        :return: new total of the line in its unit, or None: rejected
        """
        product, uom = request.product, request.uom
        if product not in free:
            return total
        rounding = product.uom_id.rounding
        added = uom._compute_quantity(total - before, product.uom_id, round=False)
        if float_compare(added, free[product], precision_rounding=rounding) > 0:
            possible = product.uom_id._compute_quantity(
                max(free[product], 0.0), uom, round=False
            )
            # to whole units, whatever the terms say
            quantities = product._b2b_get_quantities(uom, terms=terms)
            below = quantities.get_below(floor(before + possible))
            possible = float(below or 0.0) - before
            if float_compare(possible, 0, precision_rounding=rounding) <= 0:
                request.reject("no_stock")
                return None
            request.change(possible, "stock")
            total = before + possible
            added = uom._compute_quantity(possible, product.uom_id, round=False)
        free[product] -= added
        return total

    def _b2b_get_free(self, products, lines):
        """Free stock of the products (batch) that may not be oversold.

        :param lines: lines of this cart, whose quantities are taken off
        :return: dict product -> quantity in its own unit
        """
        limited = products.filtered(
            lambda p: p.is_storable and not p.allow_out_of_stock_order
        )
        free = self._b2b_get_stock(limited)
        for line in lines:
            product = line.product_id
            if product in free:
                free[product] -= line.product_uom_id._compute_quantity(
                    line.product_uom_qty, product.uom_id, round=False
                )
        return free

    def _b2b_get_stock(self, products):
        """Free stock of the products (batch) for this cart; a hook.

        :return: a new dict product -> quantity in its own unit
        """
        located = products.sudo().with_context(
            warehouse_id=self._get_shop_warehouse_id()
        )
        return {
            product: there.free_qty
            for product, there in zip(products, located, strict=True)
        }
