"""From the filled rows of a sheet to order lines, none lost on the way."""

import re
from collections import Counter
from decimal import Decimal

from .columns import find_layout_or_refuse
from .common import Cell, OrderFile, OrderFileError, OrderRow
from .form import find_order_column
from .headers import normalise_label
from .infer import quantity_of
from .values import (
    NUL_MARK,
    article_of_number,
    is_error_text,
    is_scientific,
    mark_evidence,
    normalise_article,
)

_TOTAL = re.compile(
    r"(итого|всего|итог)(\s.*)?|(grand |sub|sub )?total( amount| qty| quantity)?",
    re.DOTALL,
)
_SHORT_NUMBER = re.compile("[0-9]{1,3}")
_FLOAT_CODE = re.compile(r"([0-9]+)\.0")


def build(grid, limits):
    """Order lines of a grid.

    :return: OrderFile in which every row up to the last filled one is either
        in ``rows`` or in ``skipped``
    :raise OrderFileError: too_many_columns, no_columns, no_rows, too_many_rows
    """
    layout = find_layout_or_refuse(grid, limits)
    skipped = _blank_rows(grid.rows, set(grid.dropped))
    skipped += [(number, "not_ordered") for number in grid.dropped]
    result = OrderFile([], skipped, grid.format, dict(layout.columns))
    result.sheet, result.other_sheets = grid.sheet, grid.other_sheets
    result.encoding, result.delimiter = grid.encoding, grid.delimiter
    header = layout.header
    for index, row in enumerate(grid.rows[: layout.start]):
        is_header = header and header.first <= index <= header.last
        reason = grid.known.get(row.number, "header" if is_header else "title")
        result.skipped.append((row.number, reason))
    if header:
        result.header_row = grid.rows[header.last].number
    _TableReader(grid, layout, limits).read(result)
    result.skipped.sort()
    if not result.rows:
        raise OrderFileError("no_rows")
    if len(result.rows) > limits.max_rows:
        row = result.rows[limits.max_rows].row
        raise OrderFileError("too_many_rows", limit=limits.max_rows, row=row)
    return result


def _blank_rows(rows, dropped):
    filled = {row.number for row in rows} | dropped
    return [
        (number, "empty")
        for number in range(1, max(filled, default=0))
        if number not in filled
    ]


def is_total(text):
    """Whether a text heads a row of totals."""
    return _TOTAL.fullmatch(text.casefold().strip(" :.")) is not None


def cell_at(row, column):
    """A cell of a row, '' where there is nothing."""
    if column is None or column >= len(row.cells):
        return ""
    return row.cells[column]


def plain(cell):
    """What a cell says."""
    return cell.text if isinstance(cell, Cell) else cell


