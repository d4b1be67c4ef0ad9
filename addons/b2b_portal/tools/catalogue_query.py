# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a page of the catalogue shows, as its address says it.

One immutable value goes from the address to the provider (``b2b.catalogue``) and back
into addresses: of links, of saved filters, of price lists. Whatever an address holds
that is no filter of ours is left out; what it holds too much of is cut.
"""

import math
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from .parse_id import parse_id

# More than anybody ticks; a longer list is a forged address.
MAX_IDS = 100
MAX_ATTRIBUTES = 30
MAX_TEXT = 200
MAX_PAGE = 100_000
PER_PAGE = (50, 100, 200)
# No goods cost more, and numbers of this size are exact in every column.
MAX_AMOUNT = 1e12
_ID_LISTS = ("categories", "brands", "tags", "warehouses")
_TEXTS = ("search", "within")


def read_id(text):
    """The id at the end of a text such as '12' or 'bolts-12'; 0: there is none."""
    return parse_id(text.strip().rpartition("-")[2])


def read_ids(text, limit=MAX_IDS):
    """Ids of a comma list, each once: a sorted tuple."""
    found = (read_id(part) for part in str(text or "").split(",", limit)[:limit])
    return tuple(sorted({number for number in found if number}))


def read_amount(text):
    """An amount of an address, or None where there is none that makes sense."""
    try:
        amount = float(str(text or "").replace(",", ".").replace(" ", ""))
    except ValueError:
        return None
    if not math.isfinite(amount) or not 0 < amount <= MAX_AMOUNT:
        return None
    return float(_spell_amount(amount))


def _spell_amount(amount):
    """An amount for an address, to more digits than any price has."""
    return f"{amount:.12g}"


def read_attributes(texts):
    """Core's ``attribute_values=<attribute>-<value>,<value>``, any number of times.

    :return: tuple of (attribute id, sorted tuple of value ids), one for an attribute
    """
    found = {}
    for text in texts[:MAX_ATTRIBUTES]:
        attribute, _dash, values = str(text).partition("-")
        values = read_ids(values)
        if read_id(attribute) and values:
            found.setdefault(read_id(attribute), set()).update(values)
    return tuple((key, tuple(sorted(found[key]))) for key in sorted(found))


def _read_text(text, limit=MAX_TEXT):
    # PostgreSQL refuses the zero byte
    return " ".join(str(text or "")[:limit].replace("\0", " ").split())


def _read_area(text):
    text = _read_text(text, 40)
    return text if text.isidentifier() else ""


@dataclass(frozen=True)
class CatalogueQuery:
    """Filters, order and page of a list of goods.

    Values of one filter widen the list, filters narrow each other.
    """

    # the section whose page it is: id of a product.public.category, 0: all goods
    section: int = 0
    # ticked sections, of both trees
    categories: tuple = ()
    # of (attribute id, value ids)
    attributes: tuple = ()
    brands: tuple = ()
    tags: tuple = ()
    # goods that are free in one of these; none: no filter
    warehouses: tuple = ()
    in_stock: bool = False
    # codes such as 'new'; see ``b2b.catalogue._get_slices``
    slices: tuple = ()
    # of the visitor's own price, in the currency shown
    min_price: float = None
    max_price: float = None
    # what the name begins with, one character in capitals
    letter: str = ""
    search: str = ""
    # the text of the search is meant as it stands: nothing of it is corrected
    exact: bool = False
    # where a search looks, if not everywhere: a code of an addon's search area
    area: str = ""
    # words that narrow the list that is shown
    within: str = ""
    # a key of ``b2b.catalogue._get_orders``
    order: str = ""
    page: int = 1
    limit: int = PER_PAGE[0]

    @classmethod
    def from_args(cls, args, section=0, page=1, limit=PER_PAGE[0]):
        """Read an address; nothing that it may hold raises an error.

        :param args: werkzeug ``MultiDict`` of the address
        :param int limit: rows of a page, which the visitor chooses once for all lists
        """
        # a form without a script sends each ticked box by itself
        ids = {name: read_ids(",".join(args.getlist(name))) for name in _ID_LISTS}
        texts = {name: _read_text(args.get(name)) for name in _TEXTS}
        slices = ",".join(args.getlist("slices")).split(",", MAX_IDS)[:MAX_IDS]
        return cls(
            section=section,
            attributes=read_attributes(args.getlist("attribute_values")),
            in_stock=args.get("in_stock") == "1",
            exact=args.get("exact") == "1",
            area=_read_area(args.get("area")),
            slices=tuple(sorted({code for code in slices if code.isidentifier()})),
            min_price=read_amount(args.get("min_price")),
            max_price=read_amount(args.get("max_price")),
            # the capital of one letter may be two
            letter=_read_text(args.get("letter")).upper()[:1],
            order=_read_text(args.get("order"), 40),
            page=min(max(page, 1), MAX_PAGE),
            limit=limit,
            **ids,
            **texts,
        )

    # === INTO ADDRESSES === #

    def get_params(self):
        """The filters as pairs for an address, always in the same order.

        Section, page and rows of a page are not among them.
        """
        pairs = [(name, getattr(self, name)) for name in _TEXTS]
        pairs.append(("exact", "1" if self.exact and self.search else ""))
        pairs.append(("area", self.area if self.search else ""))
        pairs += [(name, ",".join(map(str, getattr(self, name)))) for name in _ID_LISTS]
        pairs += [
            ("attribute_values", f"{attribute}-{','.join(map(str, values))}")
            for attribute, values in self.attributes
        ]
        pairs += [
            ("in_stock", "1" if self.in_stock else ""),
            ("slices", ",".join(self.slices)),
            ("letter", self.letter),
            ("order", self.order),
        ]
        for name in ("min_price", "max_price"):
            amount = getattr(self, name)
            pairs.append((name, "" if amount is None else _spell_amount(amount)))
        return [(name, value) for name, value in pairs if value]

    def get_url(self, path, **changes):
        """The address of the list with other filters, or on another page.

        :param str path: of the section, such as '/shop'
        :param changes: fields of the query; without ``page`` it is the first one
        """
        query = self.change(**changes) if changes else self
        pairs = query.get_params()
        if query.page > 1:
            path = f"{path}/page/{query.page}"
        return f"{path}?{urlencode(pairs)}" if pairs else path

    # === CHANGES === #

    def change(self, **changes):
        """The query with other values; from its first page, unless one is named."""
        return replace(self, **({"page": 1} | changes))

    def toggle(self, name, value):
        """The query with one value ticked that was not, or the reverse.

        :param str name: of a filter with several values, such as 'brands'
        """
        values = set(getattr(self, name)) ^ {value}
        return self.change(**{name: tuple(sorted(values))})

    def toggle_value(self, attribute, value):
        """:meth:`toggle` of an attribute's value, both by id."""
        found = {key: set(values) for key, values in self.attributes}
        found[attribute] = found.get(attribute, set()) ^ {value}
        return self.change(
            attributes=tuple(
                (key, tuple(sorted(found[key]))) for key in sorted(found) if found[key]
            )
        )

    def clear(self):
        """The query without any filter: section, search, order and rows stay."""
        kept = {"section", "search", "exact", "area", "order", "limit"}
        blank = {
            field.name: field.default
            for field in fields(self)
            if field.name not in kept
        }
        return replace(self, **blank)

    @property
    def is_filtered(self):
        """Whether :meth:`clear` would change more than the page."""
        return self.clear() != self.change()
