# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import b2b_search_viewpoint, b2b_search_trial, b2b_search_explain
from . import b2b_search_gap_cure
