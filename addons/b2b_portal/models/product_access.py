# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What of products the shop shows to whom: see ``website._b2b_may_see``."""

import re

from odoo import api, models
from odoo.http import request

_STOCK_KEYS = ("free_qty", "max_combo_quantity")


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template"]

    def _b2b_may_see(self, content):
        return self.env["website"]._b2b_may_see(content)

    def _get_sales_prices(self, website):
        """Nothing about prices, discounts left out, as the visitor may see."""
        if not self._b2b_may_see("prices"):
            return {template.id: {"price_reduce": 0.0} for template in self}
        prices = super()._get_sales_prices(website)
        if not self._b2b_may_see("promotions"):
            for values in prices.values():
                values.pop("base_price", None)
        return prices

    def _get_product_price_context(self, combination):
        if not self._b2b_may_see("prices"):
            return {}
        return super()._get_product_price_context(combination)

    def _get_additionnal_combination_info(
        self, product_or_template, quantity, uom, date, website
    ):
        """Take out of core's answer what the visitor may not see.

        Without prices, the product is one that core calls unsaleable at price
        zero: every template of core's hides price and cart button by that.
        """
        see_prices = self._b2b_may_see("prices")
        template = self if see_prices else self.sudo()
        product = product_or_template if see_prices else product_or_template.sudo()
        info = super(ProductTemplate, template)._get_additionnal_combination_info(
            product, quantity, uom, date, website
        )
        if not see_prices:
            self._b2b_hide_prices(info)
        elif not self._b2b_may_see("promotions"):
            self._b2b_hide_promotions(info)
        if not self._b2b_may_see("stock"):
            self._b2b_hide_stock(info)
        return info

    @api.model
    def _b2b_hide_prices(self, info):
        info.update(
            price=0.0,
            list_price=0.0,
            has_discounted_price=False,
            discount_start_date=False,
            discount_end_date=False,
            compare_list_price=0,
            prevent_zero_price_sale=True,
            b2b_hidden_price=True,
        )
        if "base_unit_price" in info:
            info["base_unit_price"] = 0.0

    @api.model
    def _b2b_hide_promotions(self, info):
        info.update(
            list_price=info["price"],
            has_discounted_price=False,
            discount_start_date=False,
            discount_end_date=False,
            compare_list_price=0,
        )

    @api.model
    def _b2b_hide_stock(self, info):
        """As a product that is ordered whatever is in stock."""
        for key in _STOCK_KEYS:
            if key in info:
                info[key] = 0
        if "allow_out_of_stock_order" in info:
            info.update(
                allow_out_of_stock_order=True,
                show_availability=False,
                out_of_stock_message=False,
            )

    def _get_configurator_display_price(self, *args, **kwargs):
        if not self._b2b_may_see("prices"):
            return 0.0, False
        return super()._get_configurator_display_price(*args, **kwargs)

    def _get_additional_configurator_data(self, *args, **kwargs):
        data = super()._get_additional_configurator_data(*args, **kwargs)
        if not self._b2b_may_see("stock"):
            data.pop("free_qty", None)
        return data

    def _get_contextual_price(self, *args, **kwargs):
        if not self._b2b_may_see("prices") and not self.env.su:
            return 0.0
        return super()._get_contextual_price(*args, **kwargs)

    def _website_show_quick_add(self):
        return self._b2b_may_see("prices") and super()._website_show_quick_add()

    def _is_sold_out(self):
        return self._b2b_may_see("stock") and super()._is_sold_out()

    # === SEARCH === #

    @api.model
    def _search_get_detail(self, website, order, options):
        """No condition on prices, and hints say where prices are to be had."""
        if self._b2b_may_see("prices"):
            return super()._search_get_detail(website, order, options)
        options = {**options, "min_price": 0, "max_price": 0}
        return super()._search_get_detail(website, order, options)

    @api.model
    def _search_fetch(self, search_detail, search, limit, order):
        """Ignore a wish to sort by a field that the visitor may not read."""
        return super()._search_fetch(
            search_detail, search, limit, self._b2b_clean_order(order)
        )

    @api.model
    def _b2b_clean_order(self, order):
        """An ORM order without the terms on guarded fields."""
        terms = [
            term
            for term in (order or "").split(",")
            if (name := re.match(r"\s*\"?(\w*)", term)[1])
            and (
                name not in self._fields
                or self._has_field_access(self._fields[name], "read")
            )
        ]
        return ",".join(terms)

    def _search_render_results_prices(self, mapping, combination_info):
        if combination_info.get("b2b_hidden_price"):
            return self.env._("Price after sign-in"), None
        return super()._search_render_results_prices(mapping, combination_info)


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product"]

    def _get_product_price_context(self, combination):
        if not self.env["website"]._b2b_may_see("prices"):
            return {}
        return super()._get_product_price_context(combination)

    def _is_add_to_cart_allowed(self, *args, **kwargs):
        return self.env["website"]._b2b_may_see(
            "prices"
        ) and super()._is_add_to_cart_allowed(*args, **kwargs)

    def _website_show_quick_add(self):
        return (
            self.env["website"]._b2b_may_see("prices")
            and super()._website_show_quick_add()
        )

    def _get_contextual_price(self, *args, **kwargs):
        if not self.env["website"]._b2b_may_see("prices") and not self.env.su:
            return 0.0
        return super()._get_contextual_price(*args, **kwargs)

    def _is_sold_out(self):
        return self.env["website"]._b2b_may_see("stock") and super()._is_sold_out()

    def _to_markup_data(self, website):
        """Structured data for search engines, without what is not for everyone.

        An offer without a price is worse than none.
        """
        see_prices = self.env["website"]._b2b_may_see("prices")
        product = self if see_prices else self.sudo()
        data = super(ProductProduct, product)._to_markup_data(website)
        if not see_prices:
            data.pop("offers", None)
        elif not self.env["website"]._b2b_may_see("stock"):
            data.get("offers", {}).pop("availability", None)
        return data


class ProductRibbon(models.Model):
    _inherit = "product.ribbon"

    def _is_applicable_for(self, product, price_data):
        if self.assign == "sale" and not self.env["website"]._b2b_may_see("promotions"):
            return False
        if self.assign == "out_of_stock" and not self.env["website"]._b2b_may_see(
            "stock"
        ):
            return False
        return super()._is_applicable_for(product, price_data)


class ProductFeed(models.Model):
    _inherit = "product.feed"

    def _render_and_cache_compressed_gmc_feed(self):
        """Render a feed, which is kept for everybody, as a guest would see it.

        Core keeps the prices of whoever asks first, a member's agreement too.
        """
        guest = self.website_id.user_id
        return super(
            ProductFeed, self.with_user(guest).sudo()
        )._render_and_cache_compressed_gmc_feed()

    def _render_gmc_feed(self):
        partner = self.website_id.user_id.partner_id.sudo()
        partner = partner.with_company(self.website_id.company_id)
        positions = self.env["account.fiscal.position"].sudo()
        request.pricelist = partner.property_product_pricelist
        request.fiscal_position = positions.with_company(
            self.website_id.company_id
        )._get_fiscal_position(partner)
        return super()._render_gmc_feed()
