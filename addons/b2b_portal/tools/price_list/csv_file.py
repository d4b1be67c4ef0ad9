"""A price list as CSV: UTF-8 with a mark, semicolons, as Excel opens it by a click."""

import csv
import io

# A cell that begins so is a formula to a spreadsheet program.
_FORMULA = ("=", "@", "\t", "\r")


def write_csv(target, layout, rows, count=0):
    """Write a price list.

    Head in the first row and nothing above it: programs read this file too. Numbers are
    written without thousands marks, with the decimal mark of the language.

    :param target: binary file, open for writing
    :param layout: :class:`Layout`
    :param rows: iterable of rows, see :class:`Layout`
    """
    text = io.TextIOWrapper(target, "utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    columns = [
        (place, column)
        for place, column in enumerate(layout.columns, start=1)
        if column.kind != "sum"
    ]
    writer.writerow([column.label for _place, column in columns])
    spell = [(place, _get_speller(layout, column)) for place, column in columns]
    writer.writerows([put(row[place]) for place, put in spell] for row in rows)
    text.flush()
    text.detach()


def _get_speller(layout, column):
    """Function that turns a value of the column into text."""
    point = layout.decimal_point
    if column.kind == "money":
        places = layout.decimals

        def spell(value):
            return "" if value is None else f"{value:.{places}f}".replace(".", point)

        return spell
    if column.kind == "quantity":

        def spell(value):
            if value is None or isinstance(value, str):
                return value or ""
            return f"{value:.3f}".rstrip("0").rstrip(".").replace(".", point)

        return spell

    def spell(value):
        if not value:
            return ""
        return "'" + value if value.startswith(_FORMULA) else value

    return spell
