# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What may be meant by a text that is still being typed.

Everything is of goods that match and that the visitor sees: words, sections, brands
and counts of other goods are never read.
"""

from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.b2b_portal.tools.catalogue_query import CatalogueQuery

from ..tools.stem import stem
from ..tools.text import fold, tokenize

MAX_WORDS = 5
# Of a broad query, the best goods say how a word may go on.
_MAX_SAMPLED = 500
_MIN_PREFIX = 2
_LAST = "\U0010ffff"


@dataclass
class Suggestions:
    """What a text may go on to, and what it finds already."""

    # of ``tools.analysis``; None: there is no index
    analysis: object = None
    # what the text was taken for, if that has found anything
    corrected: str = ""
    # whole queries, the likeliest one first
    texts: list = field(default_factory=list)
    # ids of product.template, the best one first
    ids: list = field(default_factory=list)
    # what the page of the search itself will show: how many goods, in all
    total: int = 0
    # 'sections' and 'brands': dict id -> number of these goods
    counts: dict = field(default_factory=dict)


class B2bCatalogue(models.AbstractModel):
    _inherit = "b2b.catalogue"

    @api.model
    def _suggest(self, text):
        """What a text that is being typed may mean, in a constant number of queries.

        :return: :class:`Suggestions`
        """
        analysis, longer = self._get_matches(text, complete=True)
        matches = self._get_finished_matches(text, analysis, longer)
        ranked = sorted(longer.scores, key=lambda id_: (-longer.scores[id_], id_))
        found = Suggestions(analysis, ids=ranked, total=len(matches.scores))
        found.corrected = self._get_told_correction(analysis, longer)
        found.texts = self._suggest_texts(text, analysis, ranked)
        found.counts = self._count_found(list(matches.scores))
        return found

    @api.model
    def _get_finished_matches(self, text, analysis, matches):
        """What the page of a search finds, which takes the last word for finished.

        :param analysis: of the text as one that goes on; ``matches``: what it finds
        :return: ``Matches``; the same where nothing depends on how the text goes on
        """
        finished = self.env["b2b.search.query"]._analyse(text)
        if [(g.terms, g.goods) for g in finished.groups] == [
            (g.terms, g.goods) for g in analysis.groups
        ]:
            return matches
        return self._get_matches(text)[1]

    @api.model
    def _get_told_correction(self, analysis, matches):
        """What a text was taken for, as far as goods that are seen have it.

        A correction that no visible goods have would tell a word of hidden ones.

        :return: str, empty where nothing was corrected
        """
        told, text = False, analysis.corrected
        for typed, taken, _kind in analysis.changes:
            if {fold(typed), fold(taken)} & set(matches.dropped):
                text = text.replace(taken, typed, 1)
            else:
                told = True
        return text if told and matches.scores else ""

    # === WORDS === #

    @api.model
    def _get_query_suggestions(self, text):
        """Queries of others that begin like a text, the likeliest one first.

        Only what finds goods that the visitor sees.

        :return: list of texts
        """
        website = self.env["website"]._b2b_get_visited()
        return website._get_query_suggestions(text)

    @api.model
    def _suggest_texts(self, text, analysis, ids):
        """Whole queries that a text may become.

        :param list ids: of the goods that match, the best one first
        """
        texts = self._get_query_suggestions(text)
        texts += self._complete_last_word(text, analysis, ids)
        known, kept = {fold(text.strip())}, []
        for other in texts:
            if fold(other) not in known:
                known.add(fold(other))
                kept.append(other)
        return kept[:MAX_WORDS]

    @api.model
    def _complete_last_word(self, text, analysis, ids):
        """The text with its last word as the goods that match spell it.

        Each word once, in its commonest form.
        """
        tokens = tokenize(analysis.corrected)
        finished = text[-1:].isspace() or analysis.quantity
        if finished or not ids or not tokens or tokens[-1].kind != "word":
            return []
        last = tokens[-1].text
        head = self._get_head(analysis, last)
        if len(last) < _MIN_PREFIX or head is None:
            return []
        rows = self.env.execute_query(
            SQL(
                "SELECT used.word FROM b2b_search_doc doc,"
                ' unnest(doc.words COLLATE "C") AS used(word)'
                " WHERE doc.template_id = ANY(%s)"
                " AND used.word > %s AND used.word < %s"
                " GROUP BY used.word ORDER BY COUNT(*) DESC, used.word LIMIT %s",
                ids[:_MAX_SAMPLED],
                last,
                last + _LAST,
                MAX_WORDS * 4,
            )
        )
        forms = {stem(last): None}
        for (word,) in rows:
            forms.setdefault(stem(word), word)
        return [head + word for word in forms.values() if word]

    @api.model
    def _get_head(self, analysis, last):
        """What stands before the last word; None: the word stands nowhere."""
        if not analysis.changes and fold(analysis.text).endswith(last):
            return analysis.text[: len(analysis.text) - len(last)]
        if analysis.corrected.endswith(last):
            return analysis.corrected[: -len(last)]
        return None

    # === COUNTS === #

    @api.model
    def _count_found(self, ids):
        """How many of some goods each section and brand has: one query.

        :return: dict: sections (with those above them), brands; each dict id -> number
        """
        counts = {"sections": {}, "brands": {}}
        if not ids:
            return counts
        goods = SQL(
            "(SELECT id, b2b_brand_id AS brand_id FROM product_template"
            " WHERE id = ANY(%s))",
            ids,
        )
        query = CatalogueQuery()
        tallies = self._tally_brands(query, None) + self._tally_sections(query, None)
        parts = [
            SQL("SELECT %s, value::int, figure FROM (%s) tally", t.key, t.select(goods))
            for t in tallies
        ]
        for key, value, figure in self.env.execute_query(
            SQL(" UNION ALL ").join(parts)
        ):
            counts[key][value] = int(figure)
        return counts
