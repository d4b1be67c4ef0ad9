"""What a visitor, a link or a feed asks for, cleaned of what nobody may ask."""

import hashlib
import json
from dataclasses import asdict, dataclass

from werkzeug.datastructures import MultiDict

from ..catalogue_query import CatalogueQuery, read_id

FORMATS = ("xlsx", "xls", "csv", "pdf")
# More sections or brands than this are no choice of a person.
MAX_CHOICES = 2000


def _read_ids(values):
    """Ids from what a form sends, once each; anything else is left out."""
    found = {}
    for value in values:
        for part in str(value)[:20000].split(","):
            text = part.strip()
            if text.isascii() and text.isdecimal() and len(text) < 10 and int(text):
                found[int(text)] = True
    return list(found)[:MAX_CHOICES]


def _read_query(args):
    """The filters of the catalogue's address; nothing in it raises an error."""
    section = read_id(str(args.get("category") or ""))
    return CatalogueQuery.from_args(args, section)


def spell_query(query):
    """Filters of the catalogue as pairs, always the same for the same goods.

    :param query: :class:`..catalogue_query.CatalogueQuery`
    """
    query = query.change(order="")
    section = [("category", str(query.section))] if query.section else []
    return (*section, *query.get_params())


@dataclass(frozen=True)
class PriceListOptions:
    """One price list as it was asked for; hashable, and equal where the file would be.

    ``sections``, ``brands``: ids; none: all of them. ``columns``: codes; none: the
    usual ones. ``query``: pairs (parameter, value) of the catalogue's address, with
    ``category`` for the section whose page it is.
    """

    format: str = "xlsx"
    sections: tuple = ()
    brands: tuple = ()
    in_stock: bool = False
    columns: tuple = ()
    query: tuple = ()

    @classmethod
    def from_form(cls, form):
        """Options of a posted form or an address.

        :param form: a mapping with ``getlist``, as of werkzeug
        :return: options; None where the format is none of ours
        """
        file_format = form.get("format") or "xlsx"
        if file_format not in FORMATS:
            return None
        query = ()
        if form.get("current"):
            query = spell_query(_read_query(form))
        return cls(
            format=file_format,
            sections=tuple(sorted(_read_ids(form.getlist("section")))),
            brands=tuple(sorted(_read_ids(form.getlist("brand")))),
            in_stock=bool(form.get("only_stock")),
            columns=tuple(
                dict.fromkeys(str(code)[:40] for code in form.getlist("column")[:100])
            ),
            query=query,
        )

    @classmethod
    def from_json(cls, values):
        """Options that :meth:`to_json` has kept, read as if anybody had sent them."""
        pairs = MultiDict((str(key), str(value)) for key, value in values["query"])
        columns = [str(code) for code in values["columns"]]
        return cls(
            format=values["format"] if values["format"] in FORMATS else FORMATS[0],
            sections=tuple(sorted(_read_ids(values["sections"]))),
            brands=tuple(sorted(_read_ids(values["brands"]))),
            in_stock=bool(values["in_stock"]),
            columns=tuple(columns),
            query=spell_query(_read_query(pairs)),
        )

    def get_catalogue_query(self):
        """What the catalogue is asked for: :class:`..catalogue_query.CatalogueQuery`.

        Chosen sections and brands are filters of the catalogue like any others.
        """
        query = _read_query(MultiDict(self.query))
        chosen = {"categories": self.sections, "brands": self.brands}
        return query.change(**{name: ids for name, ids in chosen.items() if ids})

    def to_json(self):
        """The options as plain values."""
        return asdict(self)

    def get_digest(self, *more):
        """What two equal price lists have in common, as a text.

        :param more: whatever else the file depends on
        """
        text = json.dumps([self.to_json(), *more], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
