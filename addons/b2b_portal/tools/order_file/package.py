"""The zip of an XLSX file, read with a budget, and its XML, without a DTD."""

import re
import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

from .common import MB, OrderFileError
from .detect import refuse

_CHUNK = 128 * 1024
_RATIO_FROM = MB  # below this a part may pack as well as it likes
# One tag of this size is no spreadsheet, and expat before 2.6 needs quadratic
# time for it.
_MAX_TOKEN = MB
# <x:worksheet>: rare, so that only then every tag is cut.
_PREFIXED = re.compile(
    rb"<[\w.-]+:(?:worksheet|sst|styleSheet|workbook|Relationships)\b"
)
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    KeyError,
    RuntimeError,
)


class Package:
    """Parts of an OPC zip; whatever is unpacked counts against one budget."""

    def __init__(self, data, limits):
        self.limits = limits
        self.spent = 0
        # Counting is done at C speed before zipfile makes an object of each.
        if data.count(b"PK\x01\x02") > limits.max_zip_entries:
            raise OrderFileError("zip_bomb", limit_mb=limits.max_unpacked_bytes // MB)
        try:
            self.zip = zipfile.ZipFile(BytesIO(data))
        except _ZIP_ERRORS as error:
            raise OrderFileError("damaged", reason="zip") from error
        self.parts = {_key(info.filename): info for info in self.zip.infolist()}
        self._check_directory()

    def _check_directory(self):
        """Refuse by what the zip says of itself, before unpacking anything."""
        infos = self.zip.infolist()
        if any(info.flag_bits & 0x1 for info in infos):
            raise OrderFileError("encrypted")
        total = sum(info.file_size for info in infos)
        limit = self.limits.max_unpacked_bytes
        if total > limit or any(map(self._too_dense, infos)):
            raise OrderFileError("zip_bomb", limit_mb=limit // MB)

    def _too_dense(self, info):
        packed = max(info.compress_size, 1)
        return (
            info.file_size > _RATIO_FROM
            and info.file_size / packed > self.limits.max_ratio
        )

    def __contains__(self, name):
        return _key(name) in self.parts

    def size(self, name):
        """Unpacked size of a part as the zip states it, 0 without the part."""
        info = self.parts.get(_key(name))
        return info.file_size if info else 0

    def chunks(self, name):
        """Unpack a part piece by piece.

        The stated sizes may lie, so the real ones are counted as well.
        """
        info = self.parts.get(_key(name))
        if info is None:
            raise OrderFileError("damaged", reason=name)
        limit = self.limits.max_unpacked_bytes
        try:
            with self.zip.open(info) as part:
                while chunk := part.read(_CHUNK):
                    self.spent += len(chunk)
                    if self.spent > limit:
                        raise OrderFileError("zip_bomb", limit_mb=limit // MB)
                    yield chunk
        except _ZIP_ERRORS as error:
            raise OrderFileError("damaged", reason=name) from error

    def head(self, name, size=256):
        """First bytes of a part, b'' without the part."""
        if name not in self:
            return b""
        return next(self.chunks(name), b"")[:size]

    def parse(self, name, start, end=None, text=None, limit=None):
        """Parse a small part as a whole with expat handlers."""
        if self.size(name) > (limit or self.limits.max_part_bytes):
            raise OrderFileError("zip_bomb", limit_mb=self.limits.max_part_bytes // MB)
        for _chunk in self.feed(name, start, end, text):
            pass

    def feed(self, name, start, end=None, text=None, squeeze=None):
        """Parse a part, yielding after every chunk so that a caller can stop.

        :param start: function(tag without prefix, dict of attributes)
        :param end: function(tag without prefix)
        :param text: function(characters)
        :param squeeze: function(bytes) that drops what is of no interest
        """
        parser, fed = None, 0
        try:
            for chunk in self.chunks(name):
                parser = parser or _parser(chunk, start, end, text)
                chunk = squeeze(chunk) if squeeze else chunk
                parser.Parse(chunk, False)
                fed += len(chunk)
                # -1 before the first event; what lags behind is one open token
                if fed - max(parser.CurrentByteIndex, 0) > _MAX_TOKEN:
                    raise OrderFileError("damaged", reason=name)
                yield chunk
            if parser is None:
                raise OrderFileError("damaged", reason=name)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise OrderFileError("damaged", reason=name) from error


def _parser(head, start, end, text):
    """Expat parser of a part whose first bytes are given."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    prefixed = _PREFIXED.search(head[:4096])
    parser.StartElementHandler = _start_without_prefix(start) if prefixed else start
    if end:
        parser.EndElementHandler = _end_without_prefix(end) if prefixed else end
    if text:
        parser.CharacterDataHandler = text
    # No spreadsheet has a DTD: no entities to expand, nothing to fetch.
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _start_without_prefix(handler):
    return lambda tag, attributes: handler(tag.rpartition(":")[2], attributes)


def _end_without_prefix(handler):
    return lambda tag: handler(tag.rpartition(":")[2])


def _refuse_doctype(*_args):
    raise OrderFileError("damaged", reason="doctype")


def _key(name):
    """Part names are compared without case; some writers use backslashes."""
    return name.replace("\\", "/").lstrip("/").casefold()


def check_kind(package, filename):
    """Refuse the zips that are no XLSX, saying what they are.

    :raise OrderFileError: binary_workbook, ods_not_supported, wrong_extension,
        not_a_spreadsheet
    """
    mimetype = package.head("mimetype")
    if b"opendocument.spreadsheet" in mimetype:
        raise OrderFileError("ods_not_supported")
    if any(re.fullmatch(r"xl/workbook\d*\.bin", name) for name in package.parts):
        raise OrderFileError("binary_workbook")
    if "_rels/.rels" in package or "xl/workbook.xml" in package:
        for folder, kind in (("word/", "docx"), ("ppt/", "pptx"), ("visio/", "vsdx")):
            if any(name.startswith(folder) for name in package.parts):
                refuse(kind, filename)
        return
    refuse("odt" if b"opendocument" in mimetype else "zip", filename)
