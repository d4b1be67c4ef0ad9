# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .test_rules import RuleCase


@tagged("post_install", "-at_install")
class TestExplain(RuleCase):
    def _explain(self, query, article, **values):
        wizard = self.env["b2b.search.explain"].create(
            {"query": query, "product_tmpl_id": self.by_article[article].id}
            | {"agreement_id": self.agreement.id, "member_id": self.buyer.id}
            | values
        )
        wizard.action_explain()
        return wizard

    def _get_values(self, wizard, kind):
        return [row.value for row in wizard.line_ids if row.kind == kind]

    def test_figures_add_up(self):
        """Score of the text x factor is what the search has sorted by."""
        ranking = self.env["b2b.search.ranking"]._get()
        ranking.write({"priority": 0.2, "stock": 0.1})
        self.by_article["933-8-40"].b2b_search_priority = 7
        for query in (
            "болт м8х40",
            "болтт оцинкованный",
            "болт кактусовый",
            "болт оцинк",
        ):
            wizard = self._explain(query, "933-8-40")
            provider = self._get_as(self.buyer, self.agreement)
            _analysis, matches = provider._search_index(query)
            score = matches.scores[wizard.product_tmpl_id.id]
            self.assertAlmostEqual(wizard.score, score, 3)
            text = float(self._get_values(wizard, "word")[-1])
            factor = float(self._get_values(wizard, "factor")[-2].strip("× "))
            self.assertAlmostEqual(text * factor, score, 2, query)
            self.assertGreater(factor, 1.13, "the priority counts")

    def test_position(self):
        found = self._find("болт м8")
        for place, article in enumerate(found[:2], 1):
            wizard = self._explain("болт м8", article)
            before = [
                i for i in self._get_all("болт м8") if i == wizard.product_tmpl_id.id
            ]
            self.assertTrue(before)
            position = self._get_all("болт м8").index(wizard.product_tmpl_id.id) + 1
            self.assertEqual(wizard.position, position)
            self.assertGreaterEqual(position, place)

    def _get_all(self, text):
        provider = self._get_as(self.buyer, self.agreement)
        _analysis, matches = provider._search_index(text)
        return sorted(matches.scores, key=lambda i: (-matches.scores[i], i))

    def test_corrections_and_synonyms_are_told(self):
        self.env["b2b.search.synonym"].create(
            {"source": "голландец", "target": "картридж"}
        )
        wizard = self._explain("голландцы rfhnhbl;", "TK-1170")
        told = [row.detail for row in wizard.line_ids if row.kind == "query"]
        self.assertIn("голландец → картридж", told)
        self.assertIn("rfhnhbl; → картридж", told)

    def test_rules_are_told(self):
        rule = self._add(("pin", "KB-3"), ("boost", "933-8-40", 3))
        rule.name = "Zqx rule"
        for article, told in (("KB-3", True), ("933-8-40", True), ("934-8", False)):
            wizard = self._explain("болт", article)
            rows = [row for row in wizard.line_ids if row.label == "Zqx rule"]
            self.assertEqual(len(rows), 1)
            self.assertEqual(bool(wizard.position), told)
        self.assertEqual(self._explain("болт", "KB-3").position, 1)

    def test_why_not(self):
        texts = set()
        unpublished = self.by_article["TK-1170"]
        unpublished.is_published = False
        texts.add(self._explain("картридж", "TK-1170").verdict)
        self.env["b2b.assortment"].create(
            {
                "name": "Not for North",
                "mode": "hide",
                "audience": "chosen",
                "account_ids": self.north.ids,
                "product_tmpl_ids": self.by_article["HS-20"].ids,
            }
        )
        texts.add(self._explain("headset", "HS-20").verdict)
        self._add(("hide", "933-8-40"))
        texts.add(self._explain("болт", "933-8-40").verdict)
        wizard = self._explain("кабель ввг", "CB-2LYE")
        self.assertIn("кабель", wizard.verdict)
        texts.add(wizard.verdict)
        self.by_article["BO5030"].sale_ok = False
        texts.add(self._explain("makita", "BO5030").verdict)
        new = self.env["product.template"].create(
            {"name": "Кракозябра", "is_published": True}
        )
        self.by_article["new"] = new
        texts.add(self._explain("кракозябра", "new").verdict)
        self.by_article.pop("new")
        self.assertEqual(len(texts), 6, "each reason has a text of its own")

    def test_as_staff(self):
        wizard = self._explain("болт", "933-8-40", agreement_id=False, member_id=False)
        self.assertTrue(wizard.position)
