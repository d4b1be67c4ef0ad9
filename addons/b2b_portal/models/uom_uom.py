# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools.misc import get_lang


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

    @api.model
    def _b2b_format(self, quantity, grouping=True):
        """A quantity as people of the current language write it: 1 234,5.

        :param float quantity: in any unit
        :param bool grouping: whether thousands are separated
        :return: str without zeros at the end
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        lang = get_lang(self.env)
        text = (
            self.env["res.lang"]
            .browse(lang.id)
            .format(f"%.{digits}f", quantity, grouping=grouping)
        )
        if digits:
            text = text.rstrip("0").rstrip(lang.decimal_point)
        return "0" if text in ("", "-0", "-") else text
