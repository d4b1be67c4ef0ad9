# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    access,
    carts,
    documents,
    portal,
    quick_order,
    shop,
    home,
    manager,
    messages,
    invitations,
    members,
    requests,
    roles,
    join,
    registration,
)
