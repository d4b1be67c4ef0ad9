# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class B2bCreditLine(models.Model):
    """How much a legal entity may owe us under one agreement.

    An agreement without an active line is not judged at all: it is one of
    prepayment, or one where staff decide. A limit of 0 refuses every order that
    costs something.

    The *exposure* is what the limit is compared with:

    - open receivables of posted entries that carry the agreement: invoices
      count by what is left to pay, credit notes by what is left to use. A payment
      counts once it is reconciled; one on account only where its entry carries
      the agreement, for otherwise nobody knows which agreement it is for;
    - confirmed orders of the agreement by what posted invoices have not taken
      over yet, never below 0 per order. Draft and cancelled invoices take over
      nothing. Credit notes give nothing back to the order: goods returned are no
      debt (credit notes for down payments do, the goods are still to be paid).

    Other currencies are converted at today's rate, once.
    """

    _name = "b2b.credit.line"
    _description = "Credit Line"
    _inherit = ["mail.thread", "b2b.scope.mixin"]
    _order = "account_id, agreement_id, id"
    _rec_name = "agreement_id"

    agreement_id = fields.Many2one(
        "b2b.agreement", required=True, ondelete="cascade", tracking=True
    )
    entity_id = fields.Many2one(
        related="agreement_id.entity_id", store=True, index=True, string="Legal entity"
    )
    account_id = fields.Many2one(
        related="agreement_id.account_id", store=True, index=True, string="Account"
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True)
    currency_id = fields.Many2one(related="agreement_id.currency_id", store=True)
    limit = fields.Monetary(required=True, tracking=True)
    active = fields.Boolean(
        default=True, tracking=True, help="An archived line limits nothing."
    )
    revision = fields.Integer(
        readonly=True, copy=False, help="Raised by every operation that locks the line."
    )
    exposure = fields.Monetary(
        "Used",
        compute="_compute_exposure",
        compute_sudo=True,
        help="Unpaid invoices plus confirmed orders not invoiced yet.",
    )
    available = fields.Monetary(compute="_compute_exposure", compute_sudo=True)

    _agreement_unique = models.Constraint(
        "UNIQUE(agreement_id)", "The agreement has a credit line already."
    )
    _limit_not_negative = models.Constraint(
        'CHECK("limit" >= 0)', "A credit limit cannot be negative."
    )

    @api.depends("agreement_id", "limit", "currency_id")
    def _compute_exposure(self):
        exposures = self._get_exposures()
        for line in self:
            line.exposure = exposures.get(line.agreement_id.id, 0.0)
            line.available = line.limit - line.exposure

    @api.model
    def _b2b_objects(self):
        return {"credit": Domain.TRUE}

    # === EXPOSURE === #

    @api.model
    def _get_for(self, agreements):
        """Active lines of ``agreements`` (batch), in sudo, in the order of locking.

        Sorted by id, so that two transactions never wait for each other.
        """
        return self.sudo().search([("agreement_id", "in", agreements.ids)], order="id")

    def _get_exposures(self):
        """What is used of the lines (batch), read from the database now.

        The number of queries does not depend on the number of lines.

        :return: dict agreement id -> amount in the currency of the agreement
        """
        agreements = self.agreement_id
        if not agreements.ids:
            return {}
        condition = SQL("o.b2b_agreement_id IN %s", tuple(agreements.ids))
        amounts = [
            *self._get_receivables(agreements),
            *self._get_open_orders(condition),
        ]
        return self._sum_by_agreement(amounts)

    @api.model
    def _get_order_shares(self, orders):
        """What ``orders`` (batch) add to the exposure of their agreements.

        :return: dict agreement id -> amount in the currency of the agreement
        """
        if not orders.ids:
            return {}
        condition = SQL("o.id IN %s", tuple(orders.ids))
        return self._sum_by_agreement(self._get_open_orders(condition))

    @api.model
    def _get_receivables(self, agreements):
        """Open receivables that carry one of ``agreements``.

        :return: list of (agreement id, currency id, amount)
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT m.b2b_agreement_id, l.currency_id,
                       SUM(l.amount_residual_currency)
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
                  JOIN account_account a ON a.id = l.account_id
                 WHERE m.b2b_agreement_id IN %s
                   AND m.state = 'posted'
                   AND a.account_type = 'asset_receivable'
                   AND l.amount_residual_currency != 0
              GROUP BY m.b2b_agreement_id, l.currency_id
                """,
                tuple(agreements.ids),
            )
        )

    @api.model
    def _get_open_orders(self, condition):
        """Not invoiced amounts of the confirmed orders that ``condition`` chooses.

        :param SQL condition: on ``sale_order o``
        :return: list of (agreement id, currency id, amount), one per order with
            something to invoice
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH ordered AS (%s), invoiced AS (%s)
                SELECT o.b2b_agreement_id, o.company_id, o.currency_id, o.total,
                       array_agg(i.currency_id), array_agg(i.amount)
                  FROM ordered o
             LEFT JOIN invoiced i ON i.order_id = o.id
                 WHERE NOT EXISTS (SELECT FROM invoiced s WHERE s.order_id = o.id
                       AND s.currency_id = o.currency_id AND s.amount >= o.total)
              GROUP BY o.id, o.b2b_agreement_id, o.company_id, o.currency_id, o.total
                """,
                self._sql_ordered(condition),
                self._sql_invoiced(),
            )
        )
        convert = self._get_converter()
        amounts = []
        for agreement, company, currency, total, currencies, invoiced in rows:
            taken = sum(
                convert(amount, source, currency, company)
                for source, amount in zip(currencies, invoiced, strict=True)
                if source
            )
            amounts.append((agreement, currency, max(total - taken, 0.0)))
        return amounts

    @api.model
    def _sql_ordered(self, condition):
        """Totals, tax included, of the confirmed orders with an agreement."""
        return SQL(
            """
            SELECT o.id, o.b2b_agreement_id, o.company_id, o.currency_id,
                   SUM(l.price_total) AS total
              FROM sale_order o
              JOIN sale_order_line l ON l.order_id = o.id
             WHERE o.state = 'sale' AND o.b2b_agreement_id IS NOT NULL AND %s
          GROUP BY o.id
            HAVING SUM(l.price_total) > 0
            """,
            condition,
        )

    @api.model
    def _sql_invoiced(self):
        """What posted invoices have taken over of ``ordered``, per currency.

        An invoice line of several order lines counts once per order.
        """
        return SQL(
            """
            SELECT t.order_id, t.currency_id, SUM(t.amount) AS amount
              FROM (
                SELECT DISTINCT s.order_id, l.id, l.currency_id,
                       CASE WHEN l.move_type = 'out_refund' THEN -l.price_total
                            ELSE l.price_total END AS amount
                  FROM ordered o
                  JOIN sale_order_line s ON s.order_id = o.id
                  JOIN sale_order_line_invoice_rel r ON r.order_line_id = s.id
                  JOIN (
                    SELECT aml.id, aml.currency_id, aml.price_total, m.move_type
                      FROM account_move_line aml
                      JOIN account_move m ON m.id = aml.move_id
                     WHERE m.state = 'posted'
                  ) l ON l.id = r.invoice_line_id
                 WHERE l.move_type IN ('out_invoice', 'out_receipt')
                    OR (l.move_type = 'out_refund' AND s.is_downpayment)
              ) t
          GROUP BY t.order_id, t.currency_id
            """
        )

    @api.model
    def _get_converter(self):
        """Function (amount, from id, to id, company id) -> amount at today's rate.

        Not rounded; each rate is read once.
        """
        rates = {}
        today = fields.Date.context_today(self)
        currencies = self.env["res.currency"]

        def convert(amount, source, target, company):
            if source == target:
                return amount
            key = source, target, company
            if key not in rates:
                rates[key] = currencies._get_conversion_rate(
                    currencies.browse(source),
                    currencies.browse(target),
                    self.env["res.company"].browse(company),
                    today,
                )
            return amount * rates[key]

        return convert

    @api.model
    def _sum_by_agreement(self, amounts):
        """Add up ``amounts`` in the currency of each agreement.

        :param list amounts: (agreement id, currency id, amount)
        :return: dict agreement id -> rounded amount
        """
        sums = defaultdict(float)
        convert = self._get_converter()
        agreements = self.env["b2b.agreement"].sudo()
        agreements = agreements.browse({agreement for agreement, *_rest in amounts})
        agreement_of = {agreement.id: agreement for agreement in agreements}
        for agreement_id, currency_id, amount in amounts:
            agreement = agreement_of[agreement_id]
            sums[agreement_id] += convert(
                amount, currency_id, agreement.currency_id.id, agreement.company_id.id
            )
        return {
            agreement.id: agreement.currency_id.round(sums[agreement.id])
            for agreement in agreements
        }

    # === JUDGEMENT === #

    def _lock(self):
        """Make concurrent operations on the lines (batch) wait, then start over.

        An UPDATE, for under REPEATABLE READ a mere ``SELECT FOR UPDATE`` reads a
        stale snapshot. The one who comes second gets a serialization failure and
        is run again by Odoo (``service.model.retrying``), with fresh figures.
        """
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE b2b_credit_line SET revision = revision + 1
                 WHERE id IN (SELECT id FROM b2b_credit_line
                               WHERE id IN %s ORDER BY id FOR UPDATE)
                """,
                tuple(self.ids),
            )
        )
        self.invalidate_recordset()

    def _get_refusal(self, used, added, single_order=True):
        """Why the line (single) does not carry ``added`` on top of ``used``.

        :param float used: exposure without what is asked for
        :param float added: what is asked for; both in the line's currency
        :param bool single_order: whether one order asks, else several or a change
        :return: text for the customer, or False where the limit is kept
        """
        self.ensure_one()
        currency = self.currency_id
        missing = used + added - self.limit
        if currency.compare_amounts(missing, 0.0) <= 0:
            return False
        values = {
            "agreement": self.agreement_id.name,
            "limit": currency.format(self.limit),
            "used": currency.format(used),
            "added": currency.format(added),
            "missing": currency.format(missing),
        }
        if single_order:
            return self.env._(
                "The credit limit of agreement “%(agreement)s” is not enough. Limit: "
                "%(limit)s, used: %(used)s, this order: %(added)s, missing: "
                "%(missing)s. Pay open invoices, make the order smaller or ask your "
                "manager.",
                **values,
            )
        return self.env._(
            "The credit limit of agreement “%(agreement)s” is not enough. Limit: "
            "%(limit)s, used: %(used)s, these changes together: %(added)s, missing: "
            "%(missing)s. Pay open invoices, order less or ask your manager.",
            **values,
        )
