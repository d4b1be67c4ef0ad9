# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    b2b_member_preview_wizard,
    b2b_member_suspend_wizard,
    b2b_registration_answer,
    b2b_paper_refuse,
    b2b_rate_import,
    b2b_price_simulation,
    b2b_price_import,
    b2b_price_schedule,
    b2b_agreement_change,
    b2b_agreement_create,
    b2b_agreement_renew,
    b2b_assortment_simulation,
    b2b_product_bulk,
)
