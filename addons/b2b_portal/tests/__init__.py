# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_agreement, test_cart_import, test_pages, test_scope
from . import (
    test_access,
    test_directors_race,
    test_invitation,
    test_member_pages,
    test_members,
    test_members_tour,
    test_preview,
    test_roles,
)
