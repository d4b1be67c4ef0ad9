# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import zipfile

from PIL import Image

from odoo.tests import BaseCase, tagged

from ..tools.upload import DOCX, MAX_BYTES, XLSX, UploadError, check_upload
from .entity_common import PDF, workbook


def image(kind):
    """Bytes of a small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, kind)
    return buffer.getvalue()


def package(*names):
    """Bytes of a zip with files of these names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


TYPES = "[Content_Types].xml"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@tagged("post_install", "-at_install")
class TestUpload(BaseCase):
    """The content decides what is kept, not the name."""

    def test_kept(self):
        for data, mimetype, name in (
            (PDF, "application/pdf", "a.pdf"),
            (image("JPEG"), "image/jpeg", "a.jpg"),
            (image("PNG"), "image/png", "a.png"),
            (workbook([("a",)]), XLSX, "a.xlsx"),
            (package(TYPES, "word/document.xml"), DOCX, "a.docx"),
        ):
            with self.subTest(name=name):
                self.assertEqual(check_upload(data, "a.html"), (mimetype, name))

    def test_refused(self):
        html = b"<!DOCTYPE html><script>alert(1)</script>"
        for code, data in (
            ("empty", b""),
            ("too_large", b"%PDF-" + b"0" * MAX_BYTES),
            ("bad_type", SVG),
            ("bad_type", b'<?xml version="1.0"?>' + SVG),
            ("bad_type", html),
            ("bad_type", b" \n" + html),
            ("bad_type", b"MZ\x90\0" + b"\0" * 200),
            ("bad_type", b"#!/bin/sh\nrm -rf /\n"),
            ("bad_type", b"GIF89a" + b"\0" * 50),
            ("bad_type", html + PDF),
            ("bad_type", package("a.txt")),
            ("bad_type", package(TYPES, "ppt/presentation.xml")),
            ("macros", package(TYPES, "word/document.xml", "word/vbaProject.bin")),
            ("macros", package(TYPES, "xl/workbook.xml", "xl/embeddings/x.bin")),
            ("damaged", b"PK\x03\x04broken"),
        ):
            with self.subTest(data=data[:30]):
                with self.assertRaises(UploadError) as caught:
                    check_upload(data, "contract.pdf")
                self.assertEqual(caught.exception.code, code)

    def test_names_are_made_safe(self):
        for name, safe in (
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\docs\\устав.doc", "устав.pdf"),
            ('a"b\r\nX: y.pdf', "a_b__X_ y.pdf"),
            ("invoice\u202efdp.exe", "invoice_fdp.pdf"),
            ("", "file.pdf"),
            (".pdf", "pdf.pdf"),
            ("x" * 300, "x" * 100 + ".pdf"),
        ):
            with self.subTest(name=name):
                self.assertEqual(check_upload(PDF, name)[1], safe)
