# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a customer has bought before: how much, how often, and when again."""

from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

# So many of the last purchases say what is usual.
LAST_PURCHASES = 6
# Fewer purchases make no habit.
HABIT_PURCHASES = 3
# Goods whose turn comes within so many days are due.
SOON_DAYS = 7
# Goods that were left out for so many intervals are no longer bought regularly.
ASLEEP_INTERVALS = 3
MONTHS = (3, 6, 12, 24)
DEFAULT_MONTHS = 12
SORTS = ("due", "last", "often", "article")


@dataclass
class HistoryFilter:
    """Which purchases count, and which goods are asked for.

    ``months`` 0: all; ``whose``: 'mine', id of a legal entity, or '' for all that the
    user sees; ``section`` id of a ``product.public.category``.
    """

    months: int = DEFAULT_MONTHS
    whose: str = ""
    section: int = 0
    text: str = ""
    due_only: bool = False
    sort: str = "due"


@dataclass
class Purchase:
    """What was bought of one product. Quantities are in its own unit."""

    product: object
    last_day: object
    last_quantity: float
    order_id: int
    # confirmed orders, and days on which some of it was bought
    orders: int
    days: int
    # median of the last purchases
    usual: float
    # median of the days between the last purchases; None: there is no habit
    interval: float
    # day on which it would be bought again, or None
    due: object
    # 'overdue', 'soon', 'later', 'asleep' (left out for long), 'none' (no habit) or
    # 'gone' (no longer sold)
    state: str
    # goods that the filter finds in all
    total: int


