"""What a visitor, a link or a feed asks for, cleaned of what nobody may ask."""

import hashlib
import json
from dataclasses import asdict, dataclass

FORMATS = ("xlsx", "xls", "csv", "pdf")
# More sections or brands than this are no choice of a person.
MAX_CHOICES = 2000
_MAX_TEXT = 200
_MAX_WORDS = 10
# Parameters of the catalogue's address that narrow what a price list holds.
QUERY_KEYS = (
    "attribute_values",
    "categories",
    "category",
    "brands",
    "tags",
    "warehouses",
    "search",
    "within",
    "letter",
    "in_stock",
    "slices",
    "min_price",
    "max_price",
)


def _read_ids(values):
    """Ids from what a form sends, once each; anything else is left out."""
    found = {}
    for value in values:
        for part in str(value)[:20000].split(","):
            text = part.strip()
            if text.isascii() and text.isdecimal() and len(text) < 10 and int(text):
                found[int(text)] = True
    return list(found)[:MAX_CHOICES]


@dataclass(frozen=True)
class PriceListOptions:
    """One price list as it was asked for; hashable, and equal where the file would be.

    ``sections``, ``brands``: ids; none: all of them. ``columns``: codes; none: the
    usual ones. ``query``: pairs (parameter, value) of the catalogue's address.
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
        query = []
        if form.get("current"):
            query = [
                (key, str(value)[:_MAX_TEXT])
                for key in QUERY_KEYS
                for value in form.getlist(key)[:50]
                if value
            ]
        return cls(
            format=file_format,
            sections=tuple(sorted(_read_ids(form.getlist("section")))),
            brands=tuple(sorted(_read_ids(form.getlist("brand")))),
            in_stock=bool(form.get("only_stock")),
            columns=tuple(
                dict.fromkeys(str(code)[:40] for code in form.getlist("column")[:100])
            ),
            query=tuple(query),
        )

    @classmethod
    def from_json(cls, values):
        """Options that :meth:`to_json` has kept."""
        values = dict(values)
        for name in ("sections", "brands", "columns"):
            values[name] = tuple(values[name])
        values["query"] = tuple(tuple(pair) for pair in values["query"])
        return cls(**values)

    def get_ids(self, *names):
        """Ids of the catalogue's address in these parameters, such as '12,bolts-15'."""
        texts = [
            part.strip().rpartition("-")[2]
            for key, value in self.query
            if key in names
            for part in value.split(",")
        ]
        return _read_ids(texts)

    def get_words(self):
        """Words of the catalogue's address that goods were searched by."""
        texts = [value for key, value in self.query if key in ("search", "within")]
        return " ".join(texts).replace("\0", " ").split()[:_MAX_WORDS]

    def get_values(self):
        """Chosen properties of the catalogue's address: lists of ids of values."""
        values = [value for key, value in self.query if key == "attribute_values"]
        return [_read_ids([value.partition("-")[2]]) for value in values]

    def to_json(self):
        """The options as plain values."""
        return asdict(self)

    def get_digest(self, *more):
        """What two equal price lists have in common, as a text.

        :param more: whatever else the file depends on
        """
        text = json.dumps([self.to_json(), *more], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
