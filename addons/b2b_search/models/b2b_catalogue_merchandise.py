# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rules of staff in the searches of the catalogue."""

from dataclasses import dataclass

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.merchandising import get_keys
from .b2b_search_engine import EXACT_SCORE

# Pinned goods stand below the one whose article was typed, and above all others.
PIN_SCORE = 900.0
MAX_BOOSTED = 800.0
TRIAL_KEY = "b2b_search_trial"


@dataclass(frozen=True)
class Trial:
    """Other rules than the published ones, for a dry run.

    It stands in the context. Whoever calls by RPC chooses the context, too, but can
    send no object of this class.
    """

    # of ``tools.merchandising.Rule``
    rules: tuple


class B2bCatalogue(models.AbstractModel):
    _inherit = "b2b.catalogue"

    @api.model
    def _get_search_rules(self, analysis):
        """Rules of staff that speak of a query of the current visitor, in order.

        :param analysis: :class:`~..tools.analysis.Analysis`
        :return: list of :class:`~..tools.merchandising.Rule`
        """
        trial = self.env.context.get(TRIAL_KEY)
        if isinstance(trial, Trial):
            rules = trial.rules
        else:
            rules = self.env["b2b.search.rule"]._get_rules()
        if not rules:
            return []
        keys = [get_keys(group) for group in analysis.groups]
        rules = [rule for rule in rules if rule.fits(keys)]
        if not rules:
            return []
        segment = 0
        websites = self.env["website"]
        if any(rule.segments for rule in rules):
            _agreement, account = websites._b2b_get_stock_customer()
            segment = account.segment_id.id or 0
        website = websites._b2b_get_visited().id
        today = fields.Date.context_today(self)
        return [rule for rule in rules if rule.is_for(website, segment, today)]

    @api.model
    def _get_promoted(self, analysis):
        """What rules put first among the suggestions for a query: for their page.

        Whoever shows them reads them as the visitor.

        :return: dict: brands, sections (lists of ids, in order)
        """
        actions = [
            action
            for rule in self._get_search_rules(analysis)
            for action in rule.actions
            if action.kind == "promote"
        ]
        return {
            name: list(dict.fromkeys(a.record for a in actions if a.target == target))
            for name, target in (("brands", "brand"), ("sections", "section"))
        }

    @api.model
    def _merchandise(self, analysis, matches):
        result = super()._merchandise(analysis, matches)
        matches.rules = self._get_search_rules(analysis)
        actions = [action for rule in matches.rules for action in rule.actions]
        if actions:
            self._apply_actions(actions, matches)
        return result

    @api.model
    def _apply_actions(self, actions, matches):
        """Change scores: hiding wins over pinning, pinning over boosting."""
        scores, found = matches.scores, bool(matches.scores)
        goods = self._get_action_goods(actions, scores)
        hidden = set()
        for action, ids in zip(actions, goods, strict=True):
            if action.kind == "hide":
                hidden |= ids
            elif action.kind in ("boost", "bury"):
                for id_ in ids:
                    if scores[id_] < EXACT_SCORE:
                        scores[id_] = min(scores[id_] * action.factor, MAX_BOOSTED)
        hidden |= {a.record for a in actions if a.kind == "hide" and _is_product(a)}
        for id_ in hidden:
            scores.pop(id_, None)
        pins = dict.fromkeys(a.record for a in actions if a.kind == "pin")
        pins = self._get_seen([id_ for id_ in pins if id_ not in hidden])
        for place, id_ in enumerate(pins):
            scores[id_] = max(scores.get(id_, 0.0), PIN_SCORE - place)
        if pins and not found:
            # what was missing is no news where staff have chosen the answer
            matches.dropped = []

    @api.model
    def _get_seen(self, ids):
        """Those of the templates that the visitor sees, in the same order."""
        if not ids:
            return []
        templates = self._search_templates({"search": Domain("id", "in", ids)})
        seen = set(templates.get_result_ids())
        return [id_ for id_ in ids if id_ in seen]

    @api.model
    def _get_action_goods(self, actions, ids):
        """Which of the goods each action is about: one query, or none.

        :param ids: of product.template
        :return: list of sets of ids, one for each action
        """
        goods = [
            {action.record} & set(ids) if _is_product(action) else set()
            for action in actions
        ]
        wide = [
            (place, action.target == "brand", action.record)
            for place, action in enumerate(actions)
            if not _is_product(action) and action.kind != "promote"
        ]
        if not wide or not ids:
            return goods
        rows = self.env.execute_query(
            SQL(
                """
                WITH asked AS (
                    SELECT * FROM unnest(%s::int[], %s::bool[], %s::int[])
                        AS asked(place, is_brand, record)
                ), goods AS (SELECT unnest(%s::int[]) AS id)
                SELECT asked.place, template.id
                FROM asked JOIN product_template template
                    ON asked.is_brand AND template.b2b_brand_id = asked.record
                JOIN goods ON goods.id = template.id
                UNION
                SELECT asked.place, link.product_template_id
                FROM asked
                JOIN product_public_category above
                    ON NOT asked.is_brand AND above.id = asked.record
                JOIN product_public_category section
                    ON section.parent_path LIKE above.parent_path || '%%'
                JOIN product_public_category_product_template_rel link
                    ON link.product_public_category_id = section.id
                JOIN goods ON goods.id = link.product_template_id
                """,
                [place for place, _is_brand, _record in wide],
                [is_brand for _place, is_brand, _record in wide],
                [record for _place, _is_brand, record in wide],
                list(ids),
            )
        )
        for place, template_id in rows:
            goods[place].add(template_id)
        return goods


def _is_product(action):
    return action.target == "product"
