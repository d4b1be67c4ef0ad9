# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools.misc import format_date

from .catalogue_common import SUGGESTIONS, CatalogueCase
from .common import B2bCommon, Command
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


@tagged("post_install", "-at_install")
class TestStockRule(TermsMixin, CatalogueCase):
    """Goods out of stock in lists: hidden, last, with a date, or as any others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.write({"b2b_stock_rule": "usual", "b2b_to_order_in_stock": False})
        cls.segment = cls.env["b2b.segment"].create({"name": "Assemblers"})
        cls.full = cls._create_product("ZQY-2", 5.0, name="Zqy B in stock")
        cls.empty = cls._create_product(
            "ZQY-1", 5.0, name="Zqy A without", allow_out_of_stock_order=False
        )
        cls.to_order = cls._create_product(
            "ZQY-3", 5.0, name="Zqy C to order", allow_out_of_stock_order=True
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.full, cls.main.lot_stock_id, 7
        )

    def setUp(self):
        super().setUp()
        self._set_warehouses(self.main)
        self._login(self.buyer)

    def _listed(self, url="/shop?search=Zqy&order=name"):
        """The test's goods in the order of a page."""
        page = self.url_open(url).text
        names = {p: page.find(p.name) for p in (self.full, self.empty, self.to_order)}
        return sorted((p for p in names if names[p] >= 0), key=names.get)

    def _suggested(self):
        answer = self._rpc(
            "/website/snippet/autocomplete",
            search_type="products",
            term="Zqy",
            order="name asc",
            limit=10,
            options=SUGGESTIONS,
        )
        return "A without" in answer.text

    def test_as_any_others(self):
        self.assertEqual(self._listed(), [self.empty, self.full, self.to_order])
        self.assertTrue(self._suggested())

    def test_hidden(self):
        self.website.b2b_stock_rule = "hide"
        self.assertEqual(self._listed(), [self.full])
        self.assertFalse(self._suggested())
        self.website.b2b_to_order_in_stock = True
        self.assertEqual(self._listed(), [self.full, self.to_order])
        page = self.url_open(self.empty.website_url)
        self.assertIn("Zqy A without", page.text, "a link to it works")

    def test_hidden_from_guests(self):
        """In core's own list, by the stock of the website's warehouse."""
        self.website.b2b_stock_rule = "hide"
        self.authenticate(None, None)
        self.assertEqual(self._listed("/shop?search=Zqy"), [self.full])
        self.website.warehouse_id = self.second
        self.assertEqual(self._listed("/shop?search=Zqy"), [])

    def test_what_was_bought_stays(self):
        self.website.b2b_stock_rule = "hide"
        other = self._create_agreement(self.north_b)
        cart = self._create_cart(self.head, other, [(self.empty, 1)])
        cart.action_confirm()
        self.assertEqual(self._listed(), [self.empty, self.full])
        self.assertTrue(self._suggested())
        self._login(self.stranger)
        self.assertNotIn(self.empty, self._listed())

    def test_last(self):
        self.website.b2b_stock_rule = "last"
        self.assertEqual(self._listed(), [self.full, self.empty, self.to_order])

    def test_nearest_rule_wins(self):
        self.website.b2b_stock_rule = "hide"
        self.north.segment_id = self.segment
        self.assertEqual(self._listed(), [self.full])
        self.segment.stock_rule = "last"
        self.assertEqual(self._listed(), [self.full, self.empty, self.to_order])
        self.agreement.stock_rule = "usual"
        self.assertEqual(self._listed(), [self.empty, self.full, self.to_order])

    def test_rule_of_a_template_of_agreements(self):
        template = self.env["b2b.agreement.template"].create(
            {
                "name": "Dealers",
                "price_type_id": self.price_type.id,
                "stock_rule": "hide",
                "warehouse_line_ids": [Command.create({"warehouse_id": self.main.id})],
            }
        )
        agreement = template._create_agreement(self.north_b)
        self.assertEqual(agreement.stock_rule, "hide")

    def test_best_single_warehouse(self):
        self.website.b2b_stock_rule = "hide"
        self._set_warehouses(self.second)
        self.assertEqual(self._listed(), [])
        self._set_warehouses(self.second, self.main)
        self.assertEqual(self._listed(), [self.full])

    def test_who_sees_no_stock_loses_no_goods(self):
        self.website.b2b_stock_rule = "hide"
        self.buyer.stage = "registered"
        self.website.write({"b2b_access_mode": "custom", "b2b_show_stock": "members"})
        self.assertEqual(self._listed(), [self.empty, self.full, self.to_order])

    def _receive(self, product, quantity, days, **values):
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.main.lot_stock_id.id,
                "date": fields.Datetime.now() + timedelta(days=days),
            }
            | values
        )
        move._action_confirm()
        return move

    def test_next_arrivals(self):
        boxes = {"product_uom": self.box.id}
        self.full.uom_ids = self.box
        self._receive(self.full, 2, 5, **boxes)
        self._receive(self.full, 3, 5)
        self._receive(self.full, 100, 9)
        self._receive(self.empty, 4, -3)
        draft = self._receive(self.to_order, 4, 3)
        draft.state = "draft"
        transfer = {"location_id": self.second.lot_stock_id.id}
        self._receive(self.to_order, 4, 3, **transfer)
        goods = self.full | self.empty | self.to_order
        day = fields.Date.today() + timedelta(days=5)
        warehouses = self.main | self.second
        found = goods._b2b_get_next_arrivals(warehouses)
        self.assertEqual(found, {self.full.id: (day, 51.0)})
        found = goods._b2b_get_next_arrivals(self.main)
        self.assertEqual(set(found), {self.full.id, self.to_order.id})
        self.assertFalse(goods._b2b_get_next_arrivals(self.second))
        self.assertFalse(goods._b2b_get_next_arrivals(self.second.browse()))

    def test_next_arrivals_are_free(self):
        """What orders wait for is not promised again; the page tells the same day."""
        self._receive(self.empty, 40, 4)
        self._receive(self.empty, 30, 8)
        customer = self.env.ref("stock.stock_location_customers")
        places = {
            "location_id": self.main.lot_stock_id.id,
            "location_dest_id": customer.id,
        }
        self._receive(self.empty, 55, 1, **places)
        days = fields.Date.today() + timedelta(days=8)
        found = self.empty._b2b_get_next_arrivals(self.main)
        self.assertEqual(found, {self.empty.id: (days, 15.0)})
        self._receive(self.empty, 15, 1, **places)
        self.assertFalse(self.empty._b2b_get_next_arrivals(self.main))

    def test_with_a_date(self):
        self._receive(self.empty, 40, 6)
        day = fields.Date.today() + timedelta(days=6)
        text = format_date(self.env(context={"lang": "en_US"}), day, date_format="d")
        page = self.url_open("/shop?search=Zqy").text
        before = self._cell(self._read_row(page, self.empty), "o_b2b_cell_stock")
        self.website.b2b_stock_rule = "date"
        page = self.url_open("/shop?search=Zqy").text
        after = self._cell(self._read_row(page, self.empty), "o_b2b_cell_stock")
        self.assertNotEqual(before, after)
        self.assertIn(text, after)
        for product in (self.full, self.to_order):
            row = self._read_row(page, product)
            self.assertNotIn(str(day.year), self._cell(row, "o_b2b_cell_stock"))
