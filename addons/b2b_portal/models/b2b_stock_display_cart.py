# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""No message, cut quantity or answer of core's tells more stock than the rule."""

from odoo import api, models

# Core's scripts let less than this many be ordered; a quantity that says nothing.
_PLENTY = 1_000_000


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _b2b_hides_stock(self):
        """Whether the customer of this cart (single) is told stock in words only."""
        if not self.env.user.share or not self.b2b_agreement_id:
            return False
        website = self.website_id or self.env["website"]._b2b_get_visited()
        return website._b2b_get_stock_display(self.b2b_agreement_id) != "exact"

    def _b2b_settle_stock(self, request, before, total, free, terms):
        """Refuse what is not all there: a wish cut to what is would tell how many."""
        product, uom = request.product, request.uom
        if product in free and self._b2b_hides_stock():
            added = uom._compute_quantity(total - before, product.uom_id, round=False)
            if product.uom_id.compare(added, free[product]) > 0:
                some = product.uom_id.compare(free[product], 0.0) > 0
                request.reject("short_stock" if some else "no_stock")
                return None
        return super()._b2b_settle_stock(request, before, total, free, terms)

    def _b2b_judge_line(self, line, free):
        code, message = super()._b2b_judge_line(line, free)
        if code == "stock" and self._b2b_hides_stock():
            message = self.env._(
                "%(product)s: there is less in stock. Order less.",
                product=line.product_id.display_name,
            )
        return code, message

    def _verify_updated_quantity(self, order_line, product_id, new_qty, uom_id, **kw):
        """Core cuts to what is in stock and says how many that is."""
        result = super()._verify_updated_quantity(
            order_line, product_id, new_qty, uom_id, **kw
        )
        product = self.env["product.product"].browse(product_id)
        limited = product.is_storable and not product.allow_out_of_stock_order
        held = order_line.product_uom_qty if order_line else 0.0
        if not limited or new_qty <= held or not self._b2b_hides_stock():
            return result
        uom = self.env["uom.uom"].browse(uom_id) or product.uom_id
        added = uom._compute_quantity(new_qty - held, product.uom_id, round=False)
        in_cart, free = self._get_cart_and_free_qty(product)
        if product.uom_id.compare(in_cart + added, free) <= 0:
            return result
        text = self.env._(
            "%(product)s: there is less in stock. Order less.",
            product=product.display_name,
        )
        return held, text


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _set_shop_warning_stock(self, desired_qty, new_qty, save=True):
        if not self.order_id._b2b_hides_stock():
            return super()._set_shop_warning_stock(desired_qty, new_qty, save=save)
        warning = self.env._(
            "%(product)s: there is less in stock. Order less.",
            product=self.product_id.display_name,
        )
        if save:
            self.shop_warning = warning
        return warning

    def _get_max_available_qty(self):
        """No limit for core's scripts: it would be the free stock."""
        if self.order_id._b2b_hides_stock():
            return None
        return super()._get_max_available_qty()


class B2bCartImportLine(models.Model):
    _inherit = "b2b.cart.import.line"

    @api.model
    def _get_reason_texts(self):
        texts = super()._get_reason_texts()
        texts["short_stock"] = self.env._("There is less in stock. Order less.")
        return texts


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _get_additionnal_combination_info(self, *args, **kwargs):
        info = super()._get_additionnal_combination_info(*args, **kwargs)
        website = self.env["website"]
        if website._b2b_may_see("stock") and not website._b2b_may_see("stock_figures"):
            self._b2b_blur_stock(info)
        return info

    @api.model
    def _b2b_blur_stock(self, info):
        """Core's answer about a product with 'some' in place of how many."""
        for key in ("free_qty", "max_combo_quantity"):
            if info.get(key, 0) > 0:
                info[key] = _PLENTY
        if "show_availability" in info:
            info["show_availability"] = False

    def _get_additional_configurator_data(self, *args, **kwargs):
        data = super()._get_additional_configurator_data(*args, **kwargs)
        if not self.env["website"]._b2b_may_see("stock_figures"):
            data.pop("free_qty", None)
        return data
