# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    b2b_print_mixin,
    b2b_registration,
    res_company_rates,
    res_partner,
    res_partner_bank,
)
