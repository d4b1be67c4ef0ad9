# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import B2bCommon, Command


@tagged("post_install", "-at_install")
class TestAgreement(B2bCommon):
    def test_empty_name_takes_the_price_type(self):
        self.assertEqual(self.agreement.name, self.price_type.name)

    def test_price_follows_type_discount_and_special_price(self):
        self.agreement.discount = 7
        pricelist = self.agreement.pricelist_id
        self.assertAlmostEqual(pricelist._get_product_price(self.bolt, 1), 9.3)
        pricelist.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": self.bolt.id,
                    "compute_price": "fixed",
                    "fixed_price": 8.5,
                }
            )
        ]
        self.assertAlmostEqual(pricelist._get_product_price(self.bolt, 1), 8.5)
        self.assertAlmostEqual(pricelist._get_product_price(self.nut, 1), 3.72)

    def test_prices_of_many_products_cost_the_same_queries(self):
        products = self.env["product.product"].browse()
        for number in range(40):
            products |= self._create_product(f"P{number}", number + 1)
        pricelist = self.agreement.pricelist_id
        self.env.flush_all()

        def count(some):
            self.env.invalidate_all()
            some.mapped("list_price")
            before = self.env.cr.sql_log_count
            prices = pricelist._get_products_price(some, 1)
            self.assertEqual(len(prices), len(some))
            return self.env.cr.sql_log_count - before

        count(products)
        self.assertEqual(count(products[:5]), count(products))

    def test_rules_in_memory_equal_core(self):
        """The indexed rules choose what core's search chooses."""
        category = self.env["product.category"].create({"name": "Bolts"})
        self.bolt.categ_id = category
        self.price_type.item_ids = [
            Command.create(
                {
                    "applied_on": "2_product_category",
                    "categ_id": category.id,
                    "compute_price": "percentage",
                    "percent_price": 20,
                    "min_quantity": 10,
                }
            ),
            Command.create(
                {
                    "applied_on": "1_product",
                    "product_tmpl_id": self.nut.product_tmpl_id.id,
                    "compute_price": "fixed",
                    "fixed_price": 3,
                    "date_start": fields.Datetime.now() + timedelta(days=2),
                }
            ),
        ]
        pricelist = self.agreement.pricelist_id
        products = self.bolt | self.nut
        for quantity, bolt, nut in ((1, 10, 4), (10, 8, 4)):
            prices = pricelist._get_products_price(products, quantity)
            self.assertAlmostEqual(prices[self.bolt.id], bolt)
            self.assertAlmostEqual(prices[self.nut.id], nut)
        later = fields.Datetime.now() + timedelta(days=3)
        prices = pricelist._get_products_price(products, 1, date=later)
        self.assertAlmostEqual(prices[self.nut.id], 3)

    def test_order_takes_the_terms(self):
        term = self.env.ref("account.account_payment_term_30days")
        self.agreement.payment_term_id = term
        order = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        self.assertEqual(order.pricelist_id, self.agreement.pricelist_id)
        self.assertEqual(order.payment_term_id, term)

    def test_order_of_another_entity_is_refused(self):
        with self.assertRaises(ValidationError):
            self._create_cart(self.buyer, partner_id=self.south_a.id)

    def test_expired_agreement_confirms_nothing(self):
        order = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        self.agreement.date_end = fields.Date.today() - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "expired"):
            order.sudo().action_confirm()
        self.env["b2b.agreement"]._cron_expire()
        self.assertEqual(self.agreement.state, "expired")

    def test_secret_list_is_nobodys_default(self):
        partner = self.env["res.partner"].create({"name": "Somebody"})
        self.assertFalse(partner.property_product_pricelist.b2b_agreement_id)
