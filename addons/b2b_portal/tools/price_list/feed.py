"""A feed of prices in the formats that programs read, streamed row by row.

YML is Yandex Market Language: https://yandex.ru/support/marketplace/assortment/files/
"""

import csv
import io
import json
from itertools import islice
from xml.sax.saxutils import escape, quoteattr

FEED_FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "yml": "application/xml; charset=utf-8",
}
# Columns of the CSV, in order; programs go by these names, so they stay as they are.
FIELDS = (
    "id",
    "article",
    "barcode",
    "name",
    "section",
    "brand",
    "unit",
    "minimum",
    "multiple",
    "retail",
    "price",
    "special",
    "special_until",
    "stock",
    "photo",
    "changed_at",
    "deleted",
)
_CHUNK = 500


def write_feed(file_format, head, rows):
    """The feed as texts to send.

    :param str file_format: a key of :data:`FEED_FORMATS`
    :param dict head: shop, url, currency, generated (ISO), since (ISO or None),
        sections (list of (id, parent id or None, name))
    :param rows: iterable of dicts with :data:`FIELDS`, ``section_id`` and
        ``properties`` (dict label -> text)
    :return: generator of bytes
    """
    writer = {"csv": _write_csv, "json": _write_json, "yml": _write_yml}[file_format]
    texts = writer(head, rows)
    while chunk := "".join(islice(texts, _CHUNK)):
        yield chunk.encode()


def _write_csv(_head, rows):
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")

    def take():
        text = target.getvalue()
        target.seek(0)
        target.truncate()
        return text

    writer.writerow(FIELDS)
    yield take()
    for row in rows:
        writer.writerow(
            ["" if row.get(name) is None else row[name] for name in FIELDS[:-1]]
            + [1 if row["deleted"] else 0]
        )
        yield take()


def _write_json(head, rows):
    values = {key: head[key] for key in ("shop", "currency", "generated", "since")}
    yield json.dumps(values, ensure_ascii=False)[:-1] + ', "products": ['
    mark = "\n"
    for row in rows:
        values = {name: row.get(name) for name in FIELDS}
        values["properties"] = row.get("properties") or {}
        yield mark + json.dumps(values, ensure_ascii=False)
        mark = ",\n"
    yield "\n]}\n"


def _write_yml(head, rows):
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<yml_catalog date={quoteattr(head['generated'])}>\n<shop>\n"
    yield _tag("name", head["shop"]) + _tag("company", head["shop"])
    yield _tag("url", head["url"])
    yield f'<currencies><currency id={quoteattr(head["currency"])} rate="1"/>'
    yield "</currencies>\n<categories>\n"
    for section_id, parent_id, name in head["sections"]:
        parent = f' parentId="{parent_id}"' if parent_id else ""
        yield f'<category id="{section_id}"{parent}>{escape(name)}</category>\n'
    yield "</categories>\n<offers>\n"
    for row in rows:
        yield _offer(row, head["currency"])
    yield "</offers>\n</shop>\n</yml_catalog>\n"


def _offer(row, currency):
    if row["deleted"]:
        offer = f'<offer id="{row["id"]}" available="false">'
        return f"{offer}<count>0</count></offer>\n"
    stock = row.get("stock")
    # where figures are not told there is a text such as '>100'
    stock = None if isinstance(stock, str) else stock
    available = "false" if stock is not None and stock <= 0 else "true"
    parts = [f'<offer id="{row["id"]}" available="{available}">']
    parts.append(_tag("name", row["name"]))
    parts.append(_tag("vendor", row.get("brand")))
    parts.append(_tag("vendorCode", row.get("article")))
    parts.append(_tag("price", row.get("price")))
    parts.append(_tag("currencyId", currency))
    parts.append(_tag("categoryId", row.get("section_id") or None))
    parts.append(_tag("picture", row.get("photo")))
    parts.append(_tag("barcode", row.get("barcode")))
    if stock is not None:
        parts.append(_tag("count", max(0, int(stock))))
    for label, text in (row.get("properties") or {}).items():
        parts.append(f"<param name={quoteattr(label)}>{_clean(text)}</param>")
    parts.append("</offer>\n")
    return "".join(parts)


def _clean(value):
    text = "".join(c for c in str(value) if c >= " " or c in "\t\n")
    return escape(text)


def _tag(name, value):
    if value is None or value == "":
        return ""
    return f"<{name}>{_clean(value)}</{name}>"
