# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import carts, documents, home, manager, messages, portal, quick_order, shop
