"""A price list as PDF: letterhead, sections as heads, repeated heads, 'page 2 of 3'.

Drawn page by page on ReportLab's canvas: its tables keep every cell in memory, and a
printed HTML page of 50,000 rows takes minutes. Rows are gone through twice, first to
find where pages break, because every page says how many there are.
"""

import io
import subprocess
from dataclasses import dataclass, field

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

# Fonts with Cyrillic letters that distributions carry, the best first.
FAMILIES = (
    ("DejaVu Sans", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("Liberation Sans", "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
)
_PLAIN, _BOLD = "B2bPlain", "B2bBold"
_MARGIN, _TOP, _BOTTOM = 10 * mm, 10 * mm, 13 * mm
_SIZE, _LINE, _PAD = 7.5, 3.1 * mm, 1.1 * mm
_HEAD = 7.6 * mm
_SECTION = 6 * mm
_WIDE = 7  # more columns than this lie on their side
_GREY, _DARK = 0.8, 0.35
# Columns that paper does not need: nobody types or clicks there.
_LEFT_OUT = ("url", "sum")
# Kinds that are aligned to the right.
_NUMBERS = ("money", "quantity", "date", "order")


class NoFontError(Exception):
    """No font with Cyrillic letters is installed."""


def write_pdf(target, layout, rows, count=0):
    """Write a price list as PDF.

    :param target: binary file, open for writing
    :param layout: :class:`.layout.Layout`
    :param rows: a function without arguments that returns the rows anew each time
    :raise NoFontError: no font with Cyrillic letters was found
    """
    register_fonts()
    page = _Page(layout, _measure(layout, rows()))
    breaks = _find_breaks(page, rows())
    canvas = Canvas(target, pagesize=page.size, pageCompression=1)
    canvas.setTitle(layout.title)
    _Painter(page, canvas, len(breaks)).paint(rows(), breaks)
    canvas.save()


def _measure(layout, rows):
    """Widest text of each column, in points; 0: the column is empty.

    Names are left out: they break into lines.
    """
    widths = [0.0] * len(layout.columns)
    measured = [
        (place, column)
        for place, column in enumerate(layout.columns)
        if column.code not in ("name", "section")
        and column.kind not in ("url", "order", "sum")
    ]
    longest = [""] * len(layout.columns)
    for row in rows:
        for place, column in measured:
            value = row[place + 1]
            if value is None or value == "":
                continue
            text = layout.spell(value, column)
            # letters differ in width: the longest few decide
            if len(text) >= len(longest[place]):
                longest[place] = text
                width = pdfmetrics.stringWidth(text, _PLAIN, _SIZE)
                widths[place] = max(widths[place], width)
    return widths


def register_fonts():
    """Make a font with Cyrillic letters known to ReportLab.

    Found where ReportLab looks for fonts, else by fontconfig.
    """
    if _PLAIN in pdfmetrics.getRegisteredFontNames():
        return
    for family, *files in FAMILIES:
        try:
            fonts = [
                _load_font(name, family, file, style)
                for name, file, style in zip(
                    (_PLAIN, _BOLD), files, ("Regular", "Bold"), strict=True
                )
            ]
        except TTFError:
            continue
        for font in fonts:
            pdfmetrics.registerFont(font)
        return
    raise NoFontError


def _load_font(name, family, file, style):
    try:
        return TTFont(name, file)
    except TTFError:
        return TTFont(name, _ask_fontconfig(family, style))


def _ask_fontconfig(family, style):
    """Path of a font that is installed, or an empty text."""
    command = ["fc-match", "-f", "%{family}\n%{file}", f"{family}:style={style}"]
    try:
        answer = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    found, _sep, path = answer.stdout.partition("\n")
    return path if family in found else ""


@dataclass
class _Page:
    """Sizes of a page and where its columns begin."""

    layout: object
    widths: list  # of the columns' texts, as of :func:`_measure`
    places: list = field(default_factory=list)  # (column, place in a row, left, width)

    def __post_init__(self):
        columns = [
            (column, place)
            for place, column in enumerate(self.layout.columns, start=1)
            if self._is_printed(column, place)
        ]
        self.size = landscape(A4) if len(columns) > _WIDE else A4
        room = self.size[0] - 2 * _MARGIN
        widths = [self._get_width(column, place) for column, place in columns]
        flexible = [
            number
            for number, (column, _place) in enumerate(columns)
            if column.code == "name" or column.code.startswith("attribute_")
        ] or [0]
        rest = max(room - sum(widths), 60.0 * len(flexible))
        weights = [columns[number][0].width for number in flexible]
        for number, weight in zip(flexible, weights, strict=True):
            widths[number] += rest * weight / sum(weights)
        squeeze = min(1.0, room / sum(widths))
        left = _MARGIN
        for (column, place), width in zip(columns, widths, strict=True):
            self.places.append((column, place, left, width * squeeze))
            left += width * squeeze
        self.top = self.size[1] - _TOP
        self.letterhead = self._get_letterhead()
        self.names = [
            (place, width - 2 * _PAD)
            for column, place, _left, width in self.places
            if column.kind == "text"
        ]

    def _is_printed(self, column, place):
        """Sections are heads; a column without any value says nothing on paper."""
        if column.kind in _LEFT_OUT or column.code == "section":
            return False
        always = column.code == "name" or column.kind == "order"
        return bool(always or self.widths[place - 1])

    def _get_width(self, column, place):
        """Width of what may not be cut: codes and numbers."""
        if column.code == "name" or column.code.startswith("attribute_"):
            return 0.0
        longest = max(column.label.split(), key=len)
        head = pdfmetrics.stringWidth(longest, _BOLD, 7)
        least = 14 * mm if column.kind == "order" else 8 * mm
        most = 60 * mm if column.kind in _NUMBERS or column.kind == "code" else 32 * mm
        return max(head, least, min(self.widths[place - 1], most)) + 2.2 * _PAD

    def _get_letterhead(self):
        """Height of what stands above the table on the first page."""
        lines = max(len(self.layout.seller), 3 if self.layout.logo else 0)
        return lines * 3.6 * mm + 10 * mm + len(self.layout.lines) * 4.2 * mm + 3 * mm

    def get_room(self, first):
        """Height for rows on a page, under its heads."""
        room = self.top - _BOTTOM - _HEAD
        return room - self.letterhead if first else room

    def get_height(self, row):
        """Height of a row: of its longest text, two lines at most."""
        for place, width in self.names:
            value = row[place]
            if value and pdfmetrics.stringWidth(value, _PLAIN, _SIZE) > width:
                return 2 * _LINE + _PAD
        return _LINE + _PAD


def _find_breaks(page, rows):
    """Numbers of the rows that begin each page."""
    breaks, left, section, number = [0], page.get_room(True), None, 0
    for number, row in enumerate(rows):
        height = page.get_height(row)
        head = _SECTION if row[0] != section else 0
        if height + head > left:
            breaks.append(number)
            left = page.get_room(False)
            head = _SECTION
        section = row[0]
        left -= height + head
    return breaks


class _Painter:
    """Draws the pages, knowing where they break."""

    def __init__(self, page, canvas, total):
        self.page, self.layout, self.canvas = page, page.layout, canvas
        self.total = total
        self.number = 0
        self.y = 0

    def paint(self, rows, breaks):
        """All pages."""
        starts, section = set(breaks), None
        for number, row in enumerate(rows):
            if number in starts:
                if number:
                    self._end_page()
                self._begin_page()
                section = None
            if row[0] != section:
                again = section is None and self.number > 1
                self._draw_section(row[0], again and row[0] == self.section)
                section = self.section = row[0]
            self._draw_row(row)
        if not self.number:
            self._begin_page()
        self._end_page()

    section = None

    def _begin_page(self):
        self.number += 1
        self.y = self.page.top
        if self.number == 1:
            self._draw_letterhead()
        self._draw_head()

    def _end_page(self):
        canvas, (width, _height) = self.canvas, self.page.size
        canvas.setFont(_PLAIN, 7)
        canvas.setFillGray(_DARK)
        canvas.drawString(_MARGIN, 7 * mm, self.layout.title)
        text = self.layout.labels["page"] % {"page": self.number, "total": self.total}
        canvas.drawRightString(width - _MARGIN, 7 * mm, text)
        canvas.setFillGray(0)
        canvas.showPage()

    def _draw_letterhead(self):
        canvas, layout = self.canvas, self.layout
        right = self.page.size[0] - _MARGIN
        y = self.y
        if layout.logo:
            image = ImageReader(io.BytesIO(layout.logo))
            width, height = image.getSize()
            scale = min(12 * mm / height, 60 * mm / width)
            canvas.drawImage(
                image,
                _MARGIN,
                y - height * scale,
                width * scale,
                height * scale,
                mask="auto",
            )
        for number, line in enumerate(layout.seller):
            canvas.setFont(_BOLD if not number else _PLAIN, 8 if not number else 7)
            canvas.drawRightString(right, y - 3 * mm - number * 3.6 * mm, line)
        lines = max(len(layout.seller), 3 if layout.logo else 0)
        y -= lines * 3.6 * mm + 8 * mm
        canvas.setFont(_BOLD, 13)
        canvas.drawString(_MARGIN, y, layout.title)
        canvas.setFont(_PLAIN, 8)
        for line in layout.lines:
            y -= 4.2 * mm
            canvas.drawString(_MARGIN, y, line)
        self.y -= self.page.letterhead

    def _draw_head(self):
        canvas, bottom = self.canvas, self.y - _HEAD
        canvas.setFillGray(0.91)
        width = self.page.size[0] - 2 * _MARGIN
        canvas.rect(_MARGIN, bottom, width, _HEAD, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.setFont(_BOLD, 7)
        for column, _place, left, width in self.page.places:
            lines = _wrap(column.label, _BOLD, 7, width - 2 * _PAD)
            y = self.y - 3 * mm
            for line in lines:
                if column.kind in _NUMBERS:
                    canvas.drawRightString(left + width - _PAD, y, line)
                else:
                    canvas.drawString(left + _PAD, y, line)
                y -= 3 * mm
        self.y = bottom

    def _draw_section(self, section, again):
        text = self.layout.sections.get(section) or self.layout.labels["no_section"]
        if again:
            text = self.layout.labels["continued"] % text
        self.y -= _SECTION
        self.canvas.setFont(_BOLD, 8.5)
        room = self.page.size[0] - 2 * _MARGIN
        line = _cut(text, _BOLD, 8.5, room)
        self.canvas.drawString(_MARGIN + _PAD, self.y + 1.6 * mm, line)

    def _draw_row(self, row):
        canvas = self.canvas
        height = self.page.get_height(row)
        y = self.y - _LINE
        canvas.setFont(_PLAIN, _SIZE)
        for column, place, left, width in self.page.places:
            text = self.layout.spell(row[place], column)
            if not text:
                continue
            if column.kind in _NUMBERS:
                canvas.drawRightString(left + width - _PAD, y, text)
            elif height > _LINE + _PAD:
                lines = _wrap(text, _PLAIN, _SIZE, width - 2 * _PAD)
                for number, line in enumerate(lines):
                    canvas.drawString(left + _PAD, y - number * _LINE, line)
            else:
                text = _cut(text, _PLAIN, _SIZE, width - 2 * _PAD)
                canvas.drawString(left + _PAD, y, text)
        self.y -= height
        canvas.setStrokeGray(_GREY)
        canvas.setLineWidth(0.3)
        canvas.line(_MARGIN, self.y, self.page.size[0] - _MARGIN, self.y)
        self._draw_order_box(height)

    def _draw_order_box(self, height):
        for column, _place, left, width in self.page.places:
            if column.kind == "order":
                room = width - _PAD
                self.canvas.setStrokeGray(0.75)
                self.canvas.rect(left + _PAD / 2, self.y + 0.6, room, height - 1.2)


def _cut(text, font, size, width):
    """A text as long as there is room, with an ellipsis."""
    if pdfmetrics.stringWidth(text, font, size) <= width:
        return text
    while text and pdfmetrics.stringWidth(text + "…", font, size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _wrap(text, font, size, width):
    """A text in two lines at most."""
    if pdfmetrics.stringWidth(text, font, size) <= width:
        return [text]
    words, line = text.split(" "), ""
    while words:
        longer = f"{line} {words[0]}".strip()
        if pdfmetrics.stringWidth(longer, font, size) > width:
            break
        line = longer
        words.pop(0)
    if not line:
        return [_cut(text, font, size, width)]
    rest = " ".join(words)
    return [line, _cut(rest, font, size, width)] if rest else [line]
