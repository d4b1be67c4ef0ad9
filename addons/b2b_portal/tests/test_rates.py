# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..tools.rate_file import parse_date, parse_number, read_rates
from .common import B2bCommon, Command


class RateMixin:
    """Internal rates of the tests' company, and agreements that need them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        currencies = cls.env["res.currency"].with_context(active_test=False)
        names = [n for n in ("USD", "EUR", "CNY") if n != cls.company.currency_id.name]
        cls.dollar, cls.euro = (
            currencies.search([("name", "=", name)]) for name in names[:2]
        )
        (cls.dollar | cls.euro).active = True
        cls.today = fields.Date.context_today(cls.env["b2b.rate"])
        cls.env["b2b.rate"].search([("company_id", "=", cls.company.id)]).unlink()
        cls.company.write({"b2b_rate_max_age": 7, "b2b_rate_hold_hours": 24})

    @classmethod
    def _create_rate(cls, currency, rate, days=0, **values):
        """An internal rate that holds since so many days."""
        return cls.env["b2b.rate"].create(
            {
                "company_id": cls.company.id,
                "currency_id": currency.id,
                "rate": rate,
                "date": cls.today - timedelta(days=days),
            }
            | values
        )

    @classmethod
    def _create_price_type(cls, currency, **values):
        """A price type in a currency: the list price converted."""
        rule = {"compute_price": "formula", "applied_on": "3_global"}
        return cls.env["product.pricelist"].create(
            {
                "name": f"Type in {currency.name}",
                "b2b_kind": "wholesale",
                "currency_id": currency.id,
                "item_ids": [Command.create(rule | values)],
            }
        )

    @classmethod
    def _create_dollar_type(cls, product, price):
        """A price type in dollars with a fixed price of one product."""
        return cls._create_price_type(
            cls.dollar,
            compute_price="fixed",
            fixed_price=price,
            applied_on="0_product_variant",
            product_id=product.id,
        )


@tagged("post_install", "-at_install")
class TestRates(RateMixin, B2bCommon):
    def _price(self, agreement, product=None):
        pricelist = agreement.pricelist_id
        return pricelist._get_product_price(product or self.bolt, 1)

    # === TABLE === #

    def test_newest_at_or_before_the_date_counts(self):
        Rate = self.env["b2b.rate"]
        for days, rate in ((10, 80), (3, 82), (-2, 90)):
            self._create_rate(self.dollar, rate, days)

        def get(days):
            day = self.today - timedelta(days=days)
            found = Rate._get_rates(self.company, "internal", day)
            return found[self.dollar.id].rate if found else None

        self.assertEqual(
            [get(days) for days in (11, 10, 4, 3, 0, -2)], [None, 80, 80, 82, 82, 90]
        )

    def test_constraints(self):
        self._create_rate(self.dollar, 80)
        for error, values in (
            (UniqueViolation, {"rate": 81}),
            (CheckViolation, {"rate": 0, "date": "2020-01-01"}),
            (CheckViolation, {"rate": -1, "date": "2020-01-01"}),
            (CheckViolation, {"nominal": 3, "date": "2020-01-01"}),
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(error),
                self.env.cr.savepoint(),
            ):
                self._create_rate(self.dollar, **{"rate": 80} | values)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._create_rate(self.company.currency_id, 2)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._create_rate(self.dollar, 2, days=-500)

    def test_who_changed_it(self):
        rate = self._create_rate(self.dollar, 80).with_context(tracking_disable=False)
        user = new_test_user(
            self.env, "b2b_rate_staff", "b2b_portal.group_staff_user,base.group_user"
        )
        rate.flush_recordset()
        self.env.cr.precommit.run()
        rate.with_user(user).rate = 81
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(rate.user_id, user)
        tracked = rate.sudo().message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "rate"
        )
        self.assertEqual(tracked.mapped("old_value_float"), [80.0])
        self.assertEqual(tracked.mail_message_id.author_id, user.partner_id)

    def test_customers_see_no_table(self):
        self._create_rate(self.dollar, 80)
        rates = self.env["b2b.rate"]
        for user in (self.buyer.user_id, self.retail_user):
            with self.assertRaises(AccessError):
                rates.with_user(user).search([])

    # === DIRECTION === #

    def test_dollar_agreement_over_company_prices(self):
        self._create_rate(self.dollar, 80)
        agreement = self._create_agreement(
            self.north_a, currency_id=self.dollar.id, rate_source="internal"
        )
        self.bolt.list_price = 160
        self.assertAlmostEqual(self._price(agreement), 2.0)

    def test_company_agreement_over_dollar_prices(self):
        """Prices in a currency become roubles at the internal rate."""
        self._create_rate(self.dollar, 82.4)
        agreement = self._create_agreement(
            self.north_a,
            currency_id=self.company.currency_id.id,
            price_type_id=self._create_dollar_type(self.bolt, 1.5).id,
            rate_source="internal",
        )
        self.assertAlmostEqual(self._price(agreement), 123.6)

    def test_cross_rate_and_nominal(self):
        self._create_rate(self.dollar, 80)
        self._create_rate(self.euro, 1000, nominal=10)
        agreement = self._create_agreement(
            self.north_a,
            currency_id=self.euro.id,
            price_type_id=self._create_dollar_type(self.bolt, 5).id,
            rate_source="internal",
        )
        # 5 USD = 400 = 4 EUR
        self.assertAlmostEqual(self._price(agreement), 4.0)

    def test_official_rate_is_cores(self):
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.dollar.id)]
        ).unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.dollar.id,
                "name": self.today - timedelta(days=3),
                "rate": 1 / 77,
                "company_id": self.company.id,
            }
        )
        self._create_rate(self.dollar, 80)
        agreement = self._create_agreement(
            self.north_a,
            currency_id=self.company.currency_id.id,
            price_type_id=self._create_dollar_type(self.bolt, 2).id,
        )
        self.assertAlmostEqual(self._price(agreement), 154.0)
        agreement.rate_source = "internal"
        self.assertAlmostEqual(self._price(agreement), 160.0)

    # === NO RATE, NO PRICE === #

    def test_missing_rate(self):
        agreement = self._create_agreement(
            self.north_a, currency_id=self.dollar.id, rate_source="internal"
        )
        self.assertIn(self.dollar.name, agreement._get_refusal())
        self.assertEqual(self._price(agreement), 0)
        prices = agreement.pricelist_id._get_products_price(self.bolt | self.nut, 1)
        self.assertEqual(set(prices.values()), {0.0})
        self._create_rate(self.dollar, 2)
        self.assertFalse(agreement._get_refusal())
        self.assertAlmostEqual(self._price(agreement), 5.0)

    def test_missing_official_rate_is_not_one(self):
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.dollar.id)]
        ).unlink()
        agreement = self._create_agreement(self.north_a, currency_id=self.dollar.id)
        self.assertIn(self.dollar.name, agreement._get_refusal())
        self.assertEqual(self._price(agreement), 0)

    def test_days_ahead(self):
        """A forecast takes the last rates that are known, without ageing them."""
        Rate = self.env["b2b.rate"]
        self._create_rate(self.dollar, 90, days=1)
        self._create_rate(self.dollar, 95, days=-3)

        def get(days):
            date = self.today + timedelta(days=days)
            rates = self.agreement.sudo()._b2b_get_rates(date)
            return rates.get(self.dollar.id)

        self.agreement.rate_source = "internal"
        self.assertEqual([get(0), get(2), get(3), get(60)], [90, 90, 95, 95])
        Rate._get_rates(self.company, "internal", self.today + timedelta(days=50))
        before = self.env.cr.sql_log_count
        for days in range(51, 80):
            get(days)
        self.assertEqual(self.env.cr.sql_log_count, before)

    def test_old_rate(self):
        self._create_rate(self.dollar, 2, days=12)
        agreement = self._create_agreement(
            self.north_a, currency_id=self.dollar.id, rate_source="internal"
        )
        self.assertRegex(agreement._get_refusal(), rf"{self.dollar.name}.*12")
        self.assertEqual(self._price(agreement), 0)
        self.company.b2b_rate_max_age = 0
        self.assertFalse(agreement._get_refusal())
        self.company.b2b_rate_max_age = 12
        self.assertFalse(agreement._get_refusal())
        self.assertAlmostEqual(self._price(agreement), 5.0)

    def test_company_currency_needs_no_rate(self):
        self.agreement.rate_source = "internal"
        self.assertFalse(self.agreement._get_refusal())
        self.assertAlmostEqual(self._price(self.agreement), 10)

    def test_queries(self):
        """Rates cost the same whatever the number of products and currencies."""
        self._create_rate(self.dollar, 80)
        agreement = self._create_agreement(
            self.north_a, currency_id=self.dollar.id, rate_source="internal"
        )
        products = self.bolt | self.nut
        for number in range(30):
            products |= self._create_product(f"R{number}", number + 1)
        self.env.flush_all()

        def count(some):
            self.env.invalidate_all()
            self.env.cr.cache.clear()
            some.mapped("list_price")
            before = self.env.cr.sql_log_count
            agreement.pricelist_id._get_products_price(some, 1)
            return self.env.cr.sql_log_count - before

        count(products)
        self.assertEqual(count(products[:4]), count(products))

    def test_equivalent(self):
        self._create_rate(self.dollar, 82.4)
        agreement = self._create_agreement(
            self.north_a, currency_id=self.dollar.id, rate_source="internal"
        )
        self.assertIsNone(agreement._b2b_get_equivalent(100))
        agreement.show_company_currency = True
        self.assertAlmostEqual(agreement._b2b_get_equivalent(100), 8240)
        self.assertIn("82", agreement.rate_text)

    # === FILE === #

    def _import(self, text, filename="rates.csv"):
        wizard = self.env["b2b.rate.import"].create(
            {
                "company_id": self.company.id,
                "file": base64.b64encode(text.encode()),
                "filename": filename,
            }
        )
        wizard.action_import()
        self.assertEqual(
            wizard.count_read,
            wizard.count_added + wizard.count_changed + wizard.count_rejected,
        )
        self.assertEqual(len(wizard.line_ids), wizard.count_read)
        return wizard

    def test_import(self):
        old = self._create_rate(self.dollar, 80)
        day = self.today.strftime("%d.%m.%Y")
        usd, eur = self.dollar.name, self.euro.name
        wizard = self._import(
            "Валюта;Дата;Номинал;Курс\n"
            f"{usd};{day};1;82,4015\n"
            f"{eur};{day};10;956,5\n"
            f"{eur};{day};10;957\n"
            f"XXX;{day};1;5\n"
            f"{usd};32.13.2026;1;5\n"
            f"{usd};01.11.2020;1;0\n"
            f"{usd};01.11.2020;7;5\n"
            f"{self.company.currency_id.name};{day};1;1\n"
            f"{usd};01.11.2020;;-3\n"
            f"{usd};01.11.2020;;abc\n"
        )
        self.assertEqual(
            (wizard.count_added, wizard.count_changed, wizard.count_rejected), (1, 1, 8)
        )
        self.assertEqual((old.rate, old.source), (82.4015, "import"))
        rates = self.env["b2b.rate"]._get_rates(self.company, "internal")
        self.assertAlmostEqual(rates[self.euro.id].rate, 95.65)
        self.assertTrue(
            all(line.text for line in wizard.line_ids if line.outcome == "rejected")
        )

    def test_import_of_nothing(self):
        for text in ("", "a;b\n1;2\n", "Валюта;Курс\n"):
            with self.subTest(text), self.assertRaises(UserError):
                self._import(text or " ")
        self.assertFalse(
            self.env["b2b.rate"].search([("company_id", "=", self.company.id)])
        )

    def test_numbers_and_dates(self):
        for text, number in (
            ("82,4015", 82.4015),
            ("1 234.5", 1234.5),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("82", 82),
        ):
            self.assertAlmostEqual(float(parse_number(text)), number)
        for text in ("", "-1", "1e5", "1,2,3", "abc", "½", "٣"):
            self.assertIsNone(parse_number(text), text)
        self.assertEqual(str(parse_date("24.11.2026")), "2026-11-24")
        self.assertEqual(str(parse_date("2026-11-24")), "2026-11-24")
        self.assertIsNone(parse_date(""))
        self.assertIs(parse_date("24 ноября"), False)
        rows = read_rates(b"currency,rate\nusd,82.5\n")
        self.assertEqual((rows[0].currency, float(rows[0].rate)), ("USD", 82.5))
