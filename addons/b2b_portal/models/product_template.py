# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import float_compare, float_is_zero, float_round


class ProductTemplate(models.Model):
    _inherit = "product.template"

    b2b_multiple = fields.Float(
        "Sold in multiples of",
        digits="Product Unit",
        help="In the product's own unit. 0: any quantity.",
    )
    b2b_min_qty = fields.Float(
        "Minimum quantity",
        digits="Product Unit",
        help="Least quantity of an order line, in the product's own unit.",
    )

    _b2b_quantities_positive = models.Constraint(
        "CHECK(COALESCE(b2b_multiple, 0) >= 0 AND COALESCE(b2b_min_qty, 0) >= 0)",
        "Multiple and minimum quantity cannot be negative.",
    )


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _b2b_allowed_units(self):
        """Units in which the product (single) may be ordered.

        :return: ``uom.uom`` records: its own unit, then its packagings
        """
        self.ensure_one()
        return self.uom_id | self.uom_ids

    def _b2b_round_quantity(self, quantity, uom):
        """The nearest quantity, not below the wish, that may be ordered.

        :param float quantity: wished quantity in ``uom``, above zero
        :param uom: ``uom.uom`` record, one of :meth:`_b2b_allowed_units`
        :return: (quantity in ``uom``, reason); the reason is None where the wish
            stands, else 'minimum' or 'multiple'
        """
        self.ensure_one()
        rounding = self.uom_id.rounding
        wish = uom._compute_quantity(quantity, self.uom_id, round=False)
        base, reason = wish, None
        if float_compare(base, self.b2b_min_qty, precision_rounding=rounding) < 0:
            base, reason = self.b2b_min_qty, "minimum"
        if not float_is_zero(self.b2b_multiple, precision_rounding=rounding):
            step = float_round(
                base, precision_rounding=self.b2b_multiple, rounding_method="UP"
            )
            if float_compare(step, base, precision_rounding=rounding) > 0:
                base, reason = step, reason or "multiple"
        if reason is None:
            return quantity, None
        result = self.uom_id._compute_quantity(
            base, uom, round=True, rounding_method="UP"
        )
        return result, reason
