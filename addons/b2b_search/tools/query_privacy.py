# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What of a query is kept, in one spelling: words of goods, but no addresses and no
numbers of people.

People paste into a search box what they have copied last. Pure logic.
"""

import re

from .text import fold

MAX_LENGTH = 120
MASK = "***"
_ADDRESS = re.compile(r"\S+@\S+")
_CARD = re.compile(r"(?<!\w)\d{4}(?:[ -]\d{4}){3}(?!\w)")
_PHONE = re.compile(
    r"(?<!\w)(?:\+\s?\d{1,3}|[78])[\s(.-]*\d{3}[\s).-]*(?:\d[\s.-]?){7}(?!\w)"
)
_LONG = re.compile(r"(?<!\w)\d{9,}(?!\w)")


_THREAD = re.compile(r"(?<![^\W_])м(?=\d)")


def spell(text):
    """A query in the spelling of the log: that of ``fold``, threads with a Latin m."""
    return _THREAD.sub("m", " ".join(fold(text).split()))


def mask(text, known):
    """A query without what tells of a person.

    :param bool known: goods were found for all of it: its numbers are theirs
    """
    text = _ADDRESS.sub(MASK, text)
    if not known:
        text = _CARD.sub(MASK, text)
        text = _PHONE.sub(MASK, text)
        text = _LONG.sub(_keep_barcode, text)
    return " ".join(text.split())[:MAX_LENGTH].strip()


def _keep_barcode(match):
    return match[0] if is_barcode(match[0]) else MASK


def is_barcode(digits):
    """Whether digits are a GTIN (EAN-13, UPC-A, ITF-14): its last one is their sum."""
    if len(digits) not in (12, 13, 14):
        return False
    body, check = digits[-2::-1], int(digits[-1])
    total = sum(int(d) * (3 if place % 2 == 0 else 1) for place, d in enumerate(body))
    return (total + check) % 10 == 0
