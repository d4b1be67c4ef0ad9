# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import carts, documents, join, portal, quick_order, registration, shop
