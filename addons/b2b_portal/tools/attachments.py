# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which files a customer may send, judged by name, size and content."""

from pathlib import PurePosixPath

from odoo.tools.mimetypes import guess_mimetype

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 5

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OLE = {"application/msword", "application/vnd.ms-excel", "application/x-ole-storage"}
_ZIP = {"application/zip", "application/x-zip-compressed"}
_TEXT = {"text/plain", "text/csv", "application/csv", "application/octet-stream"}
# Ending -> what the content may look like. Neither SVG nor HTML: they carry scripts.
ALLOWED = {
    "pdf": {"application/pdf"},
    "jpg": {"image/jpeg"},
    "jpeg": {"image/jpeg"},
    "png": {"image/png"},
    "webp": {"image/webp"},
    "gif": {"image/gif"},
    "doc": _OLE,
    "xls": _OLE,
    "docx": {f"{_OFFICE}wordprocessingml.document", *_ZIP},
    "xlsx": {f"{_OFFICE}spreadsheetml.sheet", *_ZIP},
    "odt": {"application/vnd.oasis.opendocument.text", *_ZIP},
    "ods": {"application/vnd.oasis.opendocument.spreadsheet", *_ZIP},
    "zip": _ZIP,
    "txt": _TEXT,
    "csv": _TEXT,
}
_MARKUP = (b"<html", b"<!doctype", b"<script", b"<svg", b"<?xml", b"<body", b"<iframe")
_TEXT_ENDINGS = {"txt", "csv"}


def get_problem(name, data):
    """Why a file is refused.

    :param str name: file name
    :param bytes data: at most one byte more than :data:`MAX_BYTES`
    :return: 'empty', 'size', 'type' or None: the file is good
    """
    if not data:
        return "empty"
    if len(data) > MAX_BYTES:
        return "size"
    ending = PurePosixPath(name or "").suffix.lower().lstrip(".")
    if ending not in ALLOWED:
        return "type"
    if ending in _TEXT_ENDINGS:
        start = data[:65536].lower()
        bad = b"\0" in start or any(mark in start for mark in _MARKUP)
        return "type" if bad else None
    return None if guess_mimetype(data) in ALLOWED[ending] else "type"
