# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The members' catalogue: which view, which rows, what of them the visitor sees."""

from contextlib import nullcontext

from odoo import models
from odoo.http import request
from odoo.tools import float_compare

VIEW_SESSION_KEY = "b2b_shop_view"
VIEWS = ("table", "list", "grid")
# A template with more variants than this shows the rest on its own page.
MAX_VARIANTS = 12


class Website(models.Model):
    _inherit = "website"

    # === VIEWS === #

    def _b2b_get_view(self, wish=None):
        """How the visitor sees the catalogue; a wish is kept for the session.

        :param str wish: 'table', 'list' or 'grid'; anything else is ignored
        :return: one of these; None: as core shows it, to whoever has no agreement
        """
        acting = request.b2b
        if not acting or not acting.agreement:
            return None
        return self._b2b_remember(VIEW_SESSION_KEY, wish, VIEWS)

    def _b2b_remember(self, key, wish, choices):
        """A choice of the visitor, kept for the session.

        :param str key: of the session
        :param wish: what is chosen now; anything that is no choice is ignored
        :param tuple choices: the first one holds for whoever has not chosen
        """
        kept = request.session.get(key)
        if wish in choices and wish != kept:
            request.session[key] = kept = wish
        return kept if kept in choices else choices[0]

    # === ROWS === #

    def _b2b_get_price_rows(self, products, quantity=1.0, uom=None):
        """Prices and stock of products, as far as the visitor may see them.

        The one way from agreements to pages: rights and the client mode are asked
        here.

        :param products: product.product or product.template records
        :return: list of :class:`.b2b_price_row.PriceRow`; None: the visitor acts under
            no agreement
        """
        acting = request.b2b
        if not acting or not acting.agreement:
            return None
        agreement = acting.agreement
        if self._b2b_in_client_mode():
            rows = agreement._get_retail_rows(products, quantity, uom)
        else:
            rows = agreement._get_price_rows(products, quantity, uom)
        see_prices = self._b2b_may_see("prices")
        see_promotions = self._b2b_may_see("promotions")
        for row in rows:
            if not see_prices:
                row.hide_prices()
            elif not see_promotions:
                row.hide_promotions()
        if self._b2b_may_see("stock") and products._name == "product.product":
            stock = agreement._get_row_stocks(products)
            for row in rows:
                row.stock, row.stocks = stock.get(row.product.id, (None, {}))
        return rows

    def _b2b_get_order_rows(self, variants, quantity=1.0, uom=None):
        """:meth:`_b2b_get_price_rows` of variants, with what they are ordered in."""
        agreement = request.b2b and request.b2b.agreement
        if not agreement:
            return None
        pricing = nullcontext()
        if variants and not self._b2b_in_client_mode():
            pricing = agreement._b2b_pricing(variants)
        with pricing:
            rows = self._b2b_get_price_rows(variants, quantity, uom)
            if rows:
                agreement._add_units(rows)
        return rows

    def _b2b_get_price_values(self):
        """What templates of price rows ask beside the row."""
        agreement, client_mode = request.b2b.agreement, self._b2b_in_client_mode()
        see_prices = self._b2b_may_see("prices")
        asked = see_prices and not client_mode
        return {
            "b2b_agreement": agreement,
            "b2b_client_mode": client_mode,
            "b2b_see_prices": see_prices,
            "b2b_no_rate": asked and agreement._b2b_get_rate_refusal(),
        }

    def _b2b_get_table(self, templates):
        """What the table of the catalogue shows for a page of templates.

        :return: list of dicts: template, rows (of :meth:`_b2b_get_price_rows`, one a
            variant), more (number of variants that are left out), choose (True where
            goods are chosen on their own page)
        """
        variants = self.env["product.product"]
        shown = {}
        for template in templates:
            shown[template] = template.product_variant_ids[:MAX_VARIANTS]
            variants |= shown[template]
        rows = self._b2b_get_order_rows(variants)
        by_id = {row.product.id: row for row in rows}
        return [
            {
                "template": template,
                "rows": [by_id[variant.id] for variant in shown[template]],
                "more": len(template.product_variant_ids) - len(shown[template]),
                "choose": self._b2b_is_chosen_on_page(template),
            }
            for template in templates
        ]

    def _b2b_is_chosen_on_page(self, template):
        """Whether a row of the table cannot say what exactly is ordered.

        A property of one value describes the product: nobody chooses it.
        """
        return template.type == "combo" or any(
            line.attribute_id.display_type == "multi"
            or (
                line.value_count > 1
                and line.attribute_id.create_variant == "no_variant"
            )
            or any(value.is_custom for value in line.value_ids)
            for line in template.attribute_line_ids
        )

    def _b2b_get_cart_quantities(self):
        """What the current cart holds: dict product id -> text such as '2 Box'."""
        found = {}
        for line in request.cart.order_line:
            if line.product_id and not line.is_delivery:
                text = line.product_uom_id._b2b_format(line.product_uom_qty)
                found.setdefault(line.product_id.id, []).append(
                    f"{text} {line.product_uom_id.name}"
                )
        return {product_id: " + ".join(texts) for product_id, texts in found.items()}

    def _b2b_get_stock_text(self, row):
        """Stock of a row in words, for those who may see stock.

        :return: (kind: 'good', 'wait', 'stop' or '', text)
        """
        product = row.product.sudo()
        if row.stock is None:
            return "", ""
        if float_compare(row.stock, 0, precision_rounding=product.uom_id.rounding) > 0:
            text = product.uom_id._b2b_format(row.stock)
            return "good", f"{text} {product.uom_id.name}"
        if product.allow_out_of_stock_order:
            return "wait", self.env._("To order")
        return "stop", self.env._("Out of stock")

    def _b2b_get_rule_text(self, row):
        """Minimum and multiple of a row in words, or an empty text."""
        unit, terms, texts = row.product.uom_id, row.terms, []
        if terms.minimum and terms.minimum != terms.step:
            texts.append(
                self.env._("from %(qty)s", qty=unit._b2b_format(terms.minimum))
            )
        if terms.step:
            texts.append(self.env._("by %(qty)s", qty=unit._b2b_format(terms.step)))
        return ", ".join(texts)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _get_sales_prices(self, website):
        """Read the rules of a page once.

        Core asks again, product by product, for the price before the discount.
        """
        with request.pricelist._b2b_rules_loaded(self):
            return super()._get_sales_prices(website)

    def _b2b_get_pictured(self):
        """Ids of those templates (batch) that have a picture: one query."""
        attachments = self.env["ir.attachment"].sudo()
        rows = attachments._read_group(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "image_128"),
                ("res_id", "in", self.ids),
            ],
            ["res_id"],
        )
        return {res_id for (res_id,) in rows}
