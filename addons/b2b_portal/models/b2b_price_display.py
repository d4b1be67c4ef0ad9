# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prices with or without taxes, as core's shop would show them."""

from odoo import models

from odoo.addons.website_sale.models.product_template import (
    ProductTemplate as CoreTemplate,
)

from ..tools.plain_taxes import is_plain


class B2bAgreement(models.Model):
    _inherit = "b2b.agreement"

    def _get_price_display(self, products, currency, website=None):
        """How core's shop would show prices to the legal entity (single, sudo).

        :param website: ``website`` (single, sudo); the visited one, if it is left out
        :return: function (product, price) -> amount with or without taxes
        """
        website = website or self.env["website"]._b2b_get_visited().sudo()
        included = website.show_line_subtotals_tax_selection != "tax_excluded"
        positions = self.env["account.fiscal.position"].sudo()
        position = positions.with_company(self.company_id)._b2b_get_position(
            self.entity_id
        )
        templates = self.env["product.template"].sudo()
        known = (
            self.env.registry["product.template"]._apply_taxes_to_price
            is CoreTemplate._apply_taxes_to_price
        )
        mapped, plain = {}, {}

        def display(product, price):
            taxes = product.sudo().taxes_id._filter_taxes_by_company(self.company_id)
            if taxes not in mapped:
                mapped[taxes] = position.map_tax(taxes)
                plain[taxes] = known and is_plain(taxes, mapped[taxes], included)
            if plain[taxes]:
                return currency.round(price)
            if known:
                return self._b2b_apply_taxes(
                    product, price, currency, taxes, mapped[taxes], included
                )
            return templates._apply_taxes_to_price(
                price, currency, taxes, mapped[taxes], product, website=website
            )

        products.sudo().taxes_id.fetch(["company_id"])
        return display

    def _b2b_apply_taxes(self, product, price, currency, own, mapped, included):
        """What core's ``_apply_taxes_to_price`` computes, without its journal items.

        :param own: taxes of the product, ``mapped``: those that the customer pays
        :return: amount, rounded to the currency
        """
        price = product.env["product.product"]._get_tax_included_unit_price_from_price(
            price, own, product_taxes_after_fp=mapped
        )
        line = mapped._prepare_base_line_for_taxes_computation(
            None,
            partner_id=self.env.user.partner_id,
            currency_id=currency,
            product_id=product,
            tax_ids=mapped,
            price_unit=price,
            quantity=1.0,
        )
        company = mapped[:1].company_id._accessible_branches()[:1]
        company = company or mapped[:1].company_id or self.env.company
        mapped._add_tax_details_in_base_line(line, company)
        kind = "included" if included else "excluded"
        return currency.round(line["tax_details"][f"raw_total_{kind}_currency"])
