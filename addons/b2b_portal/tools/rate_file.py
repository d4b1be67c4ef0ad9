# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reader of a table of currency rates: XLSX, XLS or CSV, by the heads of its columns.

Pure Python, no Odoo; on the readers of order files, which refuse archives that unpack
without end, other formats and damaged files.
"""

import datetime
import re
from dataclasses import dataclass, replace
from decimal import Decimal

from .order_file.common import DEFAULT_LIMITS, MB, OrderFileError
from .order_file.reader import read_table_file
from .order_file.table import cell_at, plain
from .table_heads import find_first_head

MAX_RATES = 5000
_HEADER_ROWS = 20
_NEEDED = {"currency", "rate"}
_LABELS = {
    "currency": "валюта|код валюты|код|букв код|буквенный код|currency|currency code"
    "|code",
    "date": "дата|дата курса|с даты|действует с|date|holds from|valid from|from",
    "nominal": "номинал|единиц|кратность|за единиц|units|nominal|unit",
    "rate": "курс|значение|rate|value|exchange rate",
}
_FIELD_OF = {
    label: name for name, labels in _LABELS.items() for label in labels.split("|")
}
_NUMBER = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,10})?")
_DATES = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y", "%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True)
class RateRow:
    """One filled row as read; ``problem`` is a code where a value is unusable.

    Codes: no_currency, bad_date, bad_nominal, no_rate, bad_rate. ``date`` is None
    where the file gives none, ``rate`` and ``nominal`` are set without a problem.
    """

    row: int
    currency: str = ""
    date: datetime.date | None = None
    nominal: int = 1
    rate: Decimal | None = None
    raw: str = ""
    problem: str | None = None


def read_rates(data, filename=""):
    """Read an uploaded table of rates.

    :param bytes data: the file
    :return: list of :class:`RateRow`, every filled row below the heads
    :raise OrderFileError: the file cannot be read, has no columns with currency and
        rate ('no_columns'), or no row below them ('no_rows')
    """
    limits = replace(DEFAULT_LIMITS, max_bytes=2 * MB, max_rows=MAX_RATES)
    grid = read_table_file(data, filename, limits, _usability)
    start, columns = find_first_head(grid.rows, _FIELD_OF, _NEEDED, _HEADER_ROWS)
    if not columns:
        raise OrderFileError("no_columns")
    rows = [_read_row(row, columns) for row in grid.rows[start:]]
    rows = [row for row in rows if row]
    if not rows:
        raise OrderFileError("no_rows")
    return rows


def _usability(rows, _limits):
    start, columns = find_first_head(rows, _FIELD_OF, _NEEDED, _HEADER_ROWS)
    return (len(columns), len(rows) - start)


def _read_row(row, columns):
    """A :class:`RateRow`, or None for a row with nothing in our columns."""
    texts = {
        name: plain(cell_at(row, column)).strip()[:100]
        for name, column in columns.items()
    }
    if not any(texts.values()):
        return None
    result = RateRow(row.number, texts["currency"].upper(), raw=texts["rate"])
    if not result.currency:
        return replace(result, problem="no_currency")
    day = parse_date(texts.get("date", ""))
    if day is False:
        return replace(result, problem="bad_date")
    result = replace(result, date=day)
    nominal = parse_number(texts.get("nominal") or "1")
    if nominal is None or nominal != int(nominal) or not 1 <= nominal <= 10000:
        return replace(result, problem="bad_nominal")
    if not texts["rate"]:
        return replace(result, problem="no_rate")
    rate = parse_number(texts["rate"])
    if not rate:
        return replace(result, problem="bad_rate")
    return replace(result, nominal=int(nominal), rate=rate)


def parse_number(text):
    """A number above or at zero; a single comma or point is the decimal mark.

    :return: Decimal or None
    """
    text = re.sub(r"[\s\u00a0\u202f']", "", text)
    if "," in text and "." in text:
        mark = max(",.", key=text.rfind)
        text = text.replace("," if mark == "." else ".", "")
    if not _NUMBER.fullmatch(text):
        return None
    return Decimal(text.replace(",", "."))


def parse_date(text):
    """A date as people and spreadsheets write it.

    :return: date; None for an empty text; False for another one
    """
    if not text:
        return None
    for form in _DATES:
        try:
            day = datetime.datetime.strptime(text, form).date()
        except ValueError:
            continue
        return day if day.year >= 1990 else False
    return False
