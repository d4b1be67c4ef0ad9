# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math

from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from .carts import Carts
from .quick_order import QuickOrder


def read_choice(value):
    """What a button of ``sale.order._b2b_get_fix`` posts: '72:1', or '0'.

    :return: (quantity, unit id or 0), or None: nothing of ours
    """
    quantity, _colon, unit_id = (value or "").partition(":")
    try:
        quantity = float(quantity)
    except ValueError:
        return None
    if not math.isfinite(quantity) or quantity < 0:
        return None
    if quantity and not unit_id.isdecimal():
        return None
    return quantity, int(unit_id or 0)


class CartUnits(Carts):
    """Units, quantities that may be ordered and transport on the cart's pages."""

    def _get_cart_values(self, cart):
        values = super()._get_cart_values(cart)
        lines = values["lines"]
        terms = cart._b2b_get_quantity_terms(lines.product_id)
        choices = {line.id: line._b2b_get_choice(terms) for line in lines}
        return values | {"choices": choices, "load": cart._b2b_get_load()}

    @route()
    def update_cart(self, cart_id, name=None, back="", **quantities):
        """Also units (``unit_<line id>``) and chosen quantities (``set_<line id>``).

        :param str back: 'checkout': where the button stood
        """
        response = super().update_cart(cart_id, name=name, **quantities)
        if back == "checkout":
            return request.redirect(f"/my/carts/{cart_id}/checkout")
        return response

    def _apply_form(self, cart, values):
        """Units before quantities: a quantity typed with a new unit is in that."""
        cart.order_line.filtered("b2b_wish_qty").b2b_wish_qty = 0.0
        chosen = self._find_choice(cart, values)
        if chosen:
            # what the field of that line holds is what the button replaces
            values.pop(f"qty_{chosen[0].id}", None)
            values.pop(f"unit_{chosen[0].id}", None)
        texts = self._apply_units(cart, values)
        texts += super()._apply_form(cart, values)
        if chosen and chosen[0].exists():
            texts.append(cart._b2b_set_line(*chosen))
        return texts

    def _find_choice(self, cart, values):
        """The button that was pressed.

        :return: (line, quantity, unit), or None
        :raise UserError: the button is none of ours
        """
        for line in cart.order_line:
            raw = values.get(f"set_{line.id}")
            if raw is None:
                continue
            choice = read_choice(raw)
            units = line.product_id._b2b_allowed_units()
            quantity, unit_id = choice or (None, 0)
            unit = units.filtered(lambda unit, wanted=unit_id: unit.id == wanted)
            if not choice or (quantity and not unit):
                raise UserError(self._get_unit_refusal(line))
            return line, quantity, unit
        return None

    def _get_unit_refusal(self, line):
        return request.env._(
            "%(product)s is not sold by this unit.",
            product=line.product_id.display_name,
        )

    def _apply_units(self, cart, values):
        """Put lines into the units of the form.

        A quantity that was changed together with the unit is in the new one, one
        that was left as it is gets converted. The quantities of these lines are taken
        out of ``values``.

        :return: list of texts for the customer
        :raise UserError: a unit that the product is not sold by
        """
        texts = []
        for line in cart.order_line:
            raw = values.get(f"unit_{line.id}")
            if raw is None or raw == str(line.product_uom_id.id):
                continue
            units = line.product_id._b2b_allowed_units()
            unit = units.filtered(lambda unit, raw=raw: str(unit.id) == raw)
            if not unit:
                raise UserError(self._get_unit_refusal(line))
            changed = dict(self._parse_quantities(cart, self._take(values, line)))
            texts.append(cart._b2b_change_unit(line, unit, changed.get(line.id)))
        return texts

    def _take(self, values, line):
        """The quantity field of a line alone, taken out of the form."""
        name = f"qty_{line.id}"
        return {name: values.pop(name)} if name in values else {}

    @route(
        "/my/carts/<int:cart_id>/transport",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def choose_transport(self, cart_id, unit_id="", **kwargs):
        """Choose what the cart is to fill: a pallet, a truck."""
        cart = self._get_cart(cart_id)
        cart._b2b_check_cart_write()
        units = cart._b2b_get_transport_units()
        cart.b2b_transport_unit_id = units.filtered(lambda u: str(u.id) == unit_id)
        return request.redirect(f"/my/carts/{cart_id}#o_b2b_load")


class QuickOrderUnits(QuickOrder):
    """Choosing another quantity on the result page of a quick order."""

    @route(
        "/shop/quick-order/<int:run_id>/set",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def choose(self, run_id, row="", value="", **kwargs):
        """Set the cart's line of a row to one of the quantities offered.

        :param str row: id of the row (b2b.cart.import.line)
        :param str value: as of :func:`read_choice`
        """
        run = self._get_run(run_id)
        self._get_cart(run.order_id.id)
        line = run.line_ids.filtered(lambda line: str(line.id) == row)
        choice = read_choice(value)
        try:
            with request.env.cr.savepoint():
                text = self._choose(line, choice)
        except (AccessError, UserError) as error:
            text = str(error)
        if text:
            self._tell(text, "warning")
        else:
            self._tell(request.env._("The cart is saved."))
        return request.redirect(f"/shop/quick-order/{run_id}#row_{row}")

    def _choose(self, line, choice):
        """Set the row's (at most one) line in the cart.

        :return: text for the customer, or an empty text
        :raise UserError: the row or the quantity is none of the run's
        """
        units = line.product_id._b2b_allowed_units() if line.product_id else ()
        unit = [unit for unit in units if choice and unit.id == choice[1]]
        if not unit or not choice[0]:
            raise UserError(request.env._("This row has nothing to choose from."))
        return line._choose(choice[0], unit[0])