class _TableReader:
    """Reads the rows below the header, knowing the layout."""

    def __init__(self, grid, layout, limits):
        self.grid = grid
        self.columns = layout.columns
        self.header = layout.header
        self.limits = limits
        self.body = grid.rows[layout.start :]
        self.marks = self._marks(layout.number_columns)
        self.float_codes = grid.format == "csv" and self._only_float_codes()
        self.width = self._comma_width() if grid.delimiter == "," else None
        self.sum = Decimal(0)
        self.is_form = find_order_column(layout.header) is not None

    def read(self, result):  # pylint: disable=method-required-super
        """Put every row of the body where it belongs."""
        for index, row in enumerate(self.body):
            reason = self._skip_reason(index, row, result)
            if reason:
                result.skipped.append((row.number, reason))
                continue
            line = self._line(row)
            self.sum += line.quantity or 0
            result.rows.append(line)

    def _marks(self, number_columns):
        columns = [*number_columns, self.columns.get("quantity")]
        cells = (cell_at(row, column) for row in self.body for column in columns)
        return mark_evidence(cell for cell in cells if isinstance(cell, str))

    def _only_float_codes(self):
        """Whether every article is '123.0': a CSV made from number cells."""
        cells = [cell_at(row, self.columns["article"]) for row in self.body]
        cells = [cell for cell in cells if cell and not is_total(plain(cell))]
        return bool(cells) and all(_FLOAT_CODE.fullmatch(plain(c)) for c in cells)

    def _comma_width(self):
        """Cells that a comma-separated line may have.

        One more means an unquoted decimal comma ('A-1,1,5'): what is cut where
        is then a guess.
        """
        if self.header:
            return max(*self.header.labels, *self.columns.values()) + 1
        widths = Counter(len(row.cells) for row in self.body)
        usual = max(widths, key=lambda width: (widths[width], -width))
        quantity = self.columns.get("quantity")
        if quantity is not None and all(
            _SHORT_NUMBER.fullmatch(plain(cell_at(row, quantity + 1)))
            for row in self.body
        ):
            return quantity + 1
        return usual

    # -- rows that are no lines ------------------------------------------------

    def _skip_reason(self, index, row, result):
        if self._is_repeated_header(row):
            return "header"
        if index == 0 and self._is_column_numbers(row):
            return "column_numbers"
        article = plain(self._article_cell(row))
        if is_total(article):
            return "total"
        if article:
            filled = cell_at(row, self.columns.get("quantity"))
            return "not_ordered" if self.is_form and not filled else None
        if any(cell and is_total(plain(cell)) for cell in row.cells):
            return "total"
        quantity = cell_at(row, self.columns.get("quantity"))
        if not any(map(str.isdigit, plain(quantity))):
            return "section"  # a group's title, a signature
        return "total" if self._is_unlabelled_sum(row, quantity, result) else None

    def _is_repeated_header(self, row):
        if not self.header:
            return False
        labels = self.header.labels
        keys = [self.columns.get("article"), self.columns.get("quantity")]
        keys = [column for column in keys if column in labels]
        return bool(keys) and all(
            normalise_label(plain(cell_at(row, column)))
            == normalise_label(labels[column])
            for column in keys
        )

    def _is_column_numbers(self, row):
        """The '1 2 3 4' under the header of a printed form, one per column."""
        numbers = [plain(cell) for cell in row.cells if cell]
        labels = len(self.header.labels) if self.header else 0
        if len(numbers) < max(3, labels) or len(self.body) < 2:
            return False
        if numbers != [str(number + 1) for number in range(len(numbers))]:
            return False
        following = plain(self._article_cell(self.body[1]))
        return not _SHORT_NUMBER.fullmatch(following)

    def _is_unlabelled_sum(self, row, quantity, result):
        """A sum of the quantities above, with nothing but numbers beside it."""
        if len(result.rows) < 2 or quantity_of(quantity)[0] != self.sum:
            return False
        return all(quantity_of(cell)[0] is not None for cell in row.cells if cell)

    # -- lines -----------------------------------------------------------------

    def _article_cell(self, row):
        """The article, or the barcode of a row that has none."""
        article = cell_at(row, self.columns["article"])
        return article or cell_at(row, self.columns.get("barcode"))

    def _line(self, row):
        article = self._article_cell(row)
        quantity = cell_at(row, self.columns.get("quantity"))
        article_text = self._article_text(article)
        unit, name, note = (
            plain(cell_at(row, self.columns.get(field)))
            for field in ("unit", "name", "note")
        )
        value, own_unit, problem = quantity_of(
            quantity, *self.marks, maximum=self.limits.max_quantity
        )
        if self.width is not None and any(row.cells[self.width :]):
            value, problem = None, problem or "ambiguous_quantity"
        problem = (
            self._cell_problem(article, quantity, unit, note)
            or _article_problem(article, article_text)
            or problem
        )
        cut = self.limits.max_cell_chars
        header_unit = self.header.unit if self.header else ""
        return OrderRow(
            row=row.number,
            article=article_text[:cut],
            quantity=value,
            quantity_raw=plain(quantity)[:cut],
            unit=(own_unit or unit or header_unit)[:cut],
            name=name[:cut],
            note=note[:cut],
            problem=problem,
            hidden=row.hidden,
        )

    def _cell_problem(self, article, quantity, unit, note):
        """Damage of a cell that the line needs."""
        for cell in (article, quantity):
            kind = cell.kind if isinstance(cell, Cell) else ""
            if kind == "formula":
                return "formula_without_value"
            if kind == "error" or is_error_text(plain(cell)):
                return "cell_error"
        texts = plain(article), plain(quantity), unit, note
        if any(len(text) > self.limits.max_cell_chars for text in texts):
            return "too_long"
        return "nul_byte" if any(NUL_MARK in text for text in texts) else None

    def _article_text(self, cell):
        if isinstance(cell, Cell):
            return article_of_number(cell) if cell.kind == "number" else cell.text
        text = normalise_article(cell)
        match = _FLOAT_CODE.fullmatch(text) if self.float_codes else None
        return match.group(1) if match else text


def _article_problem(cell, text):
    """Why an article cannot be trusted, or None."""
    if isinstance(cell, Cell) and cell.kind == "date":
        return "date_article"
    if not text:
        return "no_article"
    return "scientific_article" if is_scientific(text) else None
