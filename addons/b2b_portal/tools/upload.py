# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which uploaded papers we keep: decided by the content, never by the name.

Pure Python, no Odoo. Codes only, no sentences: the Odoo layer translates.
"""

import io
import re
import zipfile

import magic

MB = 1024 * 1024
MAX_BYTES = 20 * MB
MAX_FILES = 10
_HEAD = 64 * 1024
_MAX_ENTRIES = 5000
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{_OFFICE}.wordprocessingml.document"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
EXTENSIONS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    DOCX: "docx",
    XLSX: "xlsx",
}
# What the file must begin with too: libmagic also finds a PDF behind other content.
_SIGNATURES = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}
_ACTIVE = re.compile(r"vbaproject|/activex/|/embeddings/|\.exe$|\.js$", re.IGNORECASE)


class UploadError(Exception):
    """A file that is not kept.

    :param code: 'empty', 'too_large', 'bad_type', 'macros' or 'damaged'
    """

    def __init__(self, code):
        self.code = code
        super().__init__(code)


def read_upload(storage, max_bytes=MAX_BYTES):
    """Read and judge one file of a form, never more of it than is allowed.

    :param storage: werkzeug's ``FileStorage``
    :return: dict of name, data (bytes) and mimetype
    :raise UploadError: the file is not kept
    """
    data = storage.read(max_bytes + 1)
    mimetype, name = check_upload(data, storage.filename, max_bytes)
    return {"name": name, "data": data, "mimetype": mimetype}


def check_upload(data, filename="", max_bytes=MAX_BYTES):
    """Judge an uploaded file.

    :param bytes data: at most ``max_bytes`` + 1 of them: more is not needed to refuse
    :param str filename: as the browser sent it
    :return: (mimetype, file name that is safe to keep and to offer)
    :raise UploadError: the file is not kept
    """
    if not data:
        raise UploadError("empty")
    if len(data) > max_bytes:
        raise UploadError("too_large")
    if data.startswith(b"PK\x03\x04"):
        mimetype = _office_type(data)
    else:
        mimetype = magic.from_buffer(data[:_HEAD], mime=True)
        signature = _SIGNATURES.get(mimetype)
        if not signature or not data.startswith(signature):
            raise UploadError("bad_type")
    return mimetype, _safe_name(filename, EXTENSIONS[mimetype])


def _office_type(data):
    """Type of a zip: a document or workbook without macros, else refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UploadError("damaged") from error
    if len(names) > _MAX_ENTRIES or "[Content_Types].xml" not in names:
        raise UploadError("bad_type")
    if any(_ACTIVE.search(name) for name in names):
        raise UploadError("macros")
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    raise UploadError("bad_type")


def _safe_name(filename, extension):
    """The name without folders and control characters, with the true extension."""
    name = re.split(r"[\\/]", filename or "")[-1]
    stem = name.rpartition(".")[0] or name
    stem = re.sub(r'[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]', "_", stem)
    return f"{stem.strip(' .')[:100] or 'file'}.{extension}"
