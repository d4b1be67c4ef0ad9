# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random

from odoo.tests import tagged

from .common import B2bCommon
from .test_agreement_terms import TermsMixin


@tagged("post_install", "-at_install")
class TestStockQueries(TermsMixin, B2bCommon):
    """What is in stock and what was bought, asked of the database at once."""

    def _select(self, query):
        return {row[0] for row in self.env.execute_query(query)}

    def _in_stock(self, warehouses, **options):
        query = self.env["product.template"]._b2b_get_in_stock_query(
            warehouses, **options
        )
        return self._select(query)

    def test_in_stock_is_what_the_agreement_counts(self):
        """The same as the best single warehouse of every product, on random stock."""
        chance = random.Random(5)
        products = self.env["product.product"]
        for number in range(40):
            products |= self._create_product(f"RAND-{number}", 1.0)
        for product in products:
            for warehouse in self.main | self.second:
                self._stock(product, warehouse, chance.choice([-3, -2, 2, 3]))
            quant = self.env["stock.quant"].search(
                [("product_id", "=", product.id), ("quantity", ">", 0)], limit=1
            )
            if chance.random() < 0.4:
                quant.reserved_quantity = chance.choice([1, quant.quantity])
        self._set_warehouses(self.main, self.second)
        free = self.agreement._b2b_get_free(products)
        expected = {
            p.product_tmpl_id.id for p, quantity in free.items() if quantity > 0
        }
        self.assertTrue(0 < len(expected) < len(products))
        found = self._in_stock(self.main | self.second)
        self.assertEqual(found & set(products.product_tmpl_id.ids), expected)

    def test_a_debt_elsewhere_takes_nothing_away(self):
        self._stock(self.bolt, self.main, 5)
        self._stock(self.bolt, self.second, -50)
        template = self.bolt.product_tmpl_id.id
        self.assertIn(template, self._in_stock(self.main | self.second))
        self.assertIn(template, self._in_stock(self.main))
        self.assertNotIn(template, self._in_stock(self.second))
        self.assertNotIn(template, self._in_stock(self.main.browse()))
        self.bolt.active = False
        self.assertNotIn(template, self._in_stock(self.main))

    def test_goods_without_stock(self):
        """Services always; goods to order where the caller says so."""
        service = self._create_product("SERV", 1.0, type="service", is_storable=False)
        to_order = self._create_product("ORDER", 1.0, allow_out_of_stock_order=True)
        strict = self._create_product("STRICT", 1.0, allow_out_of_stock_order=False)
        ids = [p.product_tmpl_id.id for p in (service, to_order, strict)]
        self.assertEqual(self._in_stock(self.main) & set(ids), {ids[0]})
        found = self._in_stock(self.main, to_order=True)
        self.assertEqual(found & set(ids), set(ids[:2]))

    def test_bought_by_any_entity_of_the_account(self):
        query = self.env["product.template"]._b2b_get_bought_query(self.north)
        self.assertFalse(self._select(query))
        other = self._create_agreement(self.north_b)
        for agreement, product in ((self.agreement, self.bolt), (other, self.nut)):
            cart = self._create_cart(self.head, agreement, [(product, 100)])
            cart.action_confirm()
        self._create_cart(self.buyer, lines=[(self._create_product("DRAFT", 1.0), 1)])
        query = self.env["product.template"]._b2b_get_bought_query(self.north)
        templates = (self.bolt | self.nut).product_tmpl_id
        self.assertEqual(self._select(query), set(templates.ids))
        query = self.env["product.template"]._b2b_get_bought_query(self.south)
        self.assertFalse(self._select(query))
        nobody = self.env["b2b.account"]
        query = self.env["product.template"]._b2b_get_bought_query(nobody)
        self.assertFalse(self._select(query))
