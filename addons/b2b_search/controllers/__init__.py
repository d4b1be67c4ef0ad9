# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import suggest
from . import search_redirect
from . import search_clicks
