# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_block, test_concurrency, test_exposure, test_rights
