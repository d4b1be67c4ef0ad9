# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Text typed in the wrong keyboard layout: ghbdtn is привет, руддщ is hello."""

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_LETTERS = frozenset(_CYRILLIC)


def swap(text):
    """The text (lower case) as the same keys give it in the other layout.

    :return: text; None where no key has a letter in the other layout
    """
    if any(letter in _LETTERS for letter in text):
        swapped = text.translate(_TO_LATIN)
    else:
        swapped = text.translate(_TO_CYRILLIC)
    return swapped if swapped != text else None
