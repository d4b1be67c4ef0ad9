# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two agreements whose prices differ in every way that prices can differ."""

from datetime import timedelta

from odoo import fields

from .common import Command


class PriceMixin:
    """On top of ``B2bMixin``: retail, price breaks, special prices, an offer, a tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.agreement.currency_id
        cls._silence_retail()
        cls.retail = cls.env["product.pricelist"].create(
            {
                "name": "Retail of the test",
                "b2b_kind": "retail",
                "sequence": 0,
                "currency_id": cls.currency.id,
                "company_id": cls.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "formula",
                            "base": "list_price",
                            "price_markup": 0,
                            "price_surcharge": 1.11,
                        }
                    )
                ],
            }
        )
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "VAT of the test",
                "amount": 20,
                "price_include_override": "tax_excluded",
                "company_id": cls.company.id,
            }
        )
        cls.price_type.write(
            {
                "company_id": cls.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "formula",
                            "base": "list_price",
                            "price_discount": 10,
                            "price_round": 0.01,
                        }
                    )
                ],
            }
        )
        cls._create_goods()
        cls._create_terms()

    @classmethod
    def _silence_retail(cls):
        """The demo's retail lists are of no matter here."""
        lists = cls.env["product.pricelist"].search([("b2b_kind", "=", "retail")])
        lists.b2b_kind = "wholesale"

    @classmethod
    def _create_goods(cls):
        taxes = [Command.set(cls.tax.ids)]
        cls.plain = cls._create_product("PLAIN-1", 731.37, taxes_id=taxes)
        cls.broken = cls._create_product("BREAK-1", 412.53, taxes_id=taxes)
        cls.agreed = cls._create_product("AGREED-1", 977.71, taxes_id=taxes)
        cls.offered = cls._create_product("OFFER-1", 618.29, taxes_id=taxes)
        cls.boxed = cls._create_product(
            "BOXED-1", 53.17, taxes_id=taxes, uom_ids=[Command.set(cls.box.ids)]
        )
        cls.goods = cls.plain + cls.broken + cls.agreed + cls.offered + cls.boxed
        cls.goods.allow_out_of_stock_order = True
        cls.price_type.item_ids = [
            Command.create(
                {
                    "applied_on": "1_product",
                    "product_tmpl_id": cls.broken.product_tmpl_id.id,
                    "compute_price": "fixed",
                    "fixed_price": price,
                    "min_quantity": quantity,
                }
            )
            for quantity, price in ((10, 333.33), (100, 301.07))
        ]

    @classmethod
    def _create_terms(cls):
        cls.offers = cls.env["product.pricelist"].create(
            {
                "name": "Offers of the test",
                "b2b_kind": "special",
                "currency_id": cls.currency.id,
                "item_ids": [
                    Command.create(
                        cls._fixed(cls.offered, 401.03, date_end=cls._in_days(5))
                    ),
                    # no offer: the agreement is cheaper
                    Command.create(cls._fixed(cls.plain, 9000)),
                ],
            }
        )
        cls.agreement.write(
            {
                "name": "Terms of North",
                "number": "N-7",
                "discount": 3,
                "special_pricelist_id": cls.offers.id,
            }
        )
        cls.agreement.pricelist_id.item_ids = [
            Command.create(cls._fixed(cls.agreed, 555.05))
        ]
        cls.agreement_south = cls._create_agreement(cls.south_a, discount=21)

    @classmethod
    def _fixed(cls, product, price, **values):
        return {
            "applied_on": "1_product",
            "product_tmpl_id": product.product_tmpl_id.id,
            "compute_price": "fixed",
            "fixed_price": price,
        } | values

    @classmethod
    def _in_days(cls, days):
        return fields.Datetime.now() + timedelta(days=days)

    @classmethod
    def _set_factor(cls, agreement, percent):
        """A regional factor on the general item, as the hook would write it."""
        agreement.pricelist_id.item_ids.filtered(
            lambda item: item.applied_on == "3_global"
        ).b2b_factor = percent

    def _format(self, amount):
        """How a page or a paper writes an amount, without signs and separators."""
        return f"{amount:.2f}"

    def _plain(self, text):
        """A page's text with figures as :meth:`_format` writes them."""
        for space in ("\xa0", "\u202f", "\u2009"):
            text = text.replace(space, " ")
        return text
