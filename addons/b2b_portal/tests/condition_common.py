# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields

from .common import B2bCommon, B2bMixin, Command


class ConditionMixin(B2bMixin):
    """Conditions over the kit's agreement; invoices and orders made to measure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        conditions = cls.env["b2b.condition"].search(
            [("company_id", "=", cls.company.id)]
        )
        # the demo's own conditions are not the subject
        conditions.active = False
        cls.env["b2b.condition.queue"].search([("id", ">", 0)]).unlink()
        cls.today = fields.Date.context_today(cls.agreement)
        cls.north_a.country_id = cls.env.ref("base.us")

    @classmethod
    def _create_condition(cls, kind, *steps, **values):
        """A condition; ``steps``: (threshold, percent)."""
        return cls.env["b2b.condition"].create(
            {
                "name": f"By {kind}",
                "kind": kind,
                "company_id": cls.company.id,
                "step_ids": [
                    Command.create({"threshold": threshold, "percent": percent})
                    for threshold, percent in steps
                ],
            }
            | values
        )

    @classmethod
    def _post_invoice(cls, amount, days_ago=0, agreement=None, **values):
        """A posted invoice, or refund, of an untaxed amount."""
        agreement = agreement or cls.agreement
        date = cls.today - timedelta(days=days_ago)
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "company_id": cls.company.id,
                "partner_id": agreement.entity_id.id,
                "b2b_agreement_id": agreement.id,
                "invoice_date": date,
                "invoice_date_due": date,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.bolt.id,
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [],
                        }
                    )
                ],
            }
            | values
        )
        invoice.action_post()
        return invoice

    @classmethod
    def _pay(cls, invoice, days_ago=0):
        journal = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create(
            {
                "journal_id": journal.id,
                "payment_date": cls.today - timedelta(days=days_ago),
            }
        ).action_create_payments()

    @classmethod
    def _confirm_order(cls, amount, days_ago=0, agreement=None, **values):
        agreement = agreement or cls.agreement
        order = cls.env["sale.order"].create(
            {
                "partner_id": agreement.entity_id.id,
                "b2b_agreement_id": agreement.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.bolt.id,
                            "product_uom_qty": 1,
                            "price_unit": amount,
                            "tax_ids": [],
                        }
                    )
                ],
            }
            | values
        )
        order.action_confirm()
        order.date_order = fields.Datetime.now() - timedelta(days=days_ago)
        return order

    def _get_row(self, condition, agreement=None):
        """The row of the agreement after a computation."""
        agreement = agreement or self.agreement
        agreement._b2b_recompute_conditions()
        rows = agreement.condition_row_ids
        return rows.filtered(lambda row: row.condition_id == condition)

    def _months_ago(self, months, days=0):
        return self.today - relativedelta(months=months, days=days)


class ConditionCommon(ConditionMixin, B2bCommon):
    """For tests of models."""
