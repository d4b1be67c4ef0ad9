# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

INVOICES = ("out_invoice", "out_refund")
# Basis -> field of the document that says whose it is.
INVOICE_KEYS = {
    "agreement": "b2b_agreement_id",
    "entity": "commercial_partner_id",
    "account": "commercial_partner_id",
}
ORDER_KEYS = {
    "agreement": "b2b_agreement_id",
    "entity": "b2b_entity_id",
    "account": "b2b_entity_id",
}


class B2bCondition(models.Model):
    """The value that an agreement has reached, for many agreements at once."""

    _inherit = "b2b.condition"

    def _measure(self, agreements, date):
        """Values of the condition (single) for agreements (batch, sudo).

        The number of queries does not depend on the number of agreements.

        :param date: today, a date
        :return: dict agreement id -> float, or None where there is nothing to
            measure yet; tenure in full months, volume in money of our company,
            discipline in percent or days, region and segment as 1 or 0
        """
        self.ensure_one()
        return getattr(self, f"_measure_{self.kind}")(agreements, date)

    def _get_window(self, date):
        """First and last day of the rolling period (single): 12 months up to
        25.11.2026 are 26.11.2025 to 25.11.2026.
        """
        return date - relativedelta(months=self.months, days=-1), date

    # === WHOSE DOCUMENTS === #

    def _get_peers(self, agreements):
        """Whose documents count for each agreement, by the basis (single).

        :return: dict agreement id -> list of ids, of agreements or legal entities
        """
        if self.basis == "agreement":
            return {agreement.id: agreement.ids for agreement in agreements}
        if self.basis == "entity":
            return {agreement.id: agreement.entity_id.ids for agreement in agreements}
        groups = self.env["res.partner"]._read_group(
            [
                ("b2b_account_id", "in", agreements.account_id.ids),
                ("active", "in", (True, False)),
            ],
            ["b2b_account_id"],
            ["id:array_agg"],
        )
        entities = {account.id: ids for account, ids in groups}
        return {
            agreement.id: entities.get(agreement.account_id.id, [])
            for agreement in agreements
        }

    @staticmethod
    def _sum_peers(peers, found, agreement_id):
        """Sum over the documents' owners; None where none of them has a document."""
        values = [found[key] for key in peers[agreement_id] if key in found]
        return sum(values) if values else None

    # === TENURE === #

    def _measure_tenure(self, agreements, date):
        starts = self._get_starts(agreements.account_id)
        return {
            agreement.id: self._count_months(starts.get(agreement.account_id.id), date)
            for agreement in agreements
        }

    @api.model
    def _count_months(self, start, date):
        """Full months between two dates, None without a start."""
        if not start:
            return None
        passed = relativedelta(date, start)
        return float(max(0, 12 * passed.years + passed.months))

    def _get_starts(self, accounts):
        """When the cooperation with accounts (batch, sudo) has started.

        The date that staff has entered, else what the condition (single) names; a
        customer without orders or agreements has not started.

        :return: dict account id -> date
        """
        starts = {}
        if self.tenure_since == "account":
            starts = {account.id: account.create_date.date() for account in accounts}
        elif self.tenure_since == "agreement":
            starts = self._get_first_agreements(accounts)
        else:
            starts = self._get_first_orders(accounts)
        entered = {
            account.id: account.cooperation_since
            for account in accounts
            if account.cooperation_since
        }
        return starts | entered

    def _get_first_agreements(self, accounts):
        Agreement = self.env["b2b.agreement"].with_context(active_test=False)
        dated = Agreement._read_group(
            [
                ("account_id", "in", accounts.ids),
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "draft"),
            ],
            ["account_id"],
            ["date_start:min", "create_date:min"],
        )
        return {
            account.id: min(filter(None, (start, made.date())))
            for account, start, made in dated
        }

    def _get_first_orders(self, accounts):
        groups = self.env["sale.order"]._read_group(
            [
                ("b2b_entity_id.b2b_account_id", "in", accounts.ids),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sale"),
            ],
            ["b2b_entity_id"],
            ["date_order:min"],
        )
        starts = {}
        for entity, moment in groups:
            account_id = entity.b2b_account_id.id
            day = fields.Datetime.context_timestamp(self, moment).date()
            starts[account_id] = min(day, starts.get(account_id, day))
        return starts

    # === VOLUME === #

    def _measure_volume(self, agreements, date):
        peers = self._get_peers(agreements)
        keys = sorted({key for ids in peers.values() for key in ids})
        if self.volume_source == "order":
            found = self._sum_orders(keys, date)
        else:
            found = self._sum_invoices(keys, date)
        currency = self.currency_id
        return {
            agreement.id: currency.round(
                self._sum_peers(peers, found, agreement.id) or 0.0
            )
            for agreement in agreements
        }

    def _sum_invoices(self, keys, date):
        """Untaxed sums of posted invoices less refunds, by their owner's id."""
        first, last = self._get_window(date)
        key = INVOICE_KEYS[self.basis]
        groups = self.env["account.move"]._read_group(
            [
                (key, "in", keys),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "posted"),
                ("move_type", "in", INVOICES),
                ("invoice_date", ">=", first),
                ("invoice_date", "<=", last),
            ],
            [key],
            ["amount_untaxed_signed:sum"],
        )
        return {owner.id: total for owner, total in groups}

    def _sum_orders(self, keys, date):
        """Untaxed sums of confirmed orders, each at its own rate, by owner's id."""
        first, last = self._get_window(date)
        key = ORDER_KEYS[self.basis]
        groups = self.env["sale.order"]._read_group(
            [
                (key, "in", keys),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sale"),
                ("date_order", ">=", first),
                ("date_order", "<", last + relativedelta(days=1)),
            ],
            [key, "currency_rate"],
            ["amount_untaxed:sum"],
        )
        found = {}
        for owner, rate, total in groups:
            found[owner.id] = found.get(owner.id, 0.0) + total / (rate or 1.0)
        return found

    # === PAYMENT DISCIPLINE === #

    def _measure_discipline(self, agreements, date):
        peers = self._get_peers(agreements)
        keys = sorted({key for ids in peers.values() for key in ids})
        found = self._count_payments(keys, date)
        values = {}
        for agreement in agreements:
            rows = [found[k] for k in peers[agreement.id] if k in found]
            count, on_time, days = map(sum, zip(*rows or [(0, 0, 0)], strict=True))
            if not count:
                values[agreement.id] = None
            elif self.discipline_measure == "delay":
                values[agreement.id] = round(days / count, 2)
            else:
                values[agreement.id] = round(100 * on_time / count, 2)
        return values

    def _count_payments(self, keys, date):
        """How invoices that fell due in the period were paid.

        An invoice is judged by its last payment; one that is overdue and open counts
        as late up to today. Not counted: what falls due today or later, and what was
        refunded in full.

        :return: dict owner's id -> (invoices, on time, days of delay in all)
        """
        if not keys:
            return {}
        self.env["account.move"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        first, _last = self._get_window(date)
        key = SQL.identifier("move", INVOICE_KEYS[self.basis])
        query = SQL(
            """
            SELECT owner, COUNT(*), COUNT(*) FILTER (WHERE late <= 0),
                   SUM(GREATEST(late, 0))
              FROM (
                SELECT %(key)s AS owner,
                       CASE WHEN move.payment_state IN ('paid', 'in_payment')
                            THEN COALESCE(payment.day, move.invoice_date_due)
                            ELSE %(today)s END
                       - move.invoice_date_due - %(grace)s AS late
                  FROM account_move move
                  LEFT JOIN LATERAL (
                    SELECT MAX(partial.max_date) AS day
                      FROM account_move_line line
                      JOIN account_partial_reconcile partial
                        ON partial.debit_move_id = line.id
                     WHERE line.move_id = move.id
                  ) payment ON TRUE
                 WHERE %(key)s = ANY(%(keys)s)
                   AND move.company_id = %(company)s
                   AND move.state = 'posted'
                   AND move.move_type = 'out_invoice'
                   AND move.payment_state <> 'reversed'
                   AND move.invoice_date_due >= %(first)s
                   AND move.invoice_date_due < %(today)s
              ) judged
             GROUP BY owner
            """,
            key=key,
            keys=keys,
            today=date,
            grace=self.grace_days or 0,
            company=self.company_id.id,
            first=first,
        )
        self.env.cr.execute(query)
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    # === REGION AND SEGMENT === #

    def _measure_region(self, agreements, date):
        values = {}
        for agreement in agreements:
            state, country = agreement._get_condition_region()
            match = state in self.state_ids or country in self.country_ids
            values[agreement.id] = float(match)
        return values

    def _measure_segment(self, agreements, date):
        return {
            agreement.id: float(agreement.account_id.segment_id in self.segment_ids)
            for agreement in agreements
        }
