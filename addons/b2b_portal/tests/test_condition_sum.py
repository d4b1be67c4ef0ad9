# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import Command
from .condition_common import ConditionCommon


@tagged("post_install", "-at_install")
class TestConditionSum(ConditionCommon):
    """Sum, cap, rows by hand, price list, history."""

    def _create_manual(self, percent, **values):
        condition = self._create_condition("manual")
        return self.env["b2b.agreement.condition"].create(
            {
                "agreement_id": self.agreement.id,
                "condition_id": condition.id,
                "manual_percent": percent,
                "reason": "Director's word",
            }
            | values
        )

    def test_sum_cap_and_price_list(self):
        self.agreement.discount = 3
        pricelist = self.agreement.pricelist_id
        self.assertAlmostEqual(pricelist._get_product_price(self.bolt, 1), 9.7)
        self._create_condition("volume", (0, 2))
        self._create_condition("volume", (0, 4))
        self.agreement._b2b_recompute_conditions()
        self.assertEqual(self.agreement.total_discount, 9)
        self.assertAlmostEqual(pricelist._get_product_price(self.bolt, 1), 9.1)
        kinds = [part["kind"] for part in self.agreement._get_discount_parts()]
        self.assertEqual(kinds, ["agreed", "volume", "volume"])
        self.agreement.discount_cap = 8
        self.assertEqual(self.agreement.total_discount, 8)
        self.assertAlmostEqual(pricelist._get_product_price(self.bolt, 1), 9.2)

    def test_draft_cart_follows(self):
        """New lines at once; lines that are there when the cart is repriced."""
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        self.assertAlmostEqual(cart.order_line.price_unit, 10)
        self._create_condition("volume", (0, 5))
        self.agreement._b2b_recompute_conditions()
        cart.order_line = [
            Command.create({"product_id": self.nut.id, "product_uom_qty": 100})
        ]
        self.assertAlmostEqual(cart.order_line[1].price_unit, 3.8)
        cart._recompute_prices()
        self.assertAlmostEqual(cart.order_line[0].price_unit, 9.5)

    def test_hundred_percent_is_refused(self):
        self.agreement.discount = 60
        good = self._create_condition("volume", (0, 39.99))
        self.agreement._b2b_recompute_conditions()
        self.assertAlmostEqual(self.agreement.total_discount, 99.99)
        good.step_ids.percent = 40
        with self.assertRaisesRegex(ValidationError, self.agreement.name):
            self.agreement._b2b_recompute_conditions()
        # the job lets the others through, and says at the agreement what is wrong
        other = self._create_agreement(self.north_b)
        (self.agreement | other)._b2b_recompute_conditions(strict=False)
        self.assertAlmostEqual(self.agreement.total_discount, 99.99)
        self.assertIn(self.agreement.name, self.agreement.conditions_error)
        self.assertAlmostEqual(other.total_discount, 40)
        self.agreement.discount_cap = 70
        self.agreement._b2b_recompute_conditions()
        self.assertEqual(self.agreement.total_discount, 70)
        self.assertFalse(self.agreement.conditions_error)

    def test_raised_discount_of_the_agreement_is_refused_too(self):
        self._create_condition("volume", (0, 50))
        self.agreement._b2b_recompute_conditions()
        with self.assertRaisesRegex(ValidationError, self.agreement.name):
            self.agreement.discount = 50

    # === BY HAND === #

    def test_by_hand_needs_a_reason(self):
        for reason in (False, "", "  "):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._create_manual(3, reason=reason)

    def test_by_hand_counts_within_its_dates(self):
        row = self._create_manual(3)
        self.assertEqual(self.agreement.total_discount, 3)
        row.date_from = self.today + timedelta(days=1)
        self.assertEqual(self.agreement.total_discount, 0)
        row.write({"date_from": self.today, "date_until": self.today})
        self.assertEqual(self.agreement.total_discount, 3)
        row.write({"date_from": False, "date_until": self.today - timedelta(days=1)})
        self.assertEqual(self.agreement.total_discount, 0)
        causes = self.agreement.condition_history_ids.mapped("cause")
        self.assertEqual(sorted(causes), ["ended", "ended", "manual", "manual"])
        self.assertEqual(
            set(self.agreement.condition_history_ids.mapped("reason")),
            {"Director's word"},
        )

    def test_by_hand_respects_the_cap_of_its_condition(self):
        row = self._create_manual(7)
        row.condition_id.cap = 5
        self.agreement._b2b_recompute_conditions()
        self.assertEqual(row.percent, 5)

    def test_hundred_by_hand_is_refused(self):
        self.agreement.discount = 50
        with self.assertRaisesRegex(ValidationError, self.agreement.name):
            self._create_manual(50)

    def test_what_is_computed_is_not_touched_by_hand(self):
        condition = self._create_condition("volume", (0, 2))
        row = self._get_row(condition)
        with self.assertRaises(UserError):
            row.manual_percent = 20
        with self.assertRaises(UserError):
            row.unlink()
        other = self._create_condition("tenure", (0, 2))
        with self.assertRaises(UserError):
            self.env["b2b.agreement.condition"].create(
                {
                    "agreement_id": self.agreement.id,
                    "condition_id": other.id,
                    "manual_percent": 20,
                    "reason": "x",
                }
            )
        with self.assertRaises(UserError):
            self._create_manual(1).percent = 50

    # === HISTORY === #

    def test_history_of_each_change(self):
        condition = self._create_condition("volume", (100, 1), (200, 2))
        self._get_row(condition)
        self.assertFalse(self.agreement.condition_history_ids)
        self._post_invoice(150)
        self._get_row(condition)
        self._get_row(condition)
        condition.step_ids[0].percent = 1.5
        self._get_row(condition)
        self._post_invoice(50)
        self._get_row(condition)
        found = [
            (line.percent_old, line.percent_new, line.value, line.cause)
            for line in self.agreement.condition_history_ids.sorted("id")
        ]
        self.assertEqual(
            found,
            [
                (0, 1, 150, "value"),
                (1, 1.5, 150, "terms"),
                (1.5, 2, 200, "value"),
            ],
        )
        self.assertEqual(self.agreement.condition_history_ids.user_id, self.env.user)

    def test_history_outlives_everything(self):
        row = self._create_manual(3)
        condition = row.condition_id
        row.unlink()
        self.assertEqual(self.agreement.total_discount, 0)
        pricelist = self.agreement.pricelist_id
        self.assertAlmostEqual(pricelist._get_product_price(self.bolt, 1), 10)
        lines = self.agreement.condition_history_ids
        self.assertEqual(lines.mapped("cause"), ["removed", "manual"])
        condition.unlink()
        name = self.agreement.display_name
        self.agreement.unlink()
        self.assertTrue(lines.exists())
        lines.invalidate_recordset()
        self.assertFalse(lines.agreement_id)
        self.assertFalse(lines.condition_id)
        self.assertEqual(set(lines.mapped("agreement_name")), {name})
        self.assertEqual(lines.entity_id, self.north_a)
        with self.assertRaises(UserError):
            lines.unlink()
        with self.assertRaises(UserError):
            lines.write({"percent_new": 50})

    # === QUERIES === #

    def _count_queries(self, agreements):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        agreements._b2b_recompute_conditions()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _create_many(self, count):
        agreements = self.env["b2b.agreement"].browse()
        for number in range(count):
            account = self._create_account(f"Many {number}")
            entity = self._create_entity(account, f"Many {number} LLC")
            agreements |= self._create_agreement(entity)
        return agreements

    def test_queries_do_not_grow_with_the_agreements(self):
        """Neither a first computation, nor one that finds nothing new."""
        for source in ("invoice", "order"):
            self._create_condition(
                "volume", (0, 1), (10, 2), volume_source=source, basis="account"
            )
        self._create_condition("tenure", (0, 1))
        self._create_condition("discipline", (0, 1), basis="account")
        self._create_condition(
            "region", country_ids=self.env.ref("base.ru").ids, percent=1
        )
        few, many = self._create_many(5), self._create_many(40)
        self._count_queries(self.agreement)
        first = self._count_queries(few)
        # rows are inserted and updated by the hundred, there are 200 of them
        self.assertLessEqual(self._count_queries(many), first + 2)
        # both have their moments to update, whatever the clock says
        yesterday = fields.Datetime.now() - timedelta(days=1)
        (few | many).conditions_at = yesterday
        (few | many).condition_row_ids._b2b_store({"computed_at": yesterday})
        again = self._count_queries(few)
        self.assertLessEqual(again, first)
        self.assertLessEqual(self._count_queries(many), again + 1)
        self.assertEqual(set(many.mapped("total_discount")), {2.0})
