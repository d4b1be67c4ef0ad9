# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reader of a list of colleagues: XLSX, XLS or CSV, by the heads of its columns.

Pure Python, no Odoo. It stands on the readers of order files, which stream, and
which refuse archives that unpack without end, other formats and damaged files.
"""

from dataclasses import dataclass, replace

from .order_file.common import DEFAULT_LIMITS, MB, OrderFileError, collect
from .order_file.csv_reader import read_csv
from .order_file.detect import detect
from .order_file.table import cell_at, plain
from .order_file.xls_reader import XlsBook
from .order_file.xlsx_reader import XlsxBook
from .table_heads import find_first_head

MAX_PEOPLE = 500
_HEADER_ROWS = 20
_LABELS = {
    "name": "имя|фио|ф и о|сотрудник|фамилия имя|name|full name|employee|person",
    "email": "почта|e mail|email|mail|эл почта|электронная почта|адрес почты|имейл",
    "role": "роль|роли|права|role|roles",
    "department": "отдел|подразделение|department|unit|team",
    "entities": "юрлицо|юрлица|инн|организация|организации|контрагент|компания"
    "|legal entity|legal entities|entities|company|companies|tax number|tax numbers",
}
_FIELD_OF = {
    label: name for name, labels in _LABELS.items() for label in labels.split("|")
}


@dataclass(frozen=True)
class Person:
    """One row of the list, as it stands in the file; ``row`` counts from 1."""

    row: int
    name: str = ""
    email: str = ""
    role: str = ""
    department: str = ""
    entities: str = ""


def read_people(data, filename=""):
    """Read an uploaded list.

    :param bytes data: the file
    :return: list of :class:`Person`, every filled row below the heads
    :raise OrderFileError: the file cannot be read ('too_many_rows' above
        ``MAX_PEOPLE``), has no column with e-mails ('no_columns') or no row
    """
    limits = replace(DEFAULT_LIMITS, max_bytes=2 * MB, max_rows=MAX_PEOPLE)
    if len(data) > limits.max_bytes:
        size = -(-len(data) // MB)
        raise OrderFileError("too_large", limit_mb=2, size_mb=size)
    for rows in _read_sheets(data, filename, limits):
        start, columns = find_first_head(rows, _FIELD_OF, {"email"}, _HEADER_ROWS)
        if "email" not in columns:
            continue
        people = [_person(row, columns) for row in rows[start:]]
        people = [person for person in people if _is_filled(person)]
        if len(people) > MAX_PEOPLE:
            row = people[MAX_PEOPLE].row
            raise OrderFileError("too_many_rows", limit=MAX_PEOPLE, row=row)
        if people:
            return people
        raise OrderFileError("no_rows")
    raise OrderFileError("no_columns")


def _read_sheets(data, filename, limits):
    """The filled rows of each sheet, one after the other."""
    kind = detect(data, filename)
    if kind == "text":
        grid, _text, _encoding = read_csv(data, limits)
        if grid:
            yield grid.rows
        return
    if kind == "zip":
        book = XlsxBook(data, filename, limits)
    else:
        book = XlsBook(data, filename, limits, is_ole=kind == "ole")
    for sheet in book.sheets[: limits.max_sheets]:
        yield collect(book.rows(sheet), limits)


def _person(row, columns):
    texts = {
        name: plain(cell_at(row, column)).strip()[:200]
        for name, column in columns.items()
    }
    return Person(row=row.number, **texts)


def _is_filled(person):
    return any((person.name, person.email, person.role))
