# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A price list as a workbook; :mod:`.product_pricelist_import` reads it back."""

import io

import xlsxwriter

from odoo import api, fields, models

from ..tools.price_file import FIELDS, safe_text

_BATCH = 2000


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def action_b2b_export(self):
        """Button: the price list (single) as a workbook to be filled and read back."""
        self.ensure_one()
        export = self.env["b2b.price.export"].create({"pricelist_id": self.id})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/b2b.price.export/{export.id}/data/{export.name}"
            "?download=true",
            "target": "download",
        }

    def _b2b_get_file_labels(self):
        """Heads of the columns, in the user's language: the reader knows them."""
        labels = (
            self.env._("Article"),
            self.env._("Name"),
            self.env._("Unit"),
            self.env._("Price"),
            self.env._("Currency"),
            self.env._("Minimum quantity"),
            self.env._("Valid from"),
            self.env._("Valid until"),
            self.env._("Rule"),
        )
        return dict(zip(FIELDS, labels, strict=True))

    def _b2b_write_workbook(self):
        """The rules of the list (single) as the bytes of a workbook.

        Memory is bounded: rows are written as they are read, in batches.
        """
        self.ensure_one()
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(
            buffer, {"constant_memory": True, "strings_to_formulas": False}
        )
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        locked = book.add_format({"font_color": "#808080"})
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 50)
        sheet.set_column(2, 7, 16)
        last = len(FIELDS) - 1
        sheet.set_column(last, last, 10, None, {"hidden": True})
        sheet.freeze_panes(1, 1)
        labels = self._b2b_get_file_labels()
        sheet.write_row(0, 0, [labels[name] for name in FIELDS], bold)
        Item = self.env["product.pricelist.item"]
        ids = Item.search([("pricelist_id", "=", self.id)]).ids
        number = 0
        for start in range(0, len(ids), _BATCH):
            for item in Item.browse(ids[start : start + _BATCH]):
                number += 1
                cells, style = item._b2b_get_cells()
                for column, name in enumerate(FIELDS):
                    value = cells[name]
                    if isinstance(value, int | float):
                        sheet.write_number(number, column, value)
                    elif value:
                        format_ = None if style else locked
                        sheet.write_string(number, column, safe_text(value), format_)
        book.close()
        return buffer.getvalue()


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _b2b_is_editable(self):
        """Whether a file may change the rule (single): a fixed price of a product."""
        return self.compute_price == "fixed" and self.applied_on in (
            "0_product_variant",
            "1_product",
        )

    def _b2b_get_cells(self):
        """Cells of the rule (single) in the workbook.

        :return: (dict field -> text or number, whether the row may be edited)
        """
        self.ensure_one()
        editable = self._b2b_is_editable()
        product = self.product_id or self.product_tmpl_id
        if self.applied_on not in ("0_product_variant", "1_product"):
            product = product.browse()
        return {
            "article": product.default_code or "",
            "name": product.name if product else self.name,
            "unit": product.uom_id.name or "",
            "price": self.fixed_price if editable else self.price,
            "currency": self.currency_id.name,
            "min_quantity": self.min_quantity,
            "date_start": self._b2b_format_moment(self.date_start),
            "date_end": self._b2b_format_moment(self.date_end),
            "rule": self.id,
        }, editable

    @api.model
    def _b2b_format_moment(self, moment):
        """An instant in the user's time zone, as the reader understands it."""
        if not moment:
            return ""
        local = fields.Datetime.context_timestamp(self, moment)
        return f"{local:%Y-%m-%d %H:%M:%S}"
