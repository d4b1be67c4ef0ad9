"""Pasted lines: 'ART 10', 'ART x 10', 'ART - 10 шт', 'ART;10;шт'."""

import re
from typing import NamedTuple

from .common import OrderFile, OrderFileError, OrderRow
from .headers import label_fields
from .table import is_total
from .values import (
    NUL_MARK,
    cell_text,
    is_scientific,
    mark_evidence,
    normalise_article,
    parse_quantity,
    parse_unit,
)

# Units that may follow a quantity without any punctuation; the caller adds its
# own spellings. Behind a word that is none of these there is no quantity.
_UNIT_WORDS = """
    шт штук штука штуки уп упак упаковка упаковки упаковок кор короб коробка коробки
    коробок пач пачка пачки пачек кг г гр т тн тонна тонн м м2 м3 м² м³ мп пм п.м м.п
    пог.м км л мл компл комплект комплекта комплектов к-т набор наб набора наборов пар
    пара пары рул рулон рулона рулонов бухта бухты бухт лист листа листов меш мешок
    мешка мешков ящ ящик ящика ящиков пал паллета паллет поддон бан банка банок бут
    фл флакон туба тыс тыс.шт ед pcs pc pce piece pieces ea each unit units box boxes
    bx pack packs pk pkg pkt kg g m m2 m3 m² m³ l ml set sets pair pairs roll rolls
    carton cartons ctn pallet pallets plt bag bags dozen"""
UNITS = frozenset(_UNIT_WORDS.split())
_MULTIPLY = frozenset("xх×*XХ")
_SIGNS = _MULTIPLY | frozenset("-–—=:")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_GLUED_SIGN = re.compile(r"[xх×*XХ]([0-9].*)", re.DOTALL)
_GLUED_UNIT = re.compile(r"([0-9][0-9.,']*)([^\W\d_].*)", re.DOTALL)
_COMMA_LINE = re.compile(r"([^\s,][^,]*),([0-9][0-9.,]*)")
_NUMBER_HEAD = re.compile(r"[-\u2212+]?[0-9.,]")
_LAST_GROUP = re.compile(r"0[0-9]{2}(?:[.,][0-9]+)?")


class _Parts(NamedTuple):
    """A line cut into its parts; doubtful when it may be cut wrongly."""

    article: str
    quantity: str = ""
    unit: str = ""
    note: str = ""
    doubtful: bool = False


def read_lines(text, limits, units=(), source="text", encoding=None):
    """Order lines of a text in which every line stands for itself.

    :param units: further spellings of units
    :return: OrderFile; ``row`` is the number of the line, from 1
    """
    known = UNITS | {_unit_key(unit) for unit in units}
    result = OrderFile([], [], source, encoding=encoding)
    lines = _split(text, limits)
    marks = mark_evidence(line.split()[-1] for line in lines if line)
    for number, line in enumerate(lines, 1):
        first = not result.rows and number < len(lines)
        reason = _skip_reason(line, first)
        if reason:
            result.skipped.append((number, reason))
            if reason == "header":
                result.header_row = number
        else:
            result.rows.append(_read_line(number, line, known, marks, limits))
    if not result.rows:
        raise OrderFileError("no_rows" if result.skipped else "empty")
    return result


def _split(text, limits):
    """Clean lines without the blank ones at the end, refusing too many early."""
    lines, filled = [], 0
    for match in _LINE.finditer(text.rstrip()):
        line = cell_text(match.group())
        lines.append(line)
        filled += bool(line)
        row = len(lines)
        if filled > limits.max_rows or row - filled > limits.max_blank_rows:
            raise OrderFileError("too_many_rows", limit=limits.max_rows, row=row)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _skip_reason(line, first):
    if not line:
        return "empty"
    cells = _cells(line)
    words = cells if len(cells) > 1 else line.split()
    if first and _is_header(words):
        return "header"
    if is_total(words[0]) and not any(map(_code_like, words[1:])):
        return "total"
    return None


def _code_like(word):
    """Letters and digits: an article, so that the line is no total."""
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def _is_header(words):
    """'Артикул Кол-во'; a line with a number in it is data ('ART 10 шт')."""
    if any(char.isdigit() for word in words for char in word):
        return False
    fields = {name for word in words for name, _rank in label_fields(word)[0]}
    return "article" in fields and (len(words) == 1 or "quantity" in fields)


def _cells(line):
    """Cells of a line with tabs or semicolons in it, else the line."""
    for delimiter in "\t;":
        if delimiter in line.rstrip(" ;"):
            return [cell.strip() for cell in line.split(delimiter)]
    return [line]


