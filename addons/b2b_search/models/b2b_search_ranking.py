# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In which order goods stand that fit a query: weights that staff set."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, float_compare, ormcache

from ..tools.document import FIELDS
from .b2b_search_priority import MAX_PRIORITY

FACTORS = ("popularity", "stock", "novelty", "priority", "margin", "personal")
# The factor of a score stays below 1 plus this, so that text wins.
MAX_SUM = 0.6
_FIELD = "field_"
_NO_PRIORITY = {"product": False, "brand": False, "sections": ()}


def _factor(label, default, help_text):
    return fields.Float(label, default=default, required=True, help=help_text)


def _weight(name, label, help_text):
    return fields.Float(label, default=FIELDS[name][0], required=True, help=help_text)


class B2bSearchRanking(models.Model):
    """The ranking as staff set it: one record.

    The score of a text is multiplied with 1 + the sum of weight x rank, each rank
    between 0 and 1.
    """

    _name = "b2b.search.ranking"
    _description = "Search Ranking"

    name = fields.Char(default="Ranking", required=True, translate=True)
    popularity = _factor(
        "Popularity", 0.15, "Goods that more confirmed orders of 90 days have."
    )
    stock = _factor(
        "Stock",
        0.10,
        "Goods that are free in any of the visitor's warehouses, or whose stock is not "
        "kept. It does not count for those who may not see stock.",
    )
    novelty = _factor("Novelty", 0.05, "Goods that were published lately.")
    novelty_days = fields.Integer("Days that goods are new", default=90, required=True)
    priority = _factor(
        "Priority",
        0.20,
        "The highest of the priorities of the product, its brand and its sections.",
    )
    margin = _factor(
        "Margin",
        0.0,
        "Share of the sales price above the cost. Customers see only the order.",
    )
    personal = _factor(
        "Bought before", 0.10, "Goods that the acting customer has ordered before."
    )
    field_code = _weight("code", "Articles and barcodes", "Also of variants.")
    field_name = _weight("name", "Product name", "In all languages.")
    field_brand = _weight("brand", "Brand", "Name of the brand.")
    field_category = _weight("category", "Sections", "Their names and those above.")
    field_attribute = _weight("attribute", "Properties", "Values and tags.")
    field_text = _weight("text", "Descriptions", "For sales and of the website.")
    factor_sum = fields.Float("Sum", compute="_compute_factor_sum")
    needs_rebuild = fields.Boolean(compute="_compute_needs_rebuild")

    @api.depends(*FACTORS)
    def _compute_factor_sum(self):
        for ranking in self:
            ranking.factor_sum = sum(ranking[name] for name in FACTORS)

    def _compute_needs_rebuild(self):
        """Words are weighed when goods are indexed: other weights, another index."""
        build = self.env["b2b.search.build"]
        index = build._get()
        outdated = index.ready and index.signature != build._get_signature()
        self.needs_rebuild = outdated

    @api.constrains(*FACTORS, "novelty_days")
    def _check_factors(self):
        for ranking in self:
            weights = [ranking[name] for name in FACTORS]
            if not all(0 <= weight <= 0.5 for weight in weights):
                raise ValidationError(self.env._("A weight is between 0 and 0.5."))
            if float_compare(sum(weights), MAX_SUM, 4) > 0:
                raise ValidationError(
                    self.env._(
                        "The weights sum up to more than %(limit)s: goods that fit the "
                        "text worse would stand above those that fit it better.",
                        limit=MAX_SUM,
                    )
                )
            if ranking.novelty_days < 1:
                raise ValidationError(self.env._("Goods are new for a day at least."))

    @api.constrains(*(_FIELD + name for name in FIELDS))
    def _check_fields(self):
        for ranking in self:
            if not all(0 <= ranking[_FIELD + name] <= 20 for name in FIELDS):
                raise ValidationError(
                    self.env._("The weight of a field is between 0 and 20.")
                )

    @api.model
    def _get(self):
        """The one record (sudo)."""
        return self.env.ref("b2b_search.ranking_main").sudo()

    def write(self, vals):
        """Other weights of fields: the job builds another index."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        if any(name.startswith(_FIELD) for name in vals):
            index = self.env["b2b.search.build"]._get()
            if index.state in ("building", "stopped"):
                # one half of it would be weighed in another way
                index.action_rebuild()
            else:
                index._wake()
        return result

    # === VALUES === #

    @api.model
    @ormcache()
    def _get_values(self):
        """All weights by the names of the fields, and ``novelty_days``."""
        names = [*FACTORS, "novelty_days", *(_FIELD + name for name in FIELDS)]
        ranking = self.env.ref("b2b_search.ranking_main", raise_if_not_found=False)
        if not ranking:
            # the addon is being installed
            return {name: self._fields[name].default(self) for name in names}
        return {name: ranking.sudo()[name] for name in names}

    @api.model
    def _get_field_weights(self):
        """dict field of the index -> its weight."""
        values = self._get_values()
        return {name: values[_FIELD + name] for name in FIELDS}

    # === RANKS === #

    @api.model
    def _get_parts(self):
        """What the ranking looks at for the current visitor; a hook.

        :return: list of (name, weight, ``SQL`` of a rank between 0 and 1 of the row
            ``template``)
        """
        values = self._get_values()
        ranks = [
            (name, values[name], getattr(self, f"_get_{name}_sql"))
            for name in FACTORS
            if values[name]
        ]
        parts = [(name, weight, get_sql()) for name, weight, get_sql in ranks]
        return [part for part in parts if part[2]]

    @api.model
    def _get_popularity_sql(self):
        self.env["product.template"].flush_model(["b2b_popularity"])
        return SQL(
            "COALESCE(LN(1 + template.b2b_popularity) / NULLIF(LN(1 + ("
            "SELECT MAX(b2b_popularity) FROM product_template)), 0), 0)"
        )

    @api.model
    def _get_stock_sql(self):
        """As lists count: None for those who may not see stock."""
        website = self.env["website"]._b2b_get_visited().with_env(self.env)
        if not website._b2b_may_see("stock"):
            return None
        self.env["product.template"].flush_model(["is_storable"])
        warehouses = website._b2b_get_stock_warehouses()
        untracked = SQL("template.is_storable IS NOT TRUE")
        if not warehouses:
            return SQL("(%s)::int", untracked)
        free = self.env["b2b.stock.free"]._get_table(
            warehouses, SQL("SELECT template_id FROM found")
        )
        return SQL(
            "(%s OR template.id IN (SELECT free.template_id FROM (%s) free))::int",
            untracked,
            free,
        )

    @api.model
    def _get_novelty_sql(self):
        self.env["product.template"].flush_model(["publish_date"])
        return SQL(
            "COALESCE(GREATEST(0, LEAST(1, 1 - EXTRACT(EPOCH FROM"
            " %s - template.publish_date) / 86400.0 / %s)), 0)",
            fields.Datetime.now(),
            self._get_values()["novelty_days"],
        )

    @api.model
    def _get_priority_sql(self):
        """Only what has any priority at all is asked for."""
        known, choices = self._get_priorities(), []
        if known["product"]:
            choices.append(SQL("template.b2b_search_priority"))
        if known["brand"]:
            choices.append(
                SQL(
                    "(SELECT brand.b2b_search_priority FROM b2b_brand brand"
                    " WHERE brand.id = template.b2b_brand_id)"
                )
            )
        if known["sections"]:
            choices.append(
                SQL(
                    "(SELECT MAX(section.priority)"
                    " FROM product_public_category_product_template_rel link"
                    " JOIN unnest(%s::int[], %s::int[]) AS section(id, priority)"
                    " ON section.id = link.product_public_category_id"
                    " WHERE link.product_template_id = template.id)",
                    [section for section, _priority in known["sections"]],
                    [priority for _section, priority in known["sections"]],
                )
            )
        if not choices:
            return None
        return SQL(
            "COALESCE(LEAST(1, GREATEST(0, %s) / %s), 0)",
            SQL(", ").join(choices),
            float(MAX_PRIORITY),
        )

    @api.model
    def _get_priorities(self):
        """Where priorities are set: one query, of a few rows.

        :return: dict: product, brand (whether any has one), sections (pairs of id and
            priority, those below ones with a priority among them)
        """
        for name in ("product.template", "b2b.brand", "product.public.category"):
            self.env[name].flush_model(["b2b_search_priority"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT 'product', 0, 0 WHERE EXISTS (
                    SELECT FROM product_template WHERE b2b_search_priority > 0
                )
                UNION ALL
                SELECT 'brand', 0, 0 WHERE EXISTS (
                    SELECT FROM b2b_brand WHERE b2b_search_priority > 0
                )
                UNION ALL
                SELECT 'section', below.id, MAX(section.b2b_search_priority)
                FROM product_public_category section
                JOIN product_public_category below
                    ON below.parent_path LIKE section.parent_path || '%%'
                WHERE section.b2b_search_priority > 0
                GROUP BY below.id
                """
            )
        )
        kinds = {row[0] for row in rows}
        return _NO_PRIORITY | {
            "product": "product" in kinds,
            "brand": "brand" in kinds,
            "sections": [row[1:] for row in rows if row[0] == "section"],
        }

    @api.model
    def _get_margin_sql(self):
        """By the cost of the website's company; goods without a cost have none."""
        self.env["product.template"].flush_model(["list_price"])
        self.env["product.product"].flush_model(["standard_price", "active"])
        company = self.env["website"]._b2b_get_visited().sudo().company_id
        return SQL(
            "COALESCE((SELECT GREATEST(0, 1 - MAX("
            "(variant.standard_price->>%s)::float8) / template.list_price)"
            " FROM product_product variant"
            " WHERE variant.product_tmpl_id = template.id AND variant.active"
            " AND (variant.standard_price->>%s)::float8 > 0"
            " AND template.list_price > 0), 0)",
            str(company.id),
            str(company.id),
        )

    @api.model
    def _get_personal_sql(self):
        _agreement, account = self.env["website"]._b2b_get_stock_customer()
        if not account:
            return None
        bought = self.env["product.template"]._b2b_get_bought_query(account)
        return SQL("(template.id IN (%s))::int", bought)

    @api.model
    def _get_ranks(self, template_id):
        """Every rank of one product: for the explanation.

        :return: list of (name, weight, rank)
        """
        parts = self._get_parts()
        if not parts:
            return []
        ranks = SQL(", ").join(SQL("(%s)::float8", rank) for _n, _w, rank in parts)
        rows = self.env.execute_query(
            SQL(
                "WITH found AS (SELECT %s AS template_id) SELECT %s"
                " FROM product_template template WHERE template.id = %s",
                template_id,
                ranks,
                template_id,
            )
        )
        return [
            (name, weight, rank)
            for row in rows
            for (name, weight, _sql), rank in zip(parts, row, strict=True)
        ]


class B2bSearchEngine(models.AbstractModel):
    _inherit = "b2b.search.engine"

    @api.model
    def _get_factor_sql(self):
        factor = super()._get_factor_sql()
        parts = self.env["b2b.search.ranking"]._get_parts()
        if not parts:
            return factor
        gain = SQL(" + ").join(
            SQL("%s * (%s)::float8", weight, rank) for _name, weight, rank in parts
        )
        return SQL("%s * (1 + %s)", factor, gain)
