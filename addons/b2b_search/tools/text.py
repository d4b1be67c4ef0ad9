# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Text of goods and of queries as tokens: the same for index and search.

Nothing here knows a database. What matters to buyers of technical goods: sizes
('М8 х 40' is 'M8x40'), articles with and without their dashes, Cyrillic letters typed
for Latin ones in articles, decimal commas, units glued to figures.
"""

import re
import unicodedata
from dataclasses import dataclass

# Letters that look alike, of tokens with digits: М8 is M8.
_ALIKE = str.maketrans("авекмнорстухі", "abekmhopctyxi")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0301"))
_SPECIAL = str.maketrans(
    {"ё": "е", "×": "x", "✕": "x", "∙": ".", "·": ".", "’": "'", "№": " ", "⌀": " "}
)
# Digits on both sides: a decimal comma; a cross, whatever it is written with.
_COMMA = re.compile(r"(?<=\d),(?=\d)")
_CROSS = re.compile(r"((?<![^\W\d_])[mм]?\d+(?:\.\d+)?)\s{0,3}[xх*]\s{0,3}(?=\d)")
# A token: letters and digits, with what articles are joined by in between.
_CHUNK = re.compile(r"[^\W_]+(?:[-./_+][^\W_]+)*")
_PART = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")
_SIZE = re.compile(r"(m?)(\d+(?:\.\d+)?)((?:x\d+(?:\.\d+)?)+)")
_JOINERS = re.compile(r"[-./_+]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MEASURED = re.compile(r"(\d+(?:\.\d+)?)([^\W\d_]{1,4})")
# A unit after a figure, as it is written in Russian and in English.
UNITS = {
    "мм": "mm", "mm": "mm", "см": "cm", "cm": "cm", "м": "m", "m": "m",
    "л": "l", "l": "l", "мл": "ml", "ml": "ml", "кг": "kg", "kg": "kg",
    "г": "g", "g": "g", "гр": "g", "т": "t", "вт": "w", "w": "w", "квт": "kw",
    "kw": "kw", "в": "v", "v": "v", "а": "a", "a": "a", "ач": "ah", "ah": "ah",
    "гц": "hz", "hz": "hz", "бар": "bar", "bar": "bar", "мпа": "mpa", "mpa": "mpa",
    "атм": "atm", "нм": "nm", "nm": "nm", "дюйм": "in", "gb": "gb", "гб": "gb",
    "tb": "tb", "тб": "tb", "mb": "mb", "мб": "mb",
}  # fmt: skip
# Those that are meant even with a space before them: 'в' is 'in', too.
_SPACED_UNITS = frozenset(UNITS) - {"а", "a", "в", "v", "т", "t", "w", "in"}
MAX_TEXT = 20000
MAX_TOKEN = 60


def fold(text):
    """Text in one spelling: lower case, no accents, decimal points, x for crosses."""
    text = unicodedata.normalize("NFKC", (text or "")[:MAX_TEXT]).lower()
    text = text.translate(_INVISIBLE).translate(_SPECIAL)
    if not text.isascii():
        text = "".join(map(_fold_letter, text))
    text = _COMMA.sub(".", text)
    return _CROSS.sub(r"\1x", text)


def _fold_letter(letter):
    """A Latin letter without its accent; й stays what it is."""
    if letter < "\u00c0" or letter > "\u024f":
        return letter
    return unicodedata.normalize("NFKD", letter)[0]


def squash(text):
    """An article as it is compared: lower case, no separators, Latin look-alikes.

    'СВ-04.5' and 'cb 045' are the same.
    """
    text = fold(text).translate(_ALIKE)
    return "".join(letter for letter in text if letter.isalnum())


@dataclass(frozen=True)
class Token:
    """A piece of text.

    ``kind``: 'word' (letters only), 'number', 'code' (letters and digits, or figures
    that are joined by dashes) or 'size' (m8x40).
    """

    # as it is looked up; words are not yet inflected back
    text: str
    kind: str
    # what a code or a size is made of: tokens, for whoever names only a part
    parts: tuple = ()


def tokenize(text):
    """All tokens of a text, in order.

    :return: list of :class:`Token`
    """
    tokens = []
    for match in _CHUNK.finditer(fold(text)):
        for token in _read_chunk(match[0][:MAX_TOKEN]):
            last = tokens[-1] if tokens else None
            if last and last.kind == "number" and token.text in _SPACED_UNITS:
                tokens[-1] = _measure(last.text, UNITS[token.text])
            else:
                tokens.append(token)
    return tokens


def _read_chunk(chunk):
    """The tokens of one chunk: one, or the words that are joined in it."""
    if not any(letter.isdigit() for letter in chunk):
        words = [Token(word, "word") for word in _JOINERS.split(chunk) if word]
        if len(words) > 1 and len(chunk) <= 8:
            # 'ц/х' is looked up as one, too
            joined = "".join(word.text for word in words)
            words.append(Token(joined, "word"))
        return words
    if (match := _MEASURED.fullmatch(chunk)) and not match[2].isascii():
        # 'м8' is an article, '10шт' is ten pieces
        if unit := UNITS.get(match[2]):
            return [_measure(match[1], unit)]
        if match[2] != match[2].translate(_ALIKE) and len(match[2]) > 1:
            return [Token(match[1], "number"), Token(match[2], "word")]
    typed, chunk = chunk, chunk.translate(_ALIKE)
    if _NUMBER.fullmatch(chunk):
        return [Token(chunk, "number")]
    if match := _SIZE.fullmatch(chunk):
        return [_read_size(chunk, match)]
    if (match := _MEASURED.fullmatch(chunk)) and match[2] in UNITS:
        return [_measure(match[1], UNITS[match[2]])]
    return [_read_code(chunk, typed)]


def _measure(figure, unit):
    """1.5l: with its unit, and the bare figure."""
    return Token(figure + unit, "code", (Token(figure, "number"),))


def _read_size(chunk, match):
    """m8x40: whole, without its letter, and each figure."""
    letter, first, rest = match.groups()
    figures = [first, *rest.strip("x").split("x")]
    parts = [Token(figure, "number") for figure in figures]
    if letter:
        parts[0] = Token(letter + first, "code")
        parts.append(Token(first + rest, "size"))
    return Token(chunk, "size", tuple(parts))


def _read_code(chunk, typed):
    """tk-1170: joined, and its parts; 'ушм' of УШМ-125 stays the word that it is."""
    pieces = [piece for piece in _JOINERS.split(chunk) if piece]
    words = {word.translate(_ALIKE): word for word in _PART.findall(typed)}
    parts = []
    if len(pieces) == 1:
        pieces = _PART.findall(chunk)
        # one letter before or after a figure says nothing by itself
        pieces = [p for p in pieces if len(p) > 1 and p != chunk]
    for piece in pieces:
        if piece.isalpha():
            word = piece if piece.isascii() else words.get(piece, piece)
            parts.append(Token(word, "word"))
        elif _NUMBER.fullmatch(piece):
            parts.append(Token(piece, "number"))
        else:
            parts.append(Token(piece, "code"))
    whole = "".join(letter for letter in chunk if letter.isalnum())
    return Token(whole, "code", tuple(parts))
