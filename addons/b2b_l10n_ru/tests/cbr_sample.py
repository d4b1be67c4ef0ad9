# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A feed in the format of the Bank of Russia, written by hand; figures invented."""

ROWS = (
    ("R01235", "840", "USD", 1, "Доллар США", "82,4015"),
    ("R01239", "978", "EUR", 1, "Евро", "95,6120"),
    ("R01375", "156", "CNY", 1, "Китайский юань", "11,5834"),
    ("R01335", "398", "KZT", 100, "Тенге", "15,7210"),
    ("R01717", "860", "UZS", 10000, "Узбекских сумов", "68,4102"),
)


def make_feed(rows=ROWS, day="24.11.2026", encoding="windows-1251", root="ValCurs"):
    """The bytes of a feed."""
    body = "".join(
        f'<Valute ID="{ident}"><NumCode>{number}</NumCode><CharCode>{code}</CharCode>'
        f"<Nominal>{nominal}</Nominal><Name>{name}</Name><Value>{value}</Value>"
        f"<VunitRate>1</VunitRate></Valute>"
        for ident, number, code, nominal, name, value in rows
    )
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        f'<{root} Date="{day}" name="Foreign Currency Market">{body}</{root}>'
    )
    return text.encode(encoding)
