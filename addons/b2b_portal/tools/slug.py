# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names as parts of addresses."""

import re
import unicodedata

MAX_SLUG = 80
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LATIN = dict(
    zip(
        "абвгдезийклмнопрстуфыэ",
        "abvgdeziyklmnoprstufye",
        strict=True,
    )
) | {
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ь": "",
    "ъ": "",
}


def make_slug(name):
    """A name in small Latin letters, digits and dashes; may be empty.

    Russian letters are spelt in Latin ones; of others only those with accents are kept.
    """
    text = "".join(_LATIN.get(char, char) for char in _fold(name))
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    text = re.sub(r"[^a-z0-9]+", "-", text.lower())
    return text.strip("-")[:MAX_SLUG].strip("-")


def _fold(name):
    # й is a letter of its own, ё is spelt as е
    return unicodedata.normalize("NFC", str(name or "")).lower().replace("ё", "е")


def is_slug(text):
    """Whether a text can be a part of an address of ours."""
    return len(text) <= MAX_SLUG and bool(_SLUG.fullmatch(text))
