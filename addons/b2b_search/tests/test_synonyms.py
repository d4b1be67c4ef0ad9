# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .search_common import SearchCase


@tagged("post_install", "-at_install")
class TestSynonyms(SearchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        goods = cls.env["product.template"].create(
            [
                {"name": f"{name} {cls.mark}", "default_code": article}
                | {"is_published": True, "type": "consu", "list_price": 10.0}
                for article, name in (
                    ("SYN-A", "Кракозябра"),
                    ("SYN-B", "Бармаглот"),
                    ("SYN-C", "Дирижабль зелёный"),
                    ("SYN-D", "Дирижабль"),
                )
            ]
        )
        cls.found |= goods
        cls._catch_up()

    def _add(self, source, target, **values):
        values = {"source": source, "target": target} | values
        return self.env["b2b.search.synonym"].create(values)

    def test_one_way(self):
        self.assertEqual(self._search("кракозябра"), ["SYN-A"])
        self._add("кракозябра", "бармаглот")
        self.assertEqual(self._search("кракозябра"), ["SYN-A", "SYN-B"])
        self.assertEqual(self._search("бармаглот"), ["SYN-B"])

    def test_both_ways(self):
        self._add("кракозябра", "бармаглот", both_ways=True)
        self.assertEqual(self._search("бармаглот"), ["SYN-B", "SYN-A"])

    def test_morphology_of_both_sides(self):
        self._add("кракозябры", "картриджами")
        self.assertEqual(self._search("кракозяброй")[0], "SYN-A")
        self.assertIn("TK-1170", self._search("кракозяброй"))

    def test_the_typed_word_stands_first(self):
        """Even where the other one is rarer, and says more."""
        self.env["product.template"].create(
            [{"name": f"Кракозябра {number}", "type": "consu"} for number in range(30)]
        )
        self._catch_up()
        self._add("кракозябра", "бармаглот", weight=0.95)
        _analysis, matches = self.env["b2b.search.engine"]._search("кракозябра")
        ids = {t.default_code: t.id for t in self.found}
        self.assertLess(matches.scores[ids["SYN-B"]], matches.scores[ids["SYN-A"]])

    def test_no_chain(self):
        self._add("кракозябра", "бармаглот")
        self._add("бармаглот", "картридж")
        self.assertEqual(self._search("кракозябра"), ["SYN-A", "SYN-B"])

    def test_unknown_words_are_not_corrected(self):
        """A word that staff know is no slip of a word of the catalogue."""
        analysis, _matches = self.env["b2b.search.engine"]._search("бармаглат")
        self.assertTrue(analysis.changes, "the test is about a correctable word")
        self._add("бармаглат", "картридж")
        analysis, matches = self.env["b2b.search.engine"]._search("бармаглат")
        self.assertFalse(analysis.changes)
        self.assertFalse(matches.dropped)
        self.assertEqual(self._search("бармаглат"), ["TK-1170"])

    def test_wrong_layout_of_a_word_that_no_goods_have(self):
        self._add("турбинка", "бармаглот")
        self.assertEqual(self._search("neh,byrf"), ["SYN-B"])

    def test_phrase_for_a_word(self):
        self._add("летучий голландец", "бармаглот")
        self.assertEqual(self._search("летучего голландца"), ["SYN-B"])
        self.assertEqual(self._search("голландец"), [], "half of a phrase is no phrase")
        self.assertEqual(self._search("летучий бармаглот")[:1], ["SYN-B"])

    def test_word_for_a_phrase(self):
        """Goods that have all of the phrase, not only one word of it."""
        self._add("голландец", "зелёные дирижабли")
        self.assertEqual(self._search("голландцы"), ["SYN-C"])

    def test_other_words_still_count(self):
        self._add("голландец", "болт")
        self.assertEqual(self._search("голландец м8х50"), ["933-8-50"])

    def test_inactive_and_exact(self):
        synonym = self._add("кракозябра", "бармаглот")
        self.assertEqual(self._search("кракозябра", exact=True), ["SYN-A"])
        synonym.active = False
        self.assertEqual(self._search("кракозябра"), ["SYN-A"])

    def test_checks(self):
        for source, target in (
            ("болт", "болты"),
            ("!!!", "болт"),
            ("болт", "а б в г д е ж з и к"),
        ):
            with self.assertRaises(ValidationError):
                self._add(source, target)

    def test_queries(self):
        """Synonyms are read once for many searches; a phrase costs one query."""
        engine = self.env["b2b.search.engine"]

        def count(text):
            engine._search(text)
            before = self.env.cr.sql_log_count
            engine._search(text)
            return self.env.cr.sql_log_count - before

        plain = count("кракозябра гайка")
        for number in range(20):
            self._add(f"кракозябра{'абвгдежзиклмнопрстуф'[number]}", "болт")
        self._add("кракозябра", "бармаглот")
        self.assertLessEqual(count("кракозябра гайка"), plain + 1)
        self._add("кракозябра", "дирижабль зелёный")
        self._add("гайка", "дирижабль зелёный")
        self.assertLessEqual(count("кракозябра гайка"), plain + 2)
