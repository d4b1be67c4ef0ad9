# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Control digits and formats of Russian requisites.

All functions take a text and answer whether it is well formed; none of them says
that the number is given to anybody.
"""

import re

_INN10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN12_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN12_SECOND = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_ACCOUNT = (7, 1, 3)


def _is_digits(text, length):
    return bool(text) and bool(re.fullmatch(rf"[0-9]{{{length}}}", text))


def _control(text, weights):
    total = sum(
        weight * int(digit) for weight, digit in zip(weights, text, strict=True)
    )
    return total % 11 % 10


def is_inn_valid(inn):
    """INN of a company (10 digits) or of a person (12 digits).

    The last digit, for a person the last two, is the weighted sum of those before
    it, modulo 11, modulo 10.

    Source: order of the Federal Tax Service of 29.06.2012 N ММВ-7-6/435@ (structure
    of the INN); the weights are those of its predecessor, the order of the Ministry
    of Taxes of 03.03.2004 N БГ-3-09/178, published with the algorithm by the
    Service's reference classifiers.
    """
    if _is_digits(inn, 10):
        return _control(inn[:9], _INN10) == int(inn[9])
    if _is_digits(inn, 12):
        return _control(inn[:10], _INN12_FIRST) == int(inn[10]) and _control(
            inn[:11], _INN12_SECOND
        ) == int(inn[11])
    return False


def is_kpp_valid(kpp):
    """KPP: four digits of the tax office, two characters of the reason, three digits.

    The reason is made of digits or of capital Latin letters; there is no control
    digit.

    Source: order of the Federal Tax Service of 29.06.2012 N ММВ-7-6/435@, annex,
    item 5 (NNNNPPXXX).
    """
    return bool(kpp) and bool(re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", kpp))


def is_ogrn_valid(ogrn):
    """OGRN of a company (13 digits) or OGRNIP of a sole proprietor (15 digits).

    The last digit is the last digit of the remainder of the number before it divided
    by 11 (OGRN) or by 13 (OGRNIP). The first one tells what was registered: 1, 5
    company; 3 sole proprietor; 2, 4, 6, 9 other entries.

    Source: order of the Ministry of Finance of 30.10.2017 N 165н, items 6 and 7 (it
    keeps the rule of the Government's decree of 19.06.2002 N 438).
    """
    if _is_digits(ogrn, 13):
        return ogrn[0] in "15" and int(ogrn[:12]) % 11 % 10 == int(ogrn[12])
    if _is_digits(ogrn, 15):
        return ogrn[0] == "3" and int(ogrn[:14]) % 13 % 10 == int(ogrn[14])
    return False


def is_okpo_valid(okpo):
    """OKPO of a company (8 digits) or of a sole proprietor (10 digits).

    The control digit is the sum of the digits weighted by 1, 2, 3 ... (after 10
    again from 1), modulo 11; when this is 10, the weights begin with 3, and when it
    is 10 once more, the digit is 0.

    Source: recommendations on standardisation ПР 50.1.024-2005, annex on control
    numbers of all-Russian classifiers (Rosstandart).
    """
    if not (_is_digits(okpo, 8) or _is_digits(okpo, 10)):
        return False
    body, control = okpo[:-1], int(okpo[-1])
    result = 10
    for first in (1, 3):
        if result == 10:
            weights = [(first - 1 + index) % 10 + 1 for index in range(len(body))]
            pairs = zip(weights, body, strict=True)
            result = sum(weight * int(digit) for weight, digit in pairs) % 11
    return result % 10 == control


def is_bic_valid(bic):
    """BIC of a Russian bank: nine digits, the first two of Russia or of the rules.

    04 stands for Russia; 00 to 03 are participants that are no bank of a territory.
    There is no control digit.

    Source: Bank of Russia, regulation of 06.07.2017 N 595-П, annex (structure of the
    BIC).
    """
    return _is_digits(bic, 9) and bic[:2] in ("00", "01", "02", "03", "04")


def is_account_valid(account, bic):
    """Account of a customer in the bank with this BIC: 20 digits, the ninth controls.

    The last three digits of the BIC and the account are weighted by 7, 1, 3, 7, 1, 3
    ...; the sum of the last digits of the products must end in 0. For an account
    opened in a settlement centre of the Bank of Russia (BIC ending in 000, 001 or
    002) and for correspondent accounts (30101...), '0' and digits five and six of the
    BIC take the place of the three.

    Source: Bank of Russia, "Порядок расчета контрольного ключа в номере лицевого
    счета" of 08.09.1997 N 515.
    """
    if not (_is_digits(account, 20) and is_bic_valid(bic)):
        return False
    centre = bic[6:] in ("000", "001", "002") or account.startswith("30101")
    text = (f"0{bic[4:6]}" if centre else bic[6:]) + account
    total = sum(_ACCOUNT[i % 3] * int(digit) % 10 for i, digit in enumerate(text))
    return total % 10 == 0
