# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the index keeps of one product.

Weights by field as in BM25F (Robertson and Zaragoza, 2009): frequencies of all fields
are summed up, each with its weight, before they are damped. What depends on the whole
catalogue (how rare a term is) is asked for in the query, so that no product changes the
rows of another one.
"""

from dataclasses import dataclass, field

from .stem import stem
from .text import squash, tokenize

K1 = 1.2
# Field: (weight, how much the length of the field counts, usual length in terms).
# Lengths are constants: an index of today and one that grew for a year are the same.
FIELDS = {
    "code": (6.0, 0.0, 1),
    "name": (4.0, 0.4, 10),
    "brand": (4.0, 0.0, 1),
    "category": (6.0, 0.0, 1),
    "attribute": (1.0, 0.6, 25),
    "text": (0.5, 0.6, 25),
}
STOP_WORDS = frozenset(
    ("и", "в", "во", "на", "с", "со", "к", "ко", "по", "для", "от", "до", "из", "за")
    + ("о", "об", "у", "не", "или", "под", "при", "a", "an", "the", "of", "for")
    + ("and", "or", "with", "in", "on", "to", "by", "from")
)
MAX_TERM = 60
# Parts of a code say less than the whole of it.
_PART = 0.5
_MIN_CODE = 3


@dataclass
class Document:
    """One product as the index keeps it."""

    # term -> weight between 0 and 1
    postings: dict = field(default_factory=dict)
    # words as they are written -> their dictionary form
    words: dict = field(default_factory=dict)
    # (article without separators, kind: 'own' or 'name')
    codes: set = field(default_factory=set)


def get_terms(token):
    """What a token is found by: pairs of (term, share of a whole occurrence)."""
    if token.kind == "word":
        yield stem(token.text)[:MAX_TERM], 1.0
        return
    yield token.text[:MAX_TERM], 1.0
    for part in token.parts:
        for term, share in get_terms(part):
            yield term, share * _PART


def build(fields, weights=None):
    """The document of a product.

    :param dict fields: name of a field of ``FIELDS`` -> list of texts
    :param dict weights: name of a field -> its weight, for others than the usual ones
    :return: :class:`Document`
    """
    document, frequencies = Document(), {}
    for name, texts in fields.items():
        weight, slope, usual = FIELDS[name]
        weight = (weights or {}).get(name, weight)
        found, length = {}, 0
        for text in filter(None, texts):
            tokens = tokenize(text)
            if name == "code":
                tokens += _read_article(document, text)
            for token in tokens:
                if token.text in STOP_WORDS:
                    continue
                length += 1
                _note_token(document, name, token)
                for term, share in get_terms(token):
                    found[term] = found.get(term, 0.0) + share
        damp = 1 - slope + slope * length / usual
        for term, frequency in found.items():
            value = weight * frequency / damp
            frequencies[term] = frequencies.get(term, 0.0) + value
    document.postings = {
        term: round(value / (K1 + value), 4) for term, value in frequencies.items()
    }
    return document


def _read_article(document, text):
    """An article as a whole: a code, and a token where it is several of them."""
    code = squash(text)[:MAX_TERM]
    if len(code) >= _MIN_CODE:
        document.codes.add((code, "own"))
    single = tokenize(text)
    if len(single) == 1 or not code:
        return []
    return [type(single[0])(code, "code")]


def _note_token(document, name, token):
    """Words for the dictionary, articles for search by their parts."""
    if token.kind == "word":
        if len(token.text) > 1:
            document.words[token.text] = stem(token.text)
    elif (
        token.kind == "code"
        and name == "name"
        and len(token.text) > _MIN_CODE
        and not token.text.isdigit()
    ):
        document.codes.add((token.text, "name"))
    for part in token.parts:
        if part.kind == "word" and len(part.text) > 2:
            document.words[part.text] = stem(part.text)
