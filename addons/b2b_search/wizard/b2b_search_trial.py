# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a rule would do to the searches of late, before it is published."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.b2b_catalogue_merchandise import TRIAL_KEY, Trial
from ..models.b2b_search_engine import Matches
from ..tools.merchandising import get_keys

MAX_QUERIES = 1000
BATCH = 100
TOP = 10


class B2bSearchTrial(models.TransientModel):
    """The dry run of one rule; nothing is written to the rule."""

    _name = "b2b.search.trial"
    _description = "Dry Run of a Search Rule"
    _inherit = ["b2b.search.viewpoint"]

    rule_id = fields.Many2one(
        "b2b.search.rule", required=True, ondelete="cascade", readonly=True
    )
    source = fields.Selection(
        [("recent", "The last 1,000 searches"), ("typed", "These texts")],
        "Queries",
        default="recent",
        required=True,
    )
    texts = fields.Text(help="One per line.")
    state = fields.Selection(
        [("draft", "To be tried"), ("running", "Under way"), ("done", "Done")],
        default="draft",
        required=True,
    )
    queries = fields.Json("Texts of the run")
    total = fields.Integer("Of")
    done = fields.Integer("Done so far")
    percent = fields.Integer(compute="_compute_percent")
    touched_count = fields.Integer("Queries touched", compute="_compute_counts")
    changed_count = fields.Integer("With another top 10", compute="_compute_counts")
    line_ids = fields.One2many("b2b.search.trial.line", "trial_id", readonly=True)

    def _compute_display_name(self):
        for trial in self:
            trial.display_name = self.env._("Dry run: %s", trial.rule_id.name)

    @api.depends("done", "total")
    def _compute_percent(self):
        for trial in self:
            trial.percent = 100 * trial.done // trial.total if trial.total else 0

    @api.depends("line_ids.moved")
    def _compute_counts(self):
        for trial in self:
            trial.touched_count = len(trial.line_ids)
            trial.changed_count = len(trial.line_ids.filtered("moved"))

    def action_run(self):
        """Try the rule: the first queries at once, more of them in the background.

        :raise UserError: there are no queries
        """
        self.ensure_one()
        self.rule_id.check_access("read")
        if self.source == "recent":
            texts = self.env["b2b.search.rule"]._get_recent_queries(MAX_QUERIES)
        else:
            texts = (self.texts or "").splitlines()
        texts = [" ".join(text.split()) for text in texts]
        texts = list(dict.fromkeys(filter(None, texts)))[:MAX_QUERIES]
        if not texts:
            raise UserError(
                self.env._("There are no searches to try it on: type some texts.")
            )
        self.line_ids.unlink()
        self.write(
            {"queries": texts, "total": len(texts), "done": 0, "state": "running"}
        )
        self._step()
        if self.state == "running":
            self.env.ref("b2b_search.ir_cron_trial").sudo()._trigger()

    def action_refresh(self):
        """The client reads the form anew after any button."""

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dry run"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # === THE WORK === #

    @api.model
    def _cron_trials(self):
        """Go on with what is under way, each with the rights of who began it."""
        for trial in self.search([("state", "=", "running")]):
            trial = trial.with_user(trial.create_uid)
            while trial.state == "running":
                number = trial._step()
                if not self.env["ir.cron"]._commit_progress(number):
                    return

    def _step(self):
        """Try the rule (single trial) on some queries.

        :return: number of queries
        """
        batch = self.queries[self.done : self.done + BATCH]
        provider = self._get_provider()
        tried = self.rule_id.sudo()._get_value().for_everybody()
        before, after = self._get_rule_sets(tried)
        found = []
        for text in batch:
            analysis = self.env["b2b.search.query"]._analyse(text)
            if tried.fits([get_keys(group) for group in analysis.groups]):
                found.append((text, *self._compare(provider, text, before, after)))
        ids = {id_ for row in found for side in row[1:] for id_ in _rank(side)[:TOP]}
        goods = self.env["product.template"].browse(ids)
        names = {good.id: good.display_name for good in goods.exists()}
        self.env["b2b.search.trial.line"].create(
            [self._prepare_line(names, tried, *row) for row in found]
        )
        done = self.done + len(batch)
        state = "running" if batch and done < self.total else "done"
        self.write({"done": done, "state": state})
        return len(batch)

    def _get_rule_sets(self, tried):
        """Published rules without the one that is tried, and with it: two tuples."""
        rules = self.env["b2b.search.rule"].sudo()
        others = rules.search([("state", "=", "published")]) - self.rule_id
        ordered = (others | self.rule_id.sudo()).sorted(lambda r: (r.sequence, r.id))
        values = {rule.id: rule._get_value() for rule in others}
        before = tuple(values[rule.id] for rule in ordered if rule.id in values)
        after = tuple(values.get(rule.id, tried) for rule in ordered)
        return before, after

    @api.model
    def _compare(self, provider, text, before, after):
        """Scores under each of two sets of rules, of one reading of the text."""
        analysis, plain = provider._match_index(text)
        sides = []
        for rules in (before, after):
            matches = Matches(dict(plain.scores), list(plain.dropped))
            trying = provider.with_context(**{TRIAL_KEY: Trial(rules)})
            trying._merchandise(analysis, matches)
            sides.append(matches.scores)
        return sides

    def _prepare_line(self, names, tried, text, before, after):
        tops = _rank(before)[:TOP], _rank(after)[:TOP]
        places = {id_: place for place, id_ in enumerate(_rank(before))}
        lines = []
        for place, id_ in enumerate(tops[1]):
            was = places.get(id_)
            mark = "+" if was is None else "↑" if was > place else ""
            lines.append(
                f"{place + 1}. {mark} {names.get(id_, '—')}".replace("  ", " ")
            )
        if tried.redirect:
            lines.insert(0, f"→ {tried.redirect}")
        return {
            "trial_id": self.id,
            "query": text,
            "found_before": len(before),
            "found_after": len(after),
            "moved": sum(
                tops[0][place : place + 1] != tops[1][place : place + 1]
                for place in range(TOP)
            )
            or int(bool(tried.redirect)),
            "before": "\n".join(
                f"{place}. {names.get(id_, '—')}"
                for place, id_ in enumerate(tops[0], 1)
            ),
            "after": "\n".join(lines),
        }


class B2bSearchTrialLine(models.TransientModel):
    """A query that the rule touches."""

    _name = "b2b.search.trial.line"
    _description = "Query of a Dry Run"
    _order = "moved desc, id"
    _rec_name = "query"

    trial_id = fields.Many2one(
        "b2b.search.trial", required=True, ondelete="cascade", index=True
    )
    query = fields.Char(required=True)
    moved = fields.Integer(
        "Places changed", help="Of the top 10; another page counts as one."
    )
    found_before = fields.Integer("Found before")
    found_after = fields.Integer("Found after")
    before = fields.Text("Top 10 before")
    after = fields.Text(
        "Top 10 after", help="+ was not found before, ↑ stood further down."
    )


def _rank(scores):
    """Ids in the order of the list."""
    return sorted(scores, key=lambda id_: (-scores[id_], id_))
