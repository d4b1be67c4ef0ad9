# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools import requisites


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    @api.model
    def _l10n_ru_check(self, account, bic):
        """Judge an account in a Russian bank.

        :param str account: number of the account, spaces and dots allowed
        :param str bic: the bank's BIC
        :return: dict 'acc_number' or 'bic' -> message
        """
        account = re.sub(r"[\s.-]", "", account or "")
        if not requisites.is_bic_valid(bic):
            return {"bic": self.env._("BIC: 9 digits, such as 044525225.")}
        if not requisites.is_account_valid(account, bic):
            text = self.env._(
                "The account %(account)s does not match the BIC %(bic)s: check the "
                "20 digits and the bank.",
                account=account,
                bic=bic,
            )
            return {"acc_number": text}
        return {}

    @api.constrains("acc_number", "bank_id", "partner_id")
    def _check_l10n_ru(self):
        for bank in self:
            russian = bank.bank_id.country.code == "RU" or (
                not bank.bank_id.country and bank.partner_id.country_id.code == "RU"
            )
            if russian and bank.bank_id.bic:
                errors = self._l10n_ru_check(bank.acc_number, bank.bank_id.bic)
                if errors:
                    raise ValidationError("\n".join(errors.values()))
