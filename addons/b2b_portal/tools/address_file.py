# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reader of delivery addresses that a customer uploads as XLSX, XLS or CSV.

Pure Python, no Odoo, on top of the reader of order files. Codes only, no
sentences: the Odoo layer translates.
"""

from dataclasses import dataclass, field, replace

from .order_file import DEFAULT_LIMITS, OrderFileError, read_table_file
from .order_file.common import Cell
from .order_file.headers import normalise_label
from .order_file.table import cell_at, plain
from .order_file.values import NUL_MARK

MAX_ROWS = 500
LIMITS = replace(DEFAULT_LIMITS, max_rows=MAX_ROWS, max_blank_rows=MAX_ROWS)

_VOCABULARY = {
    "name": """наименование|название|название адреса|наименование адреса|адрес доставки
        |точка|точка доставки|объект|склад|магазин|грузополучатель|name|address name
        |delivery address|delivery point|site|warehouse|store""",
    "street": """улица|улица дом|улица и дом|адрес|street|street and house|
        street address|address""",
    "city": """город|населенный пункт|city|town""",
    "zip": """индекс|почтовый индекс|zip|zip code|postcode|postal code""",
    "region": """регион|область|область край|регион область|край|region|state
        |state region|province""",
    "country": """страна|country""",
    "contact": """контакт|контактное лицо|кто принимает|фио|ответственный|contact
        |contact person|person""",
    "phone": """телефон|тел|контактный телефон|phone|phone number|tel""",
    "hours": """часы|часы работы|время работы|режим работы|график|график работы
        |часы приемки|время приемки|hours|opening hours|working hours
        |receiving hours""",
    "unloading": """разгрузка|правила разгрузки|условия разгрузки|требования к разгрузке
        |примечание|комментарий|unloading|unloading rules|note|notes|comment""",
    "agreement": """соглашение|номер соглашения|договор|номер договора
        |соглашение по умолчанию|agreement|agreement number|default agreement
        |contract""",
}
_FIELD_OF_LABEL = {
    " ".join(word.split()): name
    for name, words in _VOCABULARY.items()
    for word in words.split("|")
}
FIELDS = tuple(_VOCABULARY)


@dataclass(frozen=True)
class AddressRow:
    """One row below the head.

    ``texts`` holds a text for every column that the file has; ``problem`` is None,
    'cell_error' or 'nul_byte'. ``row`` counts from 1, as a spreadsheet shows it.
    """

    row: int
    texts: dict = field(default_factory=dict)
    problem: str | None = None


def read_address_file(data, filename=""):
    """Rows of an uploaded table of addresses.

    :return: list of :class:`AddressRow`, at least one
    :raise OrderFileError: the file as a whole cannot be read; ``no_columns``: no
        column with the names of the addresses
    """
    grid = read_table_file(data, filename, LIMITS, _usability)
    start, columns = _find_head(grid.rows, LIMITS)
    if "name" not in columns:
        if grid.wide:
            raise OrderFileError("too_many_columns", limit=LIMITS.max_columns)
        raise OrderFileError("no_columns")
    body = grid.rows[start:]
    if not body:
        raise OrderFileError("no_rows")
    if len(body) > MAX_ROWS:
        raise OrderFileError("too_many_rows", limit=MAX_ROWS, row=body[MAX_ROWS].number)
    return [_read_row(row, columns) for row in body]


def _usability(rows, limits):
    """How many columns of a sheet are recognised, the name first."""
    _start, columns = _find_head(rows, limits)
    return int("name" in columns), len(columns)


def _find_head(rows, limits):
    """The row that names most columns.

    :return: (index of the first row below it, dict field -> column)
    """
    best, start = {}, 0
    for index, row in enumerate(rows[: limits.header_rows]):
        columns = {}
        for column, cell in enumerate(row.cells):
            if cell and not isinstance(cell, Cell):
                name = _FIELD_OF_LABEL.get(normalise_label(cell[:60]))
                if name:
                    columns.setdefault(name, column)
        if len(columns) > len(best):
            best, start = columns, index + 1
    return start, best


def _read_row(row, columns):
    cells = {name: cell_at(row, column) for name, column in columns.items()}
    texts = {name: " ".join(plain(cell).split()) for name, cell in cells.items()}
    kinds = {cell.kind for cell in cells.values() if isinstance(cell, Cell)}
    problem = None
    if kinds & {"error", "formula"}:
        problem = "cell_error"
    elif any(NUL_MARK in text for text in texts.values()):
        problem = "nul_byte"
    return AddressRow(row.number, texts, problem)
