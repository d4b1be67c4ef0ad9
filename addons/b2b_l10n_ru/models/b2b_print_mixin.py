# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class B2bPrintMixin(models.AbstractModel):
    _inherit = "b2b.print.mixin"

    def _b2b_print_numbers(self, partner):
        """The KPP stands behind the INN, as in Russian papers."""
        numbers = super()._b2b_print_numbers(partner)
        if partner.l10n_ru_kpp:
            numbers.insert(1 if partner.vat else 0, f"КПП {partner.l10n_ru_kpp}")
        return numbers
