# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Units and quantities of the cart: one judgement for all ways into it."""

    _inherit = "sale.order"

    b2b_quantity_warning = fields.Text(
        "Quantities against the agreement", compute="_compute_b2b_quantity_warning"
    )

    def _b2b_get_quantity_terms(self, products=None):
        """The terms of products, else of the goods of the order (single).

        :return: dict product id -> ``QuantityTerms``
        """
        if products is None:
            products = self.order_line.product_id
        return products._b2b_get_quantity_terms(self.b2b_agreement_id.sudo())

    @api.depends(
        "b2b_agreement_id",
        "order_line.product_id",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
    )
    def _compute_b2b_quantity_warning(self):
        """Staff may sell any quantity: they are told, and the order goes on."""
        for order in self:
            texts = []
            if order.b2b_agreement_id and order.state in ("draft", "sent"):
                terms = order._b2b_get_quantity_terms()
                for line in order.order_line.filtered("product_id"):
                    texts.append(order._b2b_judge_quantity(line, terms)[1])
            order.b2b_quantity_warning = "\n".join(filter(None, texts)) or False

    # === JUDGING === #

    def _b2b_judge_quantity(self, line, terms=None):
        """Why the unit or the quantity of a line cannot be ordered.

        :return: (code, text for the customer); (None, None) where all is well
        """
        product, unit = line.product_id, line.product_uom_id
        if unit not in product._b2b_allowed_units():
            return "wrong_unit", self.env._(
                "%(product)s is no longer sold by %(unit)s.",
                product=product.display_name,
                unit=unit.name,
            )
        limits = (terms or self._b2b_get_quantity_terms(product))[product.id]
        wish = line.product_uom_qty
        _quantity, reason = product._b2b_round_quantity(wish, unit, terms=limits)
        if not reason:
            return None, None
        return reason, product._b2b_get_quantity_text(wish, unit, reason, limits)

    def _b2b_get_fixes(self, line, code):
        """One-click fixes of a line that was judged; addons extend the list.

        :param str code: as of ``_b2b_judge_line``
        :return: list of dicts: name, value (of a button in the cart's form), label
        """
        fixes = []
        product, unit = line.product_id, line.product_uom_id
        if code == "wrong_unit" and product.uom_id._has_common_reference(unit):
            quantity, _exact = line._b2b_convert(line.product_uom_qty, product.uom_id)
            fixes.append(product._b2b_describe(quantity, product.uom_id))
        elif code in ("multiple", "minimum", "maximum", "impossible"):
            terms = self._b2b_get_quantity_terms(product)[product.id]
            found = product._b2b_get_neighbours(line.product_uom_qty, unit, terms=terms)
            fixes += [c for c in (found["upper"], found["lower"]) if c]
        rows = [self._b2b_get_fix(line, fix) for fix in fixes]
        if code in ("wrong_unit", "not_sold", "impossible"):
            label = self.env._("Remove the line")
            rows.append({"name": f"set_{line.id}", "value": "0", "label": label})
        return rows

    @api.model
    def _b2b_get_fix(self, line, choice):
        """The button that sets a line to a choice of ``_b2b_get_neighbours``."""
        label = choice["text"]
        if choice["packs"]:
            label = f"{label} = {choice['packs']}"
        return {
            "name": f"set_{line.id}",
            "value": f"{choice['quantity']:.12g}:{choice['uom'].id}",
            "label": label,
        }

    # === CORE'S WAYS INTO THE CART === #

    def _b2b_check_unit(self, product, uom):
        """Refuse a unit in which a product is not sold.

        :raise UserError: naming both
        """
        if uom not in product._b2b_allowed_units():
            raise UserError(product._b2b_get_unit_refusal(uom))

    def _verify_updated_quantity(self, order_line, product_id, new_qty, uom_id, **kw):
        """Hold units, minimum, step and maximum on core's ways into the cart too.

        Over the maximum nothing changes; else the quantity is raised to the next that
        may be ordered, and the text names both neighbours.
        """
        if not self.b2b_member_id:
            return super()._verify_updated_quantity(
                order_line, product_id, new_qty, uom_id, **kw
            )
        product = self.env["product.product"].browse(product_id)
        uom = self.env["uom.uom"].browse(uom_id) or product.uom_id
        self._b2b_check_unit(product, uom)
        terms = self._b2b_get_quantity_terms(product)[product.id]
        quantity, reason = product._b2b_round_quantity(new_qty, uom, terms=terms)
        text = ""
        if reason:
            text = product._b2b_get_quantity_text(new_qty, uom, reason, terms)
            if reason in ("maximum", "impossible"):
                return order_line.product_uom_qty, text
        possible, other = super()._verify_updated_quantity(
            order_line, product_id, quantity, uom_id, **kw
        )
        if uom.compare(possible, quantity) < 0:
            # cut to the stock: to a quantity that may be ordered
            quantities = product._b2b_get_quantities(uom, terms=terms)
            possible = float(quantities.get_below(max(possible, 0.0)) or 0.0)
        return possible, " ".join(filter(None, (text, other)))

    def _cart_add(self, product_id, quantity=1.0, *, uom_id=None, **kwargs):
        result = super()._cart_add(product_id, quantity, uom_id=uom_id, **kwargs)
        self._b2b_note_wish(result, quantity - result["added_qty"])
        return result

    def _cart_update_line_quantity(self, line_id, quantity, **kwargs):
        result = super()._cart_update_line_quantity(line_id, quantity, **kwargs)
        if "quantity" in result:
            self._b2b_note_wish(result, quantity - result["quantity"])
        return result

    def _b2b_note_wish(self, result, more):
        """Keep a wish that was not met, for the cart to offer what may be ordered.

        :param dict result: as of ``_cart_update_line_quantity``
        :param float more: how much more was wished than the line holds now
        """
        line = self.order_line.filtered(lambda line: line.id == result["line_id"])
        if not line or not self.b2b_member_id:
            return
        wish = 0.0
        if line.product_uom_id.compare(more, 0.0) and result["warning"]:
            wish = line.product_uom_qty + more
        if line.product_uom_id.compare(line.b2b_wish_qty, wish):
            line.b2b_wish_qty = wish

    # === CHANGING A LINE === #

    def _b2b_set_line(self, line, quantity, unit):
        """Set the quantity and the unit of a line of the cart (single) at once.

        A line that meets another of the same product and unit is added to it.

        :param float quantity: in ``unit``; 0 removes the line
        :return: text for the customer, or an empty text
        :raise AccessError, UserError: as of ``_b2b_check_cart_write``; the product is
            not sold by the unit
        """
        self._b2b_check_cart_write()
        quiet = self.with_context(skip_cart_verification=True)
        if not quantity:
            quiet._cart_update_line_quantity(line.id, 0)
            return ""
        if unit != line.product_uom_id:
            self._b2b_check_unit(line.product_id, unit)
            twin = quiet._cart_find_product_line(line.product_id.id, unit.id)[:1]
            if twin:
                quantity += twin.product_uom_qty
                quiet._cart_update_line_quantity(line.id, 0)
                line = twin
            else:
                line.write({"product_uom_id": unit.id, "product_uom_qty": quantity})
        result = quiet._cart_update_line_quantity(line.id, quantity)
        return result["warning"] or ""

    def _b2b_change_unit(self, line, unit, quantity=None):
        """Put a line of the cart (single) into another unit.

        :param float quantity: in the new unit; None: what the line holds, converted
        :return: text for the customer, or an empty text
        """
        self._b2b_check_unit(line.product_id, unit)
        if quantity is not None:
            return self._b2b_set_line(line, quantity, unit)
        before = f"{line.product_uom_id._b2b_format(line.product_uom_qty)} "
        before += line.product_uom_id.name
        product = line.product_id
        quantity, exact = line._b2b_convert(line.product_uom_qty, unit)
        text = self._b2b_set_line(line, quantity, unit)
        if exact or text:
            return text
        return self.env._(
            "%(product)s: %(before)s is no whole number of %(unit)s, it is now "
            "%(now)s = %(packs)s.",
            product=product.display_name,
            before=before,
            unit=unit.name,
            now=f"{unit._b2b_format(quantity)} {unit.name}",
            packs=product._b2b_get_packs_text(quantity, unit),
        )
