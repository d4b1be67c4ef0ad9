# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lists tell when goods without stock come, where the visitor's rule says so."""

from odoo import models
from odoo.tools.misc import format_date


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_table(self, templates):
        """Note when rows without stock arrive, where the visitor's rule says so."""
        table = super()._b2b_get_table(templates)
        self._b2b_add_arrivals([row for entry in table for row in entry["rows"]])
        return table

    def _b2b_add_arrivals(self, rows):
        """Give price rows without stock their next arrival: date and free quantity.

        Nothing is read unless the visitor's rule is to tell the date.
        """
        if self._b2b_get_stock_rule() != "date":
            return
        products = self.env["product.product"].sudo()
        empty = [row for row in rows if row.stock is not None and row.stock <= 0]
        products = products.browse([row.product.id for row in empty])
        warehouses = self._b2b_get_stock_warehouses()
        free = self._b2b_get_row_free(empty, warehouses)
        found = products._b2b_get_next_arrivals(warehouses, free)
        for row in empty:
            row.arrival = found.get(row.product.id)

    def _b2b_get_row_free(self, rows, warehouses):
        """Free stock of rows as the reader of arrivals wants it.

        :param list rows: ``PriceRow`` of variants
        :return: dict product (sudo) -> dict warehouse -> quantity; None: the rows do
            not know it
        """
        known = set(warehouses.ids)
        if not rows or any(not known <= row.stocks.keys() for row in rows):
            return None
        return {
            row.product.sudo(): {w: row.stocks[w.id] for w in warehouses}
            for row in rows
        }

    def _b2b_get_stock_text(self, row):
        kind, text = super()._b2b_get_stock_text(row)
        if kind in ("wait", "stop") and row.arrival:
            day = format_date(self.env, row.arrival[0])
            return "wait", self.env._("Arrives on %(date)s", date=day)
        return kind, text
