# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from num2words import num2words

from odoo import models
from odoo.tools.misc import get_lang


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _b2b_amount_in_words(self, amount):
        """An amount as documents write it out: Пять рублей 50 копеек.

        Core's ``amount_to_text`` leaves the currency in one case and one
        language; num2words declines it, for the currencies that it knows. Of others
        the number is spelled and the code stands as it is: Пять CNY 50.

        :param float amount: in this currency (single)
        :return: str in the language of the environment
        """
        self.ensure_one()
        exact = Decimal(f"{amount:.{self.decimal_places}f}")
        lang = get_lang(self.env).iso_code
        try:
            text = num2words(
                exact,
                lang=lang,
                to="currency",
                currency=self.name,
                cents=False,
                separator="",
            )
        except NotImplementedError:
            whole, _dot, rest = str(exact).partition(".")
            try:
                words = num2words(int(whole), lang=lang)
            except NotImplementedError:
                return self.amount_to_text(amount)
            text = " ".join(filter(None, (words, self.name, rest)))
        return text[:1].upper() + text[1:]
