# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which searches of today belong together, without knowing whose they are."""

from dataclasses import dataclass
from datetime import timedelta

from odoo import api, fields, models
from odoo.http import request
from odoo.tools import SQL
from odoo.tools import hmac as sign

from ..tools.quantity import split_quantity
from ..tools.query_privacy import mask, spell
from ..tools.text import fold

# The same query within this time is the same search: pages, filters, the way back.
_SAME = timedelta(minutes=30)
_KEPT = timedelta(days=2)
# Products of a list that a click or an order is expected of.
MAX_SHOWN = 400
MAX_PLACE = 10_000


@dataclass(frozen=True)
class Visitor:
    """Who searches, as hashes that mean nothing tomorrow."""

    session: str
    account: str


@dataclass(frozen=True)
class Search:
    """One search as it is counted; plain values, for a later transaction."""

    key: str
    visitor: Visitor
    # of ``b2b.search.log._get_key``
    row: dict
    results: int
    partial: bool
    # the query as the queue of what is missing knows it
    asked: str
    # ids of the templates on the page
    shown: list
    # no page or filter of a search that was counted before
    fresh: bool


class B2bSearchVisit(models.Model):
    """A search of a session, for two days: what was shown, clicked and bought."""

    _name = "b2b.search.visit"
    _description = "Search of a Session"
    _rec_name = "key"
    _log_access = False

    key = fields.Char(required=True, help="Keyed hash of session, day and query.")
    session = fields.Char(required=True, help="Keyed hash of session and day.")
    account = fields.Char(help="Keyed hash of account and day.")
    log_id = fields.Many2one("b2b.search.log", ondelete="cascade", index=True)
    shown = fields.Json(help="Ids of the templates of the list.")
    clicked = fields.Json()
    bought = fields.Json()
    seen_at = fields.Datetime(required=True, index=True)

    _key_unique = models.Constraint("UNIQUE(key)", "The search is known already.")
    _session_seen = models.Index("(session, seen_at)")

    # === WHO === #

    @api.model
    def _get_visitor(self):
        """The visitor of the request; None: nobody whose searches count."""
        if not request or not hasattr(request, "website"):
            return None
        user = self.env.user
        if user._is_internal() or request.website._b2b_get_preview():
            return None
        public = user._is_public()
        # the part of a session's id that stays when it is rotated
        session = f"session:{request.session.sid[:42]}" if public else f"user:{user.id}"
        acting = getattr(request, "b2b", None)
        account = acting.member.account_id.id if acting else 0
        owner = f"account:{account}" if account else session
        return Visitor(self._sign(session), self._sign(owner))

    @api.model
    def _sign(self, *parts):
        """A hash that nobody can make without the key, another one every day."""
        message = (fields.Date.to_string(fields.Date.today()), *parts)
        return sign(self.env(su=True), "b2b_search.visit", message)

    @api.model
    def _get_token(self, text, area, exact=False):
        """What names a search of the visitor to the visitor's own browser.

        :return: str; None: the visitor's searches do not count
        """
        visitor = self._get_visitor()
        if not visitor:
            return None
        return self._sign(visitor.session, area, str(bool(exact)), fold(text))

    # === SEARCHES === #

    @api.model
    def _note_search(
        self, text, results, area="catalogue", *, analysis=None, dropped=(),
        shown=(), exact=False, fresh=True,
    ):  # fmt: skip
        """Count a search of the visitor that was submitted, after the page.

        :param str text: as it was typed
        :param int results: how many the visitor sees
        :param str area: of ``b2b.search.log``
        :param analysis: :class:`~..tools.analysis.Analysis`; None: it was not read
        :param dropped: words that were left out to find any
        :param shown: ids of the templates on the page
        :param bool fresh: False for further pages and filters, which are not counted
        :return: token (str) of the search for the page; None: it does not count
        """
        visitor = self._get_visitor()
        query = self._normalise(text, analysis, results, dropped)
        if not visitor or not query:
            return None
        token = self._get_token(text, area, exact)
        search = Search(
            token,
            visitor,
            self.env["b2b.search.log"]._get_key(
                query,
                area,
                self._get_kind(analysis, results, exact),
                self._get_segment().id,
                request.website.id,
            ),
            results,
            bool(dropped and results),
            self._get_asked(text),
            list(shown)[:MAX_SHOWN],
            fresh,
        )
        self.env["b2b.search.log"]._after_response(
            lambda env: env["b2b.search.visit"]._write_search(search)
        )
        return token

    @api.model
    def _normalise(self, text, analysis, results, dropped=()):
        """A query as the log keeps it; '': nothing that may be kept."""
        if analysis and results:
            return mask(spell(analysis.corrected), known=not dropped)
        return self._get_asked(text)

    @api.model
    def _get_asked(self, text):
        """A query as it was typed, in one spelling, without quantity and persons."""
        return mask(spell(split_quantity(fold(text))[0]), known=False)

    @api.model
    def _get_kind(self, analysis, results, exact):
        if exact:
            return "exact"
        kinds = {kind for _typed, _taken, kind in analysis.changes} if analysis else ()
        if not kinds or not results:
            return "none"
        return kinds.pop() if len(kinds) == 1 else "several"

    @api.model
    def _get_segment(self):
        """The segment of the visitor's account; may be empty (sudo)."""
        acting = getattr(request, "b2b", None) if request else None
        segments = self.env["b2b.segment"].sudo()
        return acting.member.account_id.segment_id if acting else segments

    @api.model
    def _write_search(self, search):
        """Count one search, unless it was counted a moment ago."""
        if not search.fresh:
            self._write_page(search)
            return
        now = fields.Datetime.now()
        known = self.env.execute_query(
            SQL(
                "SELECT id, seen_at FROM b2b_search_visit WHERE key = %s FOR UPDATE",
                search.key,
            )
        )
        if known and known[0][1] >= now - _SAME:
            self._write_page(search)
            return
        if known:
            self.env.cr.execute(
                SQL("DELETE FROM b2b_search_visit WHERE id = %s", known[0][0])
            )
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b_search_visit (
                    key, session, account, shown, clicked, bought, seen_at
                ) VALUES (%s, %s, %s, to_jsonb(%s::int[]), '[]', '[]', %s)
                RETURNING id
                """,
                search.key,
                search.visitor.session,
                search.visitor.account,
                search.shown,
                now,
            )
        )
        self._write_row(rows[0][0], search)

    @api.model
    def _write_row(self, visit_id, search):
        log = self.env["b2b.search.log"]
        log_id = log._get_row(search.row, search.results)
        known = self.env.execute_query(
            SQL(
                "SELECT FROM b2b_search_visit"
                " WHERE log_id = %s AND account = %s LIMIT 1",
                log_id,
                search.visitor.account,
            )
        )
        log._count(
            log_id,
            searches=1,
            empty=int(not search.results),
            partial=int(search.partial),
            accounts=int(not known),
        )
        self.env.cr.execute(
            SQL(
                "UPDATE b2b_search_visit SET log_id = %s WHERE id = %s",
                log_id,
                visit_id,
            )
        )
        self.env["b2b.search.gap"]._note(search)

    @api.model
    def _write_page(self, search):
        """Further pages: more products that may be clicked."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE b2b_search_visit SET seen_at = %s, shown = CASE
                    WHEN jsonb_array_length(shown) < %s THEN (
                        SELECT COALESCE(jsonb_agg(DISTINCT product.id), '[]')
                        FROM jsonb_array_elements(
                            shown || to_jsonb(%s::int[])
                        ) AS product(id)
                    ) ELSE shown END
                WHERE key = %s
                """,
                fields.Datetime.now(),
                MAX_SHOWN,
                search.shown,
                search.key,
            )
        )

    # === WHAT CAME OF THEM === #

    @api.model
    def _write_click(self, session, key, template_id, place):
        """A product of a list was opened: counted once for each search.

        :param str session: of the :class:`Visitor`: nobody counts for another one
        """
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b_search_visit
                SET clicked = clicked || to_jsonb(%(id)s::int)
                WHERE key = %(key)s AND session = %(session)s AND log_id IS NOT NULL
                    AND shown @> to_jsonb(%(id)s::int)
                    AND NOT clicked @> to_jsonb(%(id)s::int)
                RETURNING log_id, jsonb_array_length(clicked)
                """,
                key=key,
                session=session,
                id=template_id,
            )
        )
        for log_id, number in rows:
            place = min(max(place, 1), MAX_PLACE)
            self.env["b2b.search.log"]._count(
                log_id, clicks=1, clicked=int(number == 1), places=place
            )
            self.env["b2b.search.log.product"]._count(
                log_id, template_id, clicks=1, places=place
            )

    @api.model
    def _note_carts(self, templates):
        """Products went into a cart: they may be from a list of this session."""
        visitor = self._get_visitor()
        ids = sorted(set(templates.ids))[:MAX_SHOWN]
        if visitor and ids:
            self.env["b2b.search.log"]._after_response(
                lambda env: env["b2b.search.visit"]._write_carts(visitor.session, ids)
            )

    @api.model
    def _write_carts(self, session, ids):
        """Count products for the last search that has shown each of them."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (product.id) product.id, visit.id
                FROM unnest(%s::int[]) AS product(id)
                JOIN b2b_search_visit visit ON visit.session = %s
                    AND visit.log_id IS NOT NULL
                    AND visit.shown @> to_jsonb(product.id)
                ORDER BY product.id, visit.seen_at DESC, visit.id DESC
                """,
                ids,
                session,
            )
        )
        by_visit = {}
        for template_id, visit_id in rows:
            by_visit.setdefault(visit_id, []).append(template_id)
        for visit_id, template_ids in sorted(by_visit.items()):
            self._write_bought(visit_id, template_ids)

    @api.model
    def _write_bought(self, visit_id, ids):
        rows = self.env.execute_query(
            SQL(
                "SELECT log_id, bought FROM b2b_search_visit WHERE id = %s FOR UPDATE",
                visit_id,
            )
        )
        log_id, bought = rows[0]
        fresh = [id_ for id_ in ids if id_ not in bought]
        if not fresh:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE b2b_search_visit SET bought = bought || to_jsonb(%s::int[])"
                " WHERE id = %s",
                fresh,
                visit_id,
            )
        )
        self.env["b2b.search.log"]._count(
            log_id, carts=len(fresh), bought=int(not bought)
        )
        for template_id in fresh:
            self.env["b2b.search.log.product"]._count(log_id, template_id, carts=1)

    @api.autovacuum
    def _gc_old(self):
        """Forget which searches belong together."""
        last = fields.Datetime.now() - _KEPT
        self.search([("seen_at", "<", last)], limit=100_000).unlink()
