# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Queries that found nothing, or goods for a part of the words only, as a queue for
staff with cures.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.query_privacy import MASK
from .b2b_search_log import AREAS


class B2bSearchGap(models.Model):
    """A query that has found nothing, and what was done about it."""

    _name = "b2b.search.gap"
    _description = "Search without Results"
    _order = "times desc, last_day desc, id desc"
    _rec_name = "query"
    _log_access = False

    query = fields.Char(required=True, readonly=True)
    website_id = fields.Many2one(
        "website", required=True, readonly=True, ondelete="cascade"
    )
    state = fields.Selection(
        [
            ("new", "To do"),
            ("synonym", "Synonym made"),
            ("redirect", "Redirected"),
            ("order", "We can order it"),
            ("dismissed", "Dismissed"),
            ("found", "Found by now"),
        ],
        default="new",
        required=True,
        readonly=True,
        index=True,
    )
    times = fields.Integer(readonly=True, default=1)
    first_day = fields.Date("First searched on", readonly=True)
    last_day = fields.Date("Last searched on", readonly=True, index=True)
    segment_id = fields.Many2one(
        "b2b.segment", "Last segment", readonly=True, ondelete="set null",
        help="Of the customer who searched for it last.",
    )  # fmt: skip
    area = fields.Selection(AREAS, "Searched in", readonly=True)
    partial = fields.Boolean(
        "Only a part", readonly=True,
        help="Goods were shown, but for some of the words only.",
    )  # fmt: skip
    note = fields.Char(
        "Said to customers",
        translate=True,
        help="What a customer reads who searches for it again. Left empty: «We can "
        "order it: ask your manager».",
    )

    _unique_query = models.UniqueIndex("(query, website_id)")

    # === COUNTING === #

    @api.model
    def _note(self, search):
        """A query was searched for; one that finds goods leaves the queue.

        :param search: :class:`~.b2b_search_visit.Search`
        """
        row = search.row | {"query": search.asked}
        # what is left of a phone number can be cured by nobody
        if row["query"] in ("", MASK) or row["kind"] == "exact":
            return
        if search.results and not search.partial:
            sql = SQL(
                "UPDATE b2b_search_gap SET state = 'found'"
                " WHERE query = %(query)s AND website_id = %(website_id)s"
                " AND state = 'new'",
                **row,
            )
        else:
            sql = SQL(
                """
                INSERT INTO b2b_search_gap AS gap (
                    query, website_id, state, times, first_day, last_day,
                    segment_id, area, partial
                ) VALUES (
                    %(query)s, %(website_id)s, 'new', 1, %(day)s, %(day)s,
                    %(segment_id)s, %(area)s, %(partial)s
                )
                ON CONFLICT (query, website_id) DO UPDATE SET
                    times = gap.times + 1, last_day = excluded.last_day,
                    segment_id = excluded.segment_id, area = excluded.area,
                    partial = excluded.partial,
                    state = CASE WHEN gap.state = 'found' THEN 'new'
                        ELSE gap.state END
                """,
                **row,
                partial=search.partial,
            )
        self.env.cr.execute(sql)
        self.invalidate_model(flush=False)

    @api.model
    def _get_answer(self, query, website):
        """What staff say to those who search for it again, or None."""
        gap = self.sudo().search(
            [
                ("query", "=", query),
                ("website_id", "=", website.id),
                ("state", "=", "order"),
            ],
            limit=1,
        )
        if not gap:
            return None
        return gap.note or self.env._("We can order it: ask your manager.")

    # === CURES === #

    def action_order(self):
        """Tell who searches again that it can be ordered."""
        self.write({"state": "order"})

    def action_dismiss(self):
        """Nothing is to be done."""
        self.write({"state": "dismissed"})

    def action_reopen(self):
        """Back into the queue."""
        self.write({"state": "new"})

    def action_synonym(self):
        """Ask which word of the catalogue is meant."""
        return self._open_cure("synonym")

    def action_redirect(self):
        """Ask where the query leads to."""
        return self._open_cure("redirect")

    def _open_cure(self, kind):
        self.ensure_one()
        # whoever may not write the queue is told so before typing
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cure a search without results"),
            "res_model": "b2b.search.gap.cure",
            "view_mode": "form",
            "target": "new",
            "context": {"default_gap_id": self.id, "default_kind": kind},
        }

    @api.autovacuum
    def _gc_old(self):
        """Forget what was not searched for as long as the log is kept.

        What staff have said of a query stays.
        """
        days = self.env["b2b.search.log"]._get_days()
        last = fields.Date.today() - timedelta(days=days)
        old = [("last_day", "<", last), ("state", "in", ("new", "found", "dismissed"))]
        self.search(old, limit=100_000).unlink()
