# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..tools.quantities import QuantityTerms


class B2bCartImportLine(models.Model):
    """Quantities that could not be ordered, and those that can."""

    _inherit = "b2b.cart.import.line"

    wish_qty = fields.Float(
        "Wished quantity",
        digits="Product Unit",
        help="What the cart's line would hold, where that cannot be ordered.",
    )

    def _get_terms(self):
        """Terms of the goods of the row (single), under the cart's agreement."""
        product = self.product_id.sudo()
        agreement = self.import_id.sudo().order_id.b2b_agreement_id
        terms = product._b2b_get_quantity_terms(agreement)
        return terms.get(product.id) or QuantityTerms()

    def _get_text_with_choices(self):
        """As ``_get_text``, with the quantities that may be ordered (single)."""
        text, product = self._get_text(), self.product_id.sudo()
        unit = self.uom_id.sudo()
        if self.wish_qty and unit in product._b2b_allowed_units():
            choices = product._b2b_get_choices_text(
                self.wish_qty, unit, self._get_terms()
            )
            if choices:
                text += " " + self.env._("Possible: %(choices)s.", choices=choices)
        return text

    @api.model
    def _get_wish_text(self, wish, agreement):
        """Why a wish for the cart ended as it did, and what may be ordered instead.

        :param wish: ``CartRequest``
        :param agreement: ``b2b.agreement`` of the cart
        """
        product, reasons = wish.product.sudo(), wish.reasons
        terms = product._b2b_get_quantity_terms(agreement)
        terms = terms.get(product.id) or QuantityTerms()
        texts = [self._get_reason_text(code, product, terms) for code in reasons]
        if wish.wish and wish.uom in product._b2b_allowed_units():
            choices = product._b2b_get_choices_text(wish.wish, wish.uom, terms)
            if choices:
                texts.append(self.env._("Possible: %(choices)s.", choices=choices))
        return " ".join(texts)

    def _get_choices(self):
        """Quantities that may be ordered in place of a wish, of many rows.

        Only the last row of a product and a unit offers them: the quantity is that of
        the cart's line, which the rows before it have a share in.

        :return: dict row id -> list as of ``_b2b_get_neighbours``, the upper one first
        """
        last = {(row.product_id, row.uom_id): row for row in self if row.product_id}
        choices = {}
        for row in last.values():
            product, unit = row.product_id.sudo(), row.uom_id.sudo()
            if not row.wish_qty or unit not in product._b2b_allowed_units():
                continue
            found = product._b2b_get_neighbours(
                row.wish_qty, unit, terms=row._get_terms()
            )
            choices[row.id] = [c for c in (found["upper"], found["lower"]) if c]
        return choices

    def _choose(self, quantity, unit):
        """Set the cart's line of the row (single, sudo) to a quantity.

        :param float quantity: in ``unit``
        :return: text for the customer, or an empty text
        :raise AccessError, UserError: as of ``_b2b_set_line``
        """
        cart = self.import_id.order_id.with_user(self.env.user).sudo()
        line = cart._cart_find_product_line(self.product_id.id, self.uom_id.id)[:1]
        if line:
            text = cart._b2b_set_line(line, quantity, unit)
        else:
            result = cart._cart_add(self.product_id.id, quantity, uom_id=unit.id)
            text = result["warning"]
        if not text:
            self.write({"outcome": "changed", "uom_id": unit.id, "quantity": quantity})
            self.wish_qty = 0.0
        return text

    @api.model
    def _get_reason_texts(self):
        texts = super()._get_reason_texts()
        texts["maximum"] = self.env._("Over the maximum of %(maximum)s %(unit)s.")
        texts["impossible"] = self.env._("No such quantity can be ordered.")
        return texts
