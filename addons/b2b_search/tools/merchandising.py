# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rules of staff about queries, as plain values: compared by the terms of the reader.

So neither case nor morphology, nor the order of the words, nor a wrong keyboard layout
decides whether a rule speaks of a query.
"""

from dataclasses import dataclass, replace

from .document import STOP_WORDS
from .query_reader import FIRST_WEIGHT, get_term
from .text import tokenize


def read_terms(text):
    """The terms that the words of a text are looked for by, in order: a tuple."""
    tokens = tokenize(text)
    tokens = [token for token in tokens if token.text not in STOP_WORDS] or tokens
    return tuple(get_term(token) for token in tokens)


def get_keys(group):
    """What a word of a query is taken for: itself, and what it is a slip of.

    :param group: :class:`~.analysis.Group`
    :return: set of terms
    """
    sure = {term for term, weight in group.terms.items() if weight >= FIRST_WEIGHT}
    return sure | set(read_terms(group.text)[:1])


@dataclass(frozen=True)
class Action:
    """What a rule does with goods."""

    # 'pin', 'boost', 'bury', 'hide' or 'promote'
    kind: str
    # 'product' (a template), 'brand' or 'section', and its id
    target: str
    record: int
    # what scores are multiplied with
    factor: float = 1.0


@dataclass(frozen=True)
class Rule:
    """One published rule."""

    id: int
    # 'any', 'equals' or 'contains'
    match: str = "any"
    # tuples of terms: one of them has to fit
    texts: tuple = ()
    # 0: all websites; no segments: everybody
    website: int = 0
    segments: frozenset = frozenset()
    start: object = None
    end: object = None
    actions: tuple = ()
    redirect: str = ""
    has_banner: bool = False

    def fits(self, keys):
        """Whether the rule speaks of a query.

        :param list keys: sets of :func:`get_keys`, one for each word
        """
        if not keys:
            return False
        if self.match == "any":
            return True
        return any(self._fits_text(set(terms), keys) for terms in self.texts)

    def _fits_text(self, terms, keys):
        if not terms or not terms <= set().union(*keys):
            return False
        return self.match == "contains" or all(terms & word for word in keys)

    def is_for(self, website, segment, day):
        """Whether the rule holds for a visitor on a day."""
        return (
            self.website in (0, website)
            and (not self.segments or segment in self.segments)
            and (not self.start or self.start <= day)
            and (not self.end or day <= self.end)
        )

    def for_everybody(self):
        """The rule as if it held for everybody, always."""
        return replace(self, website=0, segments=frozenset(), start=None, end=None)
