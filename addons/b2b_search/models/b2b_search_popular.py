# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What others search for, offered while somebody types."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.query_privacy import MASK, spell

# Days of the log that count, searches that make a query worth offering, and how many
# queries are kept for a website.
DAYS = 90
MIN_SEARCHES = 2
MAX_QUERIES = 2000
# Goods of a query by which it is known who may be offered it, best ones first.
MAX_GOODS = 200
# Goods whose margin counts.
_MARGIN_GOODS = 20
BATCH = 50
PRIORITIES = [("0", "Usual"), ("1", "High"), ("2", "Higher"), ("3", "First")]
# Queries that are looked at for one keystroke.
_CANDIDATES = 60


class B2bSearchPopular(models.Model):
    """A query of many, with what it finds."""

    _name = "b2b.search.popular"
    _description = "Popular Search Query"
    _order = "priority desc, frequency desc, id"
    _rec_name = "text"

    text = fields.Char("Query", required=True)
    website_id = fields.Many2one(
        "website", required=True, ondelete="cascade",
        default=lambda self: self.env["website"].get_current_website(),
    )  # fmt: skip
    active = fields.Boolean(
        default=True, help="Not ticked: the query is never offered again."
    )
    frequency = fields.Integer(
        "Searches", readonly=True, help=f"Of the last {DAYS} days."
    )
    results = fields.Integer(
        readonly=True, help="Products found by the last search for it."
    )
    margin = fields.Float(
        "Margin, %", readonly=True, digits=(5, 1), aggregator="avg",
        help="Of the first products it finds, by their list price and cost.",
    )  # fmt: skip
    priority = fields.Selection(
        PRIORITIES,
        default="0",
        required=True,
        help="Set by you: offered before others.",
    )
    template_ids = fields.Json(
        readonly=True, help="Ids of products it finds, for everybody."
    )
    checked_at = fields.Datetime("Checked", readonly=True)

    _text_unique = models.UniqueIndex("(website_id, text)")

    @api.model_create_multi
    def create(self, vals_list):
        """What staff add is searched for at once."""
        for vals in vals_list:
            vals["text"] = spell(vals.get("text") or "")
        records = super().create(vals_list)
        if not self.env.context.get("b2b_popular_counted"):
            records._check_goods()
        return records

    # === THE JOB === #

    @api.model
    def _cron_count(self):
        """Count the queries of the log anew, and look what each finds now."""
        if not self.env["b2b.search.build"]._is_ready():
            return
        self._read_log()
        commit = self.env["ir.cron"]._commit_progress
        wanted = self.with_context(active_test=False).search(
            [("checked_at", "=", False)]
        ) | self.search(
            [("checked_at", "<", fields.Datetime.now() - timedelta(hours=12))]
        )
        commit(remaining=len(wanted))
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            batch._check_goods()
            if not commit(len(batch)):
                break

    @api.model
    def _read_log(self):
        """Take over frequencies; forget what nobody searches for any more."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH counted AS (
                    SELECT website_id, query, SUM(searches) AS frequency,
                        (ARRAY_AGG(results ORDER BY day DESC, id DESC))[1] AS results
                    FROM b2b_search_log
                    WHERE day >= %(since)s AND area IN ('catalogue', 'section')
                        AND kind != 'exact' AND strpos(query, %(mask)s) = 0
                    GROUP BY website_id, query
                    HAVING SUM(searches) >= %(least)s AND SUM(found - partial) > 0
                ), ranked AS (
                    SELECT *, ROW_NUMBER() OVER (
                        PARTITION BY website_id ORDER BY frequency DESC, query
                    ) AS place FROM counted
                ), kept AS (
                    INSERT INTO b2b_search_popular AS popular (
                        website_id, text, frequency, results, active, priority,
                        create_date, write_date
                    )
                    SELECT website_id, query, frequency, results, TRUE, '0', %(now)s,
                        %(now)s
                    FROM ranked WHERE place <= %(most)s
                    ON CONFLICT (website_id, text) DO UPDATE SET
                        frequency = excluded.frequency, results = excluded.results
                    RETURNING id
                )
                UPDATE b2b_search_popular SET frequency = 0
                WHERE id NOT IN (SELECT id FROM kept) AND frequency != 0
                """,
                since=fields.Date.today() - timedelta(days=DAYS),
                mask=MASK,
                least=MIN_SEARCHES,
                most=MAX_QUERIES,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model(flush=False)
        # what staff have put first or switched off stays
        self.search([("frequency", "=", 0), ("priority", "=", "0")]).filtered(
            "checked_at"
        ).filtered(lambda query: not query.create_uid).unlink()

    def _check_goods(self):
        """Find the goods of queries, and what they bring."""
        engine = self.env["b2b.search.engine"]
        for query in self:
            _analysis, matches = engine._search(query.text)
            # goods that have only a part of it would tell words of hidden ones
            scores = {} if matches.dropped else matches.scores
            ids = sorted(scores, key=lambda i: (-scores[i], i))[:MAX_GOODS]
            query.write(
                {
                    "template_ids": ids,
                    "margin": query._get_margin(ids[:_MARGIN_GOODS]),
                    "checked_at": fields.Datetime.now(),
                }
            )

    def _get_margin(self, ids):
        """Average margin of goods in percent of the list price; without cost: none."""
        company = self.website_id.company_id
        templates = self.env["product.template"].with_company(company).browse(ids)
        variants = templates.exists().product_variant_id
        shares = [
            100 * (1 - variant.standard_price / variant.lst_price)
            for variant in variants
            if variant.lst_price > 0 and variant.standard_price > 0
        ]
        return max(sum(shares) / len(shares), 0.0) if shares else 0.0

    # === SUGGESTIONS === #

    @api.model
    def _get_suggestions(self, text, website, limit=5):
        """Queries that begin like a text, or one of whose words does.

        Only those that find goods which the visitor sees: one query.

        :return: list of texts, the best one first
        """
        typed = spell((text or "").replace("\0", " ")[:100])
        if len(typed) < 2:
            return []
        begun = typed.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        templates = self.env["b2b.catalogue"]._search_templates({})
        templates.order = None
        visible = templates.select(SQL.identifier(templates.table, "id"))
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT chosen.text FROM (
                    SELECT text, template_ids, LN(2 + COALESCE(frequency, 0))
                        * (1 + LEAST(COALESCE(margin, 0), 100) / 200)
                        * (1 + priority::int) AS score
                    FROM b2b_search_popular
                    WHERE active AND website_id = %(website)s AND text != %(typed)s
                        AND (text LIKE %(begun)s || '%%'
                            OR text LIKE '%% ' || %(begun)s || '%%')
                        AND jsonb_array_length(COALESCE(template_ids, '[]')) > 0
                    ORDER BY text LIKE %(begun)s || '%%' DESC, score DESC, text
                    LIMIT %(most)s
                ) chosen
                WHERE EXISTS (
                    SELECT FROM jsonb_array_elements_text(chosen.template_ids)
                        AS goods(id)
                    WHERE goods.id::int IN (%(visible)s)
                )
                ORDER BY chosen.text LIKE %(begun)s || '%%' DESC, chosen.score DESC,
                    chosen.text
                LIMIT %(limit)s
                """,
                website=website.id,
                typed=typed,
                begun=begun,
                most=_CANDIDATES,
                visible=visible,
                limit=limit,
            )
        )
        return [row[0] for row in rows]


class Website(models.Model):
    _inherit = "website"

    def _get_query_suggestions(self, text, limit=5):
        """What others searched for that begins like a text; see
        :meth:`B2bSearchPopular._get_suggestions`.
        """
        self.ensure_one()
        return self.env["b2b.search.popular"]._get_suggestions(text, self, limit)
