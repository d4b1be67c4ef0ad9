# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import B2bCommon
from .product_page_common import MovesMixin


@tagged("post_install", "-at_install")
class TestArrivals(MovesMixin, B2bCommon):
    """What comes to a warehouse, and what of it is free."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.main = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.second = cls.env["stock.warehouse"].create(
            {"name": "Second", "code": "SCND", "company_id": cls.company.id}
        )
        cls.both = cls.main | cls.second

    def _get(self, product=None, warehouses=None):
        """(warehouse, days from today, quantity, free) of the arrivals."""
        product = product or self.bolt
        arrivals = product._b2b_get_arrivals(warehouses or self.both)[product]
        today = fields.Date.context_today(product)
        return [
            (a.warehouse, (a.date - today).days, a.quantity, a.free) for a in arrivals
        ]

    def test_by_day_and_warehouse(self):
        self._receive(self.bolt, self.main, 100, days=5)
        self._receive(self.bolt, self.main, 20, days=5)
        self._receive(self.bolt, self.second, 7, days=2)
        self.assertEqual(
            self._get(), [(self.second, 2, 7, 7), (self.main, 5, 120, 120)]
        )
        self.assertEqual(self._get(warehouses=self.main), [(self.main, 5, 120, 120)])
        self.assertEqual(self._get(self.nut), [])

    def test_orders_take_stock_first_then_the_first_arrival(self):
        self._stock(self.bolt, self.main, 30)
        self._send(self.bolt, self.main, 110)
        self._receive(self.bolt, self.main, 60, days=3)
        self._receive(self.bolt, self.main, 50, days=9)
        # 110 asked, 30 in stock: 60 + 20 of what comes are taken
        self.assertEqual(self._get(), [(self.main, 3, 60, 0), (self.main, 9, 50, 30)])

    def test_what_is_reserved_is_not_asked_twice(self):
        self._stock(self.bolt, self.main, 30)
        move = self._send(self.bolt, self.main, 50)
        move._action_assign()
        self.assertEqual(move.quantity, 30)
        self._receive(self.bolt, self.main, 100)
        self.assertEqual(self._get(), [(self.main, 3, 100, 80)])

    def test_other_warehouses_orders_take_nothing(self):
        self._send(self.bolt, self.second, 40)
        self._receive(self.bolt, self.main, 100)
        self.assertEqual(self._get(), [(self.main, 3, 100, 100)])

    def test_between_warehouses(self):
        """A transfer is an arrival here and a need there."""
        self._stock(self.bolt, self.second, 10)
        self._move(
            self.bolt, 25, self.second.lot_stock_id, self.main.lot_stock_id, days=4
        )
        self._receive(self.bolt, self.second, 40, days=2)
        self.assertEqual(
            self._get(), [(self.second, 2, 40, 25), (self.main, 4, 25, 25)]
        )

    def test_within_a_warehouse_nothing_comes(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.main.lot_stock_id.id}
        )
        self._move(self.bolt, 25, self.main.lot_stock_id, shelf, days=4)
        self.assertEqual(self._get(), [])

    def test_final_location_counts(self):
        """A receipt that is unloaded first, and goods that only pass through."""
        dock = self.main.wh_input_stock_loc_id
        dock.active = True
        customer = self.env.ref("stock.stock_location_customers")
        values = {"location_final_id": self.main.lot_stock_id.id}
        supplier = self.env.ref("stock.stock_location_suppliers")
        self._move(self.bolt, 15, supplier, dock, days=1, **values)
        values = {"location_final_id": customer.id}
        self._move(self.bolt, 99, supplier, dock, days=1, **values)
        self.assertEqual(self._get(), [(self.main, 1, 15, 15)])

    def test_units_and_states(self):
        """In the own unit; drafts, done and cancelled moves do not come."""
        self._receive(self.bolt, self.main, 2, product_uom=self.box.id)
        cancelled = self._receive(self.bolt, self.main, 500)
        cancelled._action_cancel()
        supplier = self.env.ref("stock.stock_location_suppliers")
        self.env["stock.move"].create(
            {
                "product_id": self.bolt.id,
                "product_uom_qty": 900,
                "location_id": supplier.id,
                "location_dest_id": self.main.lot_stock_id.id,
            }
        )
        self._send(self.bolt, self.main, 1, product_uom=self.box.id)
        self.assertEqual(self._get(), [(self.main, 3, 48, 24)])

    def test_late(self):
        self._receive(self.bolt, self.main, 10, days=-2)
        self._receive(self.bolt, self.main, 10, days=0)
        late, today = self.bolt._b2b_get_arrivals(self.main)[self.bolt]
        self.assertTrue(late.late)
        self.assertEqual(
            late.date, fields.Date.context_today(self.bolt) - timedelta(days=2)
        )
        self.assertFalse(today.late)

    def test_number_of_queries(self):
        """As many for two products as for twelve."""
        goods = self.bolt
        for number in range(11):
            goods |= self._create_product(f"G{number}", 1.0)
        for product in goods:
            self._stock(product, self.main, 5)
            self._receive(product, self.main, 10)
            self._send(product, self.main, 8)
        counts = []
        goods._b2b_get_arrivals(self.both)
        for products in (goods[:2], goods):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            arrivals = products._b2b_get_arrivals(self.both)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(rows[0].free == 7 for rows in arrivals.values()))
        self.assertEqual(*counts)
