# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is kept ready of prices and stock never lags behind what it is made of."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.service.model import retrying
from odoo.tests import tagged

from ..tools.catalogue_query import CatalogueQuery
from .common import Command, RaceCase
from .test_catalogue_count import _MARK, FacetCase


@tagged("post_install", "-at_install")
class TestPriceFreshness(FacetCase):
    """Prices of the kept table, after something has changed."""

    def setUp(self):
        super().setUp()
        self._keep_prices()
        self.index = self.env["b2b.price.index"]

    def _listed(self):
        query = CatalogueQuery(search=_MARK, order="price", limit=200)
        return self.provider._find(query, self.acting).ids

    def _check(self):
        """The order is that of prices computed now."""
        rows = self.agreement.sudo()._get_price_rows(self.templates.product_variant_id)
        prices = {row.product.product_tmpl_id.id: row.price for row in rows}
        self.assertEqual(self._listed(), sorted(prices, key=lambda i: (prices[i], i)))

    def _is_kept(self):
        signature = self.index._get_signature(self.agreement.sudo())
        self.env.cr.cache.pop("b2b_portal.price_table", None)
        return self.index._get_kept(self.agreement.sudo(), signature) is not None

    def test_nothing_is_computed_while_nothing_changes(self):
        with patch.object(type(self.index), "_compute", side_effect=AssertionError):
            self._check()

    def test_changes_are_seen_at_once(self):
        product = self.templates[3].product_variant_id
        Item = self.env["product.pricelist.item"]

        def add_rule():
            values = self._fixed(product, 1)
            Item.create(values | {"pricelist_id": self.agreement.pricelist_id.id})

        offered = self.offers.item_ids.product_tmpl_id
        plain = (self.templates - offered)[0].product_variant_id
        changes = {
            "list price": lambda: self.templates[5].write({"list_price": 3}),
            "a rule": add_rule,
            "another price of it": lambda: Item.search(
                [("pricelist_id", "=", self.agreement.pricelist_id.id)]
                + [("product_tmpl_id", "=", product.product_tmpl_id.id)]
            ).write({"fixed_price": 777}),
            "an offer": lambda: self.offers.write(
                {"item_ids": [Command.create(self._fixed(plain, 2))]}
            ),
            "no offers": lambda: self.offers.item_ids.unlink(),
        }
        for name, change in changes.items():
            with self.subTest(name):
                change()
                self.assertTrue(self._is_kept(), "only the product is computed anew")
                self._check()

    def test_a_table_is_let_go_as_a_whole(self):
        general = self.price_type.item_ids.filtered(
            lambda item: item.applied_on == "3_global"
        )
        tax = self.env["account.tax"].create({"name": "Zqz", "amount": 10})
        changes = {
            "a rule for all": lambda: general.write({"price_discount": 44}),
            "discount": lambda: self.agreement.write({"discount": 11}),
            "a tax": lambda: tax.write({"amount": 11}),
            "other offers": lambda: self.agreement.write(
                {"special_pricelist_id": False}
            ),
            "taxes shown": lambda: self.website.write(
                {"show_line_subtotals_tax_selection": "tax_included"}
            ),
        }
        for name, change in changes.items():
            with self.subTest(name):
                change()
                self.assertFalse(self._is_kept())
                self._check()
                self._keep_prices()
                self.assertTrue(self._is_kept())
                self._check()

    def test_the_time_ends_a_table(self):
        self.assertTrue(self._is_kept())
        fill = self.env["b2b.price.fill"].search(
            [("agreement_id", "=", self.agreement.id)]
        )
        self.assertTrue(fill.valid_until, "the offer of the kit ends in five days")
        fill.valid_until = fields.Datetime.now()
        self.assertFalse(self._is_kept(), "a rule ends")
        fill.valid_until = False
        self.assertTrue(self._is_kept())
        fill.filled_at -= timedelta(minutes=61)
        self.assertFalse(self._is_kept(), "an hour at most")

    def test_prices_with_taxes(self):
        """The same figure as the table, for every way to show taxes."""
        self.website.show_line_subtotals_tax_selection = "tax_included"
        self.templates[:9].taxes_id = self.tax
        included = self.tax.copy({"price_include_override": "tax_included"})
        self.templates[9:14].taxes_id = included
        for shown in ("tax_included", "tax_excluded"):
            self.website.show_line_subtotals_tax_selection = shown
            variants = self.templates.product_variant_id
            rows = self.agreement.sudo()._get_price_rows(variants)
            found = self.index._compute(self.agreement.sudo(), self.templates.ids)
            for row in rows:
                price, offer = found[row.product.product_tmpl_id.id]
                self.assertEqual(price, row.price)
                self.assertEqual(offer, row.special == "offer")

    def test_a_large_catalogue_waits_for_its_table(self):
        """Bounds are left out, a filter is obeyed."""
        self.env["b2b.price.fill"].search([]).unlink()
        query = CatalogueQuery(search=_MARK, limit=200)
        with patch("odoo.addons.b2b_portal.models.b2b_catalogue_price.MAX_DIRECT", 5):
            counts = self.provider._count(query, self.acting, ["price"])
            self.assertIsNone(counts["price"])
            self.assertFalse(self._is_kept())
            found = self.provider._find(query.change(max_price=50.0), self.acting)
            expected = {i for i, f in self.facts.items() if f["price"] <= 50}
            self.assertEqual(set(found.ids), expected)

    def test_the_job(self):
        fills = self.env["b2b.price.fill"]
        fill = fills.search([("agreement_id", "=", self.agreement.id)])
        self.templates[4].list_price = 1
        self.assertTrue(fill._get_stale())
        self.env["b2b.price.change"]._write_notes()
        self.env.cr.execute("DELETE FROM b2b_price_change")
        fill.signature = "old"
        cron = self.env.registry["ir.cron"]
        self.patch(cron, "_commit_progress", lambda *args, **values: 1.0)
        self.index._cron_refresh()
        self.env.invalidate_all()
        self.assertNotEqual(fill.signature, "old")
        fill.asked_at = fields.Datetime.now() - timedelta(days=4)
        self.index._cron_refresh()
        self.assertFalse(fill.exists())
        kept = self.index.search_count([("agreement_id", "=", self.agreement.id)])
        self.assertFalse(kept)


