# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The catalogue by what customers order most."""

from odoo import api, fields, models
from odoo.tools import SQL

# Orders of so many days count.
DAYS = 90


class ProductTemplate(models.Model):
    _inherit = "product.template"

    b2b_popularity = fields.Integer(
        "Orders of 90 days",
        default=0,
        readonly=True,
        copy=False,
        index=True,
        # how well goods sell is no customer's business: lists are sorted in SQL
        groups="base.group_user",
        help="Confirmed orders that the product was in; counted every night.",
    )

    @api.model
    def _b2b_cron_popularity(self):
        """Count anew, all products at once; products whose figure stays are left."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE product_template template
                SET b2b_popularity = counted.orders
                FROM (
                    SELECT template.id, COUNT(DISTINCT o.id) AS orders
                    FROM product_template template
                    LEFT JOIN product_product variant
                        ON variant.product_tmpl_id = template.id
                    LEFT JOIN sale_order_line line ON line.product_id = variant.id
                    LEFT JOIN sale_order o ON o.id = line.order_id
                        AND o.state = 'sale' AND o.date_order >= %s
                    GROUP BY template.id
                ) counted
                WHERE counted.id = template.id
                    AND COALESCE(template.b2b_popularity, 0) != counted.orders
                """,
                fields.Datetime.subtract(fields.Datetime.now(), days=DAYS),
            )
        )
        self.invalidate_model(["b2b_popularity"], flush=False)


class B2bCatalogue(models.AbstractModel):
    _inherit = "b2b.catalogue"

    @api.model
    def _get_orders(self, acting):
        return super()._get_orders(acting) | {"popular": self.env._("Popular first")}

    @api.model
    def _get_order_sql(self, templates, query, acting):
        if query.order != "popular":
            return super()._get_order_sql(templates, query, acting)
        table = templates.table
        return SQL(
            "%s DESC NULLS LAST, %s DESC",
            SQL.identifier(table, "b2b_popularity"),
            SQL.identifier(table, "id"),
        )