class B2bPurchaseHistory(models.AbstractModel):
    """Purchases of the user's customer, as far as the user sees its orders.

    Everything is worked out by the database, in one query for any number of orders.
    """

    _name = "b2b.purchase.history"
    _description = "Purchase History"

    # === WHICH LINES === #

    @api.model
    def _get_line_domain(self, wanted):
        """Lines of confirmed orders that count, scope aside.

        :param wanted: :class:`HistoryFilter`
        """
        orders = Domain("state", "=", "sale")
        if wanted.months:
            since = fields.Datetime.now() - relativedelta(months=wanted.months)
            orders &= Domain("date_order", ">=", since)
        if wanted.whose == "mine":
            orders &= Domain("b2b_member_id.user_id", "=", self.env.uid)
        elif wanted.whose:
            orders &= Domain("b2b_entity_id", "=", int(wanted.whose))
        return (
            Domain("order_id", "any!", orders)
            & Domain("product_id", "!=", False)
            & Domain("display_type", "=", False)
            & Domain("product_uom_qty", ">", 0)
            & Domain("is_delivery", "!=", True)
            & Domain("is_downpayment", "!=", True)
        )

    @api.model
    def _get_lines(self, wanted):
        """The lines that count and that the user sees: the scope engine says which.

        :return: (SQL of a FROM clause, SQL of a condition); the tables are
            ``sale_order_line``, ``o`` (its order) and ``u`` (its unit)
        """
        lines = self.env["sale.order.line"]
        query = lines._search(self._get_line_domain(wanted))
        tables = SQL(
            """
            %s
            JOIN sale_order o ON o.id = sale_order_line.order_id
            JOIN uom_uom u ON u.id = sale_order_line.product_uom_id
            """,
            query.from_clause,
        )
        return tables, query.where_clause or SQL("FALSE")

    @api.model
    def _get_goods_condition(self, wanted):
        """SQL: which goods are asked for by text and section."""
        products = self.env["product.product"].sudo().with_context(active_test=False)
        templates = self.env["product.template"]
        domain = Domain.TRUE
        for word in wanted.text.split():
            domain &= (
                Domain("default_code", "ilike", escape_psql(word))
                | Domain("name", "ilike", escape_psql(word))
                | templates._b2b_get_code_domain(word, "product_id")
            )
        if wanted.section:
            domain &= Domain("public_categ_ids", "child_of", wanted.section)
        if domain.is_true():
            return SQL("TRUE")
        return SQL(
            "sale_order_line.product_id IN %s", products._search(domain).subselect()
        )

    # === THE QUERY === #

    @api.model
    def _flush(self):
        """Write what the queries read."""
        for name in ("sale.order.line", "sale.order", "product.product"):
            self.env[name].flush_model()
        self.env["product.template"].flush_model()

    @api.model
    def _get_goods_query(self, wanted):
        """SQL with one row for each product that was bought."""
        self._flush()
        tables, condition = self._get_lines(wanted)
        return SQL(
            """
            WITH bought AS (
                SELECT sale_order_line.product_id,
                       (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                           AS day,
                       SUM(sale_order_line.product_uom_qty * u.factor) AS quantity,
                       COUNT(DISTINCT o.id) AS orders,
                       MAX(o.id) AS order_id
                  FROM %(tables)s
                 WHERE %(condition)s AND %(goods)s
                 GROUP BY sale_order_line.product_id, day
            ), spaced AS (
                SELECT bought.*,
                       day - LAG(day) OVER (PARTITION BY product_id ORDER BY day)
                           AS gap,
                       ROW_NUMBER() OVER (PARTITION BY product_id ORDER BY day DESC)
                           AS place
                  FROM bought
            ), goods AS (
                SELECT product_id,
                       MAX(day) AS last_day,
                       MAX(quantity) FILTER (WHERE place = 1) AS last_quantity,
                       MAX(order_id) FILTER (WHERE place = 1) AS order_id,
                       SUM(orders)::int AS orders,
                       COUNT(*)::int AS days,
                       PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY quantity)
                           FILTER (WHERE place <= %(last)s) AS usual,
                       CASE WHEN COUNT(*) >= %(habit)s THEN
                           PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY gap)
                               FILTER (WHERE place <= %(last)s AND gap IS NOT NULL)
                       END AS gap
                  FROM spaced
                 GROUP BY product_id
            ), dated AS (
                SELECT goods.product_id, last_day, order_id, orders, days, gap,
                       last_quantity / own.factor AS last_quantity,
                       usual / own.factor AS usual,
                       p.default_code AS article,
                       last_day + ROUND(gap)::int AS due,
                       CASE WHEN NOT (p.active AND t.active AND t.sale_ok)
                                 OR t.is_published IS NOT TRUE THEN 'gone'
                            WHEN gap IS NULL THEN 'none'
                            WHEN %(today)s - last_day > gap * %(asleep)s
                                 AND %(today)s - last_day > %(soon)s THEN 'asleep'
                            WHEN last_day + ROUND(gap)::int < %(today)s THEN 'overdue'
                            WHEN last_day + ROUND(gap)::int <= %(today)s + %(soon)s
                                 THEN 'soon'
                            ELSE 'later' END AS state
                  FROM goods
                  JOIN product_product p ON p.id = goods.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom own ON own.id = t.uom_id
            )
            """,
            zone=str(self.env.tz),
            tables=tables,
            condition=condition,
            goods=self._get_goods_condition(wanted),
            last=LAST_PURCHASES,
            habit=HABIT_PURCHASES,
            today=fields.Date.context_today(self),
            asleep=ASLEEP_INTERVALS,
            soon=SOON_DAYS,
        )

    @api.model
    def _get_order(self, sort):
        """SQL of the order of goods: one of ``SORTS``."""
        return {
            "last": SQL("last_day DESC, product_id"),
            "often": SQL("orders DESC, last_day DESC, product_id"),
            "article": SQL("article, product_id"),
        }.get(sort) or SQL(
            "state IN ('asleep', 'gone'), due NULLS LAST, last_day DESC, product_id"
        )

    @api.model
    def _get_purchases(self, wanted=None, limit=None, offset=0):
        """What was bought, in the wanted order: one query.

        :param wanted: :class:`HistoryFilter`
        :return: list of :class:`Purchase`
        """
        wanted = wanted or HistoryFilter()
        due = SQL("state IN ('overdue', 'soon')") if wanted.due_only else SQL("TRUE")
        rows = self.env.execute_query(
            SQL(
                """
                %(query)s
                SELECT product_id, last_day, last_quantity, order_id, orders, days,
                       usual, gap, due, state, COUNT(*) OVER () AS total
                  FROM dated
                 WHERE %(due)s
                 ORDER BY %(order)s
                 LIMIT %(limit)s OFFSET %(offset)s
                """,
                query=self._get_goods_query(wanted),
                due=due,
                order=self._get_order(wanted.sort),
                limit=limit,
                offset=offset,
            )
        )
        products = self.env["product.product"].sudo().browse([row[0] for row in rows])
        return [
            Purchase(
                product,
                row[1],
                float(row[2]),
                *row[3:6],
                usual=float(row[6]),
                interval=None if row[7] is None else float(row[7]),
                due=row[8],
                state=row[9],
                total=row[10],
            )
            for product, row in zip(products, rows, strict=True)
        ]

    @api.model
    def _count_due(self):
        """How many goods are due, for the visitor's desk.

        :return: (number of goods that are overdue, of those that are due soon)
        """
        query = self._get_goods_query(HistoryFilter())
        rows = self.env.execute_query(
            SQL("%s SELECT state, COUNT(*) FROM dated GROUP BY state", query)
        )
        counts = dict(rows)
        return counts.get("overdue", 0), counts.get("soon", 0)

    @api.model
    def _get_sections(self, wanted):
        """Sections of the catalogue with goods that were bought, in sudo."""
        tables, condition = self._get_lines(wanted)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT rel.product_public_category_id
                  FROM product_public_category_product_template_rel rel
                 WHERE rel.product_template_id IN (
                       SELECT p.product_tmpl_id
                         FROM product_product p
                        WHERE p.id IN (
                              SELECT sale_order_line.product_id FROM %s WHERE %s))
                """,
                tables,
                condition,
            )
        )
        ids = [row[0] for row in rows]
        sections = self.env["product.public.category"].sudo().browse(ids)
        return (sections | sections.parents_and_self).sorted("display_name")

    @api.model
    def _get_last(self, products):
        """When goods were last bought: one query.

        :param products: product.product records
        :return: dict product id -> (day, quantity, ``uom.uom`` in sudo), as of the last
            order line that the user sees
        """
        if not products:
            return {}
        self._flush()
        tables, condition = self._get_lines(HistoryFilter(months=0))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (sale_order_line.product_id)
                       sale_order_line.product_id, o.date_order,
                       sale_order_line.product_uom_qty, u.id
                  FROM %s
                 WHERE %s AND sale_order_line.product_id IN %s
                 ORDER BY sale_order_line.product_id, o.date_order DESC,
                       sale_order_line.id DESC
                """,
                tables,
                condition,
                tuple(products.ids),
            )
        )
        units = self.env["uom.uom"].sudo()
        local = fields.Datetime.context_timestamp
        return {
            product_id: (
                local(self, moment).date(),
                float(quantity),
                units.browse(unit),
            )
            for product_id, moment, quantity, unit in rows
        }


class B2bAccount(models.Model):
    _inherit = "b2b.account"

    def _b2b_get_bought_query(self):
        """Templates that the account (at most one) has bought: SQL for ``id IN (...)``.

        Whatever the user sees of its orders: for a mark or a rule, not for a list.
        """
        return self.env["product.template"]._b2b_get_bought_query(self)
