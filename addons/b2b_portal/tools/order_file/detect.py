"""What a file is by its content; its name only words the refusal."""

import re

from .common import OrderFileError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# BOF records of Excel 2, 3, 4 and 5 files that have no OLE container.
_OLD_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08](?:\x04|\x06|\x08|\x10)\x00", re.DOTALL)
_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"RIFF", "media"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
    (b"{\\rtf", "rtf"),
    (b"SQLite format 3\0", "database"),
    (b"MOXCEL", "1c_mxl"),
)
# These beginnings are also letters: a text file may start with them.
_WEAK = ("bmp", "exe", "bzip2", "media")
_TABLE_NAMES = ("xlsx", "xlsm", "xltx", "xltm", "xls", "xlt", "csv", "txt", "tsv")


def detect(data, filename):
    """Kind of content: 'zip', 'ole', 'biff' or 'text'.

    :raise OrderFileError: empty, wrong_extension, not_a_spreadsheet,
        html_not_supported, ods_not_supported
    """
    if not data.strip(b"\0 \t\r\n"):
        raise OrderFileError("empty")
    if data.startswith(OLE):
        return "ole"
    if data.startswith(ZIP):
        return "zip"
    if _OLD_BIFF.match(data):
        return "biff"
    for magic, kind in _MAGIC:
        if data.startswith(magic) and (kind not in _WEAK or b"\0" in data[:512]):
            refuse(kind, filename)
    _refuse_markup(data[:8192], filename)
    return "text"


def extension(filename):
    """Lower-case extension of a file name without its point."""
    _name, point, suffix = (filename or "").rpartition(".")
    return suffix.casefold()[:10] if point else ""


def refuse(kind, filename):
    """Refuse content that is no table, naming what it is.

    :raise OrderFileError: wrong_extension when the name says it is a table
    """
    suffix = extension(filename)
    if suffix in _TABLE_NAMES:
        raise OrderFileError("wrong_extension", kind=kind, extension=suffix)
    raise OrderFileError("not_a_spreadsheet", kind=kind)


def _refuse_markup(head, filename):
    """HTML tables, SpreadsheetML 2003 and web archives called .xls, other XML."""
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith((b"mime-version:", b"from: <saved by")):
        raise OrderFileError("html_not_supported", kind="mht")
    if not text.startswith(b"<"):
        return
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        raise OrderFileError("html_not_supported", kind="xml2003")
    if b"opendocument" in text:
        raise OrderFileError("ods_not_supported")
    if re.match(rb"<(!doctype html|html|head|meta|body|table|style|div|!--)", text) or (
        b"<html" in text or b"<table" in text
    ):
        raise OrderFileError("html_not_supported", kind="html")
    if re.match(rb"<(\?xml|!doctype|[a-z][a-z0-9:_-]*[\s/>])", text):
        refuse("xml", filename)
