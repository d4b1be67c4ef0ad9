# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    b2b_price_list_kit,
    b2b_stock_free_kit,
    product_product_kit,
    product_template_kit,
    sale_order_kit,
    website_kit,
)
