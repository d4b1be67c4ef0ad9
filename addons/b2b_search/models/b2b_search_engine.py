# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which goods a query finds, and in which order."""

from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import SQL

# Goods whose article or barcode is the query stand before all others.
EXACT_SCORE = 1000.0


@dataclass
class Matches:
    """Goods that a query finds, by template id; the visitor sees all of them."""

    scores: dict = field(default_factory=dict)
    # texts of the groups that had to be left out to find any
    dropped: list = field(default_factory=list)
    # of staff, that speak of the query: ``tools.merchandising.Rule``
    rules: list = field(default_factory=list)


class B2bSearchEngine(models.AbstractModel):
    _name = "b2b.search.engine"
    _description = "Search Engine"

    @api.model
    def _search(self, text, visible=None, complete=False, exact=False):
        """Read a text and find goods for it.

        Where no goods have all of it, its last word may be cut off.

        :param visible: see :meth:`_match`; the others: see ``b2b.search.query``
        :return: (:class:`~..tools.analysis.Analysis`, :class:`Matches`)
        """
        queries = self.env["b2b.search.query"]
        analysis = queries._analyse(text, complete, exact)
        matches = self._match(analysis, visible)
        if matches.dropped and not complete and not exact:
            longer = queries._analyse(text, complete=True)
            others = self._match(longer, visible)
            if len(others.dropped) < len(matches.dropped):
                return longer, others
        return analysis, matches

    @api.model
    def _match(self, analysis, visible=None):
        """Goods that have all groups of a query; if there are none, all but the
        commonest ones.

        :param analysis: :class:`~..tools.analysis.Analysis`
        :param visible: ``SQL`` of a SELECT of the ids of templates that the visitor
            sees; None: all
        :return: :class:`Matches`
        """
        matches = Matches()
        exact = self._match_code(analysis, visible)
        groups = [group for group in analysis.groups if group.idf is not None]
        matches.dropped = [g.text for g in analysis.groups if g.idf is None]
        total = sum(group.idf for group in analysis.groups if group.idf is not None)
        left = sorted(groups, key=lambda group: group.idf)
        while left:
            matches.scores = self._match_groups(left, groups, total, visible)
            if matches.scores or exact:
                break
            matches.dropped.append(left.pop(0).text)
        for template_id in exact:
            score = matches.scores.get(template_id, 0.0)
            matches.scores[template_id] = score + EXACT_SCORE
        return matches

    @api.model
    def _match_code(self, analysis, visible):
        """Ids of goods whose article or barcode is the whole query."""
        if len(analysis.code) < 3 or not any(c.isdigit() for c in analysis.code):
            return []
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT template_id FROM b2b_search_code found"
                " WHERE code = %s AND own %s LIMIT 200",
                analysis.code,
                self._get_visible_sql(visible),
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _get_visible_sql(self, visible):
        if visible is None:
            return SQL()
        return SQL("AND found.template_id IN (%s)", visible)

    @api.model
    def _match_groups(self, needed, groups, total, visible):
        """Goods that have some groups, with scores in which all groups count.

        :return: dict template id -> score
        """
        numbers = {id(group): number for number, group in enumerate(groups)}
        terms = [
            (numbers[id(group)], term, weight)
            for group in groups
            for term, weight in group.terms.items()
        ]
        goods = [
            (numbers[id(group)], template_id, weight)
            for group in groups
            for template_id, weight in group.goods.items()
        ]
        wanted = sum(1 << numbers[id(group)] for group in needed)
        sql = SQL(
            """
            WITH docs AS (SELECT COUNT(*) AS total FROM b2b_search_doc),
            hit AS (
                SELECT posting.template_id, asked.number,
                    MAX(posting.weight * asked.weight * LN(
                        1 + (docs.total - term.df + 0.5) / (term.df + 0.5)
                    )) AS score
                FROM docs, unnest(%(number)s::int[], %(term)s::text[],
                        %(weight)s::real[]) AS asked(number, term, weight)
                JOIN b2b_search_term term ON term.term = asked.term COLLATE "C"
                JOIN b2b_search_posting posting ON posting.term_id = term.id
                GROUP BY posting.template_id, asked.number
                %(goods)s
            ), found AS MATERIALIZED (
                SELECT hit.template_id,
                    SUM(hit.score) * POWER(
                        LEAST(1, SUM(known.idf) / %(total)s), 2
                    ) AS score
                FROM (
                    SELECT template_id, number, MAX(score) AS score
                    FROM hit GROUP BY template_id, number
                ) hit
                JOIN unnest(%(idf)s::float8[]) WITH ORDINALITY AS known(idf, place)
                    ON known.place = hit.number + 1
                GROUP BY hit.template_id
                HAVING (BIT_OR(1 << hit.number) & %(wanted)s) = %(wanted)s
            )
            SELECT found.template_id, found.score * %(factor)s
            FROM found JOIN product_template template
                ON template.id = found.template_id
            WHERE TRUE %(visible)s
            """,
            number=[row[0] for row in terms],
            term=[row[1] for row in terms],
            weight=[row[2] for row in terms],
            goods=self._get_goods_sql(goods),
            total=total or 1.0,
            idf=[group.idf for group in groups],
            wanted=wanted,
            factor=self._get_factor_sql(),
            visible=self._get_visible_sql(visible),
        )
        return dict(self.env.execute_query(sql))

    @api.model
    def _get_factor_sql(self):
        """What the score of a text is multiplied with, for each product; a hook.

        So that text wins, factors stay between 1 and about 1.6.

        :return: ``SQL`` of a number, from the row ``template`` of product_template;
            all goods that are scored are in ``found(template_id)``
        """
        return SQL("1.0")

    @api.model
    def _get_goods_sql(self, goods):
        """Goods that are found by a part of an article, as rows of the same shape."""
        if not goods:
            return SQL()
        return SQL(
            "UNION ALL SELECT template_id, number, weight"
            " FROM unnest(%s::int[], %s::int[], %s::real[])"
            " AS by_code(number, template_id, weight)",
            *map(list, zip(*goods, strict=True)),
        )
