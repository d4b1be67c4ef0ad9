# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Words as they stand in a dictionary: 'саморезами' is 'саморез', 'cables' 'cabl'.

Russian by the dictionary of pymorphy3, where it is installed and knows the word; else,
and English, by the Snowball stemmers.
"""

import functools
import re
import threading

import snowballstemmer

try:
    import pymorphy3
except ImportError:  # optional: the stemmer alone finds a few percent less
    pymorphy3 = None

_CYRILLIC = re.compile("[а-я]+")
_LATIN = re.compile("[a-z']+")
# Goods are named by nouns and adjectives: 'стали' is steel, not 'became'.
_NAMING = ("NOUN", "ADJF", "ADJS", "COMP")
_local = threading.local()


def get_signature():
    """What an index was made with: another one means that it has to be made anew."""
    return "pymorphy3" if pymorphy3 else "snowball"


@functools.cache
def _get_morph():
    return pymorphy3.MorphAnalyzer() if pymorphy3 else None


def _get_stemmer(language):
    """A stemmer keeps the word that it works on: each thread has its own."""
    stemmers = _local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = snowballstemmer.stemmer(language)
    return stemmers[language]


@functools.lru_cache(maxsize=100_000)
def stem(word):
    """The dictionary form of a word (lower case, ё as е)."""
    if len(word) < 3:
        return word
    if _CYRILLIC.fullmatch(word):
        return _look_up(word) or _get_stemmer("russian").stemWord(word)
    if _LATIN.fullmatch(word):
        return _get_stemmer("english").stemWord(word)
    return word


def _look_up(word):
    """What the dictionary says of a Russian word, or None."""
    morph = _get_morph()
    if not morph or not morph.word_is_known(word):
        return None
    parses = morph.parse(word)
    naming = [parse for parse in parses if parse.tag.POS in _NAMING]
    # equally likely ones: the shorter, so that all forms of a word agree
    best = min(
        naming or parses,
        key=lambda p: (-round(p.score, 1), len(p.normal_form), p.normal_form),
    )
    return best.normal_form.replace("ё", "е")


def get_root(word):
    """What the forms of a word begin with, as a rule: 'полный' and 'полной': 'полн'."""
    if _CYRILLIC.fullmatch(word) and len(word) > 3:
        return _get_stemmer("russian").stemWord(word)
    if _LATIN.fullmatch(word) and len(word) > 3:
        return _get_stemmer("english").stemWord(word)
    return word
