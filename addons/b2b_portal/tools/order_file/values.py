"""Articles, quantities and cell texts: from what people write to values."""

import math
import re
import unicodedata
from datetime import datetime, timedelta
from decimal import Decimal

from .common import DEFAULT_LIMITS, Cell, NumberFormat

NUL_MARK = "\u2400"  # stands for a NUL byte, which PostgreSQL cannot store

# Any of these is a space in a number: NBSP, figure, thin, narrow NBSP, tab ...
_SPACES = dict.fromkeys(map(ord, "\t\u00a0\u2002\u2003\u2007\u2008\u2009\u202f"), " ")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_APOSTROPHES = dict.fromkeys(map(ord, "\u2019\u02bc\u2032`"), "'")
_QUANTITY_TABLE = _SPACES | _INVISIBLE | _APOSTROPHES
_MINUS = "-\u2212\u2013\u2014"
_MAX_QUANTITY_CHARS = 64

_QUANTITY = re.compile(r"([0-9][0-9 '.,]*|[.,][0-9]+)(.*)", re.DOTALL)
_SPACED = re.compile(r"[0-9]{1,3}([ '])[0-9]{3}(?:\1[0-9]{3})*(?:[.,][0-9]+)?")
_COMMA_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_POINT_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_PLAIN = re.compile(r"[0-9]*(?:[.,][0-9]+)?")
_UNIT = re.compile(r"[^\W\d_][^\W\d_ ./()-]*(?:[ ./()-]+[^\W\d_]*)*[23²³]?")
_MAX_UNIT_CHARS = 20

