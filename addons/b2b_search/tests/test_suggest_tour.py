# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .search_common import SearchCase


@tagged("post_install", "-at_install")
class TestSuggestTour(SearchCase):
    def _play(self, code):
        """The tour in one of the website's languages."""
        lang = self.env["res.lang"]._activate_lang(code)
        self.website.language_ids |= lang
        prefix = "" if lang == self.website.default_lang_id else f"/{lang.url_code}"
        self.start_tour(f"{prefix}/shop", "b2b_search_suggest", login="b2b_buyer")
        cart = self.env["sale.order"].search(
            [("b2b_member_id", "=", self.buyer.id), ("state", "=", "draft")]
        )
        bolt = self.by_article["933-8-50"].product_variant_id
        quantities = {li.product_id: li.product_uom_qty for li in cart.order_line}
        self.assertIn(quantities[bolt], (4, 7))
        self.assertEqual(sum(quantities.values()), 7)

    def test_in_russian(self):
        self._play("ru_RU")

    def test_in_english(self):
        self._play("en_US")
