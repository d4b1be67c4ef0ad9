# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which products are in stock and which a customer has bought, as SQL.

For lists of the whole catalogue: core's search by ``free_qty`` computes the figure of
every product of the database first.
"""

from odoo import api, models
from odoo.tools import SQL


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.model
    def _b2b_get_in_stock_query(self, warehouses, to_order=False):
        """Templates that can be had: a subselect for ``id IN (...)``.

        Some active variant has free stock (on hand less reserved) in one single
        warehouse, as ``b2b.agreement._b2b_get_free`` counts it; goods whose stock is
        not kept can always be had. Nothing is read of the records themselves: no
        rights are asked and no cache is filled.

        :param warehouses: ``stock.warehouse`` records; none: stock of no warehouse
        :param bool to_order: whether goods that may be ordered without stock
            (``allow_out_of_stock_order``) can be had, too
        :return: ``odoo.tools.SQL``: SELECT of template ids, maybe with repetitions
        """
        self.flush_model(["is_storable", "allow_out_of_stock_order"])
        always = SQL("template.is_storable IS NOT TRUE")
        if to_order:
            always = SQL("(%s OR template.allow_out_of_stock_order)", always)
        untracked = SQL(
            "SELECT template.id FROM product_template template WHERE %s", always
        )
        queries = [untracked]
        if warehouses:
            queries.append(self._b2b_get_free_query(warehouses))
        return SQL(" UNION ALL ").join(queries)

    @api.model
    def _b2b_get_free_query(self, warehouses):
        """Templates with free stock in one of the warehouses, from the rows kept ready.

        :param warehouses: ``stock.warehouse`` records, at least one
        :return: ``odoo.tools.SQL``: SELECT of template ids
        """
        table = self.env["b2b.stock.free"]._get_table(warehouses)
        return SQL("SELECT free.template_id FROM (%s) free", table)

    @api.model
    def _b2b_get_bought_query(self, account):
        """Templates that a customer has bought: a subselect for ``id IN (...)``.

        In confirmed orders of any of the account's legal entities.

        :param account: ``b2b.account`` (at most one)
        :return: ``odoo.tools.SQL``: SELECT of template ids, maybe with repetitions
        """
        self.env["sale.order"].flush_model(["b2b_entity_id", "state"])
        self.env["sale.order.line"].flush_model(["order_id", "product_id"])
        self.env["res.partner"].flush_model(["b2b_account_id"])
        return SQL(
            """
            SELECT variant.product_tmpl_id
            FROM res_partner entity
            JOIN sale_order o ON o.b2b_entity_id = entity.id AND o.state = 'sale'
            JOIN sale_order_line line ON line.order_id = o.id
            JOIN product_product variant ON variant.id = line.product_id
            WHERE entity.b2b_account_id = %s
            """,
            account.id or 0,
        )
