# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prices with or without taxes, as core's shop would show them."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.website_sale.models.product_template import (
    ProductTemplate as CoreTemplate,
)

from ..tools.fast_round import get_rounder
from ..tools.plain_taxes import is_plain

DISPLAY_KEY = "b2b_portal.price_display"


class B2bAgreement(models.Model):
    _inherit = "b2b.agreement"

    def _get_price_display(self, products, currency, website=None, tax_ids=None):
        """How core's shop would show prices to the legal entity (single, sudo).

        Where taxes do not change what is shown, core's computation of taxes, which
        takes most of a millisecond a price, is left out; a test compares both ways.

        :param website: ``website`` (single, sudo); the visited one, if it is left out
        :param dict tax_ids: of :meth:`_b2b_read_tax_ids`, for more products than the
            ORM should read
        :return: function (product, price) -> amount with or without taxes
        """
        website = website or self.env["website"]._b2b_get_visited().sudo()
        if tax_ids is not None:
            return self._make_price_display(currency, website, tax_ids)
        products.sudo().taxes_id.fetch(["company_id"])
        # inside the block ``_b2b_prices_in_force`` of rows that are priced in parts
        known = self.env.cr.cache.get(DISPLAY_KEY)
        key = self.env.uid, self.id, currency.id, website.id
        if known is None or key not in known:
            display = self._make_price_display(currency, website)
            if known is None:
                return display
            known[key] = display
        return known[key]

    def _make_price_display(self, currency, website, tax_ids=None):
        """The function of :meth:`_get_price_display`, made anew."""
        included = website.show_line_subtotals_tax_selection != "tax_excluded"
        positions = self.env["account.fiscal.position"].sudo()
        position = positions.with_company(self.company_id)._get_fiscal_position(
            self.entity_id
        )
        templates = self.env["product.template"].sudo()
        taxes = self.env["account.tax"].sudo()
        known = (
            self.env.registry["product.template"]._apply_taxes_to_price
            is CoreTemplate._apply_taxes_to_price
        )
        round_plain = get_rounder(currency.rounding)
        ways = {}

        def get_way(key):
            own = taxes.browse(key)._filter_taxes_by_company(self.company_id)
            mapped = position.map_tax(own)
            return own, mapped, known and is_plain(own, mapped, included)

        def display(product, price):
            if tax_ids is None:
                key = product.sudo().taxes_id._ids
            else:
                key = tax_ids.get(product.id, ())
            if key not in ways:
                ways[key] = get_way(key)
            own, mapped, plain = ways[key]
            if plain:
                return round_plain(price)
            if known:
                return self._b2b_apply_taxes(
                    product, price, currency, own, mapped, included
                )
            return templates._apply_taxes_to_price(
                price, currency, own, mapped, product, website=website
            )

        return display

    @api.model
    def _b2b_read_tax_ids(self, products):
        """Sales taxes of variants, those of all companies: one query.

        :return: dict product id -> tuple of ids; products without any are left out
        """
        self.env["account.tax"].flush_model(["active", "sequence"])
        self.env["product.template"].flush_model(["taxes_id"])
        self.env["product.product"].flush_model(["product_tmpl_id"])
        query = SQL(
            "SELECT variant.id, array_agg(tax.id ORDER BY tax.sequence, tax.id)"
            " FROM product_product variant"
            " JOIN product_taxes_rel rel ON rel.prod_id = variant.product_tmpl_id"
            " JOIN account_tax tax ON tax.id = rel.tax_id AND tax.active"
            " WHERE variant.id = ANY(%s) GROUP BY variant.id",
            list(products.ids),
        )
        return {row[0]: tuple(row[1]) for row in self.env.execute_query(query)}

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
