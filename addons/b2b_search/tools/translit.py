# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Russian words in Latin letters and foreign ones in Russian letters."""

import re

# Longest first. One reading of each: what is left over, spelling puts right.
_TO_CYRILLIC = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"),
    ("sh", "ш"), ("yu", "ю"), ("ju", "ю"), ("iu", "ю"), ("ya", "я"), ("ja", "я"),
    ("ia", "ия"), ("yo", "е"), ("jo", "е"), ("ye", "е"), ("je", "е"), ("yy", "ый"),
    ("iy", "ий"), ("a", "а"), ("b", "б"), ("c", "ц"), ("d", "д"), ("e", "е"),
    ("f", "ф"), ("g", "г"), ("h", "х"), ("i", "и"), ("j", "й"), ("k", "к"),
    ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("q", "к"),
    ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в"),
    ("x", "кс"), ("y", "ы"), ("z", "з"), ("'", "ь"),
)  # fmt: skip
_TO_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch",
    "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_LATIN_PART = re.compile("|".join(re.escape(latin) for latin, _ in _TO_CYRILLIC))
_CYRILLIC_OF = dict(_TO_CYRILLIC)


def transliterate(word):
    """A word (lower case) in the letters of the other alphabet.

    :return: text; None for a word of both alphabets, or of none
    """
    if word.isascii() and word.isalpha():
        return _LATIN_PART.sub(lambda match: _CYRILLIC_OF[match[0]], word)
    if word and all(letter in _TO_LATIN for letter in word):
        return "".join(_TO_LATIN[letter] for letter in word)
    return None
