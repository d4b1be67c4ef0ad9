# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Queries read against the words that goods are described by."""

import math

from odoo import api, models
from odoo.tools import SQL

from ..tools.query_reader import QueryReader
from ..tools.spelling import get_deletes

# Words that a cut-off one may go on to.
MAX_PREFIX = 20
# Goods that are looked at where an article holds a text, and least letters of an infix.
MAX_CODES = 200
_MIN_INFIX = 4
# A part of an article says as much as eight words, if it is nearly all of it.
_CODE_WEIGHT = 8.0
_LAST = "\U0010ffff"


class B2bSearchQuery(models.AbstractModel):
    _name = "b2b.search.query"
    _description = "Reading of a Search Query"

    @api.model
    def _analyse(self, text, complete=False, exact=False):
        """What a text was meant to say: a handful of queries by keys.

        :param bool complete: the last word may not be finished yet
        :param bool exact: nothing is corrected: the buyer insists on what was typed
        :return: :class:`~..tools.analysis.Analysis`; without groups where the text
            holds nothing to look for
        """
        return QueryReader(self._get_lookup(), complete, exact).analyse(text)

    @api.model
    def _get_lookup(self):
        """What a query is read against; a hook."""
        return Lookup(self.env)


class Lookup:
    """The index, for :class:`~..tools.query_reader.QueryReader`."""

    def __init__(self, env):
        self.env = env
        self._numbers, self._total = {}, None

    def _query(self, code, *args):
        return self.env.execute_query(SQL(code, *args))

    def add(self, terms):
        """Read what is not known yet of some terms: one query, or none."""
        wanted = {term for term in terms if term} - self._numbers.keys()
        if not wanted:
            return
        self._numbers |= dict.fromkeys(wanted, 0)
        self._numbers |= dict(
            self._query(
                "SELECT term, df FROM b2b_search_term WHERE term = ANY(%s)",
                list(wanted),
            )
        )

    def get(self, term):
        """Number of goods that have a term which was read before."""
        return self._numbers.get(term, 0)

    def get_idf(self, number):
        """How much a term says that so many goods have (BM25)."""
        if self._total is None:
            rows = self._query("SELECT COUNT(*) FROM b2b_search_doc")
            self._total = rows[0][0]
        return math.log(1 + (max(self._total, number) - number + 0.5) / (number + 0.5))

    def get_begun(self, texts):
        """Those of the texts that a word begins with."""
        rows = self._query(
            'SELECT asked.text FROM unnest(%s::text[] COLLATE "C") AS asked(text)'
            " WHERE EXISTS (SELECT FROM b2b_search_word WHERE word >= asked.text"
            " AND word < asked.text || %s)",
            list(texts),
            _LAST,
        )
        return {row[0] for row in rows}

    def get_near(self, words):
        """Words of the dictionary that share a form with letters left out.

        :return: dict word -> dict word of the dictionary -> (stem, frequency)
        """
        pairs = [(word, form) for word in words for form in get_deletes(word)]
        rows = self._query(
            "SELECT asked.word, word.word, word.stem, word.frequency"
            " FROM unnest(%s, %s) AS asked(word, form)"
            ' JOIN b2b_search_word_del form ON form.form = asked.form COLLATE "C"'
            " JOIN b2b_search_word word ON word.id = form.word_id"
            " GROUP BY 1, 2, 3, 4",
            [word for word, _form in pairs],
            [form for _word, form in pairs],
        )
        near = {}
        for asked, word, root, frequency in rows:
            near.setdefault(asked, {})[word] = root, frequency
        return near

    def get_longer(self, token):
        """Terms of words or articles that begin with a token, the commonest ones.

        :return: dict term -> in how many goods they are, the token itself left out
        """
        text, last = token.text, token.text + _LAST
        if token.kind == "word":
            rows = self._query(
                "SELECT stem, frequency FROM b2b_search_word"
                " WHERE word > %s AND word < %s"
                " ORDER BY frequency DESC, word LIMIT %s",
                text, last, MAX_PREFIX,
            )  # fmt: skip
        else:
            rows = self._query(
                "SELECT term, df FROM b2b_search_term WHERE term > %s AND term < %s"
                " ORDER BY df DESC, term LIMIT %s",
                text, last, MAX_PREFIX,
            )  # fmt: skip
        longer = {}
        for term, number in rows:
            longer[term] = max(number, longer.get(term, 0))
        return longer

    def is_named(self, term):
        """Whether staff know a term, though maybe no goods have it."""
        return term in self.env["b2b.search.synonym"]._get_named()

    def is_expected(self, term):
        """Whether staff expect a term in queries, though maybe as a slip."""
        return term in self.env["b2b.search.synonym"]._get_expected()

    def extend(self, analysis):
        """Add to the groups of a query what they are called as well, in place."""
        self.env["b2b.search.synonym"]._extend(analysis, self)

    def get_codes(self, tokens):
        """Goods whose article holds a text, and terms that begin with it.

        :return: dict token -> (dict template id -> weight, list of terms)
        """
        infix = [t.text if len(t.text) >= _MIN_INFIX else "" for t in tokens]
        rows = self._query(
            """
            SELECT asked.place, found.* FROM unnest(%s, %s) WITH ORDINALITY
                AS asked(text, infix, place), LATERAL (
                (SELECT template_id, code, NULL AS term FROM b2b_search_code
                 WHERE code >= asked.text AND code < asked.text || %s
                 ORDER BY length(code), code LIMIT %s)
                UNION ALL
                (SELECT template_id, code, NULL FROM b2b_search_code
                 WHERE asked.infix != '' AND code LIKE '%%' || asked.infix || '%%'
                 ORDER BY length(code), code LIMIT %s)
                UNION ALL
                (SELECT NULL, NULL, term FROM b2b_search_term
                 WHERE term >= asked.text AND term < asked.text || %s
                 ORDER BY df DESC, term LIMIT %s)
            ) found
            """,
            [token.text for token in tokens],
            infix,
            _LAST,
            MAX_CODES,
            MAX_CODES,
            _LAST,
            MAX_PREFIX,
        )
        found = {}
        for place, template_id, code, term in rows:
            token = tokens[place - 1]
            goods, terms = found.setdefault(token, ({}, []))
            if term:
                terms.append(term)
                continue
            weight = _CODE_WEIGHT * len(token.text) / len(code)
            goods[template_id] = max(weight, goods.get(template_id, 0))
        return found
