# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrder(models.Model):
    """No order of a member with a price that nobody meant."""

    _inherit = "sale.order"

    def _b2b_judge_price(self, line):
        """Refuse prices below zero, and zero where it is nobody's decision.

        A website that sells nothing at zero takes nobody's decision for it.

        :return: (code, text for the customer); (None, None) where all is well
        """
        product, currency = line.product_id, self.currency_id
        price = line.price_unit * (1 - line.discount / 100)
        sign = currency.compare_amounts(price, 0.0)
        if sign < 0:
            return "negative_price", self.env._(
                "%(product)s: the price is below zero, there is a mistake in our "
                "prices. Remove the line, or ask your manager to correct the price.",
                product=product.display_name,
            )
        unpriced = self.website_id.prevent_zero_price_sale and currency.is_zero(
            line.price_unit
        )
        if unpriced or (not sign and not line._b2b_is_free_on_purpose()):
            return "no_price", self.env._(
                "%(product)s has no price yet. Remove the line, or ask your manager "
                "for a price.",
                product=product.display_name,
            )
        return None, None

    def action_b2b_simulate_prices(self):
        """Button: why the goods of the order (single) cost what they cost."""
        self.ensure_one()
        action = self.b2b_agreement_id.action_simulate_prices()
        action["context"] |= {
            "default_product_ids": self.order_line.product_id.ids,
            "default_date": self.date_order,
        }
        return action


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _b2b_is_free_on_purpose(self):
        """Whether somebody decided that the goods of the line (single) cost nothing.

        A price rule for this very product says zero, staff wrote the zero or a
        discount of 100 % into the order, or the line is part of a combo or of a
        promotion. A product without a list price, or a rule for a whole category, is
        no decision about the product. A hook for addons.
        """
        self.ensure_one()
        if self.product_type == "combo" or self.combo_item_id or self._b2b_is_reward():
            return True
        rule = self.pricelist_item_id.sudo()
        if rule.applied_on in ("0_product_variant", "1_product"):
            if rule.compute_price == "fixed" and not rule.fixed_price:
                return True
            if rule.compute_price == "percentage" and rule.percent_price == 100:
                return True
        currency = self.currency_id
        if currency.is_zero(self.price_unit):
            return currency.compare_amounts(self.technical_price_unit, 0.0) > 0
        given = rule.percent_price if rule.compute_price == "percentage" else 0.0
        return self.discount >= 100 > given

    def _b2b_is_reward(self):
        """Whether the line (single) is the reward of a promotion."""
        return bool("is_reward_line" in self._fields and self["is_reward_line"])
