"""Bytes of a text file to text: UTF-8, UTF-16, cp1251, cp866."""

import codecs
import re

from .common import OrderFileError

# Longest first: the BOM of UTF-32 LE starts with that of UTF-16 LE.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f\x98]")
_CYRILLIC = re.compile("[А-яЁё]")
# In Russian text these are most of the letters, in mojibake they are few.
_FREQUENT = re.compile("[оеаинтсрвлкмдпу]", re.IGNORECASE)
_SAMPLE = 64 * 1024
# A few bytes cut by a program that counts bytes, not characters.
_MAX_DAMAGED = 0.01


def decode(data):
    """Text of a file and the name of its encoding.

    :raise OrderFileError: not_a_spreadsheet when no encoding gives a text
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(data.decode(encoding, "replace"), encoding)
    encoding = _utf16_without_bom(data[:_SAMPLE])
    if encoding:
        return _checked(data.decode(encoding, "replace"), encoding)
    try:
        return _checked(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data)


def _utf16_without_bom(head):
    """UTF-16 of an ASCII-rich text has a zero in every second byte."""
    if len(head) < 4 or b"\0" not in head:
        return None
    half = len(head) // 2
    zeros = [head[offset::2].count(0) / half for offset in (0, 1)]
    if zeros[1] > 0.3 and zeros[0] < 0.02:
        return "utf-16-le"
    if zeros[0] > 0.3 and zeros[1] < 0.02:
        return "utf-16-be"
    return None


def _decode_legacy(data):
    """UTF-8 with a few broken bytes, else the likelier of the old code pages."""
    text = data[: 4 * _SAMPLE].decode("utf-8", "replace")
    broken, letters = text.count("\ufffd"), len(_CYRILLIC.findall(text))
    if letters and broken <= max(2, letters * _MAX_DAMAGED):
        return _checked(data.decode("utf-8", "replace"), "utf-8")
    head = _letters(data)
    windows, dos = (_plausibility(head, name) for name in ("cp1251", "cp866"))
    encoding = "cp866" if dos > windows + 0.2 else "cp1251"
    if max(windows, dos) < 0.35:
        raise OrderFileError("not_a_spreadsheet", kind="binary")
    return _checked(data.decode(encoding, "replace"), encoding)


def _letters(data):
    """The bytes that differ between code pages, of the first part that has any."""
    return bytes(byte for byte in data[: 16 * _SAMPLE] if byte >= 0x80)[:_SAMPLE]


def _plausibility(head, encoding):
    """Share of frequent Russian letters among the characters beyond ASCII."""
    text = head.decode(encoding, "replace")
    text = re.sub("[№«»–—°±×\u00a0\u2026\u2019\u201c\u201d\u201e]", "", text)
    if len(text) < 3:  # quotes and dashes alone prove nothing
        return 1 if encoding == "cp1251" else 0
    known = len(_FREQUENT.findall(text)) + 0.5 * len(_CYRILLIC.findall(text))
    # 'ГЎГ®Г«ГІ' is a lot of capitals inside words; Russian is mostly lower case.
    capitals = sum(map(str.isupper, text)) / len(text)
    return known / len(text) / (1.5 if capitals > 0.6 else 1)


def _checked(text, encoding):
    """The text, unless it is full of control characters: then it is none."""
    head = text[:_SAMPLE]
    if head and len(_CONTROL.findall(head)) > max(1, len(head) * 0.005):
        raise OrderFileError("not_a_spreadsheet", kind="binary")
    return text, encoding
