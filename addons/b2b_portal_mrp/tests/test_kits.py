# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.b2b_portal.models.sale_order_cart import CartRequest
from odoo.addons.b2b_portal.tests.common import B2bCommon
from odoo.addons.b2b_portal.tests.product_page_common import ProductPageCase
from odoo.addons.b2b_portal.tools.price_list import PriceListOptions

from .kit_common import KitMixin


@tagged("post_install", "-at_install")
class TestKits(KitMixin, B2bCommon):
    """Stock of kits, and kits in carts and orders."""

    def test_as_many_as_the_parts_allow(self):
        self._stock(self.bolt, self.main, 10)
        self._stock(self.nut, self.main, 15)
        self._stock(self.bolt, self.second, 3)
        self._stock(self.nut, self.second, 100)
        self._stock(self.pin, self.main, 9)
        self.assertEqual(
            self._free(self.kit, self.bolt, self.set), [(7, 3), (10, 3), (3, 0)]
        )
        self.assertEqual(
            self.agreement._get_row_stock(self.kit | self.set | self.nut),
            {self.kit.id: 7, self.set.id: 3, self.nut.id: 100},
        )

    def test_the_same_as_core(self):
        self._stock(self.bolt, self.main, 11)
        self._stock(self.nut, self.main, 15)
        self._stock(self.pin, self.main, 2)
        big = self._create_kit("BIG-1", {self.bolt: 3}, product_qty=2)
        goods = self.kit | self.set | self.bolt | big
        free = goods._b2b_get_free_by_warehouse(self.main)
        for product in goods:
            there = product.with_context(warehouse_id=self.main.id)
            self.assertEqual(free[product][self.main], there.free_qty, product.name)

    def test_parts_in_other_units_and_of_services(self):
        service = self._create_product(
            "PACKING", 1.0, type="service", is_storable=False
        )
        kit = self._create_product("KIT-2", 30.0)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create(
                        {
                            "product_id": self.bolt.id,
                            "product_qty": 1,
                            "product_uom_id": self.box.id,
                        }
                    ),
                    Command.create({"product_id": service.id, "product_qty": 1}),
                ],
            }
        )
        self._stock(self.bolt, self.main, 50)
        self.assertEqual(self._free(kit), [(2, 0)])

    def test_a_bill_that_is_no_kit(self):
        made = self._create_product("MADE-1", 5.0)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": made.product_tmpl_id.id,
                "type": "normal",
                "bom_line_ids": [Command.create({"product_id": self.bolt.id})],
            }
        )
        self._stock(self.bolt, self.main, 50)
        self._stock(made, self.main, 4)
        self.assertEqual(self._free(made), [(4, 0)])

    def test_queries_do_not_grow(self):
        kits = self.kit
        for number in range(8):
            kits |= self._create_kit(f"K-{number}", {self.bolt: number + 1})
        counts = []
        for goods in (kits, kits[:2], kits):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            goods._b2b_get_free_by_warehouse(self.both)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])

    # === ORDERS === #

    def _add(self, cart, *wishes):
        wishes = [
            CartRequest(product, product.uom_id, quantity)
            for product, quantity in wishes
        ]
        cart._b2b_add(wishes)
        return wishes

    def test_quick_order(self):
        """A kit goes into a cart as any product, and leaves as its parts."""
        self._stock(self.bolt, self.main, 10)
        self._stock(self.nut, self.main, 100)
        cart = self._create_cart(self.buyer)
        (wish,) = self._add(cart, (self.kit, 8))
        self.assertEqual((wish.outcome, wish.added_quantity), ("added", 8))
        (wish,) = self._add(cart, (self.kit, 5))
        self.assertEqual((wish.outcome, wish.added_quantity), ("changed", 2))
        (wish,) = self._add(cart, (self.kit, 1))
        self.assertEqual((wish.outcome, wish.reasons), ("rejected", ("no_stock",)))
        cart._b2b_submit()
        moves = {m.product_id: m.product_uom_qty for m in cart.picking_ids.move_ids}
        self.assertEqual(moves, {self.bolt: 10, self.nut: 20})

    def test_kits_and_loose_parts_share_the_stock(self):
        self.bolt.allow_out_of_stock_order = False
        self._stock(self.bolt, self.main, 10)
        self._stock(self.nut, self.main, 100)
        cart = self._create_cart(self.buyer, lines=[(self.kit, 7)])
        (wish,) = self._add(cart, (self.bolt, 5))
        self.assertEqual((wish.outcome, wish.added_quantity), ("changed", 3))
        (wish,) = self._add(cart, (self.kit, 1))
        self.assertEqual(wish.outcome, "rejected")
        self.assertFalse(cart._b2b_get_line_checks())
        cart.order_line[0].product_uom_qty = 9
        codes = {check["code"] for check in cart._b2b_get_line_checks()}
        self.assertEqual(codes, {"stock"})

    def test_another_warehouse_may_have_all(self):
        """A kit is not put together from two warehouses."""
        self._stock(self.bolt, self.main, 10)
        self._stock(self.nut, self.second, 100)
        cart = self._create_cart(self.buyer)
        (wish,) = self._add(cart, (self.kit, 1))
        self.assertEqual(wish.outcome, "rejected")
        self._stock(self.bolt, self.second, 4)
        (wish,) = self._add(cart, (self.kit, 6))
        self.assertEqual(wish.added_quantity, 4)
        cart._b2b_submit()
        self.assertEqual(cart.picking_ids.picking_type_id.warehouse_id, self.second)


