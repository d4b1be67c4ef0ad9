# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the visitor's company has of a product: in carts, on order, bought before."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from odoo import fields, models
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .product_product_arrivals import OPEN_STATES

MAX_LINES = 12
# The last orders are enough to know what is usual.
MAX_HISTORY = 24


@dataclass(frozen=True)
class OwnRow:
    """A line of an order or a cart, or an alert.

    ``moment``: when the rest of an open order ships, or when goods were ordered (UTC);
    ``amount``: of the whole line, as this shop shows prices.
    """

    kind: str
    id: int
    product_id: int
    uom_id: int
    quantity: float
    delivered: float
    moment: object
    name: str
    state: str
    amount: float
    currency_id: int
    order_id: int


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_own_values(self, offers, chosen):
        """Values of the product page about the visitor's own orders: one query.

        Nothing of it while a client of theirs looks on.

        :return: dict: ordered, bought, alert, b2b_in_cart (dict product id -> text)
        """
        values = {"ordered": [], "bought": None, "alert": None, "b2b_in_cart": {}}
        if self._b2b_in_client_mode():
            return values
        rows = defaultdict(list)
        for row in self._b2b_read_own(offers, chosen):
            rows[row.kind].append(row)
        alerts = self.env["b2b.stock.alert"].sudo()
        return values | {
            "ordered": self._b2b_get_ordered(rows["ordered"], offers),
            "bought": self._b2b_get_bought(rows["bought"], chosen),
            "alert": alerts.browse([row.id for row in rows["alert"]]) or None,
            "b2b_in_cart": self._b2b_get_in_cart(rows["cart"]),
        }

    # === READING === #

    def _b2b_read_own(self, offers, chosen):
        """Lines and alerts of the visitor: list of :class:`OwnRow`, in one query.

        The scope engine says which lines the visitor sees.
        """
        for name in ("sale.order", "sale.order.line", "stock.move", "b2b.stock.alert"):
            self.env[name].flush_model()
        parts = [
            self._b2b_get_ordered_query(offers),
            self._b2b_get_bought_query(chosen),
        ]
        if request.cart:
            parts.append(self._b2b_get_cart_query(request.cart))
        if self._b2b_may_see("stock"):
            parts.append(self._b2b_get_alert_query(chosen))
        query = SQL(" UNION ALL ").join(SQL("(%s)", part) for part in parts)
        return [OwnRow(*row) for row in self.env.execute_query(query)]

    def _b2b_get_line_query(self, kind, domain, moment, limit):
        """SQL of the last lines that the visitor sees of a domain.

        :param moment: SQL of the column; ``o`` is the order
        """
        query = self.env["sale.order.line"]._search(domain)
        taxed = self.show_line_subtotals_tax_selection == "tax_included"
        return SQL(
            """
            SELECT %(kind)s, sale_order_line.id, sale_order_line.product_id,
                   sale_order_line.product_uom_id,
                   sale_order_line.product_uom_qty::float,
                   sale_order_line.qty_delivered::float, %(moment)s,
                   CASE WHEN o.state = 'draft' THEN COALESCE(o.b2b_name, o.name)
                        ELSE o.name END,
                   o.state, sale_order_line.%(amount)s::float, o.currency_id, o.id
              FROM %(tables)s JOIN sale_order o ON o.id = sale_order_line.order_id
             WHERE %(condition)s
          ORDER BY sale_order_line.id DESC LIMIT %(limit)s
            """,
            kind=kind,
            moment=moment,
            amount=SQL.identifier("price_total" if taxed else "price_subtotal"),
            tables=query.from_clause,
            condition=query.where_clause or SQL("TRUE"),
            limit=limit,
        )

    def _b2b_get_ordered_query(self, products):
        """SQL: carts and open orders that hold the products."""
        cart = Domain(self.env["sale.order"]._b2b_cart_domain(self))
        open_order = Domain("state", "=", "sale") & Domain(
            "delivery_status", "in", ("pending", "started", "partial")
        )
        domain = Domain("product_id", "in", products.ids)
        domain &= Domain("order_id", "any", cart | open_order)
        moment = SQL(
            """
            COALESCE(o.commitment_date, (
                SELECT MIN(move.date) FROM stock_move move
                 WHERE move.sale_line_id = sale_order_line.id AND move.state IN %s))
            """,
            OPEN_STATES,
        )
        return self._b2b_get_line_query("ordered", domain, moment, MAX_LINES)

    def _b2b_get_bought_query(self, product):
        """SQL: confirmed orders of a variant."""
        domain = Domain("product_id", "=", product.id)
        domain &= Domain("order_id.state", "=", "sale")
        domain &= Domain("product_uom_qty", ">", 0)
        moment = SQL("o.date_order")
        return self._b2b_get_line_query("bought", domain, moment, MAX_HISTORY)

    def _b2b_get_cart_query(self, cart):
        """SQL: what the current cart (single, sudo) holds."""
        return SQL(
            """
            SELECT 'cart', id, product_id, product_uom_id, product_uom_qty::float,
                   0::float, NULL::timestamp, '', '', 0::float, 0, order_id
              FROM sale_order_line
             WHERE order_id = %s AND product_id IS NOT NULL
               AND is_delivery IS NOT TRUE
          ORDER BY sequence, id
            """,
            cart.id,
        )

    def _b2b_get_alert_query(self, product):
        """SQL: what the visitor waits for of a variant, one active alert."""
        domain = Domain("member_id", "=", request.b2b.member.id)
        domain &= Domain("product_id", "=", product.id)
        domain &= Domain("state", "=", "active")
        query = self.env["b2b.stock.alert"]._search(domain, limit=1)
        return SQL(
            """
            SELECT 'alert', id, product_id, 0, quantity::float, 0::float,
                   NULL::timestamp, '', state, 0::float, 0, 0
              FROM b2b_stock_alert WHERE id IN %s
            """,
            query.subselect(),
        )

    # === SHOWING === #

    def _b2b_get_day(self, moment):
        """A moment (UTC) as a day where the visitor is; a text, or empty."""
        if not moment:
            return ""
        local = fields.Datetime.context_timestamp(self, moment)
        return format_date(self.env, local.date())

    def _b2b_get_in_cart(self, rows):
        """What the current cart holds: dict product id -> text such as '2 Box'."""
        units, found = self.env["uom.uom"].sudo(), defaultdict(list)
        for row in rows:
            unit = units.browse(row.uom_id)
            text = f"{unit._b2b_format(row.quantity)} {unit.name}"
            found[row.product_id].append(text)
        return {product_id: " + ".join(texts) for product_id, texts in found.items()}

    def _b2b_get_ordered(self, rows, products):
        """Carts and open orders that hold the products.

        :param list rows: :class:`OwnRow`
        :return: list of dicts: url, name, is_cart, quantity (text), article, date
            (text of the shipping day, or empty)
        """
        units, result = self.env["uom.uom"].sudo(), []
        for row in rows:
            is_cart = row.state == "draft"
            unit = units.browse(row.uom_id)
            left = row.quantity - (0.0 if is_cart else row.delivered)
            if unit.compare(left, 0) <= 0:
                continue
            product = products.browse(row.product_id)
            result.append(
                {
                    "url": f"/my/{'carts' if is_cart else 'orders'}/{row.order_id}",
                    "name": row.name,
                    "is_cart": is_cart,
                    "quantity": f"{unit._b2b_format(left)} {unit.name}",
                    "article": len(products) > 1 and product.default_code,
                    "date": "" if is_cart else self._b2b_get_day(row.moment),
                }
            )
        return result

    def _b2b_get_bought(self, rows, product):
        """What is usual of a variant in the orders that the visitor sees.

        :param list rows: :class:`OwnRow`
        :return: dict: date, quantity (texts), usual (text: the median), orders
            (number), url, price (of one own unit, or None where it is not shown),
            currency; None: it was never bought
        """
        if not rows:
            return None
        units, unit = self.env["uom.uom"].sudo(), product.uom_id
        last = max(rows, key=lambda row: (row.moment, row.id))
        quantities = [
            units.browse(row.uom_id)._compute_quantity(row.quantity, unit, round=False)
            for row in rows
        ]
        last_unit = units.browse(last.uom_id)
        return {
            "date": self._b2b_get_day(last.moment),
            "quantity": f"{last_unit._b2b_format(last.quantity)} {last_unit.name}",
            "usual": f"{unit._b2b_format(unit.round(median(quantities)))} {unit.name}",
            "orders": len({row.order_id for row in rows}),
            "url": f"/my/orders/{last.order_id}",
            "price": self._b2b_get_paid_price(last, unit),
            "currency": self.env["res.currency"].sudo().browse(last.currency_id),
        }

    def _b2b_get_paid_price(self, row, unit):
        """What one ``unit`` of a line cost, as this shop shows prices."""
        if not self._b2b_may_see("prices"):
            return None
        ordered = self.env["uom.uom"].sudo().browse(row.uom_id)
        return row.amount / row.quantity / float(ordered._b2b_get_factor(unit))

    # === ALERTS === #

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
