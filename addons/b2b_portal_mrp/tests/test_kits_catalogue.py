# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from urllib.parse import urlencode

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.b2b_portal.tests.catalogue_common import CatalogueCase

from .kit_common import KitMixin


@tagged("post_install", "-at_install")
class TestKitsInCatalogue(KitMixin, CatalogueCase):
    """What is kept ready of kits for lists: filters, order, the rule, price lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.write({"b2b_stock_rule": "usual", "b2b_to_order_in_stock": False})
        goods = cls.kit | cls.set | cls.bolt | cls.nut | cls.pin
        for product in goods:
            product.name = f"Zqk {product.default_code}"
        goods.allow_out_of_stock_order = False
        cls.free = cls.env["b2b.stock.free"]

    def _kept(self, *products):
        """Free stock from the table, as :meth:`_free` gives it."""
        rows = self.env.execute_query(self.free._get_table(self.both))
        self.assertEqual(len(rows), len({row[0] for row in rows}))
        kept = {
            (template, warehouse): quantity
            for template, places, quantities in rows
            for warehouse, quantity in zip(places, quantities, strict=True)
        }
        return [
            tuple(
                kept.get((product.product_tmpl_id.id, warehouse.id), 0)
                for warehouse in self.both
            )
            for product in products
        ]

    def _work_in(self):
        while self.free._refresh():
            pass

    def _check(self, *products):
        """The table says what pages say, before the job has run and after it."""
        expected = self._free(*products)
        expected = [tuple(max(q, 0) for q in each) for each in expected]
        self.assertEqual(self._kept(*products), expected)
        self._work_in()
        self.assertEqual(self._kept(*products), expected)
        self.env.flush_all()
        self.free._rebuild()
        self.assertEqual(self._kept(*products), expected)
        return expected

    def test_every_change(self):
        line = self.kit.product_tmpl_id.bom_ids.bom_line_ids[0]
        bom = self.kit.product_tmpl_id.bom_ids

        def add_other():
            return self.env["mrp.bom"].create(
                {
                    "product_tmpl_id": self.kit.product_tmpl_id.id,
                    "product_id": self.kit.id,
                    "type": "phantom",
                    "sequence": -1,
                    "bom_line_ids": [Command.create({"product_id": self.pin.id})],
                }
            )

        def reserve():
            self._send(self.nut, self.main, 5)._action_assign()

        boms = self.env["mrp.bom"]
        changes = (
            (lambda: self._stock(self.bolt, self.main, 13), (0, 0), (0, 0)),
            (lambda: self._stock(self.nut, self.main, 21), (10, 0), (0, 0)),
            (lambda: self._stock(self.nut, self.second, 9), (10, 0), (0, 0)),
            (lambda: self._stock(self.bolt, self.second, 9), (10, 4), (0, 0)),
            (lambda: self._stock(self.pin, self.main, 4), (10, 4), (4, 0)),
            (reserve, (8, 4), (4, 0)),
            (lambda: line.write({"product_qty": 5}), (2, 1), (1, 0)),
            (lambda: line.write({"product_uom_id": self.box.id}), (0, 0), (0, 0)),
            (line.unlink, (8, 4), (4, 0)),
            (lambda: bom.write({"product_qty": 2}), (16, 9), (4, 0)),
            (add_other, (4, 0), (1, 0)),
            (lambda: self.pin.write({"is_storable": False}), (0, 0), (0, 0)),
            (lambda: self.pin.write({"is_storable": True}), (4, 0), (1, 0)),
            (lambda: boms.search([("sequence", "=", -1)]).unlink(), (16, 9), (4, 0)),
            (lambda: self.set.write({"active": False}), (16, 9), (4, 0)),
            (lambda: self.set.write({"active": True}), (16, 9), (4, 0)),
            (lambda: bom.write({"active": False}), (0, 0), (0, 0)),
            (lambda: self._stock(self.kit, self.main, 99), (99, 0), (4, 0)),
            (lambda: self._stock(self.pin, self.main, 100), (99, 0), (49, 0)),
            (lambda: bom.write({"active": True}), (16, 9), (8, 0)),
            (lambda: bom.write({"type": "normal"}), (99, 0), (49, 0)),
        )
        self._work_in()
        for number, (change, kit, of_set) in enumerate(changes):
            with self.subTest(number):
                change()
                goods = [self.kit]
                if self.set.active:
                    goods.append(self.set)
                else:
                    self.assertEqual(self._kept(self.set), [(0, 0)])
                found = self._check(*goods)
                self.assertEqual(found, [kit, of_set][: len(goods)])

    def test_at_random(self):
        """The table against the page, over kits drawn by lot."""
        chance = random.Random(7)  # noqa: S311
        parts = [self._create_product(f"ZQK-{n}", 1.0) for n in range(5)]
        for part in parts:
            for warehouse in self.both:
                self._stock(part, warehouse, chance.choice([-2, 3, 40, 77.5]))
        kits = []
        for number in range(20):
            some = chance.sample(parts + kits[:6], chance.randint(1, 3))
            lines = {part: chance.choice([1, 2, 0.3, 7]) for part in some}
            quantity = chance.choice([1, 3])
            company = chance.choice([False, self.company.id])
            kits.append(
                self._create_kit(
                    f"ZQK-K{number}", lines, product_qty=quantity, company_id=company
                )
            )
        found = self._check(*kits)
        self.assertTrue(any(any(each) for each in found))
        self.assertFalse(all(any(each) for each in found))

    def test_lines_for_some_variants(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Zqk",
                "value_ids": [Command.create({"name": name}) for name in "ab"],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": "Zqk variants",
                "is_storable": True,
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids[0].ids)],
                        }
                    )
                ],
            }
        )
        self._work_in()
        values = template.attribute_line_ids.product_template_value_ids
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": template.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.nut.id}),
                    Command.create(
                        {
                            "product_id": self.pin.id,
                            "bom_product_template_attribute_value_ids": values.ids,
                        }
                    ),
                ],
            }
        )
        self._stock(self.nut, self.main, 8)
        self._stock(self.pin, self.main, 3)
        self.assertEqual(self._check(template.product_variant_id), [(3, 0)])
        # the new variant has no pin in it; the table tells of the variant with most
        template.attribute_line_ids.value_ids = attribute.value_ids
        a, b = template.product_variant_ids
        self.assertEqual(self._free(a, b), [(3, 0), (8, 0)])
        self.assertEqual(self._kept(a), [(8, 0)])
        self._work_in()
        self.assertEqual(self._kept(a), [(8, 0)])
        bom.bom_line_ids[1].product_qty = 4
        b.active = False
        self.assertEqual(self._check(a), [(0, 0)])

    def test_another_company(self):
        """A bill of another company says nothing of our warehouses."""
        other = self.env["res.company"].create({"name": "Zqk company"})
        bom = self.kit.product_tmpl_id.bom_ids
        self._stock(self.bolt, self.main, 5)
        self._stock(self.nut, self.main, 50)
        self.assertEqual(self._kept(self.kit), [(5, 0)])
        bom.company_id = other
        self.assertEqual(self._check(self.kit), [(0, 0)])
        bom.company_id = self.company
        self.assertEqual(self._check(self.kit), [(5, 0)])

    # === PAGES === #

    def _listed(self, **query):
        url = "/shop?" + urlencode({"search": "Zqk", "order": "name"} | query)
        page = self.url_open(url).text
        goods = (self.kit, self.set, self.bolt, self.nut, self.pin)
        places = {product: page.find(f">{product.name}<") for product in goods}
        found = [product for product in places if places[product] >= 0]
        return sorted(found, key=places.get)

    def _stock_one_kit(self):
        self._stock(self.bolt, self.main, 10)
        self._stock(self.nut, self.main, 100)

    def test_the_rule_hides_no_kit_that_is_there(self):
        self._login(self.buyer)
        self._stock_one_kit()
        goods = [self.bolt, self.kit, self.nut, self.pin, self.set]
        self.assertEqual(self._listed(), goods)
        self.website.b2b_stock_rule = "hide"
        self.assertEqual(self._listed(), [self.bolt, self.kit, self.nut])
        self._stock(self.pin, self.main, 1)
        self.assertEqual(self._listed(), goods)
        self._stock(self.nut, self.main, -100)
        self.assertEqual(self._listed(), [self.bolt, self.pin])

    def test_the_rules_last_and_date(self):
        self._login(self.buyer)
        self._stock_one_kit()
        self.website.b2b_stock_rule = "last"
        last = [self.bolt, self.kit, self.nut, self.pin, self.set]
        self.assertEqual(self._listed(), last)
        self._stock(self.bolt, self.main, -10)
        self.assertEqual(
            self._listed(), [self.nut, self.bolt, self.kit, self.pin, self.set]
        )
        self.website.b2b_stock_rule = "date"
        self._stock(self.bolt, self.main, 10)
        page = self.url_open("/shop?search=Zqk").text
        cell = self._cell(self._read_row(page, self.kit), "o_b2b_cell_stock")
        self.assertRegex(cell, r"\b10\b")

    def test_filters_and_order(self):
        self._login(self.buyer)
        self._stock_one_kit()
        self._stock(self.bolt, self.second, 1)
        here = {"warehouses": str(self.main.id)}
        self.assertEqual(self._listed(in_stock="1"), [self.bolt, self.kit, self.nut])
        self.assertEqual(self._listed(**here), [self.bolt, self.kit, self.nut])
        there = {"warehouses": str(self.second.id)}
        self.assertEqual(self._listed(**there), [self.bolt])
        self._stock(self.pin, self.main, 90)
        goods = [self.nut, self.pin, self.bolt, self.kit, self.set]
        self.assertEqual(self._listed(order="stock"), goods)

    def test_queries_do_not_grow(self):
        """Of a table in which one kit has changed, and ten."""
        counts = []
        for kits in (1, 1, 10):
            self._work_in()
            for number in range(kits):
                self._create_kit(
                    f"ZQK-{len(counts)}-{number}", {self.bolt: 1, self.kit: 1}
                )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._kept(self.kit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
