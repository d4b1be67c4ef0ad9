"""Order forms of the seller: a price list in which the buyer fills a few quantities.

In any other file a line without a quantity is a mistake that the buyer must hear of. In
a form it is simply not ordered. A form is known by the head of its quantities.
"""

from .headers import find_header, normalise_label

# Heads that only a seller's form has: our price lists, and those of many others.
ORDER_LABELS = frozenset({"ваш заказ", "your order", "your order qty"})


def find_order_column(header):
    """The column that the buyer of a form fills; None: the file is no form.

    :param header: :class:`.headers.Header`, may be None
    """
    for column in header.candidates.get("quantity", ()) if header else ():
        if normalise_label(header.labels.get(column, "")) in ORDER_LABELS:
            return column
    return None


def make_sieve(rows, limits):
    """Tells ordered rows of a form from the others, before they are kept.

    :param rows: the first filled rows of the file
    :return: function :class:`GridRow` -> whether it is ordered; None: no form
    """
    column = find_order_column(find_header(rows, limits))
    if column is None:
        return None
    return lambda row: column < len(row.cells) and bool(row.cells[column])
