# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import fields, models

# kind of a registration's file -> code of the founding paper that it becomes
PAPER_CODES = {"charter": "charter", "certificate": "tax", "attorney": "attorney"}


class B2bRegistration(models.Model):
    """The files of an approved application are founding papers to be checked."""

    _inherit = "b2b.registration"

    def _get_paper_kinds(self):
        """Kinds of founding papers that files become.

        :return: dict kind of a file -> ``b2b.paper.kind`` (single)
        """
        kinds = self.env["b2b.paper.kind"].sudo()
        kinds = kinds.search([("code", "in", list(PAPER_CODES.values()))])
        by_code = {kind.code: kind for kind in kinds}
        found = {name: by_code.get(code) for name, code in PAPER_CODES.items()}
        return {name: kind for name, kind in found.items() if kind}

    def _prepare_papers(self, entity):
        """Values of the papers with the files of the registration (single)."""
        kinds = self._get_paper_kinds()
        files = defaultdict(self.env["ir.attachment"].browse)
        for file in self.file_ids:
            if file.kind in kinds:
                files[kinds[file.kind]] |= file.attachment_id
        return [
            {
                "kind_id": kind.id,
                "entity_id": entity.id,
                "company_id": self.company_id.id,
                "state": "uploaded",
                "uploaded_at": self.submitted_at,
                "attachment_ids": [fields.Command.set(attachments.ids)],
            }
            for kind, attachments in files.items()
        ]

    def _hand_over_files(self, entity):  # pylint: disable=missing-return
        """Make papers of the files whose kind is known; the rest goes to the entity."""
        super()._hand_over_files(entity)
        papers = self.env["b2b.paper"].sudo().create(self._prepare_papers(entity))
        for paper in papers:
            paper.attachment_ids.write({"res_model": paper._name, "res_id": paper.id})
