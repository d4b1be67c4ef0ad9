# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One filter of the catalogue that is counted."""

from dataclasses import dataclass


@dataclass
class Tally:
    """One part of the query: counts of the values of a filter."""

    # of the answer; None: ('attribute', id), the id is the first part of each value
    key: object
    # of the flags that this filter sets itself
    own: frozenset
    # SELECT of value (text) and figure (float) from goods, ``SQL`` with one blank
    select: object
