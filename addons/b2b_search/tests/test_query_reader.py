# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from ..tools.document import build
from ..tools.query_reader import QueryReader
from ..tools.spelling import get_deletes

NAMES = (
    ["Болт М8х40 DIN 933"] * 6
    + ["Гайка М8"] * 5
    + ["Шайба плоская М8"] * 4
    + ["Картридж TK-1170 Kyocera"] * 3
    + ["Кабель медный", "Кабель медный ВВГ", "Headset Canon", "Head lamp set"]
    + ["Laptop bag"] * 4
)


class FakeLookup:
    """The index of a few names, in memory."""

    def __init__(self):
        self.documents = [build({"name": [name]}) for name in NAMES]
        self.numbers, self.words = {}, {}
        for document in self.documents:
            for term in document.postings:
                self.numbers[term] = self.numbers.get(term, 0) + 1
            for word, root in document.words.items():
                _root, count = self.words.get(word, (root, 0))
                self.words[word] = root, count + 1

    def add(self, terms):
        list(terms)

    def get(self, term):
        return self.numbers.get(term, 0)

    def is_named(self, term):
        return False

    def is_expected(self, term):
        return False

    def get_idf(self, number):
        return math.log(1 + (len(NAMES) - number + 0.5) / (number + 0.5))

    def get_begun(self, texts):
        return {t for t in texts if any(w.startswith(t) for w in self.words)}

    def get_near(self, words):
        return {
            word: {
                other: value
                for other, value in self.words.items()
                if get_deletes(word) & get_deletes(other)
            }
            for word in words
        }

    def get_longer(self, token):
        return {
            root: count
            for word, (root, count) in self.words.items()
            if word.startswith(token.text) and word != token.text
        }

    def get_codes(self, tokens):
        return {}

    def extend(self, analysis):
        pass


class TestQueryReader(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.lookup = FakeLookup()

    def _read(self, text, **options):
        return QueryReader(self.lookup, **options).analyse(text)

    def _kinds(self, analysis):
        return [kind for _typed, _taken, kind in analysis.changes]

    def test_a_known_query_is_left_alone(self):
        analysis = self._read("болт м8х40")
        self.assertEqual(analysis.changes, [])
        self.assertEqual(
            [list(g.terms) for g in analysis.groups], [["болт"], ["m8x40"]]
        )

    def test_wrong_layout(self):
        analysis = self._read(",jkn v8[40")
        self.assertEqual(analysis.corrected, "болт м8x40")
        self.assertEqual(self._kinds(analysis), ["layout", "layout"])
        self.assertEqual(self._read("дфзещз").corrected, "laptop")

    def test_wrong_layout_keeps_the_quantity_apart(self):
        analysis = self._read(",jkn v8[40 100 in")
        self.assertEqual(analysis.corrected, "болт м8x40")
        self.assertEqual(analysis.quantity.amount, 100)

    def test_slips(self):
        for typed, meant in (("шйба", "шайба"), ("гйка м8", "гайка м8")):
            analysis = self._read(typed)
            self.assertEqual(analysis.corrected, meant)
            self.assertEqual(self._kinds(analysis), ["spelling"])

    def test_transliteration(self):
        analysis = self._read("kabel")
        self.assertEqual(analysis.corrected, "кабель")
        self.assertEqual(self._kinds(analysis), ["translit"])

    def test_a_beginning_is_no_slip(self):
        analysis = self._read("карт")
        self.assertEqual(analysis.changes, [])
        self.assertIn("картридж", analysis.groups[0].terms)

    def test_neighbours_are_joined(self):
        analysis = self._read("tk 1170")
        self.assertTrue(all("tk1170" in group.terms for group in analysis.groups))

    def test_exact_changes_nothing(self):
        analysis = self._read("шйба", exact=True)
        self.assertEqual(analysis.changes, [])
        self.assertEqual(analysis.groups[0].terms, {})

    def test_stop_words_are_left_out(self):
        self.assertEqual(
            [g.text for g in self._read("болт для гайки").groups], ["болт", "гайки"]
        )
        self.assertEqual([g.text for g in self._read("для").groups], ["для"])

    def test_unknown_articles_are_taken_apart(self):
        analysis = self._read("м8х99")
        self.assertIn("m8", [g.text for g in analysis.groups])

    def test_nothing_to_look_for(self):
        for text in ("", "   ", "\x00", "!!!", "&|()*:\\'\"", None, "😀"):
            self.assertEqual(self._read(text).groups, [], text)

    @settings(max_examples=300, deadline=None)
    @given(st.text(max_size=400), st.booleans(), st.booleans())
    def test_any_query_is_read(self, text, complete, exact):
        analysis = self._read(text, complete=complete, exact=exact)
        self.assertLessEqual(len(analysis.groups), 100)
        for group in analysis.groups:
            self.assertTrue(all(0 < weight <= 1 for weight in group.terms.values()))
