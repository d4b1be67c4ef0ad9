# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_access_crawler,
    test_access_modes,
    test_access_pages,
    test_agreement,
    test_cart_import,
    test_pages,
    test_scope,
    test_conversation,
    test_home,
    test_manager,
    test_messages,
)
