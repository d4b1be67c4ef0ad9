# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The members' catalogue, searched by the index."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.b2b_portal.tools.id_in import id_in

from .b2b_search_engine import EXACT_SCORE

_MATCHES_KEY = "b2b_search.matches"


class B2bCatalogue(models.AbstractModel):
    _inherit = "b2b.catalogue"

    # === MATCHES === #

    @api.model
    def _is_indexed(self):
        """Whether searches are answered from the index; else core's way holds."""
        cache = self.env.cr.cache
        if "b2b_search.ready" not in cache:
            cache["b2b_search.ready"] = self.env["b2b.search.build"]._is_ready()
        return cache["b2b_search.ready"]

    @api.model
    def _get_matches(self, text, exact=False, complete=False):
        """What a text finds among the goods that the visitor sees: read once a page.

        :param bool complete: the last word may not be finished yet
        :return: (:class:`~..tools.analysis.Analysis`,
            :class:`~.b2b_search_engine.Matches`)
        """
        key = (
            self.env.uid,
            self.env["website"]._b2b_get_visited().id,
            self.env.lang,
            text,
            exact,
            complete,
        )
        known = self.env.cr.cache.setdefault(_MATCHES_KEY, {})
        if key not in known:
            known[key] = self._search_index(text, exact, complete)
        return known[key]

    @api.model
    def _search_index(self, text, exact=False, complete=False):
        """:meth:`_get_matches`, anew."""
        analysis, matches = self._match_index(text, exact, complete)
        self._merchandise(analysis, matches)
        return analysis, matches

    @api.model
    def _match_index(self, text, exact=False, complete=False):
        """:meth:`_get_matches` before the rules of staff."""
        templates = self._search_templates({})
        templates.order = None
        visible = templates.select(SQL.identifier(templates.table, "id"))
        engine = self.env["b2b.search.engine"]
        analysis, matches = engine._search(text, visible, complete, exact)
        for template_id in self._find_own_articles({text, analysis.corrected}):
            score = matches.scores.get(template_id, 0.0)
            matches.scores[template_id] = score + EXACT_SCORE
        return analysis, matches

    @api.model
    def _merchandise(self, analysis, matches):
        """Change what a query finds by the rules of staff, in place; a hook.

        :param matches: only goods that the visitor sees may be added
        """

    @api.model
    def _find_own_articles(self, texts):
        """Ids of goods that one of the texts is the customer's own article for."""
        templates = self.env["product.template"]
        domain = Domain.OR(templates._b2b_get_code_domain(text) for text in texts)
        if domain.is_false():
            return []
        templates = self._search_templates({"search": domain})
        templates.limit = 200
        return list(templates.get_result_ids())

    # === THE LIST === #

    @api.model
    def _get_text_domain(self, text, acting):
        """Goods that the index finds for a text."""
        if not self._is_indexed():
            return super()._get_text_domain(text, acting)
        exact = bool(self.env.context.get("b2b_search_exact"))
        _analysis, matches = self._get_matches(text, exact)
        return id_in(SQL("SELECT unnest(%s::int[])", list(matches.scores)))

    @api.model
    def _get_conditions(self, query, acting):
        asking = self.with_context(b2b_search_exact=query.exact)
        return super(B2bCatalogue, asking)._get_conditions(query, acting)

    @api.model
    def _find_corrected(self, query, acting, conditions):
        """The index has corrected the text already."""
        if self._is_indexed():
            return None
        return super()._find_corrected(query, acting, conditions)

    @api.model
    def _find(self, query, acting):
        """Say what was corrected where that has found anything."""
        found = super()._find(query, acting)
        if query.search and self._is_indexed():
            analysis, matches = self._get_matches(query.search, query.exact)
            told = self._get_told_correction(analysis, matches)
            found.corrected = told if found.total else ""
        return found

    # === ORDER === #

    @api.model
    def _get_order_sql(self, templates, query, acting):
        """Best matches first, unless another order is asked for."""
        if query.order or not query.search or not self._is_indexed():
            return super()._get_order_sql(templates, query, acting)
        _analysis, matches = self._get_matches(query.search, query.exact)
        row_id = SQL.identifier(templates.table, "id")
        scores = SQL(
            "(SELECT * FROM unnest(%s::int[], %s::float8[]) AS match(id, score))",
            list(matches.scores),
            list(matches.scores.values()),
        )
        on = SQL("b2b_match.id = %s", row_id)
        templates.add_join("LEFT JOIN", "b2b_match", scores, on)
        return SQL("b2b_match.score DESC NULLS LAST, %s", row_id)
