# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Counts of the panel, plainly: THROWN AWAY AT THE MERGE, the provider has its own."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.id_in import id_in


class B2bCatalogue(models.AbstractModel):
    _inherit = "b2b.catalogue"

    @api.model
    def _get_slices(self, acting):
        return {
            "new": self.env._("New"),
            "offer": self.env._("Special offers"),
            "bought": self.env._("Bought before"),
        }

    def _slice_domain(self, code, acting):
        templates = self.env["product.template"]
        if code == "new":
            day = fields.Datetime.now() - timedelta(days=60)
            return Domain("publish_date", ">=", day)
        if code == "bought":
            return id_in(templates._b2b_get_bought_query(acting.member.account_id))
        items = acting.agreement.sudo().special_pricelist_id.item_ids
        return Domain("id", "in", items.product_tmpl_id.ids)

    def _stock_domain(self, warehouses):
        return id_in(self.env["product.template"]._b2b_get_in_stock_query(warehouses))

    @api.model
    def _get_conditions(self, query, acting):
        conditions = super()._get_conditions(query, acting)
        if not acting:
            return conditions
        if query.slices:
            conditions["slices"] = Domain.OR(
                self._slice_domain(code, acting)
                for code in query.slices
                if code in self._get_slices(acting)
            )
        warehouses = acting.agreement.sudo()._b2b_get_warehouses()
        if query.warehouses:
            warehouses = warehouses.filtered(lambda w: w.id in query.warehouses)
        if query.in_stock or query.warehouses:
            conditions["stock"] = self._stock_domain(warehouses)
        website = self.env["website"]._b2b_get_visited().with_env(self.env)
        if query.min_price and website._b2b_may_filter_prices():
            conditions["price"] = Domain("list_price", ">=", query.min_price)
        return conditions

    @api.model
    def _count(self, query, acting, keys):
        conditions = self._get_conditions(query, acting)
        return {key: self._count_one(conditions, query, acting, key) for key in keys}

    def _count_one(self, conditions, query, acting, key):
        if key in ("tree", "sections"):
            return self._count_sections(query, acting)
        found = self._search_templates(conditions, (key,)).subselect()
        if key in ("stock", "slices"):
            return self._count_choices(conditions, acting, key)
        if key == "price":
            rows = self._run(
                "SELECT MIN(list_price), MAX(list_price)"
                " FROM product_template WHERE id IN %s",
                found,
            )
            return rows[0] if rows[0][1] else None
        if key == "brands":
            sql = (
                "SELECT b2b_brand_id, COUNT(*) FROM product_template"
                " WHERE id IN %s AND b2b_brand_id IS NOT NULL GROUP BY 1"
            )
            return dict(self._run(sql, found))
        if key == "letter":
            sql = (
                "SELECT UPPER(LEFT(COALESCE(name->>%s, name->>'en_US'), 1)),"
                " COUNT(*) FROM product_template WHERE id IN %s GROUP BY 1"
            )
            return dict(self.env.execute_query(SQL(sql, self.env.lang, found)))
        sql = (
            "SELECT product_attribute_value_id, COUNT(DISTINCT product_tmpl_id)"
            " FROM product_template_attribute_value WHERE ptav_active"
            " AND attribute_id = %s AND product_tmpl_id IN %s GROUP BY 1"
        )
        return dict(self.env.execute_query(SQL(sql, key[1], found)))

    def _run(self, sql, found):
        return self.env.execute_query(SQL(sql, found))

    def _count_choices(self, conditions, acting, key):
        warehouses = acting.agreement.sudo()._b2b_get_warehouses()
        if key == "slices":
            choices = {
                code: self._slice_domain(code, acting)
                for code in self._get_slices(acting)
            }
        else:
            choices = {"in_stock": self._stock_domain(warehouses)}
            choices |= {w.id: self._stock_domain(w) for w in warehouses}
        return {
            code: len(self._search_templates(conditions | {key: domain}))
            for code, domain in choices.items()
        }

    def _count_sections(self, query, acting):
        sections = self.env["product.public.category"].sudo()
        chosen = sections.browse([*query.categories, query.section or 0]).exists()
        counts = {}
        for kind in ("classifier", "application"):
            others = chosen.filtered(lambda s, kind=kind: s.b2b_kind != kind)
            conditions = self._get_conditions(
                query.change(section=0, categories=tuple(others.ids)), acting
            )
            found = self._search_templates(conditions).subselect()
            counts |= dict(
                self.env.execute_query(
                    SQL(
                        """
                        SELECT above.id::int, COUNT(DISTINCT r.product_template_id)
                        FROM product_public_category_product_template_rel r
                        JOIN product_public_category c
                            ON c.id = r.product_public_category_id AND c.b2b_kind = %s
                        CROSS JOIN LATERAL unnest(
                            string_to_array(rtrim(c.parent_path, '/'), '/')
                        ) AS above(id)
                        WHERE r.product_template_id IN %s GROUP BY 1
                        """,
                        kind,
                        found,
                    )
                )
            )
        return counts
