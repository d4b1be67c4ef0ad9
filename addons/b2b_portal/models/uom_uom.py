# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class UomUom(models.Model):
    _inherit = "uom.uom"

    b2b_aliases = fields.Char(
        "Other spellings",
        help="How customers write this unit in their order files, separated by "
        "commas: шт, шт., pcs",
    )

    def _b2b_spellings(self):
        """Lower-case spellings of one unit: its names and its aliases.

        :return: set of str
        """
        self.ensure_one()
        languages = self.env["res.lang"].sudo().get_installed()
        names = {self.with_context(lang=code).name for code, _label in languages}
        names.update((self.b2b_aliases or "").split(","))
        return {self._b2b_spelling(name) for name in names if name and name.strip()}

    @staticmethod
    def _b2b_spelling(text):
        """The form in which two spellings of a unit are compared."""
        return " ".join((text or "").lower().replace("ё", "е").split()).rstrip(".")
