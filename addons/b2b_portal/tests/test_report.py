# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io

from pypdf import PdfReader

from odoo import fields
from odoo.tests import tagged

from ..tools.paginate import paginate
from .common import B2bCommon, find_ragged_rows

Command = fields.Command


@tagged("post_install", "-at_install")
class TestReport(B2bCommon):
    """The printed papers, rendered by the real engine and read back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("en_US", "ru_RU"):
            cls.env["res.lang"]._activate_lang(code)
        cls.rub = cls.env.ref("base.RUB")
        cls.rub.active = True
        cls.north_a.write({"vat": "7810456027", "street": "Nevsky 1", "lang": "en_US"})
        cls.agreement.write({"number": "D-14", "currency_id": cls.rub.id})
        cls.order = cls._create_cart(
            cls.buyer, lines=[(cls.bolt, 12), (cls.nut, 300)], client_order_ref="ZP-118"
        ).sudo(True)
        cls.order = cls.env["sale.order"].browse(cls.order.id)
        cls.order.order_line[0].write(
            {"product_uom_id": cls.box.id, "product_uom_qty": 2}
        )

    def _read(self, report, records):
        """Texts of the pages of the PDF."""
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        pdf, kind = reports._render_qweb_pdf(f"b2b_portal.{report}", records.ids)
        self.assertEqual(kind, "pdf")
        return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]

    def _confirm_and_ship(self):
        self.order.action_confirm()
        picking = self.order.picking_ids
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    def _check_has(self, text, *expected):
        plain = " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())
        for part in expected:
            self.assertIn(part, plain)

    def test_proforma(self):
        self.order.action_confirm()
        (page,) = self._read("report_proforma", self.order)
        total = self.order.amount_total
        self._check_has(
            page,
            f"Proforma invoice No. {self.order.name}",
            "North LLC, Tax ID 7810456027",
            "Nevsky 1",
            "No. D-14",
            "ZP-118",
            "BLT-M8",
            "Product NUT-M8",
            "Box of 24",
            f"{total:,.2f}",
            "Items: 2",
            self.rub.with_context(lang="en_US")._b2b_amount_in_words(total),
        )
        self.assertNotIn("CANCELLED", page)

    def test_proforma_in_the_customers_language(self):
        self.north_a.lang = "ru_RU"
        self.order.action_confirm()
        (page,) = self._read("report_proforma", self.order)
        words = self.rub.with_context(lang="ru_RU")._b2b_amount_in_words(
            self.order.amount_total
        )
        self._check_has(page, words)
        self.assertIn("рубл", words)

    def test_invoice_shows_what_is_left_to_pay(self):
        self._confirm_and_ship()
        invoice = self.order._create_invoices()
        invoice.action_post()
        (page,) = self._read("report_invoice", invoice)
        self._check_has(
            page,
            f"Invoice No. {invoice.name}",
            f"Order No. {self.order.name}",
            "NUT-M8",
            f"{invoice.amount_total:,.2f}",
            "Chief accountant",
        )
        self.assertNotIn("Left to pay", page)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create({"amount": 100}).action_create_payments()
        (page,) = self._read("report_invoice", invoice)
        self._check_has(page, "Left to pay", f"{invoice.amount_residual:,.2f}")

    def test_waybill_in_the_units_of_the_order(self):
        picking = self._confirm_and_ship()
        (page,) = self._read("report_waybill", picking)
        self._check_has(
            page,
            f"Waybill No. {picking.name}",
            "Box of 24",
            f"{self.order.amount_total:,.2f}",
            "Released by",
            "Power of attorney",
        )
        quantities = {
            (move.product_id, unit): quantity
            for move, quantity, unit in picking._b2b_get_print_moves()
        }
        self.assertEqual(quantities[self.bolt, self.box], 2)
        self.assertEqual(quantities[self.nut, self.nut.uom_id], 300)

    def test_a_cancelled_paper_says_so(self):
        self.order._action_cancel()
        (page,) = self._read("report_proforma", self.order)
        self._check_has(page, "CANCELLED")

    def test_long_paper_breaks_between_rows(self):
        """Every row is printed once, under a head, and the end is never alone."""
        products = [self._create_product(f"LONG-{n:03}", n) for n in range(1, 91)]
        self.order.order_line = [
            Command.create({"product_id": product.id, "product_uom_qty": 5})
            for product in products
        ]
        pages = self._read("report_proforma", self.order)
        self.assertGreater(len(pages), 1)
        for number, page in enumerate(pages, 1):
            self.assertIn("Article", page)
            if number > 1:
                self._check_has(page, f"page {number} of {len(pages)}")
        for product in products:
            # the article stands in its own column and in the name
            printed = sum(page.count(product.default_code) for page in pages)
            self.assertEqual(printed, 2, product.default_code)
        self.assertIn("LONG-090", pages[-1])
        self._check_has(pages[-1], "Head of the company", "Items: 92")

    def test_sections_and_notes(self):
        self.order.order_line = [
            Command.create({"display_type": "line_section", "name": "Hall 2"}),
            Command.create({"display_type": "line_note", "name": "Deliver by noon"}),
        ]
        (page,) = self._read("report_proforma", self.order)
        self._check_has(page, "Hall 2", "Deliver by noon", "Items: 2")

    def test_empty_values_leave_no_gap_in_a_table(self):
        self.bolt.default_code = False
        self.company.vat = False
        self.order.action_confirm()
        reports = self.env["ir.actions.report"]
        html, _kind = reports._render_qweb_html(
            "b2b_portal.report_proforma_document", self.order.ids
        )
        self.assertIn("</tbody>", html.decode())
        self.assertEqual(find_ragged_rows(html.decode()), [])

    def test_several_papers_at_once(self):
        orders = self.order | self.order.copy()
        pages = self._read("report_proforma", orders)
        self.assertEqual(len(pages), 2)
        for order, page in zip(orders, pages, strict=True):
            self._check_has(page, f"Proforma invoice No. {order.name} of")


@tagged("post_install", "-at_install")
class TestPaginate(B2bCommon):
    def test_nothing(self):
        self.assertEqual(paginate([], 100, 200, 50), [(0, 0)])

    def test_one_page(self):
        self.assertEqual(paginate([10] * 5, 100, 200, 50), [(0, 5)])

    def test_signatures_take_rows_along(self):
        self.assertEqual(paginate([10] * 9, 100, 200, 50), [(0, 7), (7, 9)])

    def test_several_pages(self):
        pages = paginate([10] * 40, 100, 200, 50)
        self.assertEqual(pages, [(0, 10), (10, 30), (30, 40)])

    def test_a_row_higher_than_a_page_stands_alone(self):
        self.assertEqual(
            paginate([10, 500, 10], 100, 200, 50), [(0, 1), (1, 2), (2, 3)]
        )

    def test_every_row_once(self):
        for count in range(1, 60):
            pages = paginate([7] * count, 50, 90, 40)
            rows = [row for start, end in pages for row in range(start, end)]
            self.assertEqual(rows, list(range(count)))


@tagged("post_install", "-at_install")
class TestAmountInWords(B2bCommon):
    def test_roubles_in_russian(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        rub = self.env.ref("base.RUB").with_context(lang="ru_RU")
        for amount, words in (
            (0, "Ноль рублей 00 копеек"),
            (1, "Один рубль 00 копеек"),
            (2.01, "Два рубля 01 копейка"),
            (5.5, "Пять рублей 50 копеек"),
            (11.11, "Одиннадцать рублей 11 копеек"),
            (21.22, "Двадцать один рубль 22 копейки"),
            (1000, "Одна тысяча рублей 00 копеек"),
            (2002.99, "Две тысячи два рубля 99 копеек"),
            (1000000.04, "Один миллион рублей 04 копейки"),
            (
                68096.64,
                "Шестьдесят восемь тысяч девяносто шесть рублей 64 копейки",
            ),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(rub._b2b_amount_in_words(amount), words)

    def test_a_currency_that_the_library_does_not_know(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        yuan = self.env.ref("base.CNY").with_context(lang="ru_RU")
        words = yuan._b2b_amount_in_words(590.21)
        self.assertEqual(words, "Пятьсот девяносто CNY 21")
