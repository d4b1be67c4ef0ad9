# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A filter of the catalogue as its panel shows it."""

from dataclasses import dataclass, field


@dataclass
class FacetValue:
    """One value that a visitor may tick."""

    # id of a record, or a code such as 'new'
    key: object
    label: str
    # goods left if it is ticked as well, under the other filters; None: not counted
    count: int = None
    chosen: bool = False
    # the :class:`CatalogueQuery` with this value ticked, or unticked if it is
    query: object = None
    # name and value of its box in the form, as the address spells them
    name: str = ""
    text: str = ""
    # of a colour: as HTML writes it
    color: str = ""


@dataclass
class Facet:
    """One filter.

    ``key`` is that of ``b2b.catalogue._get_conditions``: 'brands', 'stock', 'slices',
    'price', 'letter' or ('attribute', id).
    """

    key: object
    label: str
    # 'values': boxes to tick; 'range': from and to; 'letters': one letter
    kind: str = "values"
    # name of its form field, such as 'brands' or 'attribute_values'
    name: str = ""
    values: list = field(default_factory=list)
    # of a range: least and greatest amount under the other filters, or None
    least: float = None
    greatest: float = None
    # values that are left out: the panel shows the most frequent ones
    more: int = 0
    # whether all values were asked for
    unfolded: bool = False
    # whether it stands under 'More filters', and whether it begins folded
    extra: bool = False
    folded: bool = False
    # its values are fetched when it is unfolded
    lazy: bool = False

    @property
    def chosen(self):
        """Whether any value is ticked."""
        return any(value.chosen for value in self.values)

    @property
    def slug(self):
        """Its name in addresses and ids of the page: 'brands' or 'attribute-7'."""
        if isinstance(self.key, tuple):
            return "-".join(map(str, self.key))
        return self.key
