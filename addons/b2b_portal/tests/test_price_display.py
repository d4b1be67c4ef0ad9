# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import itertools
import random

from odoo.tests import tagged
from odoo.tests.common import TransactionCase

from .common import B2bMixin, Command


@tagged("post_install", "-at_install")
class TestPriceDisplay(B2bMixin, TransactionCase):
    """Amounts are those of core's shop, whether core is asked or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls._create_agreement(cls.north_a).sudo()
        cls.taxes = cls.env["account.tax"].create(
            [
                {
                    "name": f"{kind} {amount} {include}",
                    "amount_type": kind,
                    "amount": amount,
                    "price_include_override": include,
                    "company_id": cls.env.company.id,
                    "type_tax_use": "sale",
                }
                for kind, amount in (
                    ("percent", 20),
                    ("percent", 7.7),
                    ("division", 10),
                    ("fixed", 1.25),
                )
                for include in ("tax_included", "tax_excluded")
            ]
        )
        cls.position = cls.env["account.fiscal.position"].create(
            {"name": "Export", "auto_apply": False}
        )

    def _compare(self, own, mapped, website, price):
        self.bolt.taxes_id = own
        agreement = self.agreement
        display = agreement._get_price_display(
            self.bolt, agreement.currency_id, website
        )
        exact = self.env["product.template"]._apply_taxes_to_price(
            price, agreement.currency_id, own, mapped, self.bolt, website=website
        )
        self.assertEqual(display(self.bolt, price), exact, (own.mapped("name"), price))

    def test_as_core_shows_it(self):
        chance = random.Random(5)  # noqa: S311
        website = self.env["website"].get_current_website()
        kinds = ("tax_excluded", "tax_included")
        for shown, pair in itertools.product(
            kinds, itertools.combinations(self.taxes, 2)
        ):
            website.show_line_subtotals_tax_selection = shown
            for own in (self.taxes.browse(), pair[0], pair[0] | pair[1]):
                price = chance.choice((0.0, 0.005, 10, chance.uniform(0, 5000)))
                self._compare(own, own, website, price)

    def test_under_a_fiscal_position(self):
        """Taxes of the price that are mapped away, or to others."""
        website = self.env["website"].get_current_website()
        included, excluded, other = self.taxes[0], self.taxes[1], self.taxes[2]
        other.write(
            {
                "fiscal_position_ids": [Command.link(self.position.id)],
                "original_tax_ids": [Command.set((included | excluded).ids)],
            }
        )
        self.north_a.property_account_position_id = self.position
        for shown, own in itertools.product(
            ("tax_excluded", "tax_included"), (included, excluded)
        ):
            website.show_line_subtotals_tax_selection = shown
            mapped = self.position.map_tax(own)
            self.assertEqual(mapped, other)
            for price in (0.0, 99.99, 1234.567):
                self._compare(own, mapped, website, price)
