# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import B2bCommon, Command, RaceCase


class TermsMixin:
    """Two warehouses of the company, the second one new."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Warehouse = cls.env["stock.warehouse"]
        cls.main = Warehouse.search([("company_id", "=", cls.company.id)], limit=1)
        cls.second = Warehouse.create(
            {"name": "Second", "code": "W2", "company_id": cls.company.id}
        )

    def _set_warehouses(self, *warehouses):
        self.agreement.warehouse_line_ids = [
            Command.clear(),
            *(
                Command.create({"warehouse_id": w.id, "sequence": number})
                for number, w in enumerate(warehouses)
            ),
        ]

    def _stock(self, product, warehouse, quantity):
        self.env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, quantity
        )

    def _codes(self, cart):
        return [check["code"] for check in cart._b2b_get_checks()]


@tagged("post_install", "-at_install")
class TestAgreementTerms(TermsMixin, B2bCommon):
    # === FORM === #

    def test_form_of_staff(self):
        with Form(self.agreement) as form, form.warehouse_line_ids.new() as line:
            line.warehouse_id = self.second
            form.deferral_days = 21
            form.min_order_amount = 100
        self.assertEqual(self.agreement.warehouse_id, self.second)
        self.assertEqual(self.agreement.payment_term_id.line_ids.nb_days, 21)

    # === PAYMENT === #

    def test_payment_term_is_found_or_made(self):
        Term = self.env["account.payment.term"]
        self.agreement.write({"prepayment_percent": 30, "deferral_days": 14})
        term = self.agreement.payment_term_id
        self.assertEqual(
            term.line_ids.mapped(lambda li: (li.value_amount, li.nb_days)),
            [(30, 0), (70, 14)],
        )
        self.assertRegex(term.name, "30.*14")
        count = Term.search_count([])  # pylint: disable=no-search-all
        other = self._create_agreement(self.north_b)
        other.write({"deferral_days": 14, "prepayment_percent": 30})
        self.assertEqual(other.payment_term_id, term)
        self.assertEqual(Term.search_count([]), count)  # pylint: disable=no-search-all
        other.prepayment_percent = 100
        self.assertEqual((other.prepayment_percent, other.deferral_days), (100, 0))
        other.write({"prepayment_percent": 0, "deferral_days": 0})
        self.assertFalse(other.payment_term_id)

    def test_payment_follows_the_term(self):
        self.agreement.payment_term_id = self.env.ref(
            "account.account_payment_term_30days"
        )
        self.assertEqual(
            (self.agreement.prepayment_percent, self.agreement.deferral_days), (0, 30)
        )

    def test_bad_payment(self):
        for values in (
            {"prepayment_percent": 130},
            {"deferral_days": -5},
            {"prepayment_percent": 30, "deferral_days": 0},
        ):
            with (
                self.subTest(values),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.agreement.write(values)

    # === BAD INPUT === #

    def test_number_is_unique_per_company(self):
        self.agreement.number = " D-1 "
        self.assertEqual(self.agreement.number, "D-1")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as caught,
            self.env.cr.savepoint(),
        ):
            self._create_agreement(self.north_b, number="d-1")
        text = self.agreement._sql_error_to_message(caught.exception)
        self.assertRegex(text, r"(?i)number|номер")
        self._create_agreement(self.north_b)
        self._create_agreement(self.north_b)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        price_type = self.price_type.copy(
            {"b2b_kind": "wholesale", "company_id": company.id, "website_id": False}
        )
        other = self._create_agreement(
            self.north_b,
            number="D-1",
            company_id=company.id,
            price_type_id=price_type.id,
        )
        self.assertTrue(other)

    def test_negative_minimum_and_dates(self):
        for values in (
            {"min_order_amount": -1},
            {"date_start": "2026-02-01", "date_end": "2026-01-01"},
            {"region_source": "fixed"},
        ):
            with (
                self.subTest(values),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.agreement.write(values)

    # === STATES === #

    def test_transitions(self):
        agreement = self._create_agreement(
            self.north_b, state="draft", warehouse_id=self.main.id
        )
        with self.assertRaises(UserError):
            agreement.action_suspend()
        agreement.action_activate()
        agreement.action_activate()
        agreement.action_suspend()
        agreement.action_activate()
        agreement.action_close()
        for state in ("draft", "active", "suspended"):
            with self.assertRaises(UserError):
                agreement.state = state
        self.assertEqual(agreement.state, "expired")

    def _refused(self, **values):
        """The text that refuses to activate an agreement with these values."""
        agreement = self._create_agreement(
            self.north_b,
            **{"state": "draft", "warehouse_id": self.main.id} | values,
        )
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            agreement.action_activate()
        self.assertEqual(agreement.state, "draft")
        return str(caught.exception)

    def test_what_an_active_agreement_needs(self):
        self._refused(warehouse_id=False)
        self._refused(date_end=fields.Date.today() - timedelta(days=1))
        self.second.active = False
        self.assertIn("Second", self._refused(warehouse_id=self.second.id))
        plain = self.env["product.pricelist"].create({"name": "Plain"})
        self.assertIn("Plain", self._refused(price_type_id=plain.id))
        gone = plain.copy({"name": "Gone", "b2b_kind": "wholesale", "active": False})
        self.assertIn("Gone", self._refused(price_type_id=gone.id))

    def test_price_type_that_gives_zero(self):
        for rule in (
            {"compute_price": "fixed", "fixed_price": 0},
            {"compute_price": "percentage", "percent_price": 100},
            {"compute_price": "formula", "price_discount": 100},
        ):
            zero = self.env["product.pricelist"].create(
                {
                    "name": "Zero",
                    "b2b_kind": "wholesale",
                    "item_ids": [Command.create(rule | {"applied_on": "3_global"})],
                }
            )
            with self.subTest(rule):
                self.assertIn("Zero", self._refused(price_type_id=zero.id))

    def test_currency_needs_a_rate(self):
        currency = self.env["res.currency"].create(
            {"name": "XTS", "symbol": "x", "rounding": 0.01}
        )
        self.assertIn("XTS", self._refused(currency_id=currency.id))
        rates = self.env["res.currency.rate"]
        rate = rates.create(
            {"currency_id": currency.id, "rate": 2, "name": "2099-01-01"}
        )
        self.assertIn("XTS", self._refused(currency_id=currency.id))
        rate.name = "2020-01-01"
        agreement = self._create_agreement(
            self.north_b,
            state="draft",
            warehouse_id=self.main.id,
            currency_id=currency.id,
        )
        agreement.action_activate()
        self.assertEqual(agreement.state, "active")
        # an official rate is none where the internal one counts
        internal = {"currency_id": currency.id, "rate_source": "internal"}
        self.assertIn("XTS", self._refused(**internal))

    def test_renewal(self):
        today = fields.Date.today()
        self.agreement.write(
            {
                "warehouse_id": self.main.id,
                "is_default": True,
                "number": "R-1",
                "min_order_amount": 500,
                "date_start": today - timedelta(days=300),
                "date_end": today + timedelta(days=64),
            }
        )
        self.agreement.pricelist_id.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": self.bolt.id,
                    "compute_price": "fixed",
                    "fixed_price": 8.5,
                }
            )
        ]
        wizard = self.env["b2b.agreement.renew"].create(
            {"agreement_id": self.agreement.id, "number": "R-2"}
        )
        self.assertEqual(wizard.date_start, today + timedelta(days=65))
        renewed = self.env["b2b.agreement"].browse(wizard.action_renew()["res_id"])
        self.assertEqual(renewed.state, "active")
        self.assertEqual(renewed.min_order_amount, 500)
        self.assertEqual(renewed._b2b_get_warehouses(), self.main)
        price = renewed.pricelist_id._get_product_price(self.bolt, 1)
        self.assertAlmostEqual(price, 8.5)
        self.assertEqual(len(renewed.pricelist_id.item_ids), 2)
        self.assertTrue(self.agreement.is_default)
        self.assertTrue(renewed._get_refusal())
        with freeze_time(wizard.date_start):
            self.env["b2b.agreement"]._cron_expire()
            self.assertEqual(self.agreement.state, "expired")
            self.assertFalse(renewed._get_refusal())
        self.assertFalse(self.agreement.is_default)
        self.assertTrue(renewed.is_default)

    def test_expired_one_is_renewed_at_once(self):
        self.agreement.write({"warehouse_id": self.main.id, "is_default": True})
        self.agreement.action_close()
        renewed = self.agreement._b2b_renew(fields.Date.today(), False)
        self.assertTrue(renewed.is_default and not self.agreement.is_default)

    # === ORDER === #

    def test_minimum_order(self):
        self.agreement.min_order_amount = 100
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 10)])
        self.assertEqual(self._codes(cart), [], "equal to the minimum passes")
        cart.order_line.product_uom_qty = 7
        check = cart._b2b_get_checks()[0]
        self.assertEqual(check["code"], "minimum_order")
        self.assertIn("30", check["message"])
        self.assertIn("100", check["message"])
        with self.assertRaises(UserError):
            cart._b2b_submit()
        self.agreement.min_order_amount = 70.01
        self.assertEqual(self._codes(cart), ["minimum_order"])

    def test_order_takes_delivery_terms(self):
        carrier = self._create_carrier()
        incoterm = self.env.ref("account.incoterm_FOB")
        self.agreement.write(
            {
                "carrier_id": carrier.id,
                "incoterm_id": incoterm.id,
                "incoterm_location": "Novorossiysk",
                "warehouse_id": self.second.id,
            }
        )
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        self.assertEqual(cart.incoterm, incoterm)
        self.assertEqual(cart.incoterm_location, "Novorossiysk")
        self.assertEqual(cart.warehouse_id, self.second)
        cart._b2b_submit()
        self.assertEqual(cart.carrier_id, carrier)
        self.assertEqual(cart.picking_ids.carrier_id, carrier)
        self.assertFalse(cart.order_line.filtered("is_delivery"))

    def test_pickup_has_no_carrier(self):
        self.agreement.write({"carrier_id": self._create_carrier().id})
        self.agreement.is_pickup = True
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        cart._b2b_submit()
        self.assertFalse(cart.carrier_id)

    def _create_carrier(self):
        product = self.env["product.product"].create(
            {"name": "Lorry", "type": "service", "list_price": 0}
        )
        return self.env["delivery.carrier"].create(
            {"name": "Lorry", "product_id": product.id, "fixed_price": 50}
        )

    def test_other_orders_keep_their_own_terms(self):
        incoterm = self.env.ref("account.incoterm_FOB")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.retail_user.partner_id.id,
                "incoterm": incoterm.id,
                "incoterm_location": "Here",
            }
        )
        self.assertEqual((order.incoterm, order.incoterm_location), (incoterm, "Here"))

    # === AN OPEN CART === #

    def test_suspended_while_a_cart_is_open(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        self.agreement.action_suspend()
        check = cart._b2b_get_checks()[0]
        self.assertEqual(check["code"], "agreement")
        self.assertNotIn("url", check, "there is nothing to move the cart to")
        other = self._create_agreement(self.north_a)
        check = cart._b2b_get_checks()[0]
        self.assertEqual(check["url"], f"/my/carts/{cart.id}/compare")
        with self.assertRaises(UserError):
            cart._b2b_submit()
        other.action_close()
        self.assertNotIn("url", cart._b2b_get_checks()[0])

    def test_archived_terms_refuse_the_order(self):
        carrier = self._create_carrier()
        self._set_warehouses(self.main, self.second)
        self.agreement.carrier_id = carrier
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        self.assertEqual(self._codes(cart), [])
        # what an older version, or a script, has archived
        self.patch(
            self.env.registry["product.pricelist"], "_b2b_check_unused", lambda li: None
        )
        for term in (self.price_type, carrier, self.second):
            term.active = False
            with self.subTest(term._name):
                self.assertEqual(self._codes(cart), ["agreement"])
                with self.assertRaises(UserError):
                    cart.action_confirm()
            term.active = True
        self.assertEqual(self._codes(cart), [])

    # === WORDS AND SCOPE === #

    def test_terms_in_words(self):
        self.agreement.write(
            {
                "prepayment_percent": 30,
                "deferral_days": 14,
                "min_order_amount": 10000,
                "date_end": fields.Date.today() + timedelta(days=12),
                "is_pickup": True,
            }
        )
        self._set_warehouses(self.main, self.second)
        terms = {t["code"]: t["text"] for t in self.agreement._b2b_get_terms()}
        self.assertRegex(terms["payment"], "30.*14")
        self.assertIn("12", terms["validity"])
        self.assertIn("Second", terms["warehouses"])
        self.assertIn("000", terms["minimum"])
        self.assertIn("delivery", terms)
        self.assertNotIn("region", terms)

    def test_scope_of_the_new_models(self):
        buyer, staff = self.buyer.user_id, self.env.ref("base.user_admin")
        for model in (
            "b2b.price.region",
            "b2b.agreement.template",
            "b2b.agreement.warehouse",
            "b2b.agreement.create",
            "b2b.agreement.change",
            "b2b.agreement.renew",
        ):
            with self.subTest(model):
                Model = self.env[model]
                self.assertFalse(Model.with_user(buyer).has_access("read"))
                self.assertFalse(Model.with_user(self.retail_user).has_access("read"))
                self.assertTrue(Model.with_user(staff).has_access("write"))
        mine = self.agreement.with_user(buyer)
        self.assertEqual(mine.read(["min_order_amount"])[0]["id"], mine.id)
        with self.assertRaises(AccessError):
            mine.read(["warehouse_line_ids"])
        with self.assertRaises(AccessError):
            self.agreement.with_user(self.stranger.user_id).read(["carrier_id"])

    def test_terms_are_tracked(self):
        agreement = self.agreement.with_context(tracking_disable=False)
        names = agreement._track_get_fields()
        for name in (
            "number",
            "price_type_id",
            "discount",
            "currency_id",
            "company_id",
            "entity_id",
            "warehouse_names",
            "payment_term_id",
            "carrier_id",
            "incoterm_id",
            "incoterm_location",
            "is_pickup",
            "min_order_amount",
            "has_loyalty",
            "region_source",
            "region_id",
            "price_region_id",
            "date_start",
            "date_end",
            "is_default",
            "contract_required",
            "state",
        ):
            self.assertIn(name, names)


@tagged("post_install", "-at_install")
class TestDefaultRace(RaceCase):
    """Two defaults at once: the second one is told why, in words."""

    def test_two_defaults_at_once(self):
        self._create_kept()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as caught,
            self._transaction() as late,
        ):
            other = late["b2b.agreement"].browse(self.ids[1])
            self.assertFalse(other.entity_id.b2b_agreement_ids.filtered("is_default"))
            with self._transaction() as env:
                env["b2b.agreement"].browse(self.ids[0]).is_default = True
            other.is_default = True
            late.flush_all()
        text = self.env["b2b.agreement"]._sql_error_to_message(caught.exception)
        self.assertRegex(text, r"(?i)default|по умолчанию")
        with self._transaction() as env:
            defaults = env["b2b.agreement"].browse(self.ids).filtered("is_default")
            self.assertEqual(defaults.ids, self.ids[:1])

    def _create(self, env):
        first = self._create_agreement(env, state="active")
        second = self._keep(first.copy({"state": "active"}))
        self.ids = [first.id, second.id]

    def _remove(self):
        with self._transaction() as env:
            for model, ids in reversed(self.created):
                env[model].browse(ids).exists().unlink()
