# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.b2b_portal.models.b2b_price_list import B2bPriceList

from ..models.b2b_search_ranking import FACTORS
from .search_common import SearchCase


@tagged("post_install", "-at_install")
class TestRanking(SearchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twins = cls.env["product.template"].create(
            [
                {"name": f"Кракозябра {cls.mark}", "default_code": article}
                | {"is_published": True, "is_storable": True, "list_price": 100.0}
                for article in ("TWIN-A", "TWIN-B")
            ]
        )
        cls.first, cls.second = cls.twins
        cls.found |= cls.twins
        cls.ranking = cls.env["b2b.search.ranking"]._get()
        cls.ranking.write(dict.fromkeys(FACTORS, 0.0))
        cls._catch_up()

    def _get_as_buyer(self):
        lists = self.env["b2b.price.list"]
        self.assertIsInstance(lists, B2bPriceList)
        mine = lists._as_user(self.website, self.agreement, self.buyer.user_id)
        return mine.env["b2b.catalogue"]

    def _rank(self, text="кракозябра"):
        """The twins as a buyer of the first customer finds them."""
        _analysis, matches = self._get_as_buyer()._search_index(text)
        scores = {t: matches.scores[t.id] for t in self.twins}
        return scores[self.first], scores[self.second]

    def _assert_second_gains(self, factor, weight=0.3, rank=1.0):
        first, second = self._rank()
        self.assertEqual(first, second, "without the weight both are alike")
        self.ranking[factor] = weight
        first, second = self._rank()
        self.assertAlmostEqual(second / first, 1 + weight * rank, 3)

    def test_popularity(self):
        self.env.cr.execute("UPDATE product_template SET b2b_popularity = 0")
        self.second.sudo().b2b_popularity = 9
        self._assert_second_gains("popularity")

    def test_stock(self):
        warehouse = self.website._b2b_get_stock_warehouses()[:1]
        self.env["stock.quant"]._update_available_quantity(
            self.second.product_variant_id, warehouse.lot_stock_id, 5
        )
        self._assert_second_gains("stock")

    def test_stock_of_other_warehouses_does_not_count(self):
        other = self.env["stock.warehouse"].create(
            {"name": "Far away", "code": "FAR", "company_id": self.company.id}
        )
        near = self.env["stock.warehouse"].create(
            {"name": "Near", "code": "NEAR", "company_id": self.company.id}
        )
        self.agreement.warehouse_line_ids = [
            Command.clear(),
            Command.create({"warehouse_id": near.id}),
        ]
        self.env["stock.quant"]._update_available_quantity(
            self.second.product_variant_id, other.lot_stock_id, 5
        )
        self.ranking.stock = 0.3
        first, second = self._rank()
        self.assertEqual(first, second)

    def test_novelty(self):
        self.ranking.novelty_days = 100
        now = fields.Datetime.now()
        self.first.publish_date = fields.Datetime.subtract(now, days=200)
        self.second.publish_date = fields.Datetime.subtract(now, days=50)
        self._assert_second_gains("novelty", rank=0.5)

    def test_priority_of_product(self):
        self.second.b2b_search_priority = 5
        self._assert_second_gains("priority", rank=0.5)

    def test_priority_of_brand(self):
        brand = self.env["b2b.brand"].create(
            {"name": f"Brand {self.mark}", "b2b_search_priority": 10}
        )
        # not by the name of the brand, which is indexed
        self.second.b2b_brand_id = brand
        self._assert_second_gains("priority")

    def test_priority_of_section_above(self):
        above, below = self.env["product.public.category"].create(
            [{"name": "Above", "b2b_search_priority": 10}, {"name": "Below"}]
        )
        below.parent_id = above
        self.second.public_categ_ids = below
        self._assert_second_gains("priority")

    def test_margin(self):
        self.second.product_variant_id.with_company(self.company).standard_price = 60
        self._assert_second_gains("margin", rank=0.4)

    def test_personal(self):
        cart = self._create_cart(
            self.buyer, lines=[(self.second.product_variant_id, 1)]
        )
        cart.action_confirm()
        self._assert_second_gains("personal")

    def test_purchases_of_others_do_not_count(self):
        agreement = self._create_agreement(self.south_a)
        cart = self._create_cart(
            self.stranger, agreement, lines=[(self.second.product_variant_id, 1)]
        )
        cart.action_confirm()
        self.ranking.personal = 0.3
        first, second = self._rank()
        self.assertEqual(first, second)

    def test_text_wins(self):
        """All ranks together stay below 1.6."""
        for name in FACTORS:
            with self.assertRaises(ValidationError):
                self.ranking[name] = 0.51
            self.env.invalidate_all()
        with self.assertRaises(ValidationError):
            self.ranking.write(dict.fromkeys(FACTORS, 0.2))

    def test_fields_ask_for_a_rebuild(self):
        build = self.env["b2b.search.build"]
        index = build._get()
        index.signature = build._get_signature()
        self.assertFalse(self.ranking.needs_rebuild)
        self.first.description_sale = "Бармаглот"
        self.second.name = "Бармаглот"
        self._catch_up()
        first, second = self._rank("бармаглот")
        self.assertLess(first, second)
        self.ranking.write({"field_text": 20.0, "field_name": 0.1})
        self.ranking.invalidate_recordset(["needs_rebuild"])
        self.assertTrue(self.ranking.needs_rebuild)
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60.0)
        build._cron_index()
        self.assertEqual(index.state, "ready")
        self.ranking.invalidate_recordset(["needs_rebuild"])
        self.assertFalse(self.ranking.needs_rebuild)
        first, second = self._rank("бармаглот")
        self.assertGreater(first, second)

    def test_number_of_queries_does_not_grow(self):
        provider = self._get_as_buyer()

        def count():
            provider._search_index("кракозябра")
            before = self.env.cr.sql_log_count
            provider._search_index("кракозябра")
            return self.env.cr.sql_log_count - before

        plain = count()
        self.ranking.write(dict.fromkeys(FACTORS, 0.1))
        self.assertLessEqual(count(), plain + 3)
