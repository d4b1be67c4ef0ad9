# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_text, test_query_reader, test_index, test_catalogue_search
from . import test_suggest, test_suggest_tour
from . import test_synonyms
from . import test_ranking
from . import test_rules
from . import test_rule_trial
from . import test_explain
from . import test_search_log, test_search_quality
