# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Parser of the daily official rates of the Bank of Russia.

Pure Python, no Odoo. Format: ``<ValCurs Date="24.11.2026" …>`` with one ``<Valute>``
per currency that holds ``CharCode``, ``Nominal`` and ``Value`` (roubles for so many
units, decimal comma); usually in windows-1251. Source: the Bank's description of
its XML feeds, https://www.cbr.ru/development/SXML/.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

MAX_BYTES = 1024 * 1024
MAX_CURRENCIES = 500
_CODE = re.compile(r"[A-Z]{3}")
_VALUE = re.compile(r"[0-9]{1,9}(?:,[0-9]{1,10})?")
_NOMINAL = re.compile(r"[1-9][0-9]{0,6}")


class CbrError(ValueError):
    """The feed is not what the Bank publishes; the text says why."""


@dataclass(frozen=True)
class CbrRate:
    """``value`` roubles for ``nominal`` units of the currency ``code``."""

    code: str
    nominal: int
    value: Decimal

    @property
    def unit_rate(self):
        """Roubles for one unit (float)."""
        return float(self.value / self.nominal)


def parse_cbr_rates(data):
    """Read a feed.

    :param bytes data: the document as it came
    :return: (date of the rates, dict code -> :class:`CbrRate`)
    :raise CbrError: for anything that is no such feed; half a feed is never returned
    """
    root = _parse(data)
    if root.tag != "ValCurs":
        raise CbrError(f"the root is <{str(root.tag)[:50]}>, not <ValCurs>")
    day = _parse_date(root.get("Date", ""))
    rates = {}
    for element in root.iterchildren(tag=etree.Element):
        if element.tag != "Valute":
            raise CbrError(f"unexpected element <{str(element.tag)[:50]}>")
        rate = _parse_rate(element)
        if rate.code in rates:
            raise CbrError(f"{rate.code} stands there twice")
        rates[rate.code] = rate
        if len(rates) > MAX_CURRENCIES:
            raise CbrError("too many currencies")
    if not rates:
        raise CbrError("there are no rates")
    return day, rates


def _parse(data):
    """The root element; no entity is expanded, nothing is loaded."""
    if not data or not data.strip():
        raise CbrError("the answer is empty")
    if len(data) > MAX_BYTES:
        raise CbrError("the answer is too long")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise CbrError("a document type is not expected")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise CbrError(f"not well-formed XML: {str(error)[:200]}") from error
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise CbrError("a document type is not expected")
    return root


def _parse_date(text):
    try:
        day = datetime.strptime(text.strip(), "%d.%m.%Y").date()
    except ValueError as error:
        raise CbrError(f"“{text[:50]}” is not a date") from error
    if not date(1992, 7, 1) <= day <= date(2200, 1, 1):
        raise CbrError(f"the date {text[:50]} is out of range")
    return day


def _parse_rate(element):
    """One ``<Valute>`` as a :class:`CbrRate`."""
    code = _text(element, "CharCode")
    if not _CODE.fullmatch(code):
        raise CbrError(f"“{code[:20]}” is not a currency code")
    nominal, value = _text(element, "Nominal"), _text(element, "Value")
    if not _NOMINAL.fullmatch(nominal):
        raise CbrError(f"{code}: “{nominal[:20]}” is not a number of units")
    if not _VALUE.fullmatch(value):
        raise CbrError(f"{code}: “{value[:20]}” is not a rate")
    number = Decimal(value.replace(",", "."))
    if not number:
        raise CbrError(f"{code}: the rate is zero")
    return CbrRate(code, int(nominal), number)


def _text(element, name):
    found = element.findall(name)
    if len(found) != 1:
        raise CbrError(f"<{name}> stands {len(found)} times in a currency")
    return (found[0].text or "").strip()
