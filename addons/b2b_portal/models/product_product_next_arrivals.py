# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

# Moves that are planned and not done yet.
_PLANNED = ("waiting", "confirmed", "partially_available", "assigned")


class ProductProduct(models.Model):
    """When goods arrive next, of many products at once."""

    _inherit = "product.product"

    def _b2b_get_next_arrivals(self, warehouses):
        """The next arrival of the products (batch) from outside, in one query.

        Of confirmed incoming moves; transfers between the warehouses are none, and
        what should have come before today is not promised again.

        :param warehouses: ``stock.warehouse`` records
        :return: dict product id -> (date, quantity in the product's unit, of all
            moves of that day); products that do not arrive are left out
        """
        if not self or not warehouses:
            return {}
        located = self.sudo().with_context(warehouse_id=warehouses.ids)
        domain = Domain(located._get_domain_locations()[1])
        domain &= Domain("product_id", "in", self.ids) & Domain("state", "in", _PLANNED)
        groups = (
            self.env["stock.move"]
            .sudo()
            ._read_group(
                domain,
                ["product_id", "date:day"],
                ["product_qty:sum"],
                order="date:day",
            )
        )
        today, arrivals = fields.Date.context_today(self), {}
        for product, day, quantity in groups:
            if day.date() >= today and product.uom_id.compare(quantity, 0) > 0:
                arrivals.setdefault(product.id, (day.date(), quantity))
        return arrivals


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_table(self, templates):
        """Note when rows without stock arrive, where the visitor's rule says so."""
        table = super()._b2b_get_table(templates)
        if self._b2b_get_stock_rule() == "date":
            rows = [row for entry in table for row in entry["rows"]]
            self._b2b_add_arrivals(rows)
        return table

    def _b2b_add_arrivals(self, rows):
        """Give price rows without stock their next arrival: date and quantity."""
        products = self.env["product.product"].sudo()
        empty = [row for row in rows if row.stock is not None and row.stock <= 0]
        products = products.browse([row.product.id for row in empty])
        found = products._b2b_get_next_arrivals(self._b2b_get_stock_warehouses())
        for row in empty:
            row.arrival = found.get(row.product.id)

    def _b2b_get_stock_text(self, row):
        kind, text = super()._b2b_get_stock_text(row)
        if kind in ("wait", "stop") and row.arrival:
            day = format_date(self.env, row.arrival[0])
            return "wait", self.env._("Arrives on %(date)s", date=day)
        return kind, text
