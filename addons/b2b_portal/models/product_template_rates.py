# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The shop where an agreement has no rate, and sums in the company's currency."""

from odoo import models
from odoo.http import request


def get_shop_agreement(env):
    """The agreement whose prices the visitor of this request sees, in sudo, or empty.

    None in the client mode: retail prices are in the currency of retail.
    """
    acting = getattr(request, "b2b", None) if request else None
    if not acting or env["website"]._b2b_in_client_mode():
        return env["b2b.agreement"].sudo()
    return acting.agreement


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _get_sales_prices(self, website):
        """No struck-through price where there is no rate for any."""
        prices = super()._get_sales_prices(website)
        agreement = get_shop_agreement(self.env)
        if agreement and agreement._b2b_get_rate_refusal():
            return {key: {"price_reduce": 0.0} for key in prices}
        return prices

    def _get_additionnal_combination_info(
        self, product_or_template, quantity, uom, date, website
    ):
        info = super()._get_additionnal_combination_info(
            product_or_template, quantity, uom, date, website
        )
        agreement = get_shop_agreement(self.env)
        if not agreement or info.get("b2b_hidden_price"):
            return info
        if refusal := agreement._b2b_get_rate_refusal():
            self._b2b_hide_prices(info)
            # not for want of a right: the page says what is missing
            info.pop("b2b_hidden_price")
            info["b2b_no_rate"] = refusal
            return info
        return info


class Website(models.Model):
    _inherit = "website"

    def _b2b_has_no_rate(self):
        """Whether the visitor's agreement has no prices for want of a rate."""
        agreement = get_shop_agreement(self.env)
        return bool(agreement) and bool(agreement._b2b_get_rate_refusal())

    def _b2b_get_shop_equivalent(self, amount):
        """A shown price in the company's currency.

        :return: (amount, ``res.currency``) or None, see
            ``b2b.agreement._b2b_get_equivalent``
        """
        agreement = get_shop_agreement(self.env)
        if not amount:
            return None
        equivalent = agreement._b2b_get_equivalent(amount)
        if equivalent is None:
            return None
        return equivalent, agreement.company_id.currency_id
