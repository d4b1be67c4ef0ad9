# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Other names of goods: what buyers type, and what the catalogue says."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, ormcache

from ..tools.analysis import Synonym
from ..tools.merchandising import get_keys, read_terms

MAX_WORDS = 5
# A target of several words finds at most so many goods.
MAX_GOODS = 5000


class B2bSearchSynonym(models.Model):
    """A word or phrase that finds what another one does, after it.

    One way unless said otherwise: 'laptop' may find notebooks, but who types 'bag for
    a laptop' wants no notebook. Synonyms are no chain: what one adds is no reason for
    another one.
    """

    _name = "b2b.search.synonym"
    _description = "Search Synonym"
    _order = "source, id"
    _rec_name = "source"

    source = fields.Char("Typed", required=True, help="A word or a phrase.")
    target = fields.Char(
        "Finds as well", required=True, help="A word or a phrase of the catalogue."
    )
    weight = fields.Float(
        default=0.6,
        required=True,
        help="How much of its weight the other word counts, above 0 and below 1: goods "
        "that have the word that was typed stand first.",
    )
    both_ways = fields.Boolean(
        help="Whoever types the second one finds what the first one does, too."
    )
    active = fields.Boolean(default=True)
    note = fields.Char("Reason", help="For colleagues.")

    _weight_below_one = models.Constraint(
        "CHECK(weight > 0 AND weight < 1)",
        "The weight of a synonym is above 0 and below 1.",
    )

    @api.constrains("source", "target")
    def _check_texts(self):
        for synonym in self:
            sides = [read_terms(synonym.source), read_terms(synonym.target)]
            if not all(sides) or max(map(len, sides)) > MAX_WORDS:
                raise ValidationError(
                    self.env._(
                        "Each side of a synonym has 1 to %(limit)s words.",
                        limit=MAX_WORDS,
                    )
                )
            if sides[0] == sides[1]:
                raise ValidationError(
                    self.env._(
                        "“%(one)s” and “%(other)s” are forms of the same: search "
                        "knows that by itself.",
                        one=synonym.source,
                        other=synonym.target,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        synonyms = super().create(vals_list)
        self.env.registry.clear_cache()
        return synonyms

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === IN A SEARCH === #

    @api.model
    @ormcache()
    def _get_pairs(self):
        """Synonyms as they are looked up.

        :return: dict first term -> list of (terms of the source, terms of the target,
            weight, source, target)
        """
        pairs = {}
        for synonym in self.sudo().search([("active", "=", True)]):
            sides = [
                (read_terms(text), text) for text in (synonym.source, synonym.target)
            ]
            for source, target in (sides, sides[::-1])[: 1 + synonym.both_ways]:
                row = (source[0], target[0], synonym.weight, source[1], target[1])
                pairs.setdefault(source[0][0], []).append(row)
        return pairs

    @api.model
    @ormcache()
    def _get_named(self):
        """Terms that have a synonym, though maybe no goods have them: not corrected."""
        rows = [row for rows in self._get_pairs().values() for row in rows]
        return frozenset(term for row in rows for term in row[0])

    @api.model
    @ormcache()
    def _get_expected(self):
        """Terms that make sense of the other keyboard layout; a hook."""
        return self._get_named()

    @api.model
    def _extend(self, analysis, lookup):
        """Add to the groups of a query what they are called as well, in place.

        A phrase adds to each of its words: goods that have the other name need none
        of them.

        :param lookup: of ``b2b.search.query``
        """
        pairs = self._get_pairs()
        if not pairs:
            return
        groups = analysis.groups
        keys = [get_keys(group) for group in groups]
        found = [
            (groups[start : start + len(row[0])], row)
            for start, words in enumerate(keys)
            for key in words
            for row in pairs.get(key, ())
            if self._begins(row[0], keys[start:])
        ]
        if not found:
            return
        phrases = self._find_goods({row[1] for _groups, row in found if row[1][1:]})
        lookup.add(t for part, row in found for t in (*row[0], *row[1]))
        for part, (source, target, weight, typed, meant) in found:
            analysis.synonyms.append(Synonym(typed, meant, weight))
            for group, key in zip(part, source, strict=True):
                share = weight * self._get_share(key, target, lookup)
                if target[1:]:
                    self._add_goods(group, phrases.get(target, {}), share)
                elif lookup.get(target[0]):
                    known = group.terms.get(target[0], 0.0)
                    group.terms[target[0]] = max(share, known)

    @api.model
    def _begins(self, terms, keys):
        """Whether words begin with a phrase."""
        return len(terms) <= len(keys) and all(
            term in words for term, words in zip(terms, keys, strict=False)
        )

    @api.model
    def _get_share(self, key, target, lookup):
        """A rarer word says more: it must not outdo the one that was typed."""
        known, rarest = lookup.get(key), min(map(lookup.get, target))
        if not known or not rarest:
            return 1.0
        return min(1.0, lookup.get_idf(known) / lookup.get_idf(rarest))

    @api.model
    def _add_goods(self, group, goods, weight):
        for template_id, score in goods.items():
            score *= weight
            group.goods[template_id] = max(score, group.goods.get(template_id, 0.0))

    @api.model
    def _find_goods(self, phrases):
        """Goods that have all words of a phrase: one query, or none.

        :param phrases: set of tuples of terms
        :return: dict phrase -> dict template id -> score, that of a word on average
        """
        if not phrases:
            return {}
        phrases = sorted(phrases)
        rows = self.env.execute_query(
            SQL(
                """
                WITH docs AS (SELECT COUNT(*) AS total FROM b2b_search_doc),
                found AS (
                    SELECT asked.place, posting.template_id, AVG(posting.weight * LN(
                        1 + (docs.total - term.df + 0.5) / (term.df + 0.5)
                    )) AS score
                    FROM docs, unnest(%s::int[], %s::text[]) AS asked(place, term)
                    JOIN b2b_search_term term ON term.term = asked.term COLLATE "C"
                    JOIN b2b_search_posting posting ON posting.term_id = term.id
                    GROUP BY asked.place, posting.template_id
                    HAVING COUNT(*) = (%s::int[])[asked.place + 1]
                ), ranked AS (
                    SELECT *, ROW_NUMBER() OVER (
                        PARTITION BY place ORDER BY score DESC, template_id
                    ) AS number
                    FROM found
                )
                SELECT place, template_id, score FROM ranked WHERE number <= %s
                """,
                [i for i, phrase in enumerate(phrases) for _term in set(phrase)],
                [term for phrase in phrases for term in sorted(set(phrase))],
                [len(set(phrase)) for phrase in phrases],
                MAX_GOODS,
            )
        )
        found = {}
        for place, template_id, score in rows:
            found.setdefault(phrases[place], {})[template_id] = float(score)
        return found
