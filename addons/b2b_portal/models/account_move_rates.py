# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools.misc import format_date

from .b2b_rate import Rate


class AccountMove(models.Model):
    """The rate of the order holds for its invoices and their credit notes."""

    _inherit = "account.move"

    b2b_currency_rate = fields.Float(
        "Rate of the order",
        digits=0,
        readonly=True,
        help="Units of the company's currency for one unit of the invoice's.",
    )
    b2b_rate_date = fields.Date("Rate of", readonly=True)
    b2b_rate_source = fields.Selection(
        [("official", "Official"), ("internal", "Internal")], readonly=True
    )

    @api.depends("b2b_currency_rate")
    def _compute_invoice_currency_rate(self):  # pylint: disable=missing-return
        super()._compute_invoice_currency_rate()
        for move in self.filtered("b2b_currency_rate"):
            if move.currency_id != move.company_currency_id:
                move.invoice_currency_rate = 1 / move.b2b_currency_rate

    def _b2b_print_facts(self):
        facts = super()._b2b_print_facts()
        if not self.b2b_currency_rate:
            return facts
        table = self.env["b2b.rate"]
        rate = Rate(
            self.currency_id.id,
            self.b2b_currency_rate,
            self.b2b_rate_date,
            self.b2b_rate_source,
        )
        text = self.env._(
            "%(rate)s, %(kind)s of %(date)s",
            rate=table._format_rate(rate, self.company_id),
            kind=table._get_source_name(rate.source),
            date=format_date(self.env, rate.date),
        )
        return [*facts, (self.env._("Rate"), text)]
