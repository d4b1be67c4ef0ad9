# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.product_pricelist_import import OUTCOMES


class B2bPriceExport(models.TransientModel):
    """A price list as a workbook, for download by whoever made it."""

    _name = "b2b.price.export"
    _description = "Price List as a Workbook"

    pricelist_id = fields.Many2one("product.pricelist", required=True)
    name = fields.Char(compute="_compute_name")
    data = fields.Binary(compute="_compute_data")

    @api.depends("pricelist_id")
    def _compute_name(self):
        for export in self:
            name = export.pricelist_id.name.replace("/", "-")
            export.name = f"{name} {fields.Date.context_today(self)}.xlsx"

    @api.depends("pricelist_id")
    def _compute_data(self):
        for export in self:
            data = export.pricelist_id._b2b_write_workbook()
            export.data = base64.b64encode(data)


class B2bPriceImport(models.TransientModel):
    """Prices from a file: first what would change, then the change."""

    _name = "b2b.price.import"
    _description = "Import of Prices"

    pricelist_id = fields.Many2one("product.pricelist", required=True, readonly=True)
    data = fields.Binary("File", attachment=False)
    filename = fields.Char()
    allow_zero = fields.Boolean("Take prices of zero")
    state = fields.Selection(
        [("draft", "File"), ("preview", "Preview"), ("done", "Done")], default="draft"
    )
    count_read = fields.Integer("Rows read", readonly=True)
    count_added = fields.Integer("Added", readonly=True)
    count_changed = fields.Integer("Changed", readonly=True)
    count_unchanged = fields.Integer("Unchanged", readonly=True)
    count_rejected = fields.Integer("Rejected", readonly=True)
    line_ids = fields.One2many(
        "b2b.price.import.line", "import_id", "Rows", readonly=True
    )

    def action_preview(self):
        """Button: say what the file would change; nothing is written."""
        return self._run(apply=False)

    def action_apply(self):
        """Button: write what the file says, all in one transaction."""
        return self._run(apply=True)

    def _run(self, apply):
        self.ensure_one()
        if not self.data:
            raise UserError(self.env._("Choose a file."))
        self.pricelist_id.check_access("write")
        rows = self.pricelist_id._b2b_import_prices(
            base64.b64decode(self.data), self.filename, self.allow_zero, apply
        )
        counts = dict.fromkeys(OUTCOMES, 0)
        for row in rows:
            counts[row.outcome] += 1
        self.write(
            {f"count_{outcome}": count for outcome, count in counts.items()}
            | {
                "count_read": len(rows),
                "state": "done" if apply else "preview",
                "line_ids": [
                    fields.Command.clear(),
                    *(
                        fields.Command.create(self._prepare_line(row))
                        for row in rows
                        if row.outcome != "unchanged"
                    ),
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _prepare_line(self, row):
        return {
            "row": row.row,
            "article": row.article,
            "outcome": row.outcome,
            "text": row.text,
            "price": row.values.get("fixed_price", 0.0),
        }


class B2bPriceImportLine(models.TransientModel):
    _name = "b2b.price.import.line"
    _description = "Row of an Import of Prices"
    _order = "outcome desc, row"

    import_id = fields.Many2one("b2b.price.import", required=True, ondelete="cascade")
    row = fields.Integer()
    article = fields.Char()
    outcome = fields.Selection(
        [("added", "Added"), ("changed", "Changed"), ("rejected", "Rejected")]
    )
    price = fields.Float(min_display_digits="Product Price")
    text = fields.Char("Why")
