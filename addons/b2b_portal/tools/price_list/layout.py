"""How a price list looks in every format."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Column(NamedTuple):
    """A column of a price list.

    ``kind``: 'text', 'code' (an article, a barcode), 'money', 'quantity', 'date',
    'url', 'order' (the cell that the customer fills) or 'sum' (order x price).
    """

    code: str
    label: str
    kind: str = "text"
    width: int = 12  # characters


@dataclass
class Layout:
    """Everything of a price list but its rows.

    A row is a list of one value for each of ``columns`` with the id of its section in
    front; cells of kind 'order' and 'sum' are None. Dates are texts of ISO 8601. A
    quantity may be a text such as '>100', where figures are not told.
    """

    title: str
    lines: list
    columns: list
    labels: dict
    sections: dict = field(default_factory=dict)
    decimals: int = 2
    decimal_point: str = "."
    thousands_sep: str = ""
    sheet: str = "Price list"
    seller: list = field(default_factory=list)
    logo: bytes = b""
    date_format: str = "yyyy-mm-dd"

    def find(self, kind):
        """Place of the first column of a kind, or None."""
        for place, column in enumerate(self.columns):
            if column.kind == kind:
                return place
        return None

    def find_code(self, code):
        """Place of a column by its code, or None."""
        for place, column in enumerate(self.columns):
            if column.code == code:
                return place
        return None

    def spell(self, value, column):
        """A value of a column as a person of the customer's language reads it."""
        if value is None or value == "":
            return ""
        if isinstance(value, str) and column.kind != "date":
            return value
        if column.kind == "money":
            return self._spell_number(f"{value:,.{self.decimals}f}")
        if column.kind == "quantity":
            return self._spell_number(f"{value:,.3f}".rstrip("0").rstrip("."))
        if column.kind == "date":
            year, month, day = value.split("-")
            return (
                self.date_format.replace("yyyy", year)
                .replace("mm", month)
                .replace("dd", day)
            )
        return value

    def _spell_number(self, text):
        swap = {",": self.thousands_sep, ".": self.decimal_point}
        return "".join(swap.get(char, char) for char in text)
