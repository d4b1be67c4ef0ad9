"""Which column of the table holds what, from its header and its content."""

from dataclasses import dataclass, field

from .common import OrderFileError
from .headers import Header, find_header, normalise_label
from .infer import (
    code_share,
    column_cells,
    filled,
    infer_columns,
    numeric_columns,
    quantity_of,
)

# 1C prints one column as several merged ones: the values may stand to the
# right of the header's first cell, at most this far.
_MERGED_SPAN = 10
_NAME_IS_CODE = 0.7


@dataclass
class Layout:
    """Where the fields are, and which rows are above the data."""

    columns: dict[str, int] = field(default_factory=dict)
    header: Header | None = None
    start: int = 0  # index of the first row below the header or the title
    # Columns of prices and sums: their numbers show what the comma means.
    number_columns: list[int] = field(default_factory=list)


def find_layout(rows, limits):
    """Layout of a table, or None when no article column is recognised."""
    header = find_header(rows, limits)
    if header:
        layout = _headed_layout(header, rows[header.last + 1 :])
        return layout if "article" in layout.columns else None
    return _bare_layout(rows, limits)


def find_layout_or_refuse(grid, limits):
    """Like find_layout, refusing a table without an article column."""
    layout = find_layout(grid.rows, limits)
    # Without a header and without a quantity the wide part may hold them.
    guessed = layout and not layout.header and "quantity" not in layout.columns
    if layout and not (guessed and grid.wide):
        return layout
    if grid.wide:
        raise OrderFileError("too_many_columns", limit=limits.max_columns)
    raise OrderFileError("no_columns")


def usability(rows, limits):
    """How good a sheet is as an order: a tuple to compare, (0, 0) for not."""
    layout = find_layout(rows, limits)
    if not layout:
        return 0, 0
    score = layout.header.score if layout.header else 1
    column = layout.columns.get("quantity")
    if column is None:
        return 1, score
    cells = column_cells(rows[layout.start :], column)
    return 2 if any(quantity_of(cell)[0] for cell in cells) else 1, score


def _headed_layout(header, body):
    layout = Layout(header=header, start=header.last + 1)
    used = set()
    for name in ("article", "quantity", "barcode", "unit", "name", "note"):
        column = _pick(name, header, body, used)
        if column is not None:
            layout.columns[name] = column
            used.add(column)
    _fill_gaps(layout, header, body)
    if "article" not in layout.columns and "barcode" in layout.columns:
        layout.columns["article"] = layout.columns.pop("barcode")
    layout.number_columns = sorted(header.ignored - used)
    return layout


def _pick(name, header, body, used):
    """The best candidate that holds something, else the best one."""
    free = [column for column in header.candidates.get(name, ()) if column not in used]
    if name == "quantity" and free:
        # An empty 'Заказ' must not fall back to 'Количество' (in stock).
        label = normalise_label(header.labels[free[0]])
        free = [c for c in free if normalise_label(header.labels[c]) == label]
    for column in free:
        shifted = _shifted(column, header, body)
        if shifted is not None and shifted not in used:
            return shifted
    return free[0] if free else None


def _shifted(column, header, body):
    """The column's values: under its label or under the rest of a merged one."""
    for candidate in range(column, column + _MERGED_SPAN):
        if candidate > column and candidate in header.labels:
            return None
        if filled(body, candidate):
            return candidate
    return None


def _fill_gaps(layout, header, body):
    """Infer what the header does not name, without touching known columns."""
    columns = layout.columns
    known = set(columns.values()) | header.ignored
    known.update(header.candidates.get("line_no", ()))
    if "article" not in columns and "barcode" not in columns:
        found = infer_columns(body, known, need=("article",))
        name = columns.get("name")
        if not found and name is not None:
            cells = column_cells(body[:200], name)
            if code_share(cells) >= _NAME_IS_CODE:
                found = {"article": columns.pop("name")}
        columns.update(found)
    if "quantity" not in columns:
        # Only a column without a label: an unknown word may well be the stock.
        known |= set(columns.values()) | set(header.labels)
        columns.update(infer_columns(body, known, need=("quantity",)) | columns)


def _bare_layout(rows, limits):
    """Columns of a table without a header, by content alone."""
    columns = infer_columns(rows)
    article = columns.get("article")
    if article is None:
        return None
    if "quantity" not in columns:
        codes = column_cells(rows, article)
        if code_share(codes[:200]) < 0.5:
            return None
    layout = Layout(columns=columns)
    needed = {name: columns[name] for name in columns if name != "unit"}
    layout.start = _first_data_row(rows[: limits.header_rows], needed)
    taken = set(columns.values())
    layout.number_columns = numeric_columns(rows[layout.start :], taken)
    return layout


def _first_data_row(rows, columns):
    """Index of the first row that has all that was inferred, 0 if none has."""
    for index, row in enumerate(rows):
        width = len(row.cells)
        if all(col < width and row.cells[col] for col in columns.values()):
            quantity = columns.get("quantity")
            if quantity is None or quantity_of(row.cells[quantity])[2] in (
                None,
                "ambiguous_quantity",
                "zero_quantity",
                "negative_quantity",
            ):
                return index
    return 0
