# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.b2b_portal.tests.common import B2bCommon, Command


class CreditCommon(B2bCommon):
    """An agreement with a credit line of 1000 in the company's currency.

    The goods are a service at 100 without taxes, invoiced as ordered.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", cls.company, install_demo=False
            )
        cls.service = cls._create_product(
            "SRV", 100.0, type="service", is_storable=False, invoice_policy="order"
        )
        cls.line = cls._create_line(cls.agreement, 1000)
        cls.env.flush_all()

    @classmethod
    def _create_line(cls, agreement, limit):
        return cls.env["b2b.credit.line"].create(
            {"agreement_id": agreement.id, "limit": limit}
        )

    @classmethod
    def _create_order(cls, quantity, agreement=None, **values):
        """A quotation of ``quantity`` services, 100 each."""
        agreement = agreement or cls.agreement
        return cls.env["sale.order"].create(
            {
                "partner_id": agreement.entity_id.id,
                "b2b_agreement_id": agreement.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.service.id,
                            "product_uom_qty": quantity,
                            "price_unit": 100,
                        }
                    )
                ],
            }
            | values
        )

    @classmethod
    def _confirm(cls, quantity, agreement=None, **values):
        order = cls._create_order(quantity, agreement, **values)
        order.action_confirm()
        return order

    @classmethod
    def _invoice(cls, order, quantity=None, post=True):
        """An invoice of the order, of ``quantity`` where given."""
        invoice = order._create_invoices()
        if quantity is not None:
            lines = invoice.invoice_line_ids.filtered("product_id")
            lines.quantity = quantity
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _pay(cls, invoices, **values):
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        )
        return wizard.create(values).action_create_payments()

    @classmethod
    def _create_currency_agreement(cls, rate=2.0):
        """(currency, agreement in it); ``rate`` units are worth one of ours."""
        currency = cls.env["res.currency"].create(
            {"name": "XCR", "symbol": "¤", "rate_ids": []}
        )
        cls.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "name": "2020-01-01",
                "rate": rate,
                "company_id": cls.company.root_id.id,
            }
        )
        agreement = cls._create_agreement(cls.north_b, currency_id=currency.id)
        return currency, agreement

    def _exposure(self, line=None):
        line = line or self.line
        line.invalidate_recordset()
        return line.exposure
