# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .catalogue_common import CatalogueCase


@tagged("post_install", "-at_install")
class TestCatalogueTour(CatalogueCase):
    def test_quantities_by_keyboard(self):
        """Quantity, Enter, next row, the key of the client mode: in Chromium."""
        cart = self._create_cart(self.buyer)
        self.start_tour(
            f"/shop?search={self.mark}", "b2b_catalogue_table", login="b2b_buyer"
        )
        quantities = {line.product_id: line.product_uom_qty for line in cart.order_line}
        first, second, third = self.goods.sorted("name")[:3]
        self.assertEqual(quantities, {first: 7, second: 3, third: 5})
