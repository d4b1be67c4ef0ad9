# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

_NUMBER = re.compile(r"([0-9]{1,15}(?:[.,][0-9]{1,15})?)")


def natural_key(text):
    """A sort key by which numbers within texts sort as numbers: 6, 10, M6, M10."""
    # every second part is a number
    return [
        (0, float(part.replace(",", ".")), "") if place % 2 else (1, 0.0, part)
        for place, part in enumerate(_NUMBER.split(text.casefold()))
        if part
    ]
