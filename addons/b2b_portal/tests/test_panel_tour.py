# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .panel_common import PanelCase


@tagged("post_install", "-at_install")
class TestPanelTour(PanelCase):
    def test_long_filters_stay_short(self):
        """A tick does not unfold the other filters; a section nobody has is said."""
        (many,) = self._create_sections("Zmany")
        for number in range(12):
            brand = self.env["b2b.brand"].create({"name": f"Zmaker {number}"})
            product = self._create_product(f"ZM-{number}", 5 + number)
            product.product_tmpl_id.write(
                {"b2b_brand_id": brand.id, "public_categ_ids": many.ids}
            )
        self.start_tour(
            self._path(many), "b2b_catalogue_long_filters", login="b2b_buyer"
        )

    def test_filters(self):
        """Ticks, the bubble, folding, sections by name, the button 'back'."""
        self.start_tour(
            f"/shop?search={self.mark}", "b2b_catalogue_filters", login="b2b_buyer"
        )
