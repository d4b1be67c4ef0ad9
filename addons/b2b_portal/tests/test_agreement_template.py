# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import B2bCommon, Command


@tagged("post_install", "-at_install")
class TestAgreementTemplate(B2bCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.second = cls.env["stock.warehouse"].create(
            {"name": "Second", "code": "W2", "company_id": cls.company.id}
        )
        cls.term = cls.env.ref("account.account_payment_term_30days")
        cls.template = cls.env["b2b.agreement.template"].create(
            {
                "name": "Dealers",
                "agreement_name": "Dealer",
                "company_id": cls.company.id,
                "price_type_id": cls.price_type.id,
                "currency_id": cls.price_type.currency_id.id,
                "discount": 7,
                "payment_term_id": cls.term.id,
                "min_order_amount": 500,
                "months": 12,
                "warehouse_line_ids": [
                    Command.create({"warehouse_id": cls.second.id, "sequence": 1}),
                    Command.create({"warehouse_id": cls.warehouse.id, "sequence": 2}),
                ],
            }
        )

    def _run(self, **values):
        wizard = self.env["b2b.agreement.create"].create(
            {"template_id": self.template.id, "date_start": "2026-03-01"} | values
        )
        wizard.action_create()
        return wizard

    def _agreements(self, entity):
        return self.env["b2b.agreement"].search(
            [("template_id", "=", self.template.id), ("entity_id", "=", entity.id)]
        )

    def test_agreement_has_all_terms(self):
        self._run(entity_ids=[Command.set(self.north_b.ids)], date_end="2099-02-28")
        agreement = self._agreements(self.north_b)
        self.assertEqual(agreement.name, "Dealer")
        self.assertEqual(agreement.state, "active")
        self.assertTrue(agreement.is_default)
        self.assertEqual(agreement.discount, 7)
        self.assertEqual(agreement.payment_term_id, self.term)
        self.assertEqual(agreement.min_order_amount, 500)
        self.assertEqual(
            agreement._b2b_get_warehouses().ids, [self.second.id, self.warehouse.id]
        )
        self.assertAlmostEqual(
            agreement.pricelist_id._get_product_price(self.bolt, 1), 9.3
        )

    def test_last_day(self):
        wizard = self.env["b2b.agreement.create"].create(
            {"template_id": self.template.id, "date_start": "2026-03-01"}
        )
        self.assertEqual(str(wizard.date_end), "2027-02-28")
        self.template.months = 0
        wizard.date_start = "2026-04-01"
        self.assertFalse(wizard.date_end)

    def test_report_adds_up(self):
        self.south.state = "blocked"
        segment = self.env["b2b.segment"].create({"name": "Segment"})
        other = self._create_account("East")
        east = self._create_entity(other, "East LLC")
        other.segment_id = segment
        first = self._run(
            account_ids=[Command.set((self.north | self.south).ids)],
            entity_ids=[Command.set(self.north_b.ids)],
            segment_ids=[Command.set(segment.ids)],
            date_end="2099-01-01",
        )
        self.assertEqual((first.created_count, first.skipped_count), (3, 1))
        self.assertEqual(len(first.line_ids), 4)
        self.assertEqual(first.entity_count, 4)
        skipped = first.line_ids.filtered("reason")
        self.assertEqual(skipped.entity_id, self.south_a)
        again = self._run(
            account_ids=[Command.set((self.north | other).ids)], date_end="2099-01-01"
        )
        self.assertEqual((again.created_count, again.skipped_count), (0, 3))
        self.assertTrue(all(line.reason for line in again.line_ids))
        self.assertEqual(len(self._agreements(east)), 1)

    def test_what_cannot_be_active_leaves_nothing(self):
        self.agreement.is_default = True
        before = self.env["b2b.agreement"].with_context(active_test=False)
        before = before.search_count([("entity_id.b2b_account_id", "=", self.north.id)])
        lists = self.env["product.pricelist"].search_count([("active", "=", True)])
        wizard = self._run(
            account_ids=[Command.set(self.north.ids)],
            date_start="2020-01-01",
            date_end="2020-02-01",
        )
        self.assertEqual((wizard.created_count, wizard.skipped_count), (0, 2))
        after = self.env["b2b.agreement"].with_context(active_test=False)
        after = after.search_count([("entity_id.b2b_account_id", "=", self.north.id)])
        self.assertEqual(after, before)
        self.assertEqual(
            self.env["product.pricelist"].search_count([("active", "=", True)]), lists
        )

    def test_one_bad_entity_spoils_nobody_elses(self):
        self.north_a.active = False
        wizard = self._run(
            entity_ids=[Command.set((self.north_a | self.north_b).ids)],
            date_end="2099-01-01",
        )
        self.assertEqual(wizard.created_count, 1)
        self.assertTrue(self._agreements(self.north_b))

    def test_the_default_stays(self):
        self.agreement.is_default = True
        self._run(entity_ids=[Command.set(self.north_a.ids)], date_end="2099-01-01")
        self.assertTrue(self.agreement.is_default)
        self.assertFalse(self._agreements(self.north_a).is_default)

    def test_nobody_chosen(self):
        with self.assertRaises(UserError):
            self._run()

    def test_bad_template(self):
        for values in ({"months": -1}, {"min_order_amount": -1}):
            with (
                self.subTest(values),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.template.write(values)

    def test_approved_registration(self):
        registration = self.env["b2b.registration"].create(
            {
                "kind": "account",
                "name": "Newcomer LLC",
                "vat": "7707083893",
                "country_id": self.env.ref("base.ru").id,
                "contact_name": "Ann",
                "email": "ann@newcomer.example",
                "company_id": self.company.id,
                "agreement_template_id": self.template.id,
            }
        )
        registration.action_approve()
        agreement = self._agreements(registration.entity_id)
        self.assertEqual((agreement.state, agreement.is_default), ("active", True))


@tagged("post_install", "-at_install")
class TestAgreementChange(B2bCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_agreement(cls.north_b, discount=5)
        cls.ended = cls._create_agreement(cls.south_a, number="END-1")
        cls.ended.state = "expired"
        cls.all = cls.agreement | cls.other | cls.ended

    def _wizard(self, **values):
        wizard = self.env["b2b.agreement.change"].with_context(active_ids=self.all.ids)
        return wizard.create(values)

    def test_only_ticked_terms_change(self):
        wizard = self._wizard(
            set_discount=True, discount=5, min_order_amount=999, has_loyalty=False
        )
        self.assertEqual((wizard.change_count, wizard.same_count), (2, 1))
        self.assertIn(self.south_a.name, wizard.idle_names)
        self.assertNotIn(self.north_b.name, wizard.idle_names)
        wizard.action_apply()
        self.assertEqual(self.all.mapped("discount"), [5, 5, 5])
        self.assertEqual(set(self.all.mapped("min_order_amount")), {0})
        self.assertTrue(all(self.all.mapped("has_loyalty")))
        self.assertAlmostEqual(
            self.agreement.pricelist_id._get_product_price(self.bolt, 1), 9.5
        )

    def test_each_change_is_tracked(self):
        self.env.cr.flush()
        agreements = self.agreement.with_context(tracking_disable=False)
        wizard = (
            self.env["b2b.agreement.change"]
            .with_context(tracking_disable=False, active_ids=self.all.ids)
            .create({"set_discount": True, "discount": 5})
        )
        count = len(agreements.message_ids)
        unchanged = len(self.other.message_ids)
        wizard.action_apply()
        self.env.cr.flush()
        self.env.invalidate_all()
        self.assertEqual(len(agreements.message_ids), count + 1)
        values = agreements.message_ids[:1].tracking_value_ids
        self.assertEqual(values[:1].new_value_float, 5)
        self.assertEqual(len(self.other.message_ids), unchanged)

    def test_warehouses_and_region(self):
        Warehouse = self.env["stock.warehouse"]
        main = Warehouse.search([("company_id", "=", self.company.id)], limit=1)
        second = Warehouse.create(
            {"name": "Second", "code": "W2", "company_id": self.company.id}
        )
        region = self.env["b2b.price.region"].create(
            {"name": "Far", "company_id": self.company.id, "price_factor": 10}
        )
        wizard = self._wizard(
            set_warehouses=True,
            warehouse_id=second.id,
            other_warehouse_ids=[Command.set(main.ids)],
            set_region=True,
            region_source="fixed",
            region_id=region.id,
        )
        wizard.action_apply()
        for agreement in self.all:
            self.assertEqual(agreement._b2b_get_warehouses().ids, [second.id, main.id])
            self.assertEqual(agreement.price_region_id, region)
        self.assertAlmostEqual(
            self.agreement.pricelist_id._get_product_price(self.bolt, 1), 11
        )
        self.assertEqual(wizard._differs(self.agreement), False)

    def test_all_or_none(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._wizard(
                set_discount=True,
                discount=9,
                set_minimum=True,
                min_order_amount=-1,
            ).action_apply()
        self.assertEqual(self.agreement.discount, 0)

    def test_nothing_ticked_or_missing(self):
        for values in ({}, {"set_price_type": True}, {"set_warehouses": True}):
            with self.subTest(values), self.assertRaises(UserError):
                self._wizard(**values).action_apply()
