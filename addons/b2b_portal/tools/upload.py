# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Uploads by strangers: size and type are judged by the content alone."""

import re
from pathlib import PurePosixPath

from odoo.tools.mimetypes import guess_mimetype

MAX_BYTES = 10 * 1024 * 1024
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# content type -> extensions, the first one is given to a file without any of them
PAPER_TYPES = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    _WORD: ("docx",),
    _SHEET: ("xlsx",),
}


class UploadError(Exception):
    """Why a file is refused; ``code``: 'empty', 'size' or 'type'."""

    def __init__(self, code, name):
        super().__init__(code)
        self.code = code
        self.name = name


def read_upload(storage, types=None, max_bytes=MAX_BYTES):
    """Read one uploaded file, never more of it than is allowed.

    The type is that of the content (python-magic through core); what the browser
    says and the file's extension count for nothing, so SVG and HTML do not pass
    under another name.

    :param storage: werkzeug's ``FileStorage``
    :param dict types: allowed content types, as :data:`PAPER_TYPES`
    :return: dict of name, data (bytes) and mimetype
    :raise UploadError: the file is refused
    """
    types = types or PAPER_TYPES
    name = clean_name(storage.filename or "")
    data = storage.read(max_bytes + 1)
    if not data:
        raise UploadError("empty", name)
    if len(data) > max_bytes:
        raise UploadError("size", name)
    mimetype = guess_mimetype(data)
    if mimetype not in types:
        raise UploadError("type", name)
    extensions = types[mimetype]
    if PurePosixPath(name).suffix.lower().lstrip(".") not in extensions:
        name = f"{name}.{extensions[0]}"
    return {"name": name, "data": data, "mimetype": mimetype}


def clean_name(name):
    """A file's name without path and control characters, at most 120 characters."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(char for char in name if char.isprintable()).strip(" .")
    path = PurePosixPath(name or "file")
    return path.stem[: 120 - len(path.suffix[:10])] + path.suffix[:10]
