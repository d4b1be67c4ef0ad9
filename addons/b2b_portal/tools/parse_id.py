# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def parse_id(value):
    """A record's id as an address, a form or a program sends it.

    :return: int, 0 for anything that is none
    """
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
