# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The catalogue by my price, for those who may see it."""

from odoo import api, models
from odoo.tools import SQL

from ..tools.id_in import id_in
from .b2b_price_index import MAX_DIRECT

# What goods are looked among for prices: one set for list, counts and bounds.
_SCOPE = ("search", "within", "section")


class B2bCatalogue(models.AbstractModel):
    _inherit = "b2b.catalogue"

    @api.model
    def _may_see_my_price(self, acting):
        """Whether lists may tell by their order or length what a price is.

        Not where a client looks on, and not where there are no prices for want of a
        rate.
        """
        website = self.env["website"]._b2b_get_visited().with_env(self.env)
        return (
            bool(acting and acting.agreement)
            and website._b2b_may_see("prices")
            and not website._b2b_in_client_mode()
            and not acting.agreement._b2b_get_rate_refusal()
        )

    @api.model
    def _get_price_sql(self, query, acting, scope=_SCOPE, wait=True):
        """My prices of the goods under some conditions, at least.

        :param scope: keys of the conditions
        :return: see ``b2b.price.index._get_prices``
        """

        def few():
            bare = query.change(min_price=None, max_price=None, slices=())
            conditions = self._get_conditions(bare, acting)
            templates = self._search_templates(conditions, conditions.keys() - {*scope})
            templates.order, templates.limit = None, MAX_DIRECT + 1
            rows = self.env.execute_query(
                templates.select(SQL.identifier(templates.table, "id"))
            )
            return sorted(row[0] for row in rows) if len(rows) <= MAX_DIRECT else None

        index = self.env["b2b.price.index"]
        return index._get_prices(acting.agreement, few, wait)

    @api.model
    def _get_price_domain(self, query, acting, scope=_SCOPE):
        """Goods whose price is within the bounds of a query."""
        prices = self._get_price_sql(query, acting, scope)
        bounds = [
            SQL("price %s %s", sign, bound)
            for sign, bound in (
                (SQL(">="), query.min_price),
                (SQL("<="), query.max_price),
            )
            if bound is not None
        ]
        return id_in(
            SQL(
                "SELECT template_id FROM (%s) prices WHERE %s",
                prices,
                SQL(" AND ").join(bounds),
            ),
            apart=True,
        )

    @api.model
    def _get_conditions(self, query, acting):
        conditions = super()._get_conditions(query, acting)
        asked = query.min_price is not None or query.max_price is not None
        if asked and self._may_see_my_price(acting):
            conditions["price"] = self._get_price_domain(query, acting)
        return conditions

    @api.model
    def _get_orders(self, acting):
        orders = super()._get_orders(acting)
        if self._may_see_my_price(acting):
            orders["price"] = self.env._("Cheaper ones first")
            orders["price_desc"] = self.env._("Dearer ones first")
        return orders

    @api.model
    def _get_order_sql(self, templates, query, acting):
        wanted = query.order in ("price", "price_desc")
        if not wanted or not self._may_see_my_price(acting):
            return super()._get_order_sql(templates, query, acting)
        row_id = SQL.identifier(templates.table, "id")
        prices = SQL("(%s)", self._get_price_sql(query, acting))
        on = SQL("b2b_my_price.template_id = %s", row_id)
        templates.add_join("LEFT JOIN", "b2b_my_price", prices, on)
        direction = SQL("DESC" if query.order == "price_desc" else "ASC")
        return SQL("b2b_my_price.price %s NULLS LAST, %s", direction, row_id)
