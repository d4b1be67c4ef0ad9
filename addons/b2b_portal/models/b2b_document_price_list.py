# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Prices of a list are soon out of date: the file goes after so many days.
KEEP_DAYS = 7


class B2bDocument(models.Model):
    """Price lists in the registry, until they expire."""

    _inherit = "b2b.document"

    kind = fields.Selection(
        selection_add=[("price_list", "Price list")],
        ondelete={"price_list": "cascade"},
    )

    @api.model
    def _get_kind_reports(self):
        """A price list is no print of ours: a job has written its file."""
        return super()._get_kind_reports() | {"price_list": None}

    @api.model
    def _b2b_objects(self):
        """Whoever sees the agreement and its prices sees the lists of it."""
        return super()._b2b_objects() | {
            "agreement": Domain("kind", "=", "price_list"),
        }

    def _keep_file(self, name, data):
        """Keep a file that was made elsewhere with the row (single)."""
        self.attachment_id.unlink()
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": data,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.rendered_at = fields.Datetime.now()

    def _get_pdf(self):
        if self.sudo().kind == "price_list":
            return self.sudo().attachment_id.raw
        return super()._get_pdf()

    def _get_filename(self):
        if self.kind == "price_list":
            return self.attachment_id.name or self.name
        return super()._get_filename()

    @api.autovacuum
    def _gc_price_lists(self):
        """Remove price lists that are out of date, with their files."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search(
            [("kind", "=", "price_list"), ("create_date", "<", before)], limit=1000
        ).unlink()
