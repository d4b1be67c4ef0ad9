# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a query was taken for."""

from dataclasses import dataclass, field


@dataclass
class Group:
    """One thing that goods must have, in any of several ways."""

    # as it was typed
    text: str
    # term -> how much of its weight counts; 1: what was typed
    terms: dict = field(default_factory=dict)
    # template id -> weight, of articles that are found by a part of them
    goods: dict = field(default_factory=dict)
    # goods without it are found all the same
    optional: bool = False
    # rarest term of the group, in idf; of a group that nothing has: None
    idf: float = None


@dataclass(frozen=True)
class Synonym:
    """Another name that a query was looked for by."""

    typed: str
    meant: str
    weight: float


@dataclass
class Analysis:
    """A query understood: what to look for, and what was changed to find it."""

    # as it was typed, without the quantity
    text: str
    # as it is looked for; differs where something was corrected
    corrected: str
    # of ``tools.quantity``, or None
    quantity: object = None
    groups: list = field(default_factory=list)
    # (typed, taken for, 'layout', 'spelling' or 'translit')
    changes: list = field(default_factory=list)
    # of :class:`Synonym`
    synonyms: list = field(default_factory=list)
    # the whole text as an article without separators
    code: str = ""
