# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The members' catalogue: which view, which rows, what of them the visitor sees."""

from odoo import api, models
from odoo.http import request
from odoo.tools import SQL

VIEW_SESSION_KEY = "b2b_shop_view"
VIEWS = ("table", "list", "grid")


class Website(models.Model):
    _inherit = "website"

    # === VIEWS === #

    def _b2b_get_view(self, wish=None):
        """How the visitor sees the catalogue; a wish is kept for the member.

        :param str wish: 'table', 'list' or 'grid'; anything else is ignored
        :return: one of these; None: as core shows it, to whoever has no agreement
        """
        acting = request.b2b
        if not acting or not acting.agreement:
            return None
        return self._b2b_remember(VIEW_SESSION_KEY, wish, VIEWS)

    def _b2b_remember(self, key, wish, choices):
        """A choice of the visiting member, read once a session.

        :param str key: of the session and of the member's settings
        :param wish: what is chosen now; anything that is no choice is ignored
        :param tuple choices: the first one holds for whoever has not chosen
        """
        settings, member = self.env["b2b.table.setting"], request.b2b.member
        kept = request.session.get(key)
        if kept not in choices:
            kept = settings._b2b_read(member, key).get("choice")
            request.session[key] = kept = kept if kept in choices else choices[0]
        if wish in choices and wish != kept:
            request.session[key] = kept = wish
            if member:
                settings._b2b_write(member, key, {"choice": wish})
        return kept

    # === ROWS === #

    def _b2b_get_price_rows(self, products, quantity=1.0, uom=None, units=False):
        """Prices and stock of products, as far as the visitor may see them.

        The one way from agreements to pages: rights and the client mode are asked
        here.

        :param products: product.product or product.template records
        :param bool units: with what the products, variants, may be ordered in
        :return: list of :class:`.b2b_price_row.PriceRow`; None: the visitor acts under
            no agreement
        """
        acting = request.b2b
        if not acting or not acting.agreement:
            return None
        agreement = acting.agreement
        if self._b2b_in_client_mode():
            rows = agreement._get_retail_rows(products, quantity, uom)
            if units:
                agreement._add_units(rows)
        else:
            rows = agreement._get_price_rows(products, quantity, uom, units=units)
        see_prices = self._b2b_may_see("prices")
        see_promotions = self._b2b_may_see("promotions")
        for row in rows:
            if self.prevent_zero_price_sale:
                row.hide_zeros()
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
        return self._b2b_get_price_rows(variants, quantity, uom, units=True)

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

    @api.model
    def _b2b_get_chosen_on_page(self, templates):
        """Templates of a page (batch) whose rows cannot say what is ordered.

        A property of one value describes the product: nobody chooses it. One query.

        :return: set of ids
        """
        combos = {t.id for t in templates.sudo() if t.type == "combo"}
        lines = self.env["product.template.attribute.line"]
        lines.flush_model()
        self.env["product.attribute"].flush_model(["display_type", "create_variant"])
        self.env["product.attribute.value"].flush_model(["is_custom"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.product_tmpl_id
                FROM product_template_attribute_line line
                JOIN product_attribute attribute ON attribute.id = line.attribute_id
                WHERE line.product_tmpl_id = ANY(%s) AND line.active
                    AND (attribute.display_type = 'multi'
                        OR (attribute.create_variant = 'no_variant'
                            AND line.value_count > 1)
                        OR EXISTS (
                            SELECT FROM %s link
                            JOIN product_attribute_value value
                                ON value.id = link.product_attribute_value_id
                                AND value.is_custom
                            WHERE link.product_template_attribute_line_id = line.id
                        ))
                """,
                list(templates.ids),
                SQL.identifier(lines._fields["value_ids"].relation),
            )
        )
        return combos | {row[0] for row in rows}

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

        As exactly as the visitor's rule says: see ``_b2b_tell_stock``.

        :return: (kind: 'good', 'few', 'wait', 'stop' or '', text)
        """
        product = row.product.sudo()
        if row.stock is None:
            return "", ""
        if product.uom_id.compare(row.stock, 0) > 0:
            return self._b2b_tell_stock(row.stock, product.uom_id)
        if product.allow_out_of_stock_order:
            return "wait", self.env._("To order")
        return "stop", self.env._("Out of stock")

    def _b2b_get_warehouse_stock(self, row, warehouse_id):
        """Stock of a row in one warehouse of the agreement, by the visitor's rule."""
        quantity, unit = row.stocks.get(warehouse_id), row.product.sudo().uom_id
        if quantity is None or unit.compare(quantity, 0) <= 0:
            return "—" if row.stocks else ""
        return self._b2b_tell_stock(quantity, unit)[1]

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
