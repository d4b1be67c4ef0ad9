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
    b2b_search_synonym,
    b2b_search_priority,
    b2b_search_ranking,
    b2b_search_rule,
    b2b_search_rule_action,
    b2b_catalogue_merchandise,
    website_merchandise,
)
