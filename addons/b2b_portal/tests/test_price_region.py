# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import B2bCommon


@tagged("post_install", "-at_install")
class TestPriceRegion(B2bCommon):
    """Regional factors in the prices of agreements."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.country = cls.env.ref("base.ru")
        State = cls.env["res.country.state"]
        cls.state_a, cls.state_b = State.create(
            [
                {"name": name, "code": name, "country_id": cls.country.id}
                for name in ("X-1", "X-2")
            ]
        )
        cls.near = cls._create_region("Near", state_ids=cls.state_a.ids)
        cls.far = cls._create_region(
            "Far", price_factor=10, state_ids=cls.state_b.ids, cities="Orël; Tver"
        )
        cls.bolt.weight = 0.5

    @classmethod
    def _create_region(cls, name, **values):
        return cls.env["b2b.price.region"].create(
            {"name": name, "company_id": cls.company.id} | values
        )

    def _price(self, agreement=None, product=None):
        agreement = agreement or self.agreement
        self.env.flush_all()
        return agreement.pricelist_id._get_product_price(product or self.bolt, 1)

    # === FACTOR AND SURCHARGE === #

    def test_fixed_region(self):
        self.assertAlmostEqual(self._price(), 10)
        self.agreement.write({"region_source": "fixed", "region_id": self.far.id})
        self.assertAlmostEqual(self._price(), 11)
        self.far.price_factor = -5
        self.assertAlmostEqual(self._price(), 9.5)
        self.far.weight_surcharge = 3
        self.assertAlmostEqual(self._price(), 11, msg="9.5 + 0.5 kg x 3")
        self.agreement.is_pickup = True
        self.assertAlmostEqual(self._price(), 9.5, msg="no delivery, no surcharge")
        self.agreement.region_source = "none"
        self.assertAlmostEqual(self._price(), 10)

    def test_archived_region_is_out_of_force(self):
        self.agreement.write({"region_source": "fixed", "region_id": self.far.id})
        self.far.active = False
        self.assertFalse(self.agreement.price_region_id)
        self.assertAlmostEqual(self._price(), 10)

    def test_surcharge_in_another_currency(self):
        currency = self.env["res.currency"].create(
            {"name": "XTS", "symbol": "x", "rounding": 0.01}
        )
        rate = self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 0.5, "name": "2020-01-01"}
        )
        self.far.write(
            {"price_factor": 0, "weight_surcharge": 3, "currency_id": currency.id}
        )
        self.agreement.write({"region_source": "fixed", "region_id": self.far.id})
        self.assertAlmostEqual(self._price(), 13, msg="10 + 0.5 kg x 3 x 2")
        rate.rate = 0.25
        self.env.invalidate_all()
        self.env["b2b.agreement"]._cron_refresh_surcharges()
        self.assertAlmostEqual(self._price(), 16)

    # === BY WAREHOUSE === #

    def test_warehouses_in_two_regions_have_two_prices(self):
        Warehouse = self.env["stock.warehouse"]
        main = Warehouse.search([("company_id", "=", self.company.id)], limit=1)
        second = Warehouse.create(
            {"name": "Second", "code": "W2", "company_id": self.company.id}
        )
        second.b2b_price_region_id = self.far
        self.agreement.write({"region_source": "warehouse", "warehouse_id": main.id})
        other = self._create_agreement(
            self.north_b, region_source="warehouse", warehouse_id=second.id
        )
        self.assertAlmostEqual(self._price(), 10)
        self.assertAlmostEqual(self._price(other), 11)
        main.b2b_price_region_id = self.far
        self.assertAlmostEqual(self._price(), 11)
        second.b2b_price_region_id = self.near
        self.assertAlmostEqual(self._price(other), 10)
        other.warehouse_line_ids.warehouse_id = main
        self.assertAlmostEqual(self._price(other), 11, msg="the line has changed")

    # === BY ADDRESS === #

    def test_region_of_the_address(self):
        self.agreement.region_source = "delivery"
        self.assertAlmostEqual(self._price(), 10)
        self.north_a.state_id = self.state_b
        self.assertAlmostEqual(self._price(), 11, msg="the entity's own address")
        address = self.env["res.partner"].create(
            {
                "name": "Site",
                "type": "delivery",
                "parent_id": self.north_a.id,
                "state_id": self.state_a.id,
            }
        )
        self.assertAlmostEqual(self._price(), 10, msg="the delivery address counts")
        address.city = "  OREL "
        self.assertAlmostEqual(self._price(), 10)
        address.city = "tver"
        self.assertAlmostEqual(self._price(), 11, msg="the city before the state")
        self.far.cities = False
        self.assertAlmostEqual(self._price(), 10)
        address.active = False
        self.assertAlmostEqual(self._price(), 11)

    def test_default_address_of_the_agreement(self):
        self.agreement.region_source = "delivery"
        sites = self.env["res.partner"].create(
            [
                {
                    "name": state.name,
                    "type": "delivery",
                    "parent_id": self.north_a.id,
                    "state_id": state.id,
                }
                for state in (self.state_a, self.state_b)
            ]
        )
        self.assertAlmostEqual(self._price(), 10)
        sites[1].b2b_agreement_id = self.agreement
        self.assertAlmostEqual(self._price(), 11)

    def test_the_russian_yo(self):
        self.far.cities = "Орёл"
        self.agreement.region_source = "delivery"
        self.north_a.city = "орел"
        self.assertEqual(self.agreement.price_region_id, self.far)

    # === IN SETS === #

    def test_queries_do_not_grow_with_the_agreements(self):
        def count(number):
            agreements = self.env["b2b.agreement"]
            for _number in range(number):
                agreements |= self._create_agreement(
                    self.north_b, region_source="fixed", region_id=self.far.id
                )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.far.price_factor += 1
            self.env.flush_all()
            self.assertAlmostEqual(
                agreements[-1:].pricelist_id.item_ids.b2b_factor, self.far.price_factor
            )
            return self.env.cr.sql_log_count - before

        count(1)
        few = count(3)
        self.assertLessEqual(count(30), few + 6)

    # === BAD INPUT === #

    def test_bad_factors(self):
        for values in (
            {"price_factor": -100},
            {"price_factor": -250},
            {"weight_surcharge": -1},
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.near.write(values)
                self.env.flush_all()
        self.near.price_factor = -99.9

    def test_overlapping_regions(self):
        for values in (
            {"state_ids": self.state_b.ids},
            {"cities": "Moscow\n TVER "},
        ):
            with (
                self.subTest(values),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.near.write(values)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self._create_region("Far away", cities="Tver", company_id=company.id)

    def test_region_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        region = self._create_region("Elsewhere", company_id=company.id)
        with self.assertRaises(ValidationError):
            self.agreement.write({"region_source": "fixed", "region_id": region.id})

    def test_words(self):
        self.agreement.write({"region_source": "fixed", "region_id": self.far.id})
        self.assertIn("+10", self.agreement._b2b_get_region_text())
        self.far.write({"price_factor": -2.5, "weight_surcharge": 7})
        text = self.agreement._b2b_get_region_text()
        self.assertIn("-2.5", text)
        self.assertIn("7", text)
