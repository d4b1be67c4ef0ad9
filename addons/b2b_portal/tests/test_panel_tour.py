# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .panel_common import PanelCase


@tagged("post_install", "-at_install")
class TestPanelTour(PanelCase):
    def test_filters(self):
        """Ticks, the bubble, folding, sections by name, the button 'back'."""
        self.start_tour(
            f"/shop?search={self.mark}", "b2b_catalogue_filters", login="b2b_buyer"
        )