@tagged("post_install", "-at_install")
class TestStockFreshness(FacetCase):
    def _free(self, warehouses=None):
        table = self.env["b2b.stock.free"]._get_table(
            warehouses or self.main | self.second | self.third
        )
        rows = self.env.execute_query(table)
        self.assertEqual(len(rows), len({row[0] for row in rows}))
        return {
            (template, warehouse): quantity
            for template, places, quantities in rows
            for warehouse, quantity in zip(places, quantities, strict=True)
        }

    def _work_in(self):
        while self.env["b2b.stock.free"]._refresh():
            pass

    def _check_change(self, change):
        """The same before and after the job, and other than before the change."""
        self._work_in()
        before = self._free()
        change()
        after = self._free()
        self.assertNotEqual(before, after)
        self._work_in()
        self.assertEqual(self._free(), after)

    def test_every_change_of_stock(self):
        product = self._create_product("ZQZ-STOCK", 5)
        quants = self.env["stock.quant"]
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.main.lot_stock_id.id}
        )

        def of_product():
            return quants.search(
                [
                    ("product_id", "=", product.id),
                    ("location_id.usage", "=", "internal"),
                ]
            )

        changes = (
            lambda: quants._update_available_quantity(product, shelf, 9),
            lambda: quants._update_reserved_quantity(product, shelf, 4),
            lambda: of_product().write({"quantity": 20}),
            lambda: shelf.write({"location_id": self.second.lot_stock_id.id}),
            lambda: product.write({"active": False}),
            lambda: product.write({"active": True}),
            lambda: of_product().sudo().unlink(),
        )
        for number, change in enumerate(changes):
            with self.subTest(number):
                self._check_change(change)

    def test_rebuilt_is_the_same(self):
        found = self._free()
        self.env.flush_all()
        self.env["b2b.stock.free"]._rebuild()
        self.env.cr.execute("DELETE FROM b2b_stock_touched")
        self.assertEqual(self._free(), found)


