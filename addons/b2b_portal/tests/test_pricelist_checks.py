# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import B2bCommon


@tagged("post_install", "-at_install")
class TestPricelistChecks(B2bCommon):
    """Bad input on price types and on the lists of agreements."""

    def _rule(self, pricelist=None, **values):
        return self.env["product.pricelist.item"].create(
            {
                "pricelist_id": (pricelist or self.price_type).id,
                "applied_on": "1_product",
                "product_tmpl_id": self.bolt.product_tmpl_id.id,
                "compute_price": "fixed",
                "fixed_price": 5,
            }
            | values
        )

    def _list(self, name, kind="wholesale", **values):
        return self.env["product.pricelist"].create(
            {"name": name, "b2b_kind": kind} | values
        )

    # === OVERLAP === #

    def test_overlap_is_refused_with_both_rules(self):
        self._rule(date_end=datetime(2027, 3, 1), fixed_price=5)
        with self.assertRaises(ValidationError) as caught:
            self._rule(date_start=datetime(2027, 2, 1), fixed_price=6.25)
        for part in (self.price_type.name, self.bolt.name, "2027"):
            self.assertIn(part, str(caught.exception))
        self.assertRegex(str(caught.exception), r"6[.,]25")

    def test_what_is_no_overlap(self):
        self._rule(date_end=datetime(2027, 3, 1))
        self._rule(date_start=datetime(2027, 3, 1))
        self._rule(min_quantity=10)
        self._rule(product_tmpl_id=self.nut.product_tmpl_id.id)
        self._rule(self._list("Other"))
        self._rule(applied_on="0_product_variant", product_id=self.bolt.id)
        plain = self._list("Plain", kind=False)
        self._rule(plain)
        self._rule(plain)

    def test_write_and_agreement_lists(self):
        own = self.agreement.pricelist_id
        self._rule(own)
        other = self._rule(own, min_quantity=10)
        with self.assertRaises(ValidationError):
            other.min_quantity = 0
        with self.assertRaises(ValidationError):
            self._rule(own, applied_on="3_global", product_tmpl_id=False)

    def test_one_query_for_a_batch(self):
        def count(number):
            values = [
                {
                    "pricelist_id": self.price_type.id,
                    "applied_on": "1_product",
                    "product_tmpl_id": self.bolt.product_tmpl_id.id,
                    "compute_price": "fixed",
                    "min_quantity": 1000 * number + i,
                }
                for i in range(number)
            ]
            items = self.env["product.pricelist.item"].create(values)
            self.env.flush_all()
            items.invalidate_recordset()
            before = self.env.cr.sql_log_count
            items._check_b2b_overlap()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertEqual(count(3), count(50))

    # === CYCLES === #

    def _chain(self, pricelist, base, **values):
        return self._rule(
            pricelist,
            applied_on="3_global",
            product_tmpl_id=False,
            compute_price="formula",
            base="pricelist",
            base_pricelist_id=base.id,
            **values,
        )

    def test_a_cycle_made_after_other_checks(self):
        """Core's check keeps what it has seen; ours starts anew each time."""
        a, b, c = (self._list(name) for name in "ABC")
        self._chain(a, b)
        self._chain(b, c)
        self._chain(a, c, min_quantity=5)
        with self.assertRaises(ValidationError):
            self._chain(c, a)
        with self.assertRaises(ValidationError):
            self._chain(c, b)
        with self.assertRaises(ValidationError):
            self._chain(c, c)

    def test_two_rules_of_one_batch_that_close_a_circle(self):
        a, b, c = (self._list(name) for name in "ABC")
        values = {
            "applied_on": "3_global",
            "compute_price": "formula",
            "base": "pricelist",
        }
        pairs = ((a, b), (b, c), (c, b))
        with self.assertRaises(ValidationError):
            self.env["product.pricelist.item"].create(
                [
                    values | {"pricelist_id": one.id, "base_pricelist_id": two.id}
                    for one, two in pairs
                ]
            )

    def test_a_cycle_through_special_offers(self):
        offers = self._list(
            "Offers", "special", currency_id=self.agreement.currency_id.id
        )
        self.agreement.special_pricelist_id = offers
        with self.assertRaises(ValidationError):
            self._chain(offers, self.agreement.pricelist_id)
        self.agreement.special_pricelist_id = False
        self._chain(offers, self.agreement.pricelist_id)
        with self.assertRaises(ValidationError):
            self.agreement.special_pricelist_id = offers

    # === THE REST === #

    def test_negative_price(self):
        with self.assertRaises(ValidationError):
            self._rule(fixed_price=-1)
        with self.assertRaises(ValidationError):
            self._rule(self.agreement.pricelist_id, fixed_price=-1)
        item = self._rule()
        with self.assertRaises(ValidationError):
            item.fixed_price = -0.5

    def test_archiving_a_used_price_type(self):
        with self.assertRaises(UserError) as caught:
            self.price_type.active = False
        self.assertIn(self.agreement.name, str(caught.exception))
        self.agreement.state = "expired"
        self.price_type.active = False
        self.assertFalse(self.price_type.active)

    def test_agreements_follow_the_rounding_step(self):
        others = self.env["b2b.agreement"]
        for _number in range(3):
            others |= self._create_agreement(self.north_a)
        general = self._rule(
            applied_on="3_global",
            product_tmpl_id=False,
            compute_price="formula",
            price_round=0.5,
        )
        steps = (self.agreement | others).pricelist_id.item_ids.mapped("price_round")
        self.assertEqual(steps, [0.5] * 4)
        general.price_round = 0.25
        own = (self.agreement | others).pricelist_id.item_ids
        self.assertEqual(own.mapped("price_round"), [0.25] * 4)
        self.agreement.discount = 3.3
        self.assertEqual(
            self.agreement.pricelist_id._get_product_price(self.bolt, 1), 9.75
        )
        general.unlink()
        self.assertEqual(
            own.mapped("price_round"), [self.agreement.currency_id.rounding] * 4
        )

    def test_rules_written_while_a_chain_is_in_memory(self):
        item = self._rule(fixed_price=5)
        own = self.agreement.pricelist_id
        products = self.bolt | self.nut

        def price():
            return own._get_products_price(products, 1)[self.bolt.id]

        with own._b2b_rules_loaded(products):
            self.assertEqual(price(), 5)
            item.fixed_price = 6
            self.assertEqual(price(), 6)
            with self.price_type._b2b_rules_loaded(self.nut):
                item.fixed_price = 7
            with own._b2b_rules_loaded(self._create_product("N", 1)):
                item.fixed_price = 8
            self.assertEqual(price(), 8)
            item.unlink()
            self.assertEqual(price(), 10)
        self.assertEqual(price(), 10)

    def test_rules_written_in_a_block_within_a_block(self):
        item = self._rule(fixed_price=5)
        own = self.agreement.pricelist_id
        with own._b2b_rules_loaded(self.bolt):
            with own._b2b_rules_loaded(self.nut):
                item.fixed_price = 7
            self.assertEqual(own._get_product_price(self.bolt, 1), 7)
