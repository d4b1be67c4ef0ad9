# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What customers search for: one row a day and query, with counters.

Nothing here tells of a person. Whoever searched is known to ``b2b.search.visit`` only,
by a hash whose key changes every day, and that for two days.
"""

import logging
from datetime import timedelta

from psycopg2.errors import (
    DeadlockDetected,
    SerializationFailure,
    UniqueViolation,
)

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

_logger = logging.getLogger(__name__)

AREAS = [
    ("catalogue", "Catalogue"),
    ("section", "Section"),
    ("card", "Product page"),
    ("articles", "Articles"),
    ("reviews", "Reviews"),
    ("documents", "Orders and documents"),
]
KINDS = [
    ("none", "As typed"),
    ("layout", "Keyboard layout"),
    ("spelling", "Spelling"),
    ("translit", "Other alphabet"),
    ("several", "Several corrections"),
    ("exact", "Refused by the buyer"),
]
DAYS_PARAMETER, DAYS = "b2b_search.log_days", 365
# Sessions that count the same query at once wait for each other and begin anew.
_TRIES = 20
_CONFLICTS = (SerializationFailure, DeadlockDetected, UniqueViolation)
_COUNTERS = frozenset(
    {"searches", "empty", "partial", "accounts", "clicks", "clicked", "places"}
    | {"carts", "bought"}
)


class B2bSearchLog(models.Model):
    """How often a query was asked on a day, and what came of it."""

    _name = "b2b.search.log"
    _description = "Search Query of a Day"
    _order = "day desc, searches desc, id desc"
    _rec_name = "query"
    _log_access = False

    day = fields.Date(required=True, readonly=True, index=True, help="In UTC.")
    query = fields.Char(
        required=True,
        readonly=True,
        help="As it was understood; as it was typed where nothing was found. Phone "
        "numbers and addresses are left out.",
    )
    area = fields.Selection(AREAS, "Searched in", required=True, readonly=True)
    kind = fields.Selection(KINDS, "Corrected", required=True, readonly=True)
    segment_id = fields.Many2one(
        "b2b.segment", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    website_id = fields.Many2one(
        "website", readonly=True, required=True, ondelete="cascade"
    )
    results = fields.Integer(
        readonly=True, aggregator="avg", help="Products found by the last search."
    )
    searches = fields.Integer(readonly=True, default=0)
    found = fields.Integer("Found something", readonly=True, default=0)
    empty = fields.Integer("Found nothing", readonly=True, default=0)
    partial = fields.Integer(
        "Words left out", readonly=True, default=0,
        help="Searches that found goods only for a part of the words.",
    )  # fmt: skip
    accounts = fields.Integer(
        "Customers", readonly=True, default=0, help="That searched for it on the day."
    )
    clicks = fields.Integer(readonly=True, default=0, help="Products opened.")
    clicked = fields.Integer(
        "With a click", readonly=True, default=0, help="Searches with a product opened."
    )
    places = fields.Integer("Places, summed up", readonly=True, default=0)
    carts = fields.Integer("Products into the cart", readonly=True, default=0)
    bought = fields.Integer(
        "With an order", readonly=True, default=0,
        help="Searches from whose list a product was put into the cart.",
    )  # fmt: skip
    click_rate = fields.Float(
        "Click rate, %", readonly=True, default=0.0, digits=(5, 1), aggregator="avg"
    )
    conversion = fields.Float(
        "Conversion, %", readonly=True, default=0.0, digits=(5, 1), aggregator="avg",
        help="Searches that ended in the cart.",
    )  # fmt: skip
    place = fields.Float(
        "Place clicked", readonly=True, default=0.0, digits=(6, 1), aggregator="avg",
        help="In the list, on the average: 1 is the best.",
    )  # fmt: skip
    product_ids = fields.One2many(
        "b2b.search.log.product", "log_id", "Products chosen", readonly=True
    )

    _unique_query = models.UniqueIndex(
        "(day, query, area, kind, website_id, COALESCE(segment_id, 0))"
    )
    _query_day = models.Index("(query, day)")

    # === WRITING === #

    @api.model
    def _after_response(self, work):
        """Do some counting when the page is done, in a transaction of its own.

        Pages only read, and no page waits or fails for the sake of a counter.

        :param work: function of an environment (superuser)
        """
        registry = self.env.registry
        self.env.cr.postcommit.add(lambda: self._work_apart(registry, work))

    @staticmethod
    def _work_apart(registry, work):
        for _try in range(_TRIES):
            try:
                with mute_logger("odoo.sql_db"), registry.cursor() as cr:
                    work(api.Environment(cr, SUPERUSER_ID, {}))
            except _CONFLICTS:
                continue
            except Exception:
                _logger.exception("A search could not be counted")
            return
        _logger.warning("A search was not counted: too many at once")

    @api.model
    def _get_row(self, key, results):
        """The row of a day and query; made when it is the first one.

        :param dict key: day, query, area, kind, segment_id and website_id
        :return: id; the row is locked
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b_search_log AS log (
                    day, query, area, kind, segment_id, website_id, results,
                    searches, found, empty, partial, accounts, clicks, clicked,
                    places, carts, bought, click_rate, conversion, place
                ) VALUES (
                    %(day)s, %(query)s, %(area)s, %(kind)s, %(segment_id)s,
                    %(website_id)s, %(results)s,
                    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
                )
                ON CONFLICT (
                    day, query, area, kind, website_id, COALESCE(segment_id, 0)
                ) DO UPDATE SET results = excluded.results
                RETURNING id
                """,
                **key,
                results=results,
            )
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _count(self, log_id, **numbers):
        """Add to counters of a row."""
        added = {name: numbers.get(name, 0) for name in _COUNTERS}
        self.env.cr.execute(
            SQL(
                """
                UPDATE b2b_search_log log SET
                    searches = added.searches, empty = added.empty,
                    found = added.searches - added.empty, partial = added.partial,
                    accounts = added.accounts, clicks = added.clicks,
                    clicked = added.clicked, places = added.places,
                    carts = added.carts, bought = added.bought,
                    click_rate = 100.0 * added.clicked
                        / GREATEST(added.searches, added.clicked, 1),
                    conversion = 100.0 * added.bought
                        / GREATEST(added.searches, added.bought, 1),
                    place = 1.0 * added.places / GREATEST(added.clicks, 1)
                FROM (
                    SELECT searches + %(searches)s AS searches,
                        empty + %(empty)s AS empty,
                        partial + %(partial)s AS partial,
                        accounts + %(accounts)s AS accounts,
                        clicks + %(clicks)s AS clicks,
                        clicked + %(clicked)s AS clicked,
                        places + %(places)s AS places,
                        carts + %(carts)s AS carts,
                        bought + %(bought)s AS bought
                    FROM b2b_search_log WHERE id = %(log_id)s FOR UPDATE
                ) added
                WHERE log.id = %(log_id)s
                """,
                log_id=log_id,
                **added,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _get_key(self, query, area, kind, segment_id, website_id):
        return {
            "day": fields.Date.today(),
            "query": query,
            "area": area,
            "kind": kind,
            "segment_id": segment_id or None,
            "website_id": website_id,
        }

    # === READING === #

    def _read_group_select(self, aggregate_spec, query):
        """Rates of several rows are those of all their searches together."""
        parts = {
            "click_rate:avg": ("clicked", "searches", 100),
            "conversion:avg": ("bought", "searches", 100),
            "place:avg": ("places", "clicks", 1),
        }.get(aggregate_spec)
        if not parts:
            return super()._read_group_select(aggregate_spec, query)
        part, whole, factor = parts
        return SQL(
            "%s * SUM(%s)::float8 / NULLIF(SUM(%s), 0)",
            factor,
            self._field_to_sql(self._table, part, query),
            self._field_to_sql(self._table, whole, query),
        )

    def _get_chosen(self):
        """The product that was chosen most of each query of these rows.

        :return: dict query -> ``product.template``
        """
        rows = self.env["b2b.search.log.product"]._read_group(
            [("log_id", "in", self.ids)],
            ["log_id", "template_id"],
            ["clicks:sum", "carts:sum"],
        )
        votes = {}
        for log, template, clicks, carts in rows:
            query = votes.setdefault(log.query, {})
            # a product in the cart says more than one that was looked at
            query[template] = query.get(template, 0) + clicks + 3 * carts
        return {
            query: max(found, key=lambda t: (found[t], -t.id))
            for query, found in votes.items()
        }

    def action_make_cases(self):
        """Relevance tests of what customers chose: one for each query."""
        chosen = self._get_chosen()
        if not chosen:
            raise UserError(
                self.env._("Nobody has chosen a product from these lists yet.")
            )
        cases = self.env["b2b.search.case"]
        for log in self:
            if log.query in chosen:
                cases |= cases._make(log.query, chosen.pop(log.query), log.website_id)
        return cases._get_records_action(name=self.env._("Relevance tests"))

    @api.model
    def _get_days(self):
        """Days that the log is kept for."""
        value = self.env["ir.config_parameter"].sudo().get_param(DAYS_PARAMETER)
        return int(value) if value and value.isdigit() and int(value) else DAYS

    @api.autovacuum
    def _gc_old(self):
        """Forget what is older than the setting says."""
        last = fields.Date.today() - timedelta(days=self._get_days())
        self.search([("day", "<", last)], limit=100_000).unlink()


class B2bSearchLogProduct(models.Model):
    """What was chosen from the lists of a query on a day."""

    _name = "b2b.search.log.product"
    _description = "Product Chosen from a Search"
    _order = "carts desc, clicks desc, id"
    _rec_name = "template_id"
    _log_access = False

    log_id = fields.Many2one(
        "b2b.search.log", required=True, readonly=True, ondelete="cascade"
    )
    template_id = fields.Many2one(
        "product.template", "Product", required=True, readonly=True,
        ondelete="cascade", index=True,
    )  # fmt: skip
    clicks = fields.Integer(readonly=True, default=0)
    places = fields.Integer("Places, summed up", readonly=True, default=0)
    carts = fields.Integer("Into the cart", readonly=True, default=0)

    _unique_product = models.UniqueIndex("(log_id, template_id)")

    @api.model
    def _count(self, log_id, template_id, clicks=0, places=0, carts=0):
        """Add to counters of a product."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b_search_log_product AS chosen
                    (log_id, template_id, clicks, places, carts)
                VALUES (%s, %s, %s, %s, %s)
                ON CONFLICT (log_id, template_id) DO UPDATE SET
                    clicks = chosen.clicks + excluded.clicks,
                    places = chosen.places + excluded.places,
                    carts = chosen.carts + excluded.carts
                """,
                log_id,
                template_id,
                clicks,
                places,
                carts,
            )
        )
        self.invalidate_model(flush=False)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    b2b_search_log_days = fields.Integer(
        "Days of queries", config_parameter=DAYS_PARAMETER, default=DAYS
    )
