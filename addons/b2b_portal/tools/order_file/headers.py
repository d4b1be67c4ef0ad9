"""Header recognition: which row names the columns, and what they mean."""

import re
from dataclasses import dataclass, field

from .common import Cell
from .values import parse_unit

# Spellings by field, the most trustworthy first: of 'Код' and 'Артикул' in one
# sheet the article is 'Артикул'. Compared after normalise_label().
_VOCABULARY = {
    "article": """артикул поставщика|ваш артикул|артикул продавца|supplier sku
        |supplier code|vendor sku|vendor code|артикул|арт|артикул товара
        |артикул номенклатуры|артикулы|sku|sku code|article|article number|article no
        |articles|art|art no|part number|part no|partnumber|part|p n|pn|mpn
        |каталожный номер|кат номер|номер по каталогу|catalog number|catalogue number
        |item number|item no|item code|product code|product number|product no|item
        |internal reference|default code|код товара|код номенклатуры|код продукции
        |код изделия|код артикула|товарный код|номенклатурный номер|ном номер|код
        |code|reference|ref|шифр|обозначение|модель|model|артикул производителя
        |код производителя|номенклатура|номенклатура поставщика""",
    "barcode": """штрихкод|штрих код|штрихкод товара|штрих код товара|шк|ean|ean13
        |ean 13|ean code|gtin|barcode|bar code|upc""",
    "quantity": """ваш заказ|your order|your order qty|заказ|к заказу|заказать
        |заказано|количество к заказу
        |количество заказа|кол во к заказу|кол во заказ|заказ кол во
        |заказ количество|количество заказ|order qty|order quantity|qty ordered
        |quantity ordered|qty to order|ordered|order|количество|кол во|количество товара
        |колво|кол|к во|qty|quantity|quantities|q ty|quant|заявка|потребность
        |требуется|нужно|надо|шт|штук|pcs""",
    "unit": """ед изм|единица измерения|единицы измерения|ед измерения|единица|единицы
        |ед|еи|е и|ед изм товара|единица изм|unit|units|uom|unit of measure|measure""",
    "name": """наименование|наименование товара|название|название товара
        |наименование номенклатуры|наименование продукции|товар|товары
        |товары работы услуги|продукция|name|product name|item name|product
        |description|product description|описание|номенклатура""",
    "note": """примечание|примечания|комментарий|комментарии|коммент|note|notes|comment
        |comments|remark|remarks|пометка|пометки""",
    "line_no": """№|№ п п|n|n п п|no|#|номер|номер п п|п п|номер строки|№ строки|line
        |line no|№ №|№№|nn|пп""",
}
# Columns that are known and of no use: never taken for a quantity by guess.
_IGNORED_STARTS = """цена|сумма|стоимость|итого|всего|price|amount|total|ндс|vat|tax
    |скидка|discount|вес|масса|объем|weight|volume|остат|налич|доступ|склад|свободн
    |резерв|stock|available|avail|on hand|кратн|упак|в упак|в кор|норма упак|мин|min
    |pack|box|ррц|мрц|рознич|опт|бренд|марка|производител|brand|manufacturer|страна
    |country|гтд|дата|date|срок|фото|photo|image|ссылка|url|link|категория|группа
    |category|валюта|currency|код тн вэд|тн вэд|окпд|курс|размер|size"""
_IGNORED = tuple(word.strip() for word in _IGNORED_STARTS.split("|"))
# 'Кол-во в упаковке', 'Кол-во на складе': a count, but not what is ordered.
_NOT_ORDERED = re.compile(
    r"\b(упак\w*|уп|короб\w*|кор|паллет\w*|остат\w*|налич\w*|склад\w*|мин\w*|крат\w*"
    r"|резерв\w*|доступ\w*|pack\w*|box|carton|pallet|stock|min\w*|multiple|available"
    r"|hand|№|номер|дата|number|date|no)\b"
)
# 'Артикул (внутренний)': a known word first, anything after it.
_STARTS = {
    "артикул": "article",
    "sku": "article",
    "part number": "article",
    "штрихкод": "barcode",
    "штрих код": "barcode",
    "ean": "barcode",
    "количество": "quantity",
    "кол во": "quantity",
    "qty": "quantity",
    "quantity": "quantity",
    "заказ": "quantity",
    "ед изм": "unit",
    "наименование": "name",
    "название": "name",
    "примечание": "note",
    "комментарий": "note",
}
_MAX_LABEL = 60
_SCORE = {"article": 4, "quantity": 4, "unit": 2, "barcode": 2, "name": 2, "note": 1}


