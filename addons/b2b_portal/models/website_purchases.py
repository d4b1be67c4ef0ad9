# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The purchase history on the pages of members."""

from dataclasses import dataclass

from odoo import models
from odoo.fields import Domain

from .b2b_purchase_history import Purchase
from .sale_order_cart import CartRequest


@dataclass
class PurchaseRow:
    """A row of the page: a purchase with what the visitor may see and order today."""

    purchase: Purchase
    # ``PriceRow``; None: the goods are not sold any more, or to nobody like the visitor
    price_row: object = None
    # usual quantity that may be ordered, in the product's own unit, or None
    quantity: float = None
    # product.template that took the place of goods no longer sold, or None
    successor: object = None
    own_code: str = ""


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_menu(self):
        rows = super()._b2b_get_menu()
        if not self.env["b2b.member"]._may("order", "read"):
            return rows
        return [
            *rows,
            {
                "code": "purchases",
                "label": self.env._("Bought before"),
                "url": "/my/purchases",
                "icon": "history",
                "sequence": 5,
            },
        ]

    def _b2b_get_tiles(self):
        tiles = super()._b2b_get_tiles()
        if not self.env["b2b.member"]._may("order", "read"):
            return tiles
        overdue, soon = self.env["b2b.purchase.history"]._count_due()
        text = self.env._("%(count)s of them overdue", count=overdue)
        tile = {
            "code": "purchases",
            "icon": "history",
            "title": self.env._("Time to buy again"),
            "value": str(overdue + soon),
            "text": text if overdue else False,
            "url": "/my/purchases?due=1" if overdue + soon else "/my/purchases",
            "sequence": 15,
        }
        return [*tiles, tile]

    def _b2b_get_bought_before(self, products):
        """When the visitor's company last bought goods, as far as the visitor sees.

        One query for a page of goods.

        :param products: product.product records
        :return: dict product id -> (day, quantity, ``uom.uom``); empty for whoever may
            not see orders
        """
        if not products or not self.env["b2b.member"]._may("order", "read"):
            return {}
        return self.env["b2b.purchase.history"]._get_last(products)

    def _b2b_get_purchase_rows(self, purchases):
        """Purchases with today's prices, stock and quantities, in a few queries.

        :param list purchases: :class:`.b2b_purchase_history.Purchase`
        :return: list of :class:`PurchaseRow`, in order
        """
        ids = [purchase.product.id for purchase in purchases]
        sold = self._b2b_find_goods(ids)
        products = self.env["product.product"].browse(
            [product_id for product_id in ids if product_id in set(sold.ids)]
        )
        rows = (self._b2b_get_order_rows(products) or []) if products else []
        by_product = {row.product.id: row for row in rows}
        gone = self.env["product.product"].sudo().browse(set(ids) - set(products.ids))
        successors = self._b2b_get_successors(gone)
        codes = self._b2b_get_visitor_codes(self.env["product.product"].browse(ids))
        return [
            PurchaseRow(
                purchase,
                by_product.get(product_id),
                self._b2b_get_usual(purchase, by_product.get(product_id)),
                successors.get(product_id),
                codes.get(product_id, ""),
            )
            for product_id, purchase in zip(ids, purchases, strict=True)
        ]

    def _b2b_get_usual(self, purchase, row):
        """The usual quantity as it may be ordered today, or None.

        :param row: ``PriceRow`` of the goods, or None
        """
        if row is None:
            return None
        product = purchase.product
        quantity, reason = product._b2b_round_quantity(
            purchase.usual, product.uom_id, terms=row.terms
        )
        return None if reason == "impossible" else quantity

    def _b2b_get_successors(self, products):
        """What is offered in place of goods that are no longer sold.

        :param products: product.product in sudo
        :return: dict product id -> product.template, the first alternative that the
            visitor sees
        """
        alternatives = products.product_tmpl_id.alternative_product_ids
        if not alternatives:
            return {}
        domain = Domain("id", "in", alternatives.ids)
        seen = self.env["product.template"].search(
            domain & Domain(self.sale_product_domain())
        )
        found = {}
        for product in products:
            for template in product.product_tmpl_id.alternative_product_ids:
                if template.id in set(seen.ids):
                    found.setdefault(product.id, seen.browse(template.id))
        return found

    def _b2b_get_usual_wishes(self, rows, in_cart):
        """Wishes for the cart of all goods that are due.

        :param list rows: :class:`PurchaseRow`
        :param in_cart: ids of goods that the cart holds already: these are left out
        :return: (list of :class:`CartRequest`, number of goods left out)
        """
        wishes, left_out = [], 0
        for row in rows:
            if row.purchase.state not in ("overdue", "soon"):
                continue
            product = row.purchase.product
            if row.quantity is None or product.id in in_cart:
                left_out += 1
                continue
            wishes.append(CartRequest(product, product.uom_id, row.quantity))
        return wishes, left_out

    def _b2b_get_due_text(self, purchase, today):
        """When a purchase would be made again, in words.

        :param today: date where the visitor is
        """
        if purchase.state in ("none", "asleep", "gone"):
            return ""
        days = (purchase.due - today).days
        if days == 0:
            return self.env._("today")
        if days > 0:
            return self.env._("in %(days)s d.", days=days)
        return self.env._("overdue by %(days)s d.", days=-days)