def _read_line(number, line, units, marks, limits):
    if len(line) > limits.max_cell_chars:
        cut = line[: limits.max_cell_chars]
        return OrderRow(number, normalise_article(cut), problem="too_long")
    cells = _cells(line)
    parts = _from_cells(cells, units) if len(cells) > 1 else _from_words(line, units)
    value, unit, problem = parse_quantity(
        parts.quantity, *marks, maximum=limits.max_quantity
    )
    if parts.doubtful:
        value, problem = None, "ambiguous_quantity"
    article = normalise_article(parts.article)
    return OrderRow(
        row=number,
        article=article,
        quantity=value,
        quantity_raw=parts.quantity,
        unit=unit or parts.unit,
        note=parts.note,
        problem=_problem(line, article) or problem,
    )


def _problem(line, article):
    if NUL_MARK in line:
        return "nul_byte"
    if not article:
        return "no_article"
    return "scientific_article" if is_scientific(article) else None


def _from_cells(cells, units):
    """Article first, then the first cell that reads as a quantity."""
    article, *rest = cells
    rest = [cell for cell in rest if cell]
    if not rest:
        return _Parts(article)
    places = [i for i, cell in enumerate(rest) if _NUMBER_HEAD.match(cell)]
    readable = [i for i in places if parse_quantity(rest[i])[0] is not None]
    # Whatever stands in the second cell was meant to be the quantity.
    place = (readable or places or [0])[0]
    others = rest[:place] + rest[place + 1 :]
    unit = next((cell for cell in others if _unit_key(cell) in units), "")
    if not unit and len(rest) > place + 1 and parse_unit(rest[place + 1]):
        unit = rest[place + 1]
    if unit:
        others.remove(unit)
    return _Parts(article, rest[place], unit, " ".join(others))


def _from_words(line, units):
    """Cut a line of words: the last number is the quantity."""
    line = line.rstrip(" ,;")
    words = [word for word in line.split(" ") if word]
    match = _COMMA_LINE.fullmatch(line)
    if match and (len(words) == 1 or not _NUMBER_HEAD.match(words[-1])):
        # 'ART,10'; of 'ART,1,5' nobody knows
        return _Parts(*match.groups(), doubtful="," in match.group(2))
    rest, unit = _cut_unit(words, units)
    if len(rest) > 1:
        glued = _GLUED_SIGN.fullmatch(rest[-1])
        if glued:
            rest = [*rest[:-1], glued.group(1)]
        if _NUMBER_HEAD.match(rest[-1]) and _is_number(rest[-1]):
            return _Parts(*_cut_quantity(list(rest)), unit)
    return _quantity_first(words, units) or _Parts(line)


def _cut_unit(words, units):
    """Take a known unit off the end, glued to the number or not."""
    for size in (2, 1):
        tail = words[-size:]
        if len(words) > size + 1 and _unit_key("".join(tail)) in units:
            return words[:-size], " ".join(tail)
    glued = _GLUED_UNIT.fullmatch(words[-1]) if len(words) > 1 else None
    if glued and _unit_key(glued.group(2)) in units:
        return [*words[:-1], glued.group(1)], glued.group(2)
    return words, ""


def _cut_quantity(words):
    """Take the number off the end: (article, quantity text)."""
    raw = words.pop()
    if _LAST_GROUP.fullmatch(raw):
        # '1 000': no quantity starts with a zero, so the groups belong together
        while len(words) > 1 and re.fullmatch("[0-9]{1,3}", words[-1]):
            group = words.pop()
            raw = f"{group} {raw}"
            if len(group) < 3:
                break
    while len(words) > 1 and words[-1] in _SIGNS:
        words.pop()
    return " ".join(words).rstrip(",:=;"), raw


def _is_number(word):
    return parse_quantity(word)[2] not in ("bad_quantity", "no_quantity")


def _quantity_first(words, units):
    """'10 x ART' and '10 шт ART-1': only with a sign or a known unit."""
    if len(words) < 3 or not _is_number(words[0]):
        return None
    article = " ".join(words[2:])
    if words[1] in _MULTIPLY:
        return _Parts(article, words[0])
    if _unit_key(words[1]) in units:
        return _Parts(article, words[0], words[1])
    return None


def _unit_key(unit):
    """Unit as it is compared: lower case, no outer points."""
    return unit.casefold().replace(" ", "").strip(".,;()")
