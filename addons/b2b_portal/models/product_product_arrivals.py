# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is on its way to the warehouses, and how much of it is free."""

from collections import defaultdict
from dataclasses import dataclass

from odoo import fields, models
from odoo.fields import Domain

OPEN_STATES = ("confirmed", "waiting", "partially_available", "assigned")


@dataclass(frozen=True)
class Arrival:
    """Goods of one product that come to one warehouse on one day.

    Quantities are in the product's own unit. ``late``: the day has passed and the
    goods have not come; nobody knows the new day.
    """

    warehouse: object
    date: object
    quantity: float
    free: float
    late: bool = False


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _b2b_get_arrivals(self, warehouses, free=None, outside=False):
        """What comes to each of the warehouses, day by day, and what of it is free.

        An arrival is what open transfers bring from outside a warehouse. Orders that
        wait for goods of the same warehouse (open transfers out of it, as far as
        nothing is reserved for them) take today's free stock first, then the arrivals
        in the order of their days; what is left of an arrival is free. One grouped
        query, whatever the number of products and warehouses.

        :param self: batch, in sudo
        :param warehouses: ``stock.warehouse`` records, at least one
        :param dict free: as of ``_b2b_get_free_by_warehouse``, if the caller has it
        :param bool outside: without what one of the warehouses sends to another
        :return: dict product -> list of :class:`Arrival` by day
        """
        if free is None:
            free = self._b2b_get_free_by_warehouse(warehouses)
        incoming, needed = self._b2b_sum_moves(warehouses, outside)
        lacking = {
            (product, warehouse): max(
                needed.get((product, warehouse), 0.0) - free[product][warehouse], 0.0
            )
            for product, warehouse, _day in incoming
        }
        today = fields.Date.context_today(self)
        arrivals = {product: [] for product in self}
        for key in sorted(incoming, key=lambda key: (key[2], key[1].id)):
            product, warehouse, day = key
            taken = min(lacking[product, warehouse], incoming[key])
            lacking[product, warehouse] -= taken
            quantity = product.uom_id.round(incoming[key])
            left = product.uom_id.round(incoming[key] - taken)
            arrivals[product].append(
                Arrival(warehouse, day, quantity, left, late=day < today)
            )
        return arrivals

    def _b2b_get_next_arrivals(self, warehouses, free=None):
        """The next day on which something of the products (batch) comes and is free.

        Of all the warehouses together; transfers between them bring nothing new, and
        what should have come before today is not promised again. By the one reader of
        arrivals, so lists and the product's page never tell different days.

        :param warehouses: ``stock.warehouse`` records
        :param dict free: as of ``_b2b_get_free_by_warehouse``, if the caller has it
        :return: dict product id -> (date, free quantity in the product's unit);
            products that do not arrive are left out
        """
        if not self or not warehouses:
            return {}
        found = {}
        arrivals = self._b2b_get_arrivals(warehouses, free, outside=True)
        for product, rows in arrivals.items():
            for row in rows:
                if row.late or product.uom_id.compare(row.free, 0) <= 0:
                    continue
                day, quantity = found.setdefault(product.id, (row.date, 0.0))
                if day == row.date:
                    found[product.id] = day, quantity + row.free
        return found

    def _b2b_sum_moves(self, warehouses, outside=False):
        """What open transfers bring to warehouses, and what they lack there.

        :param bool outside: without what one of the warehouses sends to another
        :return: dict (product, warehouse, day) -> quantity that comes from outside,
            dict (product, warehouse) -> quantity that leaves and is not reserved
        """
        locations = self.env["stock.location"]._search(
            Domain("warehouse_id", "in", warehouses.ids)
        )
        final = Domain("location_final_id", "!=", False)
        into = final & Domain("location_final_id", "in", locations)
        into |= ~final & Domain("location_dest_id", "in", locations)
        domain = Domain("product_id", "in", self.ids)
        domain &= Domain("state", "in", OPEN_STATES)
        domain &= into | Domain("location_id", "in", locations)
        places = [
            "location_id.warehouse_id",
            "location_dest_id.warehouse_id",
            "location_final_id",
            "location_final_id.warehouse_id",
        ]
        groups = self.env["stock.move"]._read_group(
            domain,
            ["product_id", *places, "product_uom", "date:day"],
            ["product_qty:sum", "quantity:sum"],
        )
        incoming, needed = defaultdict(float), defaultdict(float)
        for product, *ends, unit, day, asked, reserved in groups:
            come_from, target, final, final_target = ends
            go_to = final_target if final else target
            if come_from == go_to:
                continue
            between = outside and come_from in warehouses
            if go_to in warehouses and not between:
                incoming[product, go_to, fields.Date.to_date(day)] += asked
            if come_from in warehouses:
                held = unit._compute_quantity(reserved, product.uom_id, round=False)
                needed[product, come_from] += max(asked - held, 0.0)
        return incoming, needed
