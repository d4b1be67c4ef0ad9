# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_agreement,
    test_cart_import,
    test_pages,
    test_registration,
    test_registration_concurrency,
    test_registration_join,
    test_registration_mail,
    test_registration_pages,
    test_registration_tour,
    test_scope,
)
