"""Columns by content: for files without a header, or with half of one."""

from .common import Cell
from .values import number_quantity, parse_quantity

_SAMPLE = 200
# A column is a quantity when this share of its filled cells reads as one.
_NUMERIC_SHARE = 0.6
_MIN_CODE = 0.3
# Units are short: шт., упак, паллета.
_UNIT_CHARS = 12


def sample(rows):
    """Rows that are looked at: the first ones of the table."""
    return rows[:_SAMPLE]


def column_cells(rows, column):
    """Filled cells of a column."""
    return [
        row.cells[column]
        for row in rows
        if column < len(row.cells) and row.cells[column]
    ]


def filled(rows, column):
    """Whether a column holds anything at all."""
    return any(column < len(row.cells) and row.cells[column] for row in rows)


def quantity_of(cell, decimal="", grouping="", maximum=None):
    """Quantity of any cell, as :func:`values.parse_quantity` returns it."""
    extra = {} if maximum is None else {"maximum": maximum}
    if isinstance(cell, Cell):
        return number_quantity(cell, **extra)
    return parse_quantity(cell, decimal, grouping, **extra)


def is_numbering(cells):
    """Whether a column only counts the rows: 1, 2, 3 ..."""
    texts = [cell.text if isinstance(cell, Cell) else cell for cell in cells]
    numbers = [text.rstrip(".)") for text in texts]
    numbers = [int(n) for n in numbers if n.isdecimal() and len(n) < 7]
    if len(numbers) < max(2, 0.7 * len(texts)) or numbers[0] not in (0, 1):
        return False
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def infer_columns(rows, taken=(), need=("article", "quantity")):
    """Guess the columns of ``need`` among those not ``taken``.

    :return: dict field -> column, without the fields that nothing looks like
    """
    rows = sample(rows)
    width = max((len(row.cells) for row in rows), default=0)
    columns = {}
    for column in range(width):
        cells = column_cells(rows, column)
        if not cells or column in taken:
            continue
        # 1, 2, 3 in the first column of three counts the rows.
        if columns or width < 3 or not is_numbering(cells):
            columns[column] = cells
    found = {}
    if "article" in need:
        article = _article_column(columns, len(rows))
        if article is not None:
            found["article"] = article
            columns.pop(article)
    if "quantity" in need:
        quantity = _quantity_column(columns, found.get("article", -1), len(rows))
        if quantity is not None:
            found["quantity"] = quantity
            columns.pop(quantity)
            # A short word beside the quantity is its unit.
            if _looks_like_units(columns.get(quantity + 1)):
                found["unit"] = quantity + 1
    return found


def _looks_like_units(cells):
    return bool(cells) and all(
        isinstance(cell, str)
        and len(cell) <= _UNIT_CHARS
        and cell.count(" ") <= 1
        and not any(char.isdigit() for char in cell)
        for cell in cells
    )


def numeric_columns(rows, taken=()):
    """Columns that read as quantities, left to right."""
    rows = sample(rows)
    width = max((len(row.cells) for row in rows), default=0)
    return [
        column
        for column in range(width)
        if column not in taken
        and _numeric_share(column_cells(rows, column)) >= _NUMERIC_SHARE
    ]


def code_share(cells):
    """How much cells look like article codes, 0 to 1."""
    return sum(map(_code_likeness, cells)) / len(cells) if cells else 0


def _article_column(columns, height):
    best, best_score = None, 0
    for column, cells in columns.items():
        likeness = code_share(cells)
        distinct = len({str(cell) for cell in cells}) / len(cells)
        score = likeness * (0.5 + distinct / 2) * min(1, 2 * len(cells) / height)
        if likeness >= _MIN_CODE and score > best_score + 1e-9:
            best, best_score = column, score
    return best


def _code_likeness(cell):
    text = cell.text if isinstance(cell, Cell) else cell
    if len(text) > 40 or (isinstance(cell, Cell) and cell.kind != "number"):
        return 0
    digits = any(char.isdigit() for char in text)
    if text.isdecimal():
        return 1 if len(text) >= 5 else 0.6
    if quantity_of(cell)[0] is not None:
        return 0.2  # 1,5 or "12 шт"
    if " " in text:
        return 0.4 if digits and len(text.split()) <= 3 else 0.2
    return 1 if digits else 0.45


def _quantity_column(columns, article, height):
    """Whole numbers win over prices, then the nearest right of the article."""
    best, best_score = None, ()
    for column, cells in columns.items():
        share = _numeric_share(cells)
        if share < _NUMERIC_SHARE:
            continue
        whole = sum(map(_is_whole, cells)) / len(cells)
        score = (whole > 0.9, column > article, share > 0.9, -column)
        if score > best_score:
            best, best_score = column, score
    return best


def _numeric_share(cells):
    if not cells:
        return 0
    return sum(map(_is_quantity, cells)) / len(cells)


def _is_quantity(cell):
    text = cell.text if isinstance(cell, Cell) else cell
    if text.isdecimal() and len(text) >= 8:
        return False  # a barcode
    value, _unit, problem = quantity_of(cell)
    return value is not None or problem in ("ambiguous_quantity", "zero_quantity")


def _is_whole(cell):
    value = quantity_of(cell)[0]
    return value is None or value == value.to_integral_value()
