# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import get_lang

from ..tools.price_list import WRITERS, Layout, NoFontError
from ..tools.without_gc import without_gc

# What begins a PNG or a JPEG.
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff")


class B2bPriceList(models.AbstractModel):
    """How a price list looks, and its file."""

    _inherit = "b2b.price.list"

    # === THE FILE === #

    @api.model
    def _get_layout(self, task, pairs=()):
        """How the price list looks in every format.

        :return: :class:`Layout`
        """
        agreement = task.agreement
        lang = get_lang(self.env, task.user.sudo().lang)
        stamp = fields.Datetime.context_timestamp(agreement, task.date)
        day = stamp.strftime(lang.date_format)
        lines = [
            self.env._(
                "%(entity)s, agreement: %(agreement)s",
                entity=agreement.entity_id.name,
                agreement=agreement._b2b_print_name(),
            ),
            self.env._(
                "Prices in %(currency)s, %(taxes)s, as of %(day)s %(time)s",
                currency=agreement.currency_id.name,
                taxes=self._get_tax_text(task),
                day=day,
                time=stamp.strftime("%H:%M"),
            ),
        ]
        return Layout(
            title=self.env._("Price list of %(day)s", day=day),
            lines=lines,
            columns=task.columns,
            labels={
                "order": self.env._("Your order qty"),
                "order_error": self.env._("Enter a quantity: a number, zero or above."),
                "total": self.env._("Ordered, positions and sum:"),
                "page": self.env._("page %(page)s of %(total)s"),
                "no_section": self.env._("Other goods"),
                "continued": self.env._("%s (continued)"),
            },
            sections=self._get_section_names(task, {pair[1] for pair in pairs}),
            decimals=agreement.currency_id.decimal_places,
            decimal_point=lang.decimal_point or ".",
            thousands_sep="\xa0",
            sheet=self.env._("Price list"),
            seller=self._get_seller_lines(agreement),
            logo=self._get_logo(agreement),
            date_format=self._get_date_format(lang),
        )

    @api.model
    def _get_tax_text(self, task):
        if task.website.show_line_subtotals_tax_selection == "tax_excluded":
            return self.env._("taxes not included")
        return self.env._("taxes included")

    @api.model
    def _get_date_format(self, lang):
        """The language's order of day, month and year as spreadsheets write it."""
        pieces = {"%d": "dd", "%m": "mm", "%Y": "yyyy", "%y": "yyyy", "%b": "mm"}
        text = lang.date_format
        for code, piece in pieces.items():
            text = text.replace(code, piece)
        return text if "%" not in text else "yyyy-mm-dd"

    @api.model
    def _get_seller_lines(self, agreement):
        """The letterhead: name and requisites of our company."""
        company = agreement.company_id
        partner = company.partner_id
        tax_id = self.env._("Tax ID %(number)s", number=partner.vat)
        place = ", ".join(filter(None, (partner.zip, partner.city, partner.street)))
        return [
            line
            for line in (
                company.name,
                tax_id if partner.vat else "",
                place,
                " · ".join(filter(None, (company.phone, company.email))),
            )
            if line
        ]

    @api.model
    def _get_logo(self, agreement):
        """The company's logo as bytes, if it is a picture that can be printed."""
        image = agreement.company_id.with_context(bin_size=False).logo
        if not image:
            return b""
        raw = base64.b64decode(image)
        return raw if raw.startswith(_PICTURES) else b""

    @api.model
    def _write_file(self, task, pairs, get_rows):
        """The price list as a file.

        :param list pairs: as of :meth:`_find`
        :param get_rows: function that returns an iterable of rows, each time anew
        :return: bytes
        :raise UserError: there is no font for a PDF
        """
        layout = self._get_layout(task, pairs)
        target = io.BytesIO()
        file_format = task.options.format
        rows = get_rows if file_format == "pdf" else get_rows()
        try:
            with without_gc():
                WRITERS[file_format](target, layout, rows, len(pairs))
        except NoFontError as error:
            raise UserError(
                self.env._(
                    "No font with Cyrillic letters is installed on the server, so "
                    "there is no PDF. Take another format."
                )
            ) from error
        return target.getvalue()

    @api.model
    def _get_filename(self, task):
        """Name of the file, such as 'price_2026-11-25.xlsx'."""
        stamp = fields.Datetime.context_timestamp(task.agreement, task.date)
        name = self.env._("Price list %(date)s", date=stamp.strftime("%Y-%m-%d"))
        return f"{name}.{task.options.format}"
