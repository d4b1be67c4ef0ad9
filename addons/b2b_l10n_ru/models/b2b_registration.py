# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models

NAMES = ("l10n_ru_kpp", "company_registry", "l10n_ru_okpo")


class B2bRegistration(models.Model):
    _inherit = "b2b.registration"

    country_code = fields.Char(related="country_id.code")
    l10n_ru_kpp = fields.Char("КПП", size=9)
    company_registry = fields.Char("ОГРН", size=15)
    l10n_ru_okpo = fields.Char("ОКПО", size=10)

    @api.model
    def _get_form_fields(self, kind="account"):
        # not required by itself: only of Russian companies
        own = {"l10n_ru_kpp": (12, False), "company_registry": (20, False)}
        return super()._get_form_fields(kind) | own

    @api.model
    def _is_russian(self, values):
        country = self.env["res.country"].sudo().browse(values.get("country_id") or [])
        return country.code == "RU"

    @api.model
    def _clean_requisites(self, values):
        if self._is_russian(values):
            for name in ("vat", *NAMES):
                if values.get(name):
                    values[name] = re.sub(r"[\s.-]", "", values[name]).upper()
        else:
            values.update({name: "" for name in NAMES if name in values})
        return super()._clean_requisites(values)

    @api.model
    def _check_requisites(self, values):
        errors = super()._check_requisites(values)
        if self._is_russian(values):
            partners = self.env["res.partner"]
            errors |= partners._l10n_ru_check(values, complete=True)
        return errors

    def _prepare_entity_values(self):
        values = super()._prepare_entity_values()
        if self.country_id.code == "RU":
            values |= {name: self[name] for name in NAMES}
        return values
