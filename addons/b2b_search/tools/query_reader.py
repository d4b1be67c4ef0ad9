# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a buyer meant by the text of a search.

Pure logic: what the goods are described by, a lookup knows (see
:mod:`..models.b2b_search_query`). The steps, in order: words of the wrong keyboard
layout, a quantity, tokens, and for each token the terms it may stand for: itself, what
it may go on to, what it may be a slip of, articles that it is a part of, the word it
makes with its neighbour.
"""

from .analysis import Analysis, Group
from .document import STOP_WORDS
from .layout import swap
from .quantity import QUANTITY_UNITS, split_quantity
from .spelling import MIN_LENGTH, get_max_distance, rank
from .stem import stem
from .text import fold, squash, tokenize
from .translit import transliterate

MAX_LENGTH = 300
MAX_TOKENS = 16
# What of their weight other readings of a word count.
PREFIX_WEIGHT, JOINED_WEIGHT, SLIP_WEIGHT = 0.8, 0.9, 0.8
FIRST_WEIGHT, SECOND_WEIGHT, BESIDE_PREFIX = 0.9, 0.6, 0.5
# How much worse than a slip a word of another alphabet or layout is, and how near to
# the best reading the second one has to be.
_COSTS = {"spelling": 0.0, "translit": 0.5, "layout": 0.7}
_CLOSE = 0.5
# A known word is taken for a slip when so few goods have it and so many its neighbour.
_RARE, _TIMES = 4, 40
# A known word at the end is a beginning, too, when a longer one is so much commoner.
_LONGER = 5
_MIN_CODE = 3
# No word of the other layout holds these.
_PUNCTUATION = frozenset("[];'`<>,")


def has_digit(text):
    return any(letter.isdigit() for letter in text)


def get_term(token):
    """The term that a token is looked for by."""
    return stem(token.text) if token.kind == "word" else token.text


class QueryReader:
    """Reads one query.

    :param lookup: object with ``add(terms)`` (read them in one go), ``get(term)``
        (number of goods), ``is_named(term)`` (whether staff know it, though maybe no
        goods have it: it is not corrected), ``is_expected(term)`` (whether it makes
        sense of another layout), ``get_idf(number)``, ``get_begun(texts)`` (those that
        a word begins with), ``get_near(words)`` (dict word -> dict word of the
        dictionary -> (stem, frequency)), ``get_longer(token)`` (dict term -> number of
        goods), ``get_codes(tokens)`` (dict token -> (dict template id -> weight,
        terms)) and ``extend(analysis)`` (add what else its groups may be called)
    :param bool complete: the last word may not be finished yet
    :param bool exact: nothing is corrected: the buyer insists on what was typed
    """

    def __init__(self, lookup, complete=False, exact=False):
        self.lookup, self.complete, self.exact = lookup, complete, exact
        self.analysis = None
        self.near, self.longer, self.codes = {}, {}, {}

    def analyse(self, text):
        """:return: :class:`~.analysis.Analysis`"""
        typed = " ".join((text or "").replace("\x00", " ")[:MAX_LENGTH].split())
        low, changes = fold(typed), []
        if not self.exact:
            low, changes = self._put_right_layout(low)
        low, quantity = split_quantity(low)
        self.analysis = Analysis(typed, low, quantity, changes=changes)
        self.analysis.code = squash(low)[:60]
        tokens = tokenize(low)[:MAX_TOKENS]
        tokens = [t for t in tokens if t.text not in STOP_WORDS] or tokens
        self.lookup.add(get_term(token) for token in tokens)
        self._look_around(tokens)
        self.analysis.groups = [g for token in tokens for g in self._build(token)]
        self._join_neighbours(tokens)
        if not self.exact:
            self.lookup.extend(self.analysis)
        self._weigh()
        return self.analysis

    # === LAYOUT === #

    def _put_right_layout(self, text):
        """Words that only the other keyboard layout makes sense of.

        :return: (text, list of changes)
        """
        chunks = text.split()
        swapped = [_get_swapped(chunk) for chunk in chunks]
        readings = [
            (tokenize(chunk), tokenize(other or ""))
            for chunk, other in zip(chunks, swapped, strict=True)
        ]
        self.lookup.add(
            get_term(token) for pair in readings for side in pair for token in side
        )
        shares = [tuple(map(self._get_share, pair)) for pair in readings]
        wrong = {
            index
            for index, (typed, other) in enumerate(shares)
            if swapped[index] and other is not None and (typed or 0) < other
        }
        doubtful = [
            index
            for index, (typed, other) in enumerate(shares)
            if swapped[index] and not typed and other == 0
        ]
        wrong |= self._get_begun(doubtful, readings)
        wrong |= self._get_wrong_codes(wrong, chunks, swapped, shares)
        changes = [(chunks[i], swapped[i], "layout") for i in sorted(wrong)]
        words = [swapped[i] if i in wrong else c for i, c in enumerate(chunks)]
        return fold(" ".join(words)), changes

    def _get_share(self, tokens):
        """Share of tokens that goods have; None: there are none that say anything."""
        asked = [t for t in tokens if t.kind != "number" and len(t.text) > 1]
        if not asked:
            return None
        return sum(self._is_known(get_term(t)) for t in asked) / len(asked)

    def _is_known(self, term):
        return bool(self.lookup.get(term)) or self.lookup.is_expected(term)

    def _get_begun(self, doubtful, readings):
        """Chunks no reading of which is known, but that begin a word if swapped."""
        single = {
            index: [side[0].text for side in readings[index]]
            for index in doubtful
            if [len(side) for side in readings[index]] == [1, 1]
        }
        texts = {text for pair in single.values() for text in pair if len(text) > 2}
        begun = self.lookup.get_begun(texts) if texts else ()
        return {
            index
            for index, (typed, other) in single.items()
            if typed not in begun and other in begun
        }

    def _get_wrong_codes(self, wrong, chunks, swapped, shares):
        """Articles and units beside words of the wrong layout: 'v8', '100 in'."""
        words = {
            index
            for index, chunk in enumerate(chunks)
            if not has_digit(chunk) and len(chunk) > 2
        }
        if not wrong & words or words - wrong:
            return set()
        return {
            index
            for index, (_typed, other) in enumerate(shares)
            if (other == 1.0 and has_digit(chunks[index]))
            or swapped[index] in QUANTITY_UNITS
        }

    # === OTHER READINGS === #

    def _look_around(self, tokens):
        """Read all that tokens may stand for: three queries at most."""
        get = self.lookup.get
        if self.exact or not tokens:
            return
        words = [t for t in tokens if t.kind == "word"]
        doubtful = {
            token.text
            for token in words
            if get(get_term(token)) <= _RARE
            and not self.lookup.is_named(get_term(token))
        }
        asked = set()
        for word in doubtful:
            unknown = not get(stem(word))
            asked |= {form for _kind, form in _get_forms(word, unknown)}
        self.near = self.lookup.get_near(asked) if asked else {}
        last = tokens[-1]
        if len(last.text) > 1 and (last.kind == "word" or self.complete):
            self.longer[last] = self.lookup.get_longer(last)
            self.lookup.add(self.longer[last])
        codes = [
            t
            for t in tokens
            if t.kind != "word" and not get(t.text) and len(t.text) >= _MIN_CODE
        ]
        self.codes = self.lookup.get_codes(codes) if codes else {}

    def _build(self, token):
        """The groups of a token: one, or one for each part of an unknown article."""
        term, group = get_term(token), Group(token.text)
        known = self.lookup.get(term)
        if known:
            group.terms[term] = 1.0
        begun = self._add_longer(group, token, known)
        named = self.lookup.is_named(term)
        if token.kind == "word" and not named:
            self._add_slips(group, token, known, begun)
        if token in self.codes:
            group.goods, others = self.codes[token]
            for other in others:
                group.terms.setdefault(other, PREFIX_WEIGHT)
        parts = [part for part in token.parts if part.kind != "size"]
        if group.terms or group.goods or named or not parts:
            return [group]
        self.lookup.add(get_term(part) for part in parts)
        return [self._build_plain(part) for part in parts]

    def _build_plain(self, token):
        term = get_term(token)
        return Group(token.text, {term: 1.0} if self.lookup.get(term) else {})

    def _add_longer(self, group, token, known):
        """Add what the last token may go on to.

        :return: whether it is no word of its own, but the beginning of one
        """
        longer = self.longer.get(token) or {}
        others = {t: df for t, df in longer.items() if self.lookup.get(t)}
        if known and not self.complete:
            others = {t: df for t, df in others.items() if df >= _LONGER * known}
        for other in others:
            group.terms.setdefault(other, PREFIX_WEIGHT)
        return bool(others) and not known

    def _add_slips(self, group, token, known, begun):
        """Add what a word may have been a slip of."""
        readings = self._spell(token.text, not known)
        if not readings:
            return
        if known:
            _cost, _word, root, frequency, _kind = readings[0]
            if frequency >= _TIMES * known:
                group.terms.setdefault(root, SLIP_WEIGHT)
            return
        best = readings[0]
        weights = (FIRST_WEIGHT, SECOND_WEIGHT)
        if begun:
            weights = (BESIDE_PREFIX, BESIDE_PREFIX / 2)
        for weight, (cost, _word, root, _frequency, _kind) in zip(
            weights, readings, strict=False
        ):
            if cost - best[0] <= _CLOSE:
                group.terms[root] = max(weight, group.terms.get(root, 0))
        if not begun:
            _cost, word, _root, _frequency, kind = best
            self.analysis.changes.append((token.text, word, kind))
            self.analysis.corrected = self.analysis.corrected.replace(
                token.text, word, 1
            )

    def _spell(self, word, unknown):
        """Words that a word may be a slip of, the best one first.

        :return: list of (cost, word, stem, frequency, kind)
        """
        found = []
        for kind, form in _get_forms(word, unknown):
            near = self.near.get(form) or {}
            pairs = [(w, f) for w, (_root, f) in near.items()]
            ranked = rank(form, pairs, get_max_distance(form))
            if kind != "spelling" and form in near:
                # in the other alphabet, it is a word as it stands
                ranked.insert(0, (0.0, form))
            found += [
                (cost + _COSTS[kind], other, *near[other], kind)
                for cost, other in ranked
            ]
        return sorted(found)

    def _join_neighbours(self, tokens):
        """Words that are written as one elsewhere: 'tk 1170', 'head set'."""
        pairs = [
            (one, other, stem(one.text + other.text))
            for one, other in zip(tokens, tokens[1:], strict=False)
            if "size" not in (one.kind, other.kind)
        ]
        self.lookup.add(term for _one, _other, term in pairs)
        groups = {group.text: group for group in self.analysis.groups}
        for one, other, term in pairs:
            for token in (one, other):
                if self.lookup.get(term) and token.text in groups:
                    groups[token.text].terms.setdefault(term, JOINED_WEIGHT)

    def _weigh(self):
        """Say of each group how rare it is: by its rarest way."""
        groups = self.analysis.groups
        self.lookup.add(term for group in groups for term in group.terms)
        for group in groups:
            numbers = [self.lookup.get(term) for term in group.terms]
            numbers = [number for number in numbers if number]
            if group.goods:
                numbers.append(len(group.goods))
            group.idf = self.lookup.get_idf(min(numbers)) if numbers else None


def _get_swapped(chunk):
    """A chunk in the other layout, if it can be a word or an article there."""
    other = swap(chunk)
    return other if other and not set(other) & _PUNCTUATION else None


def _get_forms(word, unknown):
    """Spellings in which a word may be in the dictionary: pairs of (kind, form)."""
    forms = [("spelling", word)] if len(word) >= MIN_LENGTH else []
    if unknown and len(word) > 2:
        for kind, form in (("translit", transliterate(word)), ("layout", swap(word))):
            if form and form.isalpha():
                forms.append((kind, form))
    return forms
