# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    b2b_permission,
    b2b_credit_line,
    b2b_agreement,
    b2b_account,
    sale_order,
    sale_order_line,
    sale_order_compare,
    website,
)
