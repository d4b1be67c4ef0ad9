# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Slices of the catalogue: new goods, special offers, bought before."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.id_in import id_in
from .b2b_price_index import MAX_DIRECT


class Website(models.Model):
    _inherit = "website"

    b2b_new_days = fields.Integer(
        "Goods are new for",
        default=30,
        required=True,
        help="Days after they were published. 0: no goods are called new.",
    )

    _b2b_new_days_range = models.Constraint(
        "CHECK(b2b_new_days BETWEEN 0 AND 3650)",
        "Goods may be new for 0 to 3650 days.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    b2b_new_days = fields.Integer(related="website_id.b2b_new_days", readonly=False)


class B2bCatalogue(models.AbstractModel):
    _inherit = "b2b.catalogue"

    @api.model
    def _get_slices(self, acting):
        """Slices that the visitor may choose; a hook.

        :return: dict code -> label, in order
        """
        if not acting or not acting.agreement:
            return {}
        website = self.env["website"]._b2b_get_visited().with_env(self.env)
        slices = {}
        if website.sudo().b2b_new_days:
            slices["new"] = self.env._("New")
        if (
            acting.agreement.special_pricelist_id
            and website._b2b_may_see("promotions")
            and self._may_see_my_price(acting)
        ):
            slices["offer"] = self.env._("Special offer")
        if self.env["b2b.member"]._may("order", "read"):
            slices["bought"] = self.env._("Bought earlier")
        return slices

    @api.model
    def _get_slice_domain(self, code, acting):
        """Goods of one slice that the visitor may choose; a hook.

        :return: Domain on product.template
        """
        if code == "new":
            days = self.env["website"]._b2b_get_visited().sudo().b2b_new_days
            # the whole hour: kept counts are found by the query's text
            now = fields.Datetime.start_of(fields.Datetime.now(), "hour")
            since = fields.Datetime.subtract(now, days=days)
            return Domain("publish_date", ">=", since)
        if code == "offer":
            return self._get_offer_domain(acting)
        if code == "bought":
            templates = self.env["product.template"]
            account = acting.member.account_id
            return id_in(templates._b2b_get_bought_query(account))
        return Domain.FALSE

    @api.model
    def _get_offer_domain(self, acting):
        """Goods that a special offer makes cheaper for one unit, as pages mark them."""
        agreement = acting.agreement.sudo()

        def few():
            ids = self._find_offered(agreement.special_pricelist_id)
            return ids if len(ids) <= MAX_DIRECT else None

        prices = self.env["b2b.price.index"]._get_prices(agreement, few)
        found = SQL("SELECT template_id FROM (%s) prices WHERE offer", prices)
        return id_in(found, apart=True)

    @api.model
    def _find_offered(self, pricelist):
        """Templates that the rules of a list speak of today, at most one too many."""
        now = fields.Datetime.now()
        pricelist.item_ids.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                WITH rule AS (
                    SELECT product_id, product_tmpl_id, categ_id
                    FROM product_pricelist_item
                    WHERE pricelist_id = %s
                        AND COALESCE(date_start, %s) <= %s
                        AND COALESCE(date_end, %s) >= %s
                        AND COALESCE(min_quantity, 0) <= 1
                ), named AS (
                    SELECT variant.product_tmpl_id AS id
                    FROM rule JOIN product_product variant
                        ON variant.id = rule.product_id
                    UNION
                    SELECT product_tmpl_id FROM rule WHERE product_id IS NULL
                    UNION
                    SELECT template.id
                    FROM rule
                    JOIN product_category category ON category.id = rule.categ_id
                    JOIN product_category below
                        ON below.parent_path LIKE category.parent_path || '%%'
                    JOIN product_template template ON template.categ_id = below.id
                    WHERE rule.product_id IS NULL AND rule.product_tmpl_id IS NULL
                    UNION
                    SELECT template.id FROM product_template template
                    WHERE EXISTS (
                        SELECT 1 FROM rule WHERE product_id IS NULL
                        AND product_tmpl_id IS NULL AND categ_id IS NULL
                    )
                )
                SELECT template.id FROM named
                JOIN product_template template ON template.id = named.id
                WHERE template.active AND template.sale_ok AND template.is_published
                LIMIT %s
                """,
                pricelist.id,
                now,
                now,
                now,
                now,
                MAX_DIRECT + 1,
            )
        )
        return sorted(row[0] for row in rows)

    @api.model
    def _get_conditions(self, query, acting):
        conditions = super()._get_conditions(query, acting)
        known = self._get_slices(acting) if query.slices else ()
        if query.slices and acting and acting.agreement:
            conditions["slices"] = Domain.OR(
                self._get_slice_domain(code, acting)
                for code in query.slices
                if code in known
            )
        return conditions
