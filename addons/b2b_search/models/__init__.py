# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    b2b_search_index,
    b2b_search_build,
    b2b_search_noted,
    b2b_search_query,
    b2b_search_engine,
    b2b_search_catalogue,
    website_search,
    product_template,
    b2b_search_log,
    b2b_search_visit,
    b2b_search_gap,
    b2b_search_popular,
    b2b_search_case,
    sale_order_search,
    website_search_log,
    b2b_demo_search,
)
