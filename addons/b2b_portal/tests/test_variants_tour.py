# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


from odoo.tests import tagged

from .variant_common import VariantCase


@tagged("post_install", "-at_install")
class TestVariantTour(VariantCase):
    def test_two_cells(self):
        """Open the matrix, type into two cells, add them: in Chromium."""
        cart = self._create_cart(self.buyer)
        self.start_tour(
            "/shop?search=Gridbolt&view=table", "b2b_variant_matrix", login="b2b_buyer"
        )
        lines = {line.product_id: line.product_uom_qty for line in cart.order_line}
        wanted = {
            self._variant("M6", "20"): 100,
            self._variant("M8", "30"): 150,
            self._variant("M10", "30"): 200,
            self._variant("M8", "40"): 250,
        }
        self.assertEqual(lines, wanted)
