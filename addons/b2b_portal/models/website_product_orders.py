# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the visitor's company has of a product: in carts, on order, bought before."""

from statistics import median

from odoo import fields, models
from odoo.fields import Domain
from odoo.http import request
from odoo.tools.misc import format_date

from .product_product_arrivals import OPEN_STATES

MAX_LINES = 12
# The last orders are enough to know what is usual.
MAX_HISTORY = 24


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_own_values(self, offers, chosen):
        """Values of the product page about the visitor's own orders.

        Nothing of it while a client of theirs looks on.

        :return: dict: ordered, bought
        """
        if self._b2b_in_client_mode():
            return {"ordered": [], "bought": None}
        return {
            "ordered": self._b2b_get_ordered(offers),
            "bought": self._b2b_get_bought(chosen),
        }

    def _b2b_get_ordered(self, products):
        """Carts and open orders, as the visitor sees them, that hold the products.

        :return: list of dicts: url, name, is_cart, quantity (text), article, date
            (text of the shipping day, or empty)
        """
        Line = self.env["sale.order.line"]
        cart = Domain(self.env["sale.order"]._b2b_cart_domain(self))
        open_order = Domain("state", "=", "sale") & Domain(
            "delivery_status", "in", ("pending", "started", "partial")
        )
        lines = Line.search(
            Domain("product_id", "in", products.ids)
            & Domain("order_id", "any", cart | open_order),
            order="id desc",
            limit=MAX_LINES,
        ).sudo()
        days = self._b2b_get_shipping_days(
            lines.filtered(lambda li: li.state == "sale")
        )
        rows = []
        for line in lines:
            left, order = line.product_uom_qty, line.order_id
            if line.state == "sale":
                left -= line.qty_delivered
            unit = line.product_uom_id
            if unit.compare(left, 0) <= 0:
                continue
            is_cart = line.state == "draft"
            day = days.get(line.id)
            rows.append(
                {
                    "url": f"/my/{'carts' if is_cart else 'orders'}/{order.id}",
                    "name": (is_cart and order.b2b_name) or order.name,
                    "is_cart": is_cart,
                    "quantity": f"{unit._b2b_format(left)} {unit.name}",
                    "article": len(products) > 1 and line.product_id.default_code,
                    "date": day and format_date(self.env, day),
                }
            )
        return rows

    def _b2b_get_shipping_days(self, lines):
        """When the rest of order lines (batch, sudo) is to be shipped.

        :return: dict line id -> date
        """
        if not lines:
            return {}
        groups = (
            self.env["stock.move"]
            .sudo()
            ._read_group(
                Domain("sale_line_id", "in", lines.ids)
                & Domain("state", "in", OPEN_STATES),
                ["sale_line_id"],
                ["date:min"],
            )
        )
        days = {line.id: day for line, day in groups}
        days |= {
            line.id: line.order_id.commitment_date
            for line in lines
            if line.order_id.commitment_date
        }
        return {
            line_id: fields.Datetime.context_timestamp(self, day).date()
            for line_id, day in days.items()
        }

    def _b2b_get_bought(self, product):
        """What is usual of a variant in the orders that the visitor sees.

        :return: dict: date, quantity (texts), usual (text: the median), orders
            (number), url, price (of one own unit, or None where it is not shown),
            currency; None: it was never bought
        """
        lines = self.env["sale.order.line"].search(
            Domain("product_id", "=", product.id)
            & Domain("order_id.state", "=", "sale")
            & Domain("product_uom_qty", ">", 0),
            order="id desc",
            limit=MAX_HISTORY,
        )
        if not lines:
            return None
        lines = lines.sudo().sorted(lambda line: line.order_id.date_order, reverse=True)
        last, unit = lines[0], product.uom_id
        quantities = [
            line.product_uom_id._compute_quantity(
                line.product_uom_qty, unit, round=False
            )
            for line in lines
        ]
        ordered_on = fields.Datetime.context_timestamp(self, last.order_id.date_order)
        return {
            "date": format_date(self.env, ordered_on.date()),
            "quantity": f"{last.product_uom_id._b2b_format(last.product_uom_qty)} "
            f"{last.product_uom_id.name}",
            "usual": f"{unit._b2b_format(unit.round(median(quantities)))} {unit.name}",
            "orders": len(lines.order_id),
            "url": f"/my/orders/{last.order_id.id}",
            "price": self._b2b_get_paid_price(last),
            "currency": last.currency_id,
        }

    def _b2b_get_paid_price(self, line):
        """What one own unit of a line (sudo) cost, as this shop shows prices."""
        if not self._b2b_may_see("prices"):
            return None
        taxed = self.show_line_subtotals_tax_selection == "tax_included"
        price = line.price_reduce_taxinc if taxed else line.price_reduce_taxexcl
        factor = line.product_uom_id._b2b_get_factor(line.product_id.uom_id)
        return price / float(factor)

    # === ALERTS === #

    def _b2b_get_alert(self, product):
        """What the visitor waits for of a variant; one active alert, or None."""
        if self._b2b_in_client_mode() or not self._b2b_may_see("stock"):
            return None
        alerts = self.env["b2b.stock.alert"].search(
            Domain("member_id", "=", request.b2b.member.id)
            & Domain("product_id", "=", product.id)
            & Domain("state", "=", "active"),
            limit=1,
        )
        return alerts.sudo() or None

    def _b2b_get_inbox(self):
        """Goods that have come, of those that the visitor waited for."""
        rows = super()._b2b_get_inbox()
        if self._b2b_in_client_mode() or not self._b2b_may_see("stock"):
            return rows
        for alert in self.env["b2b.stock.alert"]._b2b_get_news():
            product, unit = alert.product_id, alert.product_id.uom_id
            _kind, stock = self._b2b_tell_stock(alert.reached_quantity, unit)
            rows.append(
                {
                    "code": "stock_alert",
                    "icon": "bell",
                    "title": self.env._(
                        "%(product)s is in stock", product=product.display_name
                    ),
                    "text": self.env._(
                        "You waited for %(wish)s. Free then: %(stock)s.",
                        wish=alert._b2b_get_text(),
                        stock=stock,
                    ),
                    "url": product.website_url,
                    "button": self.env._("Order"),
                    "date": alert.reached_at,
                    "priority": 25,
                }
            )
        return rows

    def _b2b_get_menu(self):
        """The list of alerts, for those who may see stock."""
        rows = super()._b2b_get_menu()
        if self._b2b_may_see("stock"):
            rows.append(
                {
                    "code": "stock-alerts",
                    "label": self.env._("Waiting for goods"),
                    "url": "/my/stock-alerts",
                    "icon": "bell",
                    "sequence": 70,
                }
            )
        return rows
