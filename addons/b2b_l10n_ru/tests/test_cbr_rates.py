# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date
from decimal import Decimal
from unittest.mock import patch

import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.res_company_rates import ResCompany
from ..tools.cbr_rates import CbrError, parse_cbr_rates
from .cbr_sample import ROWS, make_feed


def _replaced(index, **values):
    names = ("ident", "number", "code", "nominal", "name", "value")
    row = dict(zip(names, ROWS[index], strict=True)) | values
    rows = list(ROWS)
    rows[index] = tuple(row[name] for name in names)
    return make_feed(rows)


@tagged("post_install", "-at_install")
class TestCbrFormat(BaseCase):
    def test_sample(self):
        for encoding in ("windows-1251", "utf-8"):
            day, rates = parse_cbr_rates(make_feed(encoding=encoding))
            self.assertEqual(day, date(2026, 11, 24))
            self.assertEqual(set(rates), {"USD", "EUR", "CNY", "KZT", "UZS"})
            self.assertEqual(rates["USD"].value, Decimal("82.4015"))
            self.assertAlmostEqual(rates["KZT"].unit_rate, 0.15721)

    def test_malformed(self):
        good = make_feed()
        bad = {
            "empty": b"",
            "no xml": b"<html><body>503",
            "another root": make_feed(root="Rates"),
            "cut off": good[:-30],
            "no rates": make_feed(()),
            "date": make_feed(day="2026-11-24"),
            "no date": make_feed(day=""),
            "twice": make_feed(ROWS + ROWS[:1]),
            "zero": _replaced(0, value="0,0000"),
            "negative": _replaced(0, value="-1,5"),
            "point": _replaced(0, value="82.4015"),
            "words": _replaced(0, value="abc"),
            "infinite": _replaced(0, value="1e9"),
            "no value": _replaced(0, value=""),
            "nominal": _replaced(0, nominal=0),
            "code": _replaced(0, code="us"),
            "doctype": good.replace(b"<ValCurs", b"<!DOCTYPE x []><ValCurs", 1),
            "entity": good.replace(
                b"<ValCurs", b'<!DOCTYPE x [<!ENTITY a "b">]><ValCurs', 1
            ).replace(b"82,4015", b"&a;"),
            "utf-16 doctype": (
                '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "1">]>'
                '<ValCurs Date="24.11.2026"/>'
            ).encode("utf-16"),
            "two values": good.replace(
                b"<Value>82,4015</Value>", b"<Value>1</Value><Value>2</Value>"
            ),
            "encoding": b'<?xml version="1.0" encoding="nonsense"?><ValCurs/>',
            "long": good + b" " * 2_000_000,
        }
        for name, data in bad.items():
            with self.subTest(name), self.assertRaises(CbrError):
                parse_cbr_rates(data)

    @settings(max_examples=300, deadline=None)
    @given(st.integers(0, 10_000), st.binary(max_size=12), st.integers(0, 40))
    def test_fuzz(self, position, junk, cut):
        """A damaged feed is refused, or every rate of it is sound."""
        good = make_feed()
        position %= len(good)
        data = good[:position] + junk + good[position + cut :]
        try:
            day, rates = parse_cbr_rates(data)
        except CbrError:
            return
        self.assertIsInstance(day, date)
        for rate in rates.values():
            self.assertGreater(rate.unit_rate, 0)
            self.assertLess(rate.unit_rate, 1e12)


@tagged("post_install", "-at_install")
class TestCbrJob(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        currencies = cls.env["res.currency"].with_context(active_test=False)
        cls.currencies = currencies.search([("name", "in", ("USD", "CNY", "KZT"))])
        cls.currencies.active = True
        rouble = currencies.search([("name", "=", "RUB")])
        rouble.active = True
        cls.company = cls.env["res.company"].create(
            {"name": "Rouble Ltd", "currency_id": rouble.id}
        )
        cls.others = cls.env["res.company"].search([("b2b_cbr_rates", "=", True)])
        cls.others.b2b_cbr_rates = False
        cls.cron = cls.env.ref("b2b_l10n_ru.ir_cron_cbr_rates")

    def _run(self, result):
        kind = "side_effect" if isinstance(result, Exception) else "return_value"
        with patch.object(ResCompany, "_b2b_fetch_cbr", **{kind: result}) as fetch:
            self.env["res.company"]._b2b_cron_cbr_rates()
        return fetch

    def _official(self, name):
        currency = self.currencies.filtered(lambda c: c.name == name)
        return currency._convert(
            1, self.company.currency_id, self.company, date(2026, 11, 24), round=False
        )

    def test_off_by_default(self):
        self.assertFalse(self.cron.active)
        self.assertFalse(self._run(make_feed()).called)
        self.company.b2b_cbr_rates = True
        self.assertTrue(self.cron.active)
        self.company.b2b_cbr_rates = False
        self.assertFalse(self.cron.active)

    def test_rates_are_entered_once(self):
        self.company.write({"b2b_cbr_rates": True, "b2b_cbr_to_internal": True})
        for _run in range(2):
            self._run(make_feed())
        rates = self.env["res.currency.rate"].search(
            [
                ("company_id", "=", self.company.id),
                ("currency_id", "in", self.currencies.ids),
            ]
        )
        self.assertEqual(len(rates), 3)
        self.assertAlmostEqual(self._official("USD"), 82.4015, places=6)
        self.assertAlmostEqual(self._official("KZT"), 0.15721, places=6)
        internal = self.env["b2b.rate"].search([("company_id", "=", self.company.id)])
        kept = {rate.currency_id.name: (rate.rate, rate.nominal) for rate in internal}
        self.assertEqual(kept["KZT"], (15.721, 100))
        self.assertEqual(set(internal.mapped("source")), {"official"})
        internal.filtered(lambda r: r.currency_id.name == "USD").rate = 90
        self._run(make_feed())
        self.assertIn(90, internal.mapped("rate"))

    def test_not_for_another_currency(self):
        self.company.currency_id = self.env.ref("base.EUR")
        self.company.b2b_cbr_rates = True
        self.assertFalse(self._run(make_feed()).called)

    @mute_logger("odoo.addons.b2b_l10n_ru.models.res_company_rates")
    def test_failure_is_reported_once(self):
        self.company.b2b_cbr_rates = True
        for result in (requests.ConnectionError("no route"), b"<html/>"):
            self._run(result)
        activities = self.company.partner_id.activity_ids
        self.assertEqual(len(activities), 1)
        self.assertIn("no route", activities.note)
        self.assertFalse(
            self.env["res.currency.rate"].search([("company_id", "=", self.company.id)])
        )
