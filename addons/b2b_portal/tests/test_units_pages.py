# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from lxml import html

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import B2bMixin, find_ragged_rows


@tagged("post_install", "-at_install")
class TestUnitsPages(B2bMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls.bolt.uom_id
        cls.bolt.write({"b2b_multiple": 24, "weight": 2.5})
        cls.cart = cls._create_cart(cls.buyer, lines=[(cls.bolt, 48), (cls.nut, 100)])
        cls.line, cls.nuts = cls.cart.order_line
        cls.url = f"/my/carts/{cls.cart.id}"

    def setUp(self):
        super().setUp()
        self._login(self.buyer)

    def _login(self, member):
        login = member.user_id.login
        self.authenticate(login, login.ljust(8, "x") if len(login) < 8 else login)

    def _post(self, url, data=None):
        data = {"csrf_token": Request.csrf_token(self)} | (data or {})
        return self.url_open(url, data=data)

    def _update(self, **values):
        return self._post(f"{self.url}/update", values)

    def _buttons(self, page, name):
        return html.fromstring(page).xpath(f"//button[@name='{name}']/@value")

    def test_a_wrong_quantity_offers_both_neighbours(self):
        """95: 96 = 4 boxes or 72 = 3 boxes; one click sets the line."""
        page = self._update(**{f"qty_{self.line.id}": "95"})
        self.assertEqual(self.line.product_uom_qty, 96)
        name = f"set_{self.line.id}"
        values = self._buttons(page.text, name)
        self.assertEqual(values, [f"96:{self.unit.id}", f"72:{self.unit.id}"])
        self.assertIn("3 × Box of 24", page.text)
        self.assertFalse(find_ragged_rows(page.text))
        page = self._update(
            **{
                name: values[1],
                f"qty_{self.line.id}": "96",
                f"qty_{self.nuts.id}": "300",
            }
        )
        self.assertEqual(self.line.product_uom_qty, 72)
        self.assertEqual(self.nuts.product_uom_qty, 300, "the rest is saved as well")
        self.assertFalse(self._buttons(page.text, name))

    def test_the_key_enter_saves(self):
        page = self._update(**{f"qty_{self.line.id}": "95"})
        form = html.fromstring(page.text).xpath("//form[contains(@action, '/update')]")
        first = form[0].xpath(".//button")[0]
        self.assertFalse(first.get("name") or first.get("formaction"))

    def test_over_the_maximum(self):
        self.bolt.b2b_max_qty = 240
        page = self._update(
            **{f"qty_{self.line.id}": "500", f"qty_{self.nuts.id}": "200"}
        )
        self.assertEqual(self.line.product_uom_qty, 48)
        self.assertEqual(self.nuts.product_uom_qty, 200)
        values = self._buttons(page.text, f"set_{self.line.id}")
        self.assertEqual(values, [f"240:{self.unit.id}"])

    def test_bad_input_is_named_per_product(self):
        for bad in ("many", "-5", "1e5", "1e99", "5 5 5x", "NaN", "inf", "²"):
            with self.subTest(bad=bad):
                page = self._update(
                    **{f"qty_{self.line.id}": bad, f"qty_{self.nuts.id}": bad}
                )
                self.assertEqual(page.status_code, 200)
                self.assertEqual(self.line.product_uom_qty, 48)
                message = html.fromstring(page.text).xpath(
                    "//*[contains(@class, 'alert')]"
                )
                text = " ".join(node.text_content() for node in message)
                self.assertIn("BLT-M8", text)
                self.assertIn("NUT-M8", text)
                self.assertIn(bad, text)
        page = self._update(**{f"qty_{self.nuts.id}": "0"})
        self.assertFalse(self.nuts.exists())
        self.assertIn("NUT-M8", page.text)

    def test_changing_the_unit(self):
        page = self.url_open(self.url).text
        options = html.fromstring(page).xpath(
            f"//select[@name='unit_{self.line.id}']/option/@value"
        )
        self.assertEqual(options, [str(self.unit.id), str(self.box.id)])
        unit = f"unit_{self.line.id}"
        quantity = f"qty_{self.line.id}"
        self._update(**{unit: str(self.box.id), quantity: "48"})
        self.assertEqual(self.line.product_uom_id, self.box)
        self.assertEqual(self.line.product_uom_qty, 2)
        self.assertEqual(self.line.price_unit, 240)
        page = self.url_open(self.url).text
        self.assertRegex(page, r"10[.,]00")
        # a quantity that is typed with the unit is in that unit
        self._update(**{unit: str(self.unit.id), quantity: "72"})
        self.assertEqual(self.line.product_uom_qty, 72)

    def test_forged_units_and_choices(self):
        kilogram = self.env.ref("uom.product_uom_kgm")
        line = self.line.id
        for values in (
            {f"unit_{line}": str(kilogram.id)},
            {f"unit_{line}": "x"},
            {f"unit_{line}": "999999"},
            {f"set_{line}": f"5:{kilogram.id}"},
            {f"set_{line}": "nan:1"},
            {f"set_{line}": "-5:1"},
            {f"set_{line}": "5"},
            {f"set_{line}": "5:x"},
            {f"set_{line}": ""},
        ):
            with self.subTest(values=values):
                self.assertEqual(self._update(**values).status_code, 200)
                self.assertEqual(self.line.product_uom_qty, 48)
                self.assertEqual(self.line.product_uom_id, self.unit)
        self._update(**{f"set_{line}": f"50:{self.unit.id}"})
        self.assertEqual(self.line.product_uom_qty, 72, "judged like any other")

    def test_a_unit_that_is_gone_is_mended_at_checkout(self):
        self.cart._b2b_set_line(self.line, 4, self.box)
        self.box.active = False
        page = self.url_open(f"{self.url}/checkout").text
        name = f"set_{self.line.id}"
        self.assertEqual(self._buttons(page, name), [f"96:{self.unit.id}", "0"])
        self.assertEqual(self.url_open(self.url).status_code, 200)
        page = self._update(**{name: f"96:{self.unit.id}", "back": "checkout"})
        self.assertIn("/checkout", page.url)
        self.assertEqual(self.line.product_uom_id, self.unit)
        self.assertFalse(self._buttons(page.text, name))

    def test_the_result_of_an_import(self):
        text = "BLT-M8 47\nBLT-M8 1\nNUT-M8 150"
        page = self._post(
            "/shop/quick-order/run", {"text": text, "cart_id": str(self.cart.id)}
        )
        run = self.env["b2b.cart.import"].search([], limit=1)
        first, second, nuts = run.line_ids
        self.assertFalse(find_ragged_rows(page.text))
        tree = html.fromstring(page.text)
        rows = tree.xpath(
            "//form[contains(@action, '/set')]//input[@name='row']/@value"
        )
        self.assertEqual(rows, [str(nuts.id)], "95 + 1 may be ordered")
        values = tree.xpath("//form[contains(@action, '/set')]//button/@value")
        self.assertEqual(values, [f"300:{self.unit.id}", f"200:{self.unit.id}"])
        url = f"/shop/quick-order/{run.id}/set"
        page = self._post(url, {"row": str(nuts.id), "value": values[1]})
        self.assertEqual(self.nuts.product_uom_qty, 200)
        self.assertNotIn('/set"', page.text)
        for bad in ({}, {"row": "x"}, {"row": str(nuts.id), "value": "x"}):
            self.assertEqual(self._post(url, bad).status_code, 200)
        self.assertEqual(self.nuts.product_uom_qty, 200)
        self.assertTrue(first.product_id and second.product_id)

    def test_an_import_over_the_maximum(self):
        self.bolt.b2b_max_qty = 24
        self.line.unlink()
        self._post(
            "/shop/quick-order/run", {"text": "BLT-M8 500", "cart_id": self.cart.id}
        )
        run = self.env["b2b.cart.import"].search([], limit=1)
        self.assertEqual(run.line_ids.reasons, "maximum")
        self._post(
            f"/shop/quick-order/{run.id}/set",
            {"row": str(run.line_ids.id), "value": f"24:{self.unit.id}"},
        )
        lines = self.cart.order_line.filtered(lambda row: row.product_id == self.bolt)
        self.assertEqual(lines.product_uom_qty, 24)

    def test_the_load(self):
        pallet, truck = self.env["b2b.transport.unit"].create(
            [
                {"name": "Test pallet", "max_weight": 100, "sequence": -2},
                {"name": "Test truck", "max_weight": 1200, "sequence": -1},
            ]
        )
        page = self.url_open(self.url).text
        self.assertIn("Test pallet", page)
        bar = html.fromstring(page).xpath("//progress")[0]
        # 120 kg on two pallets
        self.assertEqual(bar.get("value"), "60")
        label = html.fromstring(page).xpath(f"//label[@for='{bar.get('id')}']")
        self.assertIn("60", label[0].text_content())
        self.assertTrue(
            html.fromstring(page).xpath(
                "//*[@class and contains(@class, 'o_b2b_unweighed')]"
            )
        )
        page = self._post(f"{self.url}/transport", {"unit_id": str(truck.id)}).text
        self.assertEqual(self.cart.b2b_transport_unit_id, truck)
        self.assertEqual(
            html.fromstring(page).xpath("//progress")[0].get("value"), "10"
        )
        other = self.env["res.company"].create({"name": "Other"})
        pallet.company_id = other
        for bad in (str(pallet.id), "x", ""):
            self._post(f"{self.url}/transport", {"unit_id": bad})
            self.assertFalse(self.cart.b2b_transport_unit_id)

    def test_the_product_page(self):
        self.nut.product_tmpl_id.uom_ids = self.box
        page = self.url_open(self.bolt.website_url).text
        tree = html.fromstring(page)
        options = tree.xpath(f"//select[@name='uom_{self.bolt.id}']/option")
        units = [option.get("value") for option in options]
        self.assertEqual(units, [str(self.unit.id), str(self.box.id)])
        self.assertRegex(options[1].text_content(), r"240[.,]00")
        quantity = tree.xpath(f"//input[@name='qty_{self.bolt.id}']")[0]
        self.assertEqual(float(quantity.get("data-step")), self.bolt.b2b_multiple or 1)
        prices = tree.xpath("//tbody[contains(@class, 'o_b2b_unit_prices')]")[0]
        self.assertRegex(prices.text_content(), r"240[.,]00")
        self.assertIn("24", prices.text_content())
        result = self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.bolt.product_tmpl_id.id,
                "product_id": self.bolt.id,
                "quantity": 2,
                "uom_id": self.box.id,
            },
        )
        self.assertTrue(result["quantity"])
        line = self.cart.order_line.filtered(lambda row: row.product_uom_id == self.box)
        self.assertEqual(line.product_uom_qty, 2)
        result = self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.nut.product_tmpl_id.id,
                "product_id": self.nut.id,
                "quantity": 50,
            },
        )
        warning = result["notification_info"]["warning"]
        self.assertRegex(warning, r"200.*100")
        self.authenticate(None, None)
        page = self.url_open(self.bolt.website_url).text
        self.assertNotIn("o_b2b_unit_prices", page)

    def test_prices_follow_the_variant(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Length",
                "value_ids": [(0, 0, {"name": name}) for name in ("20", "40")],
            }
        )
        template = self.bolt.product_tmpl_id
        values = attribute.value_ids.ids
        template.attribute_line_ids = [
            (0, 0, {"attribute_id": attribute.id, "value_ids": [(6, 0, values)]})
        ]
        first, second = template.product_variant_ids
        self.price_type.item_ids = [
            (
                0,
                0,
                {
                    "applied_on": "0_product_variant",
                    "product_id": second.id,
                    "compute_price": "fixed",
                    "fixed_price": 13,
                },
            )
        ]
        info = self.make_jsonrpc_request(
            "/website_sale/get_combination_info",
            {
                "product_template_id": template.id,
                "product_id": first.id,
                "combination": second.product_template_attribute_value_ids.ids,
                "add_qty": 1,
            },
        )
        self.assertEqual(info["product_id"], second.id)
        self.assertRegex(info["b2b_price_block"], r"312[.,]00")

    def test_strangers(self):
        """Another member changes nothing; customers do not read the rules."""
        rule = self.env["b2b.quantity.rule"].create(
            {"applied_on": "3_all", "min_qty": 1, "agreement_id": self.agreement.id}
        )
        run = self.env["b2b.cart.import"].create(
            {
                "name": "x",
                "order_id": self.cart.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "row": 1,
                            "outcome": "changed",
                            "product_id": self.bolt.id,
                            "uom_id": self.unit.id,
                        },
                    )
                ],
            }
        )
        for member in (self.buyer2, self.stranger, self.accountant):
            self._login(member)
            for url, data in (
                (f"{self.url}/update", {f"set_{self.line.id}": f"72:{self.unit.id}"}),
                (f"{self.url}/update", {f"unit_{self.line.id}": str(self.box.id)}),
                (f"{self.url}/transport", {"unit_id": "1"}),
                (
                    f"/shop/quick-order/{run.id}/set",
                    {"row": str(run.line_ids.id), "value": f"72:{self.unit.id}"},
                ),
            ):
                with self.subTest(member=member.name, url=url):
                    with mute_logger("odoo.http"):
                        response = self._post(url, data)
                    self.assertIn(response.status_code, (403, 404))
            for model, record in (
                ("b2b.quantity.rule", rule),
                (
                    "b2b.transport.unit",
                    self.env["b2b.transport.unit"].search([], limit=1),
                ),
            ):
                with mute_logger("odoo.http"), self.assertRaises(Exception) as caught:
                    self.make_jsonrpc_request(
                        "/web/dataset/call_kw",
                        {
                            "model": model,
                            "method": "read",
                            "args": [record.ids, []],
                            "kwargs": {},
                        },
                    )
                self.assertTrue(re.search("AccessError|Odoo", str(caught.exception)))
        self.assertEqual(self.line.product_uom_qty, 48)
        self.assertEqual(self.line.product_uom_id, self.unit)

    def test_queries_of_the_cart_page(self):
        def count(number):
            products = [
                self._create_product(f"P{number}-{i}", 5, uom_ids=[self.box.id])
                for i in range(number)
            ]
            cart = self._create_cart(self.buyer, lines=[(p, 1) for p in products])
            self.url_open(f"/my/carts/{cart.id}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.url_open(f"/my/carts/{cart.id}")
            return self.env.cr.sql_log_count - before

        count(2)
        few, many = count(5), count(50)
        self.assertLessEqual(many, few + 3)
