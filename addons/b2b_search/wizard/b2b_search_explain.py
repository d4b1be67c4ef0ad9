# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why a product stands where it does in a search, or why it is not there."""

from odoo import fields, models
from odoo.tools import SQL

from ..models.b2b_search_engine import EXACT_SCORE, Matches


class B2bSearchExplain(models.TransientModel):
    """The search of one query, seen from one product, for staff."""

    _name = "b2b.search.explain"
    _description = "Explanation of a Search"
    _inherit = ["b2b.search.viewpoint"]

    query = fields.Char(required=True)
    product_tmpl_id = fields.Many2one("product.template", "Product", required=True)
    verdict = fields.Text(readonly=True)
    position = fields.Integer(readonly=True, help="0: it is not found.")
    total = fields.Integer("Goods found", readonly=True)
    score = fields.Float(digits=(16, 4), readonly=True)
    line_ids = fields.One2many("b2b.search.explain.line", "explain_id", readonly=True)

    def _compute_display_name(self):
        self.display_name = self.env._("Why does it stand here")

    def action_explain(self):
        """Work the answer out (single)."""
        self.ensure_one()
        self.product_tmpl_id.check_access("read")
        self.line_ids.unlink()
        provider, product = self._get_provider(), self.product_tmpl_id.id
        analysis, plain = provider._match_index(" ".join(self.query.split()))
        matches = Matches(dict(plain.scores), list(plain.dropped))
        provider._merchandise(analysis, matches)
        rows = self._explain_query(analysis, plain)
        words, missing = self._explain_words(analysis, plain)
        rows += words
        if product in plain.scores:
            rows += self._explain_factors(provider, plain)
        rows += self._explain_rules(provider, plain, matches)
        scores = matches.scores
        ranked = sorted(scores, key=lambda id_: (-scores[id_], id_))
        found = product in scores
        self.write(
            {
                "total": len(ranked),
                "position": ranked.index(product) + 1 if found else 0,
                "score": scores.get(product, 0.0),
                "line_ids": [
                    fields.Command.create({"sequence": number} | row)
                    for number, row in enumerate(rows)
                ],
            }
        )
        self.verdict = (
            self.env._(
                "Place %(place)s of %(total)s.",
                place=self.position,
                total=self.total,
            )
            if found
            else self._get_absence(provider, plain, missing)
        )

    # === THE QUERY === #

    def _explain_query(self, analysis, matches):
        kinds = {
            "layout": self.env._("Wrong keyboard layout"),
            "spelling": self.env._("Spelling"),
            "translit": self.env._("Other alphabet"),
        }
        rows = [
            {"kind": "query", "label": kinds[kind], "detail": f"{typed} → {taken}"}
            for typed, taken, kind in analysis.changes
        ]
        rows += [
            {
                "kind": "query",
                "label": self.env._("Synonym"),
                "detail": f"{synonym.typed} → {synonym.meant}",
                "value": _spell(synonym.weight),
            }
            for synonym in analysis.synonyms
        ]
        if quantity := analysis.quantity:
            label = self.env._("Taken for a quantity")
            rows.append(
                {"kind": "query", "label": label, "detail": _spell(quantity.amount)}
            )
        if matches.dropped:
            rows.append(
                {
                    "kind": "query",
                    "label": self.env._("Left out, no goods have all"),
                    "detail": ", ".join(matches.dropped),
                }
            )
        return rows

    # === THE WORDS === #

    def _explain_words(self, analysis, matches):
        """What each word of the query finds in the product.

        :return: (list of rows, texts of needed words that the product lacks)
        """
        groups = [group for group in analysis.groups if group.idf is not None]
        known = self._read_terms({term for group in groups for term in group.terms})
        rows, missing, total, share, sum_ = [], [], 0.0, 0.0, 0.0
        for group in analysis.groups:
            if group.idf is None:
                rows.append(self._prepare_word(group, self.env._("no goods have it")))
                continue
            total += group.idf
            score, detail = self._score(group, known)
            rows.append(self._prepare_word(group, detail, score))
            if score is None:
                if group.text not in matches.dropped:
                    missing.append(group.text)
                continue
            sum_, share = sum_ + score, share + group.idf
        if share and total:
            rows.append(
                {
                    "kind": "word",
                    "label": self.env._("Share of the words that it has, squared"),
                    "detail": f"({_spell(share)} / {_spell(total)})²",
                    "value": _spell(min(1.0, share / total) ** 2),
                }
            )
            label = self.env._("Score of the text")
            value = _spell(sum_ * min(1.0, share / total) ** 2)
            rows.append({"kind": "word", "label": label, "value": value})
        return rows, missing

    def _prepare_word(self, group, detail, score=None):
        value = "—" if score is None else _spell(score)
        return {
            "kind": "word",
            "label": f"«{group.text}»",
            "detail": detail,
            "value": value,
        }

    def _read_terms(self, terms):
        """dict term -> (weight in the product, idf), of those that the product has."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT term.term, posting.weight, LN(
                    1 + (docs.total - term.df + 0.5) / (term.df + 0.5)
                )::float8
                FROM (SELECT COUNT(*) AS total FROM b2b_search_doc) docs,
                    b2b_search_term term
                JOIN b2b_search_posting posting ON posting.term_id = term.id
                WHERE term.term = ANY(%s) AND posting.template_id = %s
                """,
                list(terms),
                self.product_tmpl_id.id,
            )
        )
        return {term: (weight, idf) for term, weight, idf in rows}

    def _score(self, group, known):
        """(score, in words) of a word in the product; None: it has none of it."""
        found = []
        for term, counts in group.terms.items():
            if term in known:
                weight, idf = known[term]
                text = self.env._(
                    "“%(term)s”: %(weight)s in the product × %(idf)s rarity × "
                    "%(counts)s",
                    term=term,
                    weight=_spell(weight),
                    idf=_spell(idf),
                    counts=_spell(counts),
                )
                found.append((weight * idf * counts, text))
        if score := group.goods.get(self.product_tmpl_id.id):
            text = self.env._("part of an article, or a synonym of several words")
            found.append((score, text))
        return max(found, default=(None, self.env._("the product has none of it")))

    # === THE REST === #

    def _explain_factors(self, provider, matches):
        fields_ = self.env["b2b.search.ranking"].fields_get()
        product = self.product_tmpl_id.id
        ranks = provider.env["b2b.search.ranking"]._get_ranks(product)
        rows = [
            {
                "kind": "factor",
                "label": fields_[name]["string"] if name in fields_ else name,
                "detail": f"{_spell(weight)} × {_spell(rank)}",
                "value": f"+{_spell(weight * rank)}",
            }
            for name, weight, rank in ranks
        ]
        rows.append(
            {
                "kind": "factor",
                "label": self.env._("Factor of the ranking"),
                "value": f"× {_spell(1 + sum(w * r for _n, w, r in ranks))}",
            }
        )
        score = matches.scores[product]
        if score >= EXACT_SCORE:
            label = self.env._("The query is an article of it")
            value = f"+{_spell(score // EXACT_SCORE * EXACT_SCORE)}"
            rows.append({"kind": "factor", "label": label, "value": value})
        label = self.env._("Score before rules")
        rows.append({"kind": "factor", "label": label, "value": _spell(score)})
        return rows

    def _explain_rules(self, provider, plain, matches):
        rows, product = [], self.product_tmpl_id.id
        kinds = dict(
            self.env["b2b.search.rule.action"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        rules = self.env["b2b.search.rule"].browse([r.id for r in matches.rules])
        names = {rule.id: rule.name for rule in rules}
        for rule in matches.rules:
            touching = provider._get_action_goods(rule.actions, {product})
            done = [
                f"{kinds[action.kind]} × {_spell(action.factor)}"
                if action.kind in ("boost", "bury")
                else kinds[action.kind]
                for action, ids in zip(rule.actions, touching, strict=True)
                if ids
            ]
            nothing = self.env._("does nothing with this product")
            rows.append(
                {
                    "kind": "rule",
                    "label": names[rule.id],
                    "detail": ", ".join(done) or nothing,
                }
            )
        if matches.rules and product in matches.scores:
            label = self.env._("Score after rules")
            value = _spell(matches.scores[product])
            rows.append({"kind": "rule", "label": label, "value": value})
        return rows

    # === NOT FOUND === #

    def _get_absence(self, provider, plain, missing):
        """Why the product is not in the list, in words."""
        product = self.product_tmpl_id
        if product.id in plain.scores:
            return self.env._("Not found: a rule hides it for this query.")
        if not product.active or not product.sale_ok:
            return self.env._("Not found: it is archived or not for sale.")
        known = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM b2b_search_doc WHERE template_id = %s)",
                product.id,
            )
        )
        if not known[0][0]:
            return self.env._(
                "Not found: the index does not know it yet. Changes are worked in "
                "within a minute; look at Search > Index."
            )
        if not provider._get_seen([product.id]):
            return self._get_invisible_text(provider)
        if missing:
            return self.env._(
                "Not found: it has nothing of %(words)s, which other goods have.",
                words=", ".join(f"«{word}»" for word in missing),
            )
        return self.env._("Not found: no word of the query is one of its words.")

    def _get_invisible_text(self, provider):
        product = self.product_tmpl_id
        if not product.is_published:
            return self.env._("Not found: it is not published on the website.")
        mine = product.with_env(provider.env)
        if not mine._b2b_get_offered():
            return self.env._(
                "Not found: it is not in the assortment of this customer. See "
                "Catalogue > What a customer sees."
            )
        website = self.website_id.with_env(provider.env)
        if website._b2b_get_stock_rule() == "hide":
            return self.env._(
                "Not found: it is out of stock, and this customer's lists leave such "
                "goods out."
            )
        return self.env._(
            "Not found: it belongs to another website or company, or the customer may "
            "not see it."
        )


class B2bSearchExplainLine(models.TransientModel):
    """One step of an explanation."""

    _name = "b2b.search.explain.line"
    _description = "Step of an Explanation"
    _order = "sequence, id"
    _rec_name = "label"

    explain_id = fields.Many2one(
        "b2b.search.explain", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer()
    kind = fields.Selection(
        [
            ("query", "Query"),
            ("word", "Words"),
            ("factor", "Ranking"),
            ("rule", "Rules"),
        ],
        "About",
        required=True,
    )
    label = fields.Char("What")
    detail = fields.Char("How")
    value = fields.Char("Score")


def _spell(number):
    return f"{number:.3f}".rstrip("0").rstrip(".")
