# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.fast_round import get_rounder


class B2bPriceListData(models.AbstractModel):
    """Free stock for the agreement of a price list: that of its best warehouse."""

    _inherit = "b2b.price.list.data"

    @api.model
    def _read_stock(self, task, ids, storable=None):
        """Free stock of goods, in a constant number of queries.

        What ``b2b.agreement._get_row_stock`` says of a page, for the whole catalogue;
        a test holds that they agree.

        :param dict storable: product id -> unit id, where these are known
        :return: dict product id -> quantity in its own unit, storable goods only
        """
        warehouses = task.agreement._b2b_get_warehouses() or task.website.warehouse_id
        best = {}
        for product_id, quantity in self._read_quants(task, ids, warehouses):
            quantity = float(quantity)
            best[product_id] = max(best.get(product_id, quantity), quantity)
        if len(warehouses) > 1:
            # a warehouse without a quant has none, which beats less than none
            best = {product_id: max(q, 0.0) for product_id, q in best.items()}
        storable = storable if storable is not None else self._find_storable(ids)
        units = self.env["uom.uom"].sudo().browse(set(storable.values()))
        rounders = {unit.id: get_rounder(unit.rounding) for unit in units}
        stock = {
            product_id: rounders[unit_id](best.get(product_id, 0.0))
            for product_id, unit_id in storable.items()
        }
        if others := self._get_without_quants(task, ids):
            agreement = task.agreement
            others = others.with_env(agreement.env)
            stock |= agreement._get_row_stock(others)
        return stock

    @api.model
    def _find_storable(self, ids):
        """Storable goods: dict product id -> unit id."""
        query = SQL(
            "SELECT p.id, t.uom_id FROM product_product p JOIN product_template t "
            "ON t.id = p.product_tmpl_id WHERE t.is_storable AND p.id = ANY(%s)",
            list(ids),
        )
        return dict(self.env.execute_query(query))

    @api.model
    def _read_quants(self, task, ids, warehouses):
        """Free stock by product and warehouse: one query.

        :param warehouses: ``stock.warehouse`` records; none: all stock is one
        :return: list of (product id, quantity)
        """
        products = self.env["product.product"].sudo()
        located = products.with_company(task.agreement.company_id)
        located = located.with_context(warehouse_id=warehouses.ids or False)
        quants = self.env["stock.quant"].sudo()
        domain = Domain(located._get_domain_locations()[0])
        query = quants._search(domain & Domain("product_id", "in", list(ids)))
        query.groupby = SQL("stock_quant.product_id")
        if warehouses:
            query.add_join(
                "JOIN",
                "location",
                "stock_location",
                SQL("location.id = stock_quant.location_id"),
            )
            query.groupby = SQL("stock_quant.product_id, location.warehouse_id")
        return self.env.execute_query(
            query.select(
                SQL("stock_quant.product_id"),
                SQL(
                    "SUM(stock_quant.quantity"
                    " - COALESCE(stock_quant.reserved_quantity, 0))"
                ),
            )
        )

    @api.model
    def _get_without_quants(self, task, ids):
        """Goods whose free stock is not that of their quants; a hook for bridges.

        :return: ``product.product``, those of ``ids``
        """
        return self.env["product.product"].browse()
