# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import Command, CreditCommon


@tagged("post_install", "-at_install")
class TestExposure(CreditCommon):
    def test_only_confirmed_orders_count(self):
        order = self._create_order(3)
        self.assertEqual(self._exposure(), 0)
        order.action_confirm()
        self.assertEqual(self._exposure(), 300)
        self.assertEqual(self.line.available, 700)
        order._action_cancel()
        self.assertEqual(self._exposure(), 0)

    def test_taxes_count(self):
        tax = self.env["account.tax"].create({"name": "20 %", "amount": 20})
        order = self._create_order(1)
        order.order_line.tax_ids = tax
        order.action_confirm()
        self.assertEqual(self._exposure(), 120)
        self._invoice(order)
        self.assertEqual(self._exposure(), 120)

    def test_invoicing_moves_the_debt_and_never_doubles_it(self):
        order = self._confirm(5)
        draft = self._invoice(order, quantity=2, post=False)
        self.assertEqual(self._exposure(), 500)
        draft.action_post()
        self.assertEqual(self._exposure(), 500)
        self._invoice(order)
        self.assertEqual(order.order_line.qty_invoiced, 5)
        self.assertEqual(self._exposure(), 500)

    def test_cancelled_invoice_gives_the_debt_back_to_the_order(self):
        order = self._confirm(5)
        invoice = self._invoice(order)
        invoice.button_draft()
        self.assertEqual(self._exposure(), 500)
        invoice.button_cancel()
        self.assertEqual(self._exposure(), 500)

    def test_payment_frees(self):
        invoice = self._invoice(self._confirm(5))
        self._pay(invoice, amount=200)
        self.assertEqual(self._exposure(), 300)
        self._pay(invoice)
        self.assertEqual(self._exposure(), 0)

    def test_payment_of_a_part_leaves_the_rest_of_the_order(self):
        order = self._confirm(5)
        self._pay(self._invoice(order, quantity=2))
        self.assertEqual(self._exposure(), 300)

    def test_invoice_above_the_order_counts_fully(self):
        invoice = self._invoice(self._confirm(2), quantity=3)
        self.assertEqual(self._exposure(), 300)
        self._pay(invoice)
        self.assertEqual(self._exposure(), 0)

    def test_credit_note_frees(self):
        order = self._confirm(5)
        invoice = self._invoice(order)
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        wizard.refund_moves()
        refund = wizard.new_move_ids
        self.assertEqual(refund.b2b_agreement_id, self.agreement)
        self.assertEqual(self._exposure(), 500)
        refund.invoice_line_ids.quantity = 2
        refund.action_post()
        self.assertEqual(self._exposure(), 300)

    def test_down_payment_is_no_extra_debt(self):
        order = self._confirm(5)
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": 200,
            }
        )
        wizard.create_invoices()
        down = order.invoice_ids
        down.action_post()
        self.assertEqual(self._exposure(), 500)
        self._pay(down)
        self.assertEqual(self._exposure(), 300)
        final = order._create_invoices(final=True)
        final.action_post()
        self.assertEqual(final.amount_total, 300)
        self.assertEqual(self._exposure(), 300)

    def test_foreign_currency_is_converted_once(self):
        """The line speaks its own currency (style.md 1.1, defect 6)."""
        currency, agreement = self._create_currency_agreement(rate=2.0)
        line = self._create_line(agreement, 5000)
        self.assertEqual(line.currency_id, currency)
        order = self._confirm(10, agreement)
        self.assertEqual(order.currency_id, currency)
        self.assertEqual(self._exposure(line), 1000)
        self._invoice(order)
        self.assertEqual(self._exposure(line), 1000)

        company_list = self.env["product.pricelist"].create(
            {"name": "Ours", "currency_id": self.company.currency_id.id}
        )
        other = self._create_order(10, agreement, pricelist_id=company_list.id)
        self.assertEqual(other.currency_id, self.company.currency_id)
        other.action_confirm()
        self.assertEqual(self._exposure(line), 3000)
        self._invoice(other)
        self.assertEqual(self._exposure(line), 3000)

    def test_agreements_do_not_mix(self):
        other = self._create_agreement(self.north_a, name="Other")
        line = self._create_line(other, 1000)
        self._confirm(3)
        self._confirm(4, other)
        self.assertEqual((self._exposure(), self._exposure(line)), (300, 400))

    def test_many_lines_cost_the_same_queries(self):
        lines = self.line
        for number in range(12):
            agreement = self._create_agreement(self.north_a, name=f"A{number}")
            lines |= self._create_line(agreement, 1000)
            self._confirm(number + 1 if number < 10 else 1, agreement)

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("exposure")
            return self.env.cr.sql_log_count - before

        count(lines)
        self.assertEqual(count(lines[:2]), count(lines))
