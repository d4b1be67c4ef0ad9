# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import carts, documents, portal, quick_order, shop
from . import access, invitations, members, roles
