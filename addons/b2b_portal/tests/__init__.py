# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_agreement,
    test_cart_import,
    test_conversation,
    test_home,
    test_manager,
    test_messages,
    test_pages,
    test_scope,
)
