# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prices by unit and quantity, for the sums that a browser shows."""

import json

from odoo import fields, models


class B2bAgreement(models.Model):
    _inherit = "b2b.agreement"

    def _b2b_get_table_prices(self, rows):
        """Prices of a page of rows in every unit and from every quantity.

        The price of a cart's line alone: what the cart holds of the product already
        is not added to its quantity. In a constant number of queries.

        :param list rows: :class:`.b2b_price_row.PriceRow` with units, whose price the
            viewer may see
        :return: dict product id -> JSON of a dict unit id -> list of [from quantity in
            the unit, price of one unit], the least quantity first; rows without a
            price are left out
        """
        self.ensure_one()
        found = {}
        for row in rows:
            if row.price is None or not row.units:
                continue
            prices = {}
            for choice in row.units:
                steps = [[0, choice.price], *choice.breaks]
                prices[choice.unit.id] = [
                    [quantity, float(f"{price:.12g}")] for quantity, price in steps
                ]
            found[row.product.id] = json.dumps(prices, separators=(",", ":"))
        return found

    def _add_units(self, rows, display=None):
        """Add the prices from the quantities that rules begin at."""
        rows = super()._add_units(rows, display)
        priced = [row for row in rows if row.price is not None and row.units]
        if priced:
            self._b2b_add_unit_breaks(priced, display)
        return rows

    def _b2b_add_unit_breaks(self, rows, display=None):
        """Give the units of rows ``breaks``: lists of [quantity in the unit, price]."""
        products = self.env["product.product"].sudo()
        products = products.browse([row.product.id for row in rows])
        date, pricelist = fields.Datetime.now(), self.pricelist_id
        display = display or self._get_price_display(products, self.currency_id)
        units = {(r.product.id, u.unit.id): u for r in rows for u in r.units}
        with self._b2b_prices_in_force(products, date):
            thresholds = pricelist._b2b_get_thresholds(products, date)
            asked = {}
            for row in rows:
                for quantity in thresholds.get(row.product.id, ()):
                    for choice in row.units:
                        least = quantity / choice.factor
                        if least > 1:
                            key = (choice.unit, round(least, 6))
                            asked.setdefault(key, []).append(row.product.id)
            for (unit, quantity), ids in sorted(
                asked.items(), key=lambda item: (item[0][0].id, item[0][1])
            ):
                subset = products.browse(ids)
                prices = pricelist._compute_price_rule(
                    subset, quantity, uom=unit, date=date
                )
                for product in subset:
                    price = display(product, prices[product.id][0])
                    units[product.id, unit.id].breaks.append([quantity, price])
