# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import requisites

_NAMES = ("vat", "l10n_ru_kpp", "company_registry", "l10n_ru_okpo")


class ResPartner(models.Model):
    _inherit = "res.partner"

    l10n_ru_kpp = fields.Char("КПП", size=9)
    l10n_ru_okpo = fields.Char("ОКПО", size=10)

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + [
            "l10n_ru_kpp",
            "l10n_ru_okpo",
        ]

    def _b2b_get_requisite_fields(self):
        names = super()._b2b_get_requisite_fields()
        if len(self) == 1 and self.country_id.code != "RU":
            return names
        place = names.index("vat") + 1
        return [*names[:place], "l10n_ru_kpp", *names[place:]]

    def _b2b_get_requisite_labels(self):
        return super()._b2b_get_requisite_labels() | {"l10n_ru_kpp": "КПП"}

    def _b2b_check_requisites(self, values):
        """Judge what the customer asks for together with what stays as it is.

        :raise ValidationError: with every problem
        """
        result = super()._b2b_check_requisites(values)
        if self.country_id.code == "RU":
            asked = {name: values.get(name, self[name]) for name in _NAMES}
            if errors := self._l10n_ru_check(asked):
                raise ValidationError("\n".join(errors.values()))
        return result

    @api.model
    def _l10n_ru_check(self, values, complete=False):
        """Judge the Russian requisites of a company.

        :param dict values: texts of :data:`_NAMES`; company_registry is the OGRN
        :param bool complete: whether KPP and OGRN must be there
        :return: dict field name -> message
        """
        errors = {}
        vat, kpp, ogrn, okpo = ((values.get(name) or "").strip() for name in _NAMES)
        person = len(vat) == 12
        if vat and not requisites.is_inn_valid(vat):
            errors["vat"] = self.env._(
                "INN: 10 digits, 12 of a sole proprietor. Check them."
            )
        if kpp and person:
            errors["l10n_ru_kpp"] = self.env._(
                "A sole proprietor has no KPP: leave it empty."
            )
        elif kpp and not requisites.is_kpp_valid(kpp):
            errors["l10n_ru_kpp"] = self.env._("KPP: 9 characters, such as 770101001.")
        elif complete and not kpp and not person:
            errors["l10n_ru_kpp"] = self.env._("A company has a KPP: please fill in.")
        if ogrn and not requisites.is_ogrn_valid(ogrn):
            errors["company_registry"] = self.env._(
                "OGRN: 13 digits, OGRNIP of a sole proprietor: 15. Check them."
            )
        elif ogrn and vat and (len(ogrn) == 15) != person:
            errors["company_registry"] = self.env._(
                "This OGRN does not belong to such an INN."
            )
        elif complete and not ogrn:
            errors["company_registry"] = self.env._("Please fill in.")
        if okpo and not requisites.is_okpo_valid(okpo):
            errors["l10n_ru_okpo"] = self.env._("OKPO: 8 or 10 digits. Check them.")
        return errors

    @api.constrains("country_id", *_NAMES)
    def _check_l10n_ru(self):
        for partner in self.filtered(lambda p: p.country_id.code == "RU"):
            values = {name: partner[name] for name in _NAMES}
            # base_vat judges the tax number, and "/" says that there is none
            values["vat"] = values["vat"] if len(values["vat"] or "") > 1 else ""
            errors = self._l10n_ru_check(values)
            errors.pop("vat", None)
            if errors:
                raise ValidationError(
                    self.env._(
                        "%(name)s: %(problems)s",
                        name=partner.display_name,
                        problems="\n".join(errors.values()),
                    )
                )
