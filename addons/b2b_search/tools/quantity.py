# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Quantities that are typed with the goods: 'болт м8х40 200 шт'."""

import re
from dataclasses import dataclass

QUANTITY_UNITS = {
    "шт": "piece", "штук": "piece", "штука": "piece", "штуки": "piece",
    "pc": "piece", "pcs": "piece", "pieces": "piece", "piece": "piece", "ea": "piece",
    "уп": "pack", "упак": "pack", "упаковка": "pack", "упаковки": "pack",
    "упаковок": "pack", "пач": "pack", "пачка": "pack", "пачки": "pack",
    "пачек": "pack", "pack": "pack", "packs": "pack", "коробка": "pack",
    "коробки": "pack", "коробок": "pack", "кор": "pack", "box": "pack",
    "boxes": "pack",
}  # fmt: skip
_UNIT = "|".join(sorted(QUANTITY_UNITS, key=len, reverse=True))
# A figure and its unit at the end or at the beginning, set off by a space or a dash.
_LAST = re.compile(
    rf"(?:^|[\s,;:–—-])\s*(?:[xх*]\s*)?(\d{{1,7}}(?:[.,]\d{{1,3}})?)\s*({_UNIT})\.?\s*$"
)
_FIRST = re.compile(rf"^\s*(\d{{1,7}}(?:[.,]\d{{1,3}})?)\s*({_UNIT})\.?(?=[\s,;:–—-])")
_TIMES = re.compile(r"\s[xх*]\s*(\d{1,7})\s*$")
_EDGE = " \t,;:–—-"


@dataclass(frozen=True)
class Quantity:
    """A quantity of a query; ``unit``: 'piece', 'pack' or None."""

    amount: float
    unit: str = None


def split_quantity(text):
    """A quantity off the end or the beginning of a query (lower case).

    :return: (text without it, :class:`Quantity` or None); a query that is nothing but
        a quantity stays whole
    """
    for pattern in (_LAST, _FIRST):
        if match := pattern.search(text):
            rest = (text[: match.start()] + " " + text[match.end() :]).strip(_EDGE)
            amount = float(match[1].replace(",", "."))
            if rest and amount > 0:
                return rest, Quantity(amount, QUANTITY_UNITS[match[2]])
    if match := _TIMES.search(text):
        rest = text[: match.start()].strip(_EDGE)
        # 'болт м8 x 40' is a size: goods are named before 'x 200'
        last = rest.split()[-1] if rest else ""
        if rest and not last[-1:].isdigit() and float(match[1]) > 0:
            return rest, Quantity(float(match[1]))
    return text, None
