# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A section of the catalogue as the tree of its panel shows it."""

from dataclasses import dataclass, field


@dataclass
class SectionNode:
    """One section; a count of 0: it is shown because it is where the visitor is."""

    id: int
    name: str
    # its page, with the other filters kept
    url: str
    count: int = 0
    # the section whose page it is
    current: bool = False
    # ticked beside others
    chosen: bool = False
    # whether it may be ticked here
    box: bool = True
    # whether the branch begins unfolded
    open: bool = False
    children: list = field(default_factory=list)
    # it has children that are fetched when it is unfolded
    lazy: bool = False

    @property
    def slug(self):
        """Its name in addresses and ids of the page."""
        return f"section-{self.id}"


@dataclass
class SectionTree:
    """One of the two trees: ``kind`` is that of ``b2b_kind``."""

    kind: str
    label: str
    nodes: list
    open: bool = False
    # it is not the tree of the page's section: it leads across
    across: bool = False
