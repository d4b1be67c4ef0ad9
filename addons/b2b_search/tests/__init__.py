# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_text, test_query_reader, test_index, test_catalogue_search
from . import test_search_log, test_search_quality
