# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools.misc import format_date

from .b2b_rate import Rate


class B2bOrderRate(models.Model):
    """A rate that an order keeps, with its date and source."""

    _name = "b2b.order.rate"
    _description = "Rate of an Order"
    _inherit = ["b2b.scope.child.mixin"]
    _order = "order_id, currency_id"
    _rec_name = "currency_id"

    _b2b_parent_field = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, ondelete="cascade", index=True, readonly=True
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, ondelete="restrict", readonly=True
    )
    rate = fields.Float(
        digits=0,
        required=True,
        readonly=True,
        help="Units of the company's currency for one unit.",
    )
    nominal = fields.Integer("Units", default=1, readonly=True)
    date = fields.Date("Rate of", required=True, readonly=True)
    source = fields.Selection(
        [("official", "Official"), ("internal", "Internal")],
        required=True,
        readonly=True,
    )
    text = fields.Char("Rate in words", compute="_compute_text")

    _currency_unique = models.Constraint(
        "UNIQUE(order_id, currency_id)", "An order has one rate of a currency."
    )
    _rate_positive = models.Constraint("CHECK(rate > 0)", "A rate must be above zero.")

    def _compute_text(self):
        for row in self.sudo():
            row.text = row._get_text()

    def _get_text(self):
        """'1 USD = 82.40 RUB, internal rate of 24.11.2026' (single, sudo)."""
        self.ensure_one()
        table = self.env["b2b.rate"]
        return self.env._(
            "%(rate)s, %(kind)s of %(date)s",
            rate=table._format_rate(self._get_rate(), self.order_id.company_id),
            kind=table._get_source_name(self.source),
            date=format_date(self.env, self.date),
        )

    def _get_rate(self):
        """The row (single) as a :class:`Rate`."""
        return Rate(
            self.currency_id.id, self.rate, self.date, self.source, self.nominal
        )