@tagged("post_install", "-at_install")
class TestKitPages(KitMixin, ProductPageCase):
    """Kits on the product page and by file."""

    def test_parts_and_kits(self):
        self._stock(self.bolt, self.main, 10)
        self._stock(self.nut, self.main, 100)
        self._login(self.buyer)
        page = self._page(self.kit)
        self.assertEqual(self._section(page, "parts"), (self.bolt + self.nut).ids)
        section = "//section[contains(@class, 'o_b2b_goods_parts')]"
        values = page.xpath(f"{section}//input[starts-with(@name, 'qty_')]/@value")
        self.assertEqual(values, ["1", "2"])
        self.assertRegex(self._text(page, "o_b2b_product_stock"), r"\b10\b")
        data = {
            field.get("name"): field.get("value") or ""
            for field in page.xpath(f"{section}//form//input[@name]")
        }
        data.pop("csrf_token")
        self._post("/shop/table/add", data)
        cart = self.env["sale.order"].search(
            [("b2b_member_id", "=", self.buyer.id), ("state", "=", "draft")], limit=1
        )
        lines = {li.product_id: li.product_uom_qty for li in cart.order_line}
        self.assertEqual(lines, {self.bolt: 1, self.nut: 2})
        page = self._page(self.bolt)
        self.assertEqual(self._section(page, "kits"), self.kit.ids)
        self.assertEqual(self._section(self._page(self.kit), "kits"), self.set.ids)

    def test_hidden_parts_do_not_leak(self):
        self.nut.name = "Zqx secret nut"
        self.nut.is_published = False
        self._login(self.buyer)
        page = self._page(self.kit)
        self.assertEqual(self._section(page, "parts"), self.bolt.ids)
        self.assertNotIn("Zqx secret nut", page.text_content())
        self.kit.is_published = False
        self.assertEqual(self._section(self._page(self.bolt), "kits"), [])

    def test_pasted_list(self):
        self._stock(self.bolt, self.main, 10)
        self._stock(self.nut, self.main, 100)
        cart = self._create_cart(self.buyer)
        imports = self.env["b2b.cart.import"].with_user(self.buyer.user_id).sudo()
        imports._run_text(cart, "KIT-1 4\nSET-1 1\nNUT-M8 10")
        lines = {li.product_id: li.product_uom_qty for li in cart.order_line}
        # there is no pin: no set
        self.assertEqual(lines, {self.kit: 4, self.nut: 10})


@tagged("post_install", "-at_install")
class TestKitsInPriceLists(KitMixin, B2bCommon):
    def test_stock_is_what_the_catalogue_tells(self):
        for product, quantity in ((self.bolt, 7), (self.nut, 9), (self.pin, 1)):
            self.env["stock.quant"]._update_available_quantity(
                product, self.main.lot_stock_id, quantity
            )
        where = self.website, self.agreement, self.buyer.user_id
        lists = self.env["b2b.price.list"]
        goods = self.bolt | self.nut | self.pin | self.kit | self.set
        told = {}
        for in_stock in (False, True):
            options = PriceListOptions(in_stock=in_stock)
            task = lists._make_task(*where, options)
            mine = lists._as_user(*where)
            codes = ["section_id", *(column.code for column in task.columns)]
            rows = mine._read_rows(task, mine._find(task))
            for row in rows:
                values = dict(zip(codes, row, strict=True))
                told[in_stock, values["article"]] = values["stock"]
        stock = self.agreement.sudo()._get_row_stock(goods)
        self.assertEqual(stock[self.kit.id], 4)
        for product in goods:
            for in_stock in (False, True):
                key = (in_stock, product.default_code)
                self.assertEqual(told[key], stock[product.id], key)

    def test_a_changed_bill_makes_lists_old(self):
        """A list of before is not handed out again."""
        job = self.env["b2b.job"]
        self.env.flush_all()
        now = self.env.cr.now()
        tables = job._get_price_list_sources()
        for table in tables:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = %s",
                    SQL.identifier(table),
                    now - timedelta(days=2),
                )
            )
        self.env.invalidate_all()
        yesterday = now - timedelta(days=1)
        self.assertFalse(job._has_changed_since(yesterday))
        self.kit.product_tmpl_id.bom_ids.bom_line_ids[0].product_qty = 7
        self.assertTrue(job._has_changed_since(yesterday))