# 4,60712E+12 lost its digits; 12E5 may well be an article.
_SCIENTIFIC = re.compile(r"[0-9][.,][0-9]+[eEеЕ]\+?[0-9]{1,3}|[0-9][eEеЕ]\+[0-9]{1,3}")
_FORMULA_TEXT = re.compile(r'="([^"]*)"')  # ="00123" of CSV made for Excel
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPREADSHEET_ERRORS = (
    *("#REF!", "#N/A", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#DIV/0!", "#SPILL!"),
    *("#ССЫЛКА!", "#Н/Д", "#ЗНАЧ!", "#ИМЯ?", "#ПУСТО!", "#ЧИСЛО!", "#ДЕЛ/0!", "#CALC!"),
)


def clean_text(text):
    """Text that can be stored: no NUL, no lone surrogate, no outer space."""
    if "\0" in text:
        text = text.replace("\0", NUL_MARK)
    if not text.isascii():
        text = _SURROGATES.sub("\ufffd", text)
    return text.strip()


def cell_text(text):
    """Text of a CSV or pasted cell, with Excel's ="00123" unwrapped."""
    text = clean_text(text)
    if text.startswith('="'):
        match = _FORMULA_TEXT.fullmatch(text)
        if match:
            return match.group(1).strip()
    return text


def is_error_text(text):
    """Whether a spreadsheet program wrote this instead of a value."""
    return text.startswith("#") and (
        text.upper() in _SPREADSHEET_ERRORS or not text.strip("#")
    )


def normalise_article(text):
    """Article as it is looked up; the catalogue's side must use it as well.

    NFKC, no invisible characters, one space for any white space, no leading
    apostrophe (Excel's mark for text); the case is kept.
    """
    text = unicodedata.normalize("NFKC", clean_text(text))
    if not text.isprintable():
        text = "".join(
            " " if unicodedata.category(char) == "Cc" else char
            for char in text
            if unicodedata.category(char) != "Cf"
        )
    return " ".join(text.split()).lstrip("' ")


def is_scientific(text):
    """Whether Excel's display of a long number replaced the number itself."""
    return _SCIENTIFIC.fullmatch(text) is not None


def parse_quantity(text, decimal="", grouping="", maximum=DEFAULT_LIMITS.max_quantity):
    """Read a quantity such as '1 000,5', '1.000,50' or '12 шт'.

    A single comma or point with three digits after it ('1,000', '1.000') is
    one thousand to some and one to others: '0,500' and '1 000,500' are clear,
    '1,000' is not, so it is refused as ambiguous unless the caller knows better
    from the rest of the file.

    :param decimal: characters of ',.' that are decimal marks in this file
    :param grouping: characters of ',.' that group thousands in this file
    :param maximum: the largest sensible quantity
    :return: (Decimal or None, unit text or '', problem code or None); the
        value is set only when there is no problem
    """
    text = text.translate(_QUANTITY_TABLE).strip().lstrip("'").strip()
    if not text:
        return None, "", "no_quantity"
    negative = text[0] in _MINUS
    match = _QUANTITY.fullmatch(text[1:].lstrip() if negative else text)
    if not match or len(text) > _MAX_QUANTITY_CHARS:
        return None, "", "bad_quantity"
    unit = parse_unit(match.group(2))
    value, problem = _parse_number(match.group(1).strip(), decimal, grouping)
    if unit is None:
        return None, "", "bad_quantity"
    problem = problem or _range_problem(value, negative, maximum)
    return (None if problem else value), unit, problem


def number_quantity(cell, maximum=DEFAULT_LIMITS.max_quantity):
    """Like :func:`parse_quantity`, of a number cell: nothing is ambiguous."""
    unit = cell.format.unit if cell.format else ""
    if cell.kind != "number":
        return None, "", "bad_quantity"
    if "E" in cell.text:
        negative = cell.text.startswith("-")
        return None, unit, "negative_quantity" if negative else "huge_quantity"
    value = Decimal(cell.text)
    problem = _range_problem(abs(value), value < 0, maximum)
    return (None if problem else value), unit, problem


def parse_unit(text):
    """Unit behind a number: '' for nothing, None when it is no unit."""
    unit = text.strip()
    if unit.startswith("(") and unit.endswith(")"):
        unit = unit[1:-1].strip()
    if not unit:
        return ""
    if len(unit) > _MAX_UNIT_CHARS or not _UNIT.fullmatch(unit):
        return None
    if unit[-1] in "23" and unit[-2:-1].lower() not in ("м", "m"):
        return None  # "e3" of 1e3, "x2" of 5x2
    return unit


def _range_problem(value, negative, maximum):
    if value == 0:
        return "zero_quantity"
    if negative:
        return "negative_quantity"
    return "huge_quantity" if value > maximum else None


def _parse_number(text, decimal, grouping):
    """Digits with marks -> (Decimal, None) or (None, problem)."""
    if " " in text or "'" in text:
        if not _SPACED.fullmatch(text):
            return None, "bad_quantity"
        return _decimal(text.replace(" ", "").replace("'", "")), None
    marks = text.count(",") + text.count(".")
    if marks > 1:
        if _COMMA_GROUPS.fullmatch(text):
            return _decimal(text.replace(",", "")), None
        if _POINT_GROUPS.fullmatch(text):
            return _decimal(text.replace(".", "")), None
        return None, "bad_quantity"
    if not _PLAIN.fullmatch(text):
        return None, "bad_quantity"
    if marks and _COMMA_GROUPS.fullmatch(text.replace(".", ",")):
        mark = "," if "," in text else "."
        if mark in grouping and mark not in decimal:
            text = text.replace(mark, "")
        elif mark not in decimal or mark in grouping:
            return None, "ambiguous_quantity"
    return _decimal(text), None


def _decimal(text):
    return Decimal(text.replace(",", "."))


def mark_evidence(texts):
    """What unambiguous numbers of a file prove about ',' and '.'.

    :return: (decimal, grouping): characters seen as decimal marks, characters
        seen between thousands. '12,50' proves a decimal comma, '1,000,000' a
        grouping one; a file that proves both ways stays ambiguous.
    """
    decimal, grouping = set(), set()
    for text in texts:
        match = _QUANTITY.fullmatch(text.translate(_QUANTITY_TABLE).strip())
        if not match or len(text) > _MAX_QUANTITY_CHARS:
            continue
        number = match.group(1).strip()
        if parse_unit(match.group(2)) is None or _parse_number(number, "", "")[1]:
            continue
        last = max(number.rfind(","), number.rfind("."))
        if last < 0:
            continue
        mark, other = number[last], "," if number[last] == "." else "."
        if number.count(mark) > 1:
            grouping.add(mark)
        else:
            decimal.add(mark)
            if other in number:
                grouping.add(other)
    return "".join(sorted(decimal)), "".join(sorted(grouping))


def number_cell(value, number_format=None):
    """Cell of a real number cell of a workbook.

    Fifteen significant digits are all that Excel keeps: 0.1+0.2 is shown as
    0.3, and an article of 16 digits or more stored as a number has lost some,
    so that it stays in scientific notation and is flagged later.
    """
    if number_format and number_format.is_date:
        return Cell(date_text(value), "date")
    if not math.isfinite(value):
        return Cell("#NUM!", "error")
    return Cell(plain_number(value), "number", number_format)


def date_text(serial):
    """ISO text of a date cell, for the report only (a date is never a value)."""
    try:
        moment = datetime(1899, 12, 30) + timedelta(days=serial)
    except (OverflowError, ValueError):
        return "#####"
    return moment.date().isoformat() if serial >= 1 else f"{moment:%H:%M}"


def plain_number(value):
    """Number as text: 123.0 -> '123', 4.6e12 -> all its digits, 1e15 -> 1.0E+15."""
    if abs(value) >= 1e15:
        return format(value, ".15E")
    if value == int(value):
        return str(int(value))
    if abs(value) < 1e-9:
        return "0"
    return format(Decimal(format(value, ".15g")), "f")


def article_of_number(cell):
    """Text of a number cell as its format shows it ('00000' -> 00123)."""
    fmt, text = cell.format or NumberFormat(), cell.text
    if not (fmt.digits or fmt.decimals) or "E" in text or text.startswith("-"):
        return text
    whole, _, fraction = text.partition(".")
    if len(fraction) > fmt.decimals:
        return text  # what is shown is rounded; the value is what was typed
    whole = whole.zfill(fmt.digits)
    return f"{whole}.{fraction:<0{fmt.decimals}}" if fmt.decimals else whole
