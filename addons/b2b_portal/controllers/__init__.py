# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import carts, documents, portal, quick_order, shop
from . import (
    entities,
    addresses,
    contracts,
    papers,
    core_account,
    checkout_address,
)
