# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from ..tools.document import build
from ..tools.layout import swap
from ..tools.quantity import split_quantity
from ..tools.spelling import get_deletes, get_distance
from ..tools.stem import stem
from ..tools.text import squash, tokenize
from ..tools.translit import transliterate


def texts(text):
    return [token.text for token in tokenize(text)]


class TestText(unittest.TestCase):
    def test_sizes_are_one_spelling(self):
        for text in ("М8х40", "M8x40", "m8 x 40", "М8*40", "м8 × 40", "М8 Х 40"):
            self.assertEqual(texts(text), ["m8x40"], text)

    def test_parts_of_a_size(self):
        (token,) = tokenize("М8х40")
        self.assertEqual([part.text for part in token.parts], ["m8", "40", "8x40"])

    def test_units(self):
        for text in ("1,5 л", "1.5л", "1.5 l", "1,5l"):
            self.assertEqual(texts(text), ["1.5l"], text)
        self.assertEqual(texts("10шт"), ["10", "шт"])

    def test_articles(self):
        for text in ("TK-1170", "tk 1170", "ТК-1170", "tk.1170"):
            self.assertEqual(squash(text), "tk1170", text)
        (token,) = tokenize("TK-1170")
        self.assertEqual([part.text for part in token.parts], ["tk", "1170"])

    def test_words_in_articles_stay_words(self):
        """Only what may be Latin is read as Latin."""
        for text, word in (("УШМ-125/1100", "ушм"), ("ДА-12", "да"), ("ТК-1170", "tk")):
            (token,) = tokenize(text)
            self.assertEqual(token.parts[0].text, word)

    def test_accents_and_yo(self):
        self.assertEqual(texts("Чёрный café"), ["черный", "cafe"])
        self.assertEqual(texts("йод"), ["йод"])

    def test_forms_of_a_word(self):
        for forms in (
            ("саморез", "саморезы", "саморезами"),
            ("чернила", "чернил"),
            ("перчатка", "перчаток"),
            ("cable", "cables"),
        ):
            self.assertEqual(len({stem(form) for form in forms}), 1, forms)
        self.assertNotEqual(stem("чернила"), stem("черный"))

    def test_layout_both_ways(self):
        self.assertEqual(swap("ghbdtn"), "привет")
        self.assertEqual(swap("руддщ"), "hello")
        self.assertIsNone(swap("123"))

    def test_transliteration(self):
        self.assertEqual(transliterate("kabel"), "кабел")
        self.assertEqual(transliterate("макита"), "makita")
        self.assertIsNone(transliterate("m8"))

    def test_quantities(self):
        for text, rest, amount, unit in (
            ("болт м8х40 200 шт", "болт м8х40", 200, "piece"),
            ("болт - 50 штук", "болт", 50, "piece"),
            ("10 уп гайка м8", "гайка м8", 10, "pack"),
            ("кабель x 20", "кабель", 20, None),
            ("саморез 1,5 уп.", "саморез", 1.5, "pack"),
        ):
            found, quantity = split_quantity(text)
            self.assertEqual(found, rest)
            self.assertEqual((quantity.amount, quantity.unit), (amount, unit), text)

    def test_sizes_are_no_quantities(self):
        for text in ("болт м8 x 40", "40 шт", "труба 25", "0 шт болт"):
            self.assertEqual(split_quantity(text), (text, None))

    def test_distance(self):
        for one, other, distance in (
            ("шайба", "шайба", 0),
            ("шайба", "шйба", 1),
            ("винт", "внит", 1),
            ("gaming", "goaming", 1),
            ("cartridge", "catrigde", 2),
        ):
            self.assertEqual(get_distance(one, other, 2), distance)
        self.assertGreater(get_distance("болт", "гайка", 2), 2)

    def test_a_slip_shares_a_form(self):
        for word, slip in (("шайба", "шйба"), ("винт", "внит"), ("laptop", "lptpo")):
            self.assertTrue(get_deletes(word) & get_deletes(slip))

    @settings(max_examples=300, deadline=None)
    @given(st.text(max_size=200))
    def test_any_text_is_read(self, text):
        tokens = tokenize(text)
        for token in tokens:
            self.assertTrue(token.text)
            self.assertLessEqual(len(token.text), 60)
        document = build({"name": [text], "code": [text], "text": [text]})
        for weight in document.postings.values():
            self.assertTrue(0 < weight < 1)