@tagged("post_install", "-at_install")
class TestStockRace(RaceCase):
    """Two sales empty two shelves of a warehouse while the job runs."""

    def setUp(self):
        super().setUp()
        self._create_kept()

    def _create(self, env):
        warehouse = env["stock.warehouse"].search([], limit=1)
        self.warehouse_id = warehouse.id
        template = env["product.template"].create(
            {"name": "Race", "is_storable": True, "list_price": 1}
        )
        self.template_id = template.id
        self.shelf_ids = []
        for number in range(2):
            shelf = env["stock.location"].create(
                {"name": f"Race {number}", "location_id": warehouse.lot_stock_id.id}
            )
            self.shelf_ids.append(shelf.id)
            env["stock.quant"]._update_available_quantity(
                template.product_variant_id, shelf, 5
            )
        env["b2b.stock.free"]._refresh()

    def _remove(self):
        with self._transaction() as env:
            template = env["product.template"].browse(self.template_id)
            variants = template.product_variant_id
            env["stock.quant"].search([("product_id", "in", variants.ids)]).unlink()
            template.unlink()
            env["stock.location"].browse(self.shelf_ids).unlink()
            env.cr.execute(
                "DELETE FROM b2b_stock_touched WHERE template_id = %s",
                [self.template_id],
            )

    def _take(self, env, number):
        template = env["product.template"].browse(self.template_id)
        shelf = env["stock.location"].browse(self.shelf_ids[number])
        env["stock.quant"]._update_available_quantity(
            template.product_variant_id, shelf, -5
        )
        env.flush_all()

    def _is_free(self, env):
        warehouse = env["stock.warehouse"].browse(self.warehouse_id)
        rows = env.execute_query(env["b2b.stock.free"]._get_table(warehouse))
        return self.template_id in {row[0] for row in rows}

    def test_both_sales_see_the_other_shelf(self):
        with self._transaction() as one, self._transaction() as two:
            self._take(one, 0)
            self._take(two, 1)
            self.assertTrue(self._is_free(one), "its own snapshot has the other shelf")
            # neither is seen by the job, which begins now
            with self._transaction() as job:
                job["b2b.stock.free"]._refresh()
            one.cr.commit()
            with self._transaction() as job:
                job["b2b.stock.free"]._refresh()
                self.assertTrue(self._is_free(job))
        with self._transaction() as env:
            self.assertFalse(self._is_free(env))
            env["b2b.stock.free"]._refresh()
            self.assertFalse(self._is_free(env))

    def test_whoever_asked_before_sees_the_next_sale(self):
        """That nothing was touched is known for one transaction, no longer."""
        with self._transaction() as env:
            while env["b2b.stock.free"]._refresh():
                pass
        with self._transaction() as env:
            self.assertFalse(env["b2b.stock.touched"]._has_notes())
            self.assertTrue(self._is_free(env))
            with self._transaction() as other:
                self._take(other, 0)
                self._take(other, 1)
            self.assertTrue(self._is_free(env), "its snapshot is from before")
            env.cr.commit()
            self.assertFalse(self._is_free(env))
            self._take(env, 0)
            self.assertTrue(env["b2b.stock.touched"]._has_notes())


@tagged("post_install", "-at_install")
class TestPriceRace(RaceCase):
    """Two pages fill the same table; a price changes while it is filled."""

    def setUp(self):
        super().setUp()
        self._create_kept()

    def _create(self, env):
        agreement = self._create_agreement(env, state="active")
        self.agreement_id = agreement.id
        template = env["product.template"].create(
            {"name": "Race", "list_price": 160, "is_published": True, "taxes_id": []}
        )
        self.template_id = self._keep(template).id

    def _remove(self):
        with self._transaction() as env:
            env.cr.execute(
                "DELETE FROM b2b_price_index WHERE agreement_id = %s",
                [self.agreement_id],
            )
            env.cr.execute(
                "DELETE FROM b2b_price_fill WHERE agreement_id = %s",
                [self.agreement_id],
            )
            env.cr.execute(
                "DELETE FROM b2b_price_change WHERE template_id = %s",
                [self.template_id],
            )
            for model, ids in reversed(self.created):
                env[model].browse(ids).exists().unlink()

    def _get_price(self, env):
        agreement = env["b2b.agreement"].browse(self.agreement_id)
        index = env["b2b.price.index"]
        kept = index._get_kept(agreement, index._get_signature(agreement))
        self.assertIsNotNone(kept)
        return {row[0]: row[1] for row in env.execute_query(kept)}[self.template_id]

    def test_two_pages_at_once(self):
        barrier = threading.Barrier(2, timeout=20)
        attempts = []

        def work(_number):
            with self._transaction() as env:
                tries = []

                def fill():
                    tries.append(1)
                    if len(tries) == 1:
                        env.cr.execute("SELECT 1")
                        barrier.wait()
                    agreement = env["b2b.agreement"].browse(self.agreement_id)
                    index = env["b2b.price.index"]
                    signature = index._get_signature(agreement)
                    if index._get_kept(agreement, signature) is None:
                        index._fill(agreement)

                retrying(fill, env)
                attempts.append(len(tries))

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(work, range(2)))
        self.assertEqual(sorted(attempts), [1, 2], "the second one began anew")
        with self._transaction() as env:
            self.assertEqual(self._get_price(env), 160)
            index = env["b2b.price.index"].search(
                [
                    ("agreement_id", "=", self.agreement_id),
                    ("template_id", "=", self.template_id),
                ]
            )
            self.assertEqual(len(index), 1)

    def test_a_price_changes_during_the_computation(self):
        with self._transaction() as filling, self._transaction() as early:
            # begun before the table, committed after it
            early["product.template"].browse(self.template_id).list_price = 90
            early.flush_all()
            agreement = filling["b2b.agreement"].browse(self.agreement_id)
            filling["b2b.price.index"]._fill(agreement)
            self.assertEqual(self._get_price(filling), 160)
            filling.cr.commit()
            early.cr.commit()
        with self._transaction() as env:
            self.assertEqual(self._get_price(env), 90)
