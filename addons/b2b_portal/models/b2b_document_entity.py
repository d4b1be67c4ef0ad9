# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class B2bDocument(models.Model):
    """Accepted contracts and checked founding papers in the registry."""

    _inherit = "b2b.document"

    kind = fields.Selection(
        selection_add=[("contract", "Contract"), ("paper", "Founding paper")],
        ondelete={"contract": "cascade", "paper": "cascade"},
    )

    @api.model
    def _get_kind_reports(self):
        """A founding paper is no print of ours: see :meth:`_is_upload`."""
        return super()._get_kind_reports() | {
            "contract": "b2b_portal.report_contract",
            "paper": None,
        }

    @api.model
    def _b2b_objects(self):
        return super()._b2b_objects() | {
            "contract": Domain("kind", "=", "contract"),
            "paper": Domain("kind", "=", "paper"),
        }

    def _is_upload(self):
        """Whether the paper (single) is a file that somebody uploaded."""
        return self.kind == "paper"
