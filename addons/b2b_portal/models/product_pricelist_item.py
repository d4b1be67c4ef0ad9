# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo import fields, models

from ..tools.price_rules import Rule, apply_formula


class ProductPricelistItem(models.Model):
    """Regional factors of a formula: see :func:`..tools.price_rules.apply_formula`."""

    _inherit = "product.pricelist.item"

    b2b_factor = fields.Float(
        "Regional factor, %",
        digits=(16, 4),
        help="Of the discounted price, before rounding. Below zero: cheaper.",
    )
    b2b_weight_surcharge = fields.Float(
        "Delivery surcharge per unit of weight",
        min_display_digits="Product Price",
        help="Added for the weight of one product, before rounding.",
    )

    def _b2b_is_general(self):
        """Whether the rule (single) carries the terms of an agreement as a whole."""
        return bool(
            self.pricelist_id.sudo().b2b_agreement_id
            and self.applied_on == "3_global"
            and self.base == "pricelist"
        )

    def _b2b_get_changes(self, values):
        """Those of ``values`` that differ from the rule's (single).

        What is not written anew is not checked anew.

        :return: dict field name -> value
        """
        current = self.read(list(values), load=None)[0]
        return {name: val for name, val in values.items() if current[name] != val}

    def _compute_price(self, product, quantity, uom, date, currency=None, **kwargs):
        """Hold the rates of the agreement, and its regional factors, in the price."""
        with self.pricelist_id._b2b_rates_in_force(date):
            if self.compute_price != "formula" or not (
                self.b2b_factor or self.b2b_weight_surcharge
            ):
                return super()._compute_price(
                    product, quantity, uom, date, currency=currency, **kwargs
                )
            currency = currency or self.currency_id or self.env.company.currency_id
            base_price = self._compute_base_price(
                product, quantity, uom, date, currency, **kwargs
            )
            convert = float
            if product.uom_id != uom:
                convert = partial(product.uom_id._compute_price, to_unit=uom)
            return apply_formula(Rule(0, self), base_price, convert, product.weight)
