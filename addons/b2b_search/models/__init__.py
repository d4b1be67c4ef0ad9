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
    b2b_search_suggest,
    b2b_search_area,
    website_areas,
    website_suggest,
)
