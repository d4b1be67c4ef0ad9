# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class B2bPriceListData(models.AbstractModel):
    """Stock in files and feeds: as exactly as pages tell it."""

    _inherit = "b2b.price.list.data"

    @api.model
    def _get_stock_values(self, task, stock):
        stock = super()._get_stock_values(task, stock)
        website, agreement = task.website, task.agreement
        if website._b2b_get_stock_display(agreement) == "exact":
            return stock
        products = self.env["product.product"].sudo().browse(stock)
        products.product_tmpl_id.fetch(["uom_id"])
        units = {product.id: product.uom_id for product in products}
        told, values = {}, {}
        for product_id, quantity in stock.items():
            unit = units[product_id]
            key = unit.id, quantity
            if key not in told and unit.compare(quantity, 0) <= 0:
                # a figure, for programs: it tells no more than the word
                told[key] = 0.0
            elif key not in told:
                told[key] = website._b2b_get_stock_cell(quantity, unit, agreement)
            values[product_id] = told[key]
        return values
