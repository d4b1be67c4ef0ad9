# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reader of delivery addresses that a customer uploads as XLSX, XLS or CSV.

Pure Python, no Odoo, on top of the reader of order files. Codes only, no
sentences: the Odoo layer translates.
"""

from dataclasses import dataclass, field, replace

from .order_file import DEFAULT_LIMITS, OrderFileError, read_table_file
from .order_file.table import cell_at, plain
from .table_heads import find_cell_problem, find_fullest_head

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
    start, columns = find_fullest_head(grid.rows, _FIELD_OF_LABEL, LIMITS.header_rows)
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
    _start, columns = find_fullest_head(rows, _FIELD_OF_LABEL, limits.header_rows)
    return int("name" in columns), len(columns)


def _read_row(row, columns):
    cells = {name: cell_at(row, column) for name, column in columns.items()}
    texts = {name: " ".join(plain(cell).split()) for name, cell in cells.items()}
    problem = find_cell_problem(cells.values(), texts.values())
    return AddressRow(row.number, texts, problem)
