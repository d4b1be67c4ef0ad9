"""Reader of orders that a buyer uploads or pastes: CSV, XLSX, XLSM, XLS, text.

Pure Python, no Odoo: ``read_order_file`` and ``read_order_text`` return an
``OrderFile`` in which every row of the file is either a line (with a problem
code where it cannot be ordered as it stands) or is skipped with a reason, so
that the counts always add up. A file that cannot be read as a whole raises
``OrderFileError``. Codes only, no sentences: the Odoo layer translates.

Layers: detect -> csv_reader | xlsx_reader | xls_reader -> Grid of filled rows
-> columns (headers, infer) -> table -> OrderFile; lines reads free text.
"""

from .common import (
    DEFAULT_LIMITS,
    FILE_ERRORS,
    PROBLEMS,
    SKIP_REASONS,
    Limits,
    OrderFile,
    OrderFileError,
    OrderRow,
)
from .reader import read_order_file, read_order_text, read_table_file
from .values import normalise_article, parse_quantity

__all__ = [
    "DEFAULT_LIMITS",
    "FILE_ERRORS",
    "PROBLEMS",
    "SKIP_REASONS",
    "Limits",
    "OrderFile",
    "OrderFileError",
    "OrderRow",
    "normalise_article",
    "parse_quantity",
    "read_order_file",
    "read_order_text",
    "read_table_file",
]
