# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from lxml import html

from odoo.tests import tagged

from .common import B2bCommon, Command
from .price_row_common import PriceMixin


@tagged("post_install", "-at_install")
class TestPriceRow(PriceMixin, B2bCommon):
    """The price types of a product side by side."""

    def _rows(self, products=None, agreement=None, **values):
        agreement = (agreement or self.agreement).sudo()
        rows = agreement._get_price_rows(products or self.goods, **values)
        return {row.product: row for row in rows}

    def _net(self):
        self.website.show_line_subtotals_tax_selection = "tax_excluded"

    def test_every_kind_of_price(self):
        self._net()
        rows = self._rows()
        plain = rows[self.plain]
        self.assertEqual(plain.currency, self.currency)
        self.assertAlmostEqual(plain.retail, 732.48)
        self.assertAlmostEqual(plain.wholesale, 658.23)
        self.assertAlmostEqual(plain.price, 638.48)
        self.assertIsNone(plain.special)
        self.assertIsNone(plain.saved)
        self.assertAlmostEqual(plain.margin, 94.0)
        self.assertAlmostEqual(plain.margin_percent, 100 * 94.0 / 732.48)
        agreed = rows[self.agreed]
        self.assertEqual((agreed.price, agreed.special), (555.05, "agreed"))
        self.assertIsNone(agreed.saved)

    def test_a_special_offer(self):
        self._net()
        row = self._rows()[self.offered]
        self.assertEqual((row.price, row.special), (401.03, "offer"))
        self.assertAlmostEqual(row.regular, 539.77)
        self.assertAlmostEqual(row.saved, 138.74)
        self.assertEqual(row.special_until, self._in_days(5).date())
        other = self._rows(agreement=self.agreement_south)[self.offered]
        self.assertIsNone(other.special)
        # an offer that is over
        row = self._rows(date=self._in_days(6))[self.offered]
        self.assertEqual((row.special, row.special_until), (None, None))
        self.assertAlmostEqual(row.price, 539.77)

    def test_quantity_steps(self):
        self._net()
        row = self._rows()[self.broken]
        self.assertEqual(row.steps, [(10, 323.33), (100, 292.04)])
        self.assertEqual(row.next_step, (10, 323.33))
        self.assertFalse(self._rows()[self.plain].steps)
        row = self._rows(quantity=10)[self.broken]
        self.assertAlmostEqual(row.price, 323.33)
        self.assertEqual(row.next_step, (100, 292.04))
        self.assertIsNone(self._rows(quantity=100)[self.broken].next_step)
        # a rule that makes nothing cheaper is no step
        self.price_type.item_ids = [
            Command.create(self._fixed(self.plain, 658.23, min_quantity=5))
        ]
        self.assertFalse(self._rows()[self.plain].steps)

    def test_one_product_is_priced_as_many(self):
        many = self._rows()
        for product, row in many.items():
            (one,) = self.agreement.sudo()._get_price_rows(product)
            self.assertEqual(
                (one.price, one.regular, one.retail, one.steps),
                (row.price, row.regular, row.retail, row.steps),
            )
        templates = self.agreement.sudo()._get_price_rows(self.goods.product_tmpl_id)
        self.assertEqual(
            [row.price for row in templates], [row.price for row in many.values()]
        )
        self.assertEqual(self.agreement._get_price_rows(self.goods.browse()), [])

    def test_taxes_as_the_website_shows_them(self):
        self.website.show_line_subtotals_tax_selection = "tax_included"
        self.assertAlmostEqual(self._rows()[self.offered].price, 481.24)
        position = self.env["account.fiscal.position"].create(
            {"name": "Abroad", "company_id": self.company.id}
        )
        self.north_a.with_company(self.company).property_account_position_id = position
        self.assertAlmostEqual(self._rows()[self.offered].price, 401.03)

    def test_retail_in_another_currency(self):
        self._net()
        other = self.env["res.currency"].with_context(active_test=False)
        other = other.search(
            [("name", "in", ("CNY", "EUR")), ("id", "!=", self.currency.id)], limit=1
        )
        other.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": other.id, "rate": 0.5, "name": "2020-01-01"}
            | {"company_id": self.company.id}
        )
        self.retail.currency_id = other
        self.retail.item_ids = [Command.create(self._fixed(self.plain, 40.2))]
        expected = other._convert(40.2, self.currency, self.company)
        row = self._rows()[self.plain]
        self.assertAlmostEqual(row.retail, expected)
        self.assertNotAlmostEqual(row.retail, 40.2)
        (row,) = self.agreement.sudo()._get_retail_rows(self.plain)
        self.assertEqual(row.currency, other)
        self.assertIsNone(row.price)

    def test_without_a_retail_list_the_public_price_counts(self):
        self._net()
        self.retail.b2b_kind = False
        self.assertAlmostEqual(self._rows()[self.plain].retail, 731.37)

    def test_a_price_above_retail_is_shown_as_it_is(self):
        self._net()
        self._set_factor(self.agreement, 50)
        row = self._rows()[self.plain]
        self.assertLess(row.margin, 0)
        self.plain.list_price = -1.11
        self.assertIsNone(self._rows()[self.plain].margin_percent)

    def test_stock_of_the_agreements_warehouse(self):
        warehouses = self.env["stock.warehouse"]
        there = warehouses.create(
            {"name": "There", "code": "THR", "company_id": self.company.id}
        )
        self.env["stock.quant"]._update_available_quantity(
            self.plain, there.lot_stock_id, 17
        )
        self.agreement.warehouse_id = there
        stock = self.agreement.sudo()._get_row_stock(self.goods)
        self.assertEqual(stock[self.plain.id], 17)
        self.assertEqual(stock[self.broken.id], 0)

    def _count(self, products):
        """Queries for prices: a page has read user, terms and products already."""
        self.env.flush_all()
        self.env.invalidate_all()
        agreement = self.agreement.sudo()
        agreement._get_price_rows(self.plain)
        for name in ("product.product", "product.template", "product.pricelist.item"):
            self.env[name].invalidate_model()
        products.product_tmpl_id.mapped("list_price")
        before = self.env.cr.sql_log_count
        agreement._get_price_rows(products)
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow(self):
        products = self.goods
        for number in range(95):
            products |= self._create_product(f"Q-{number}", 10 + number)
        self.price_type.item_ids = [
            Command.create(self._fixed(product, 5, min_quantity=10 + 10 * (number % 7)))
            for number, product in enumerate(products)
        ]
        # what a worker keeps is in memory then
        self._count(products[:10])
        few, many = self._count(products[:10]), self._count(products)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 15)

    def test_one_price_everywhere(self):
        """Rules, row, cart line, paper and invoice: for each kind of price."""
        self._net()
        for factor in (0.0, 7.5):
            self._set_factor(self.agreement, factor)
            for product, quantity, uom in (
                (self.plain, 1, None),
                (self.broken, 10, None),
                (self.agreed, 1, None),
                (self.offered, 1, None),
                (self.boxed, 2, self.box),
            ):
                with self.subTest(product=product.default_code, factor=factor):
                    self._check_price(product, quantity, uom or product.uom_id)

    def _check_price(self, product, quantity, uom):
        pricelist = self.agreement.pricelist_id
        found = pricelist._compute_price_rule(product, quantity, uom=uom)
        price = self.currency.round(found[product.id][0])
        (row,) = self.agreement.sudo()._get_price_rows(product, quantity, uom)
        self.assertEqual(row.price, price)
        order = self._create_cart(self.buyer)
        order = order.sudo(True).with_user(self.env.user)
        order.order_line = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "product_uom_id": uom.id,
                }
            )
        ]
        line = order.order_line
        self.assertEqual(self.currency.round(line.price_unit), price)
        self.assertEqual(line._get_displayed_unit_price(), price)
        order.action_confirm()
        self._check_paper("b2b_portal.report_proforma", order, price)
        line.qty_delivered = quantity
        invoice = order._create_invoices()
        self.assertEqual(invoice.invoice_line_ids.price_unit, line.price_unit)
        self.assertEqual(invoice.amount_untaxed, order.amount_untaxed)
        invoice.action_post()
        self._check_paper("b2b_portal.report_invoice", invoice, price)

    def _check_paper(self, report, record, price):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report, record.ids
        )
        cells = html.fromstring(content.decode()).xpath("//td[@class='num']")
        figures = [re.sub(r"\D", "", cell.text_content()) for cell in cells]
        self.assertIn(str(round(price * 100)), figures)
