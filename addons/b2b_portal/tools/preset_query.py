# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The query of a landing page: its own filters, and what the visitor adds to them."""

from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from .catalogue_query import CatalogueQuery

# Says that an address names the filters of the landing page, too: forms send them all.
WHOLE = "whole"
# A page whose goods have an order of their own is asked for the usual one by this name.
USUAL = "usual"
_SETS = ("categories", "brands", "tags", "warehouses", "slices")
_TEXTS = ("letter", "search", "within")
_PAGED = ("section", "page", "limit")
_NAMES = tuple(field.name for field in fields(CatalogueQuery))


@dataclass(frozen=True)
class PresetQuery(CatalogueQuery):
    """A query within a landing page.

    Whoever narrows it stays on the page, whose address then holds only what was
    added. Whoever takes off one of the page's own filters leaves it for the catalogue.
    """

    base: CatalogueQuery = None
    # address of the landing page, and of the list that one leaves it for
    pick_path: str = ""
    section_path: str = ""

    @classmethod
    def from_request(cls, args, base, pick_path, section_path, page=1, limit=None):
        """Read an address of a landing page.

        :param args: werkzeug ``MultiDict`` of the address
        :param base: :class:`CatalogueQuery`, the filters of the landing page
        """
        own = CatalogueQuery.from_args(args, base.section, page, limit or base.limit)
        values = {name: getattr(own, name) for name in _NAMES}
        if args.get(WHOLE) != "1":
            blank = CatalogueQuery()
            for name in set(_NAMES) - {*_PAGED, "attributes", "order"}:
                if values[name] == getattr(blank, name):
                    values[name] = getattr(base, name)
            found = dict(base.attributes) | dict(own.attributes)
            values["attributes"] = tuple((key, found[key]) for key in sorted(found))
            if "order" not in args:
                values["order"] = base.order
        return cls(base=base, pick_path=pick_path, section_path=section_path, **values)

    @property
    def plain(self):
        """The same goods as a :class:`CatalogueQuery`, without the landing page."""
        values = {name: getattr(self, name) for name in _NAMES}
        if self.order == USUAL:
            values["order"] = ""
        return CatalogueQuery(**values)

    @property
    def is_within(self):
        """Whether every filter of the landing page holds, perhaps narrower."""
        base, mine = self.base, dict(self.attributes)
        return (
            self.section == base.section
            and all(self._narrows(getattr(self, n), getattr(base, n)) for n in _SETS)
            and all(self._narrows(mine.get(k, ()), v) for k, v in base.attributes)
            and all(getattr(base, n) in ("", getattr(self, n)) for n in _TEXTS)
            and self.in_stock >= base.in_stock
            and (base.min_price is None or (self.min_price or 0) >= base.min_price)
            and (
                base.max_price is None
                or (self.max_price is not None and self.max_price <= base.max_price)
            )
        )

    @staticmethod
    def _narrows(values, wider):
        return not wider or (bool(values) and set(values) <= set(wider))

    # === INTO ADDRESSES === #

    def get_params(self):
        """All filters, with a mark that those of the landing page are among them."""
        return [*super().get_params(), (WHOLE, "1")]

    def get_own_params(self):
        """What the visitor added to the landing page."""
        known = self.base.get_params()
        pairs = [pair for pair in super().get_params() if pair not in known]
        if self.base.order and not self.order:
            pairs.append(("order", USUAL))
        return pairs

    def get_url(self, path, **changes):
        """See :meth:`CatalogueQuery.get_url`; on its own path, that of whatever page
        shows these goods.
        """
        query = self.change(**changes) if changes else self
        if path != self.pick_path:
            return query.plain.get_url(path)
        if not query.is_within:
            return query.plain.get_url(self.section_path)
        pairs = query.get_own_params()
        if query.page > 1:
            path = f"{path}/page/{query.page}"
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def clear(self):
        """The query without any filter, those of the landing page included."""
        blank, kept = CatalogueQuery(), {"section", "search", "order", "limit"}
        return replace(
            self, **{name: getattr(blank, name) for name in set(_NAMES) - kept}
        )