def _spellings():
    known = {}
    for name, text in _VOCABULARY.items():
        for rank, word in enumerate(text.split("|")):
            known.setdefault(" ".join(word.split()), []).append((name, rank))
    return known


_KNOWN = _spellings()


@dataclass
class Header:
    """The header rows and, by field, the columns that may be it, best first."""

    first: int  # index into the list of filled rows
    last: int
    candidates: dict[str, list[int]] = field(default_factory=dict)
    # Label by column, also of those that mean nothing to us.
    labels: dict[int, str] = field(default_factory=dict)
    ignored: set[int] = field(default_factory=set)
    unit: str = ""  # 'Кол-во, шт': the unit of lines that name none
    score: int = 0


def normalise_label(text):
    """Header cell as it is compared: lower case, letters and digits only."""
    text = text.casefold().replace("ё", "е")
    return " ".join(re.findall(r"[^\W_]+|[№#]", text))


def label_fields(text):
    """Meanings of a header cell: ([(field, rank)], unit named in it).

    The field 'ignored' stands for a column that is known and of no use.
    """
    label = normalise_label(text[: _MAX_LABEL + 1])
    if not label or len(text) > _MAX_LABEL:
        return [], ""
    if label in _KNOWN:
        return _KNOWN[label], ""
    for start, name in _STARTS.items():
        if label.startswith(start + " "):
            return _started(name, label[len(start) :].strip(), text)
    if label.startswith(_IGNORED):
        return [("ignored", 0)], ""
    return [], ""


def _started(name, rest, text):
    """A known word with more behind it, e.g. 'Количество, шт'."""
    if name != "quantity":
        return [(name, 90)], ""
    unit = _label_unit(text)
    if unit:
        return [(name, 40)], unit
    if _NOT_ORDERED.search(rest):
        return [("ignored", 0)], ""
    return [(name, 90)], ""


def _label_unit(text):
    """'шт' of 'Кол-во, шт.' and 'Заказ (шт)'; '' when none is named so."""
    match = re.fullmatch(r"[^,(]{1,40}[,(]\s*([^,()]{1,10})\)?\s*", text)
    unit = parse_unit(match.group(1)) if match else None
    return unit if unit and " " not in unit else ""


def find_header(rows, limits):
    """Best header among the first rows, or None.

    A header is one row, or two when a table heads 'Заказ' over 'Кол-во' and
    'Ед.'. It names the article and something else, or is the only cell of a
    one-column list, or names the quantity beside an unknown word.
    """
    best = None
    top = rows[: limits.header_rows]
    for index, row in enumerate(top):
        header = _header_of([row], index)
        if index + 1 < len(top) and top[index + 1].number == row.number + 1:
            header = _with_next(header, top[index : index + 2])
        if header.score and (best is None or header.score > best.score):
            best = header
            # A richer header further down must not turn data into a title.
            if {"article", "quantity"} <= header.candidates.keys():
                break
    return best


def _with_next(single, rows):
    """The two-row reading, if it names more than each of its rows alone."""
    double = _header_of(rows, single.first)
    alone = max(single.score, _header_of(rows[1:], single.first + 1).score)
    return double if double.score > alone + 1 else single


def _header_of(rows, first):
    """Read one or two rows as a header; score 0 when they are none."""
    header = Header(first, first + len(rows) - 1)
    found = {}
    for row in rows:
        _read_labels(row, header, found)
    for name, places in found.items():
        header.candidates[name] = [column for _rank, column in sorted(places)]
    header.score = _score(header)
    return header


def _read_labels(row, header, found):
    for column, cell in enumerate(row.cells):
        if not cell or isinstance(cell, Cell):
            continue
        header.labels[column] = cell
        meanings, unit = label_fields(cell)
        for name, rank in meanings:
            if name == "ignored":
                header.ignored.add(column)
            else:
                found.setdefault(name, []).append((rank, column))
        header.unit = header.unit or unit


def _score(header):
    """Points of what is recognised in different columns, 0 for no header."""
    columns = header.candidates
    score, used = 0, set()
    for name, points in _SCORE.items():
        free = [column for column in columns.get(name, ()) if column not in used]
        if free:
            used.add(free[0])
            score += points
    score += min(len(header.ignored), 3) + (1 if columns.get("line_no") else 0)
    key = columns.get("article") or columns.get("barcode")
    if key and (score > 4 or len(header.labels) == 1):
        return score
    if columns.get("quantity") and len(header.labels) > 1 and score > 4:
        return score
    return 0
