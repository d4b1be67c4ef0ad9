# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError

_GUARD_KEY = "b2b_credit.guard"


class CreditGuard:
    """What the orders of one operation added to the exposure before it began.

    :ivar orders: ``sale.order`` watched so far, in sudo
    :ivar before: dict agreement id -> amount in the agreement's currency
    :ivar confirmed_ids: ids of the orders that were confirmed before
    """

    def __init__(self, env):
        self.orders = env["sale.order"].sudo()
        self.before = defaultdict(float)
        self.confirmed_ids = set()

    def watch(self, orders):
        """Remember what ``orders`` (batch) add now; those known are skipped."""
        new = orders.sudo() - self.orders
        self.orders |= new
        confirmed = new._b2b_credit_filtered()
        self.confirmed_ids.update(confirmed.ids)
        shares = orders.env["b2b.credit.line"]._get_order_shares(confirmed)
        for agreement_id, amount in shares.items():
            self.before[agreement_id] += amount

    def judge(self):
        """Refuse a growth that a credit line does not carry.

        A reduction passes even where the limit is exceeded.

        :raise UserError: with the text for the customer
        """
        orders = self.orders.exists()._b2b_credit_filtered()
        lines = orders.env["b2b.credit.line"]._get_for(orders.b2b_agreement_id)
        if not lines:
            return
        shares = lines._get_order_shares(orders)
        growth = {key: amount - self.before[key] for key, amount in shares.items()}
        grown = lines.filtered(
            lambda line: line.currency_id.compare_amounts(
                growth.get(line.agreement_id.id, 0.0), 0.0
            )
            > 0
        )
        grown._lock()
        exposures = grown._get_exposures()
        for line in grown:
            agreement = line.agreement_id
            added = growth[agreement.id]
            asking = orders.filtered(lambda o, a=agreement: o.b2b_agreement_id == a)
            single = len(asking) == 1 and asking.id not in self.confirmed_ids
            used = exposures[agreement.id] - added
            if refusal := line._get_refusal(used, added, single_order=single):
                raise UserError(refusal)


class SaleOrder(models.Model):
    """No confirmed order above the credit line of its agreement.

    There is one guard, and it sits where an order becomes or stays confirmed: in
    ``create`` and ``write`` of the order and of its lines. So the shop, the
    backend's button, RPC (a plain write of the state too), the signature on the
    portal, copies and several orders in one call all meet it. It compares the
    exposure after the operation with the limit, judges all orders of the
    operation together, answers with an exception and knows no context key or group
    that switches it off. An agreement without an active line is not judged: its
    terms are prepayment (see ``b2b.credit.line``).
    """

    _inherit = "sale.order"

    b2b_credit_limit = fields.Monetary(
        "Credit limit",
        compute="_compute_b2b_credit",
        compute_sudo=True,
        currency_field="b2b_credit_currency_id",
        groups="sales_team.group_sale_salesman,account.group_account_invoice",
    )
    b2b_credit_exposure = fields.Monetary(
        "Credit used",
        compute="_compute_b2b_credit",
        compute_sudo=True,
        currency_field="b2b_credit_currency_id",
        groups="sales_team.group_sale_salesman,account.group_account_invoice",
    )
    b2b_credit_available = fields.Monetary(
        "Credit available",
        compute="_compute_b2b_credit",
        compute_sudo=True,
        currency_field="b2b_credit_currency_id",
        groups="sales_team.group_sale_salesman,account.group_account_invoice",
    )
    b2b_credit_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_b2b_credit",
        compute_sudo=True,
        groups="sales_team.group_sale_salesman,account.group_account_invoice",
    )

    @api.depends("b2b_agreement_id")
    def _compute_b2b_credit(self):
        lines = self.env["b2b.credit.line"]._get_for(self.b2b_agreement_id)
        line_of = {line.agreement_id.id: line for line in lines}
        for order in self:
            # No line: empty currency, so that the form hides the figures.
            line = line_of.get(order.b2b_agreement_id._origin.id, lines.browse())
            order.b2b_credit_limit = line.limit
            order.b2b_credit_exposure = line.exposure
            order.b2b_credit_available = line.available
            order.b2b_credit_currency_id = line.currency_id

    # === GUARD === #

    @api.model
    def _b2b_credit_fields(self):
        """Names of the order's fields that may raise what it adds to the exposure.

        Addons extend the set.
        """
        return {
            "state",
            "b2b_agreement_id",
            "order_line",
            "pricelist_id",
            "currency_id",
            "company_id",
            "partner_id",
            "fiscal_position_id",
        }

    def _b2b_credit_filtered(self):
        """Orders of ``self`` (batch) that count in the exposure of an agreement."""
        return self.filtered(lambda o: o.state == "sale" and o.b2b_agreement_id)

    @contextmanager
    def _b2b_credit_guard(self):
        """Judge what the block does to the orders (batch) when it ends.

        Nested guards leave the judgement to the outermost one: a write that raises
        one line and lowers another is judged by its outcome. The state lives on the
        cursor, out of reach of a caller's context.

        :return: context manager that gives the :class:`CreditGuard`
        :raise UserError: a credit line does not carry the outcome
        """
        cache = self.env.cr.cache
        outermost = _GUARD_KEY not in cache
        guard = cache.setdefault(_GUARD_KEY, CreditGuard(self.env))
        try:
            guard.watch(self)
            yield guard
        finally:
            if outermost:
                cache.pop(_GUARD_KEY, None)
        if outermost:
            guard.judge()

    @api.model_create_multi
    def create(self, vals_list):
        with self.browse()._b2b_credit_guard() as guard:
            orders = super().create(vals_list)
            guard.orders |= orders.sudo()
        return orders

    def write(self, vals):
        if not self._b2b_credit_fields() & vals.keys():
            return super().write(vals)
        with self._b2b_credit_guard():
            return super().write(vals)

    def action_confirm(self):
        """Lock the credit lines before anything is done, then confirm.

        The guard judges in the ``write`` of the state, before deliveries are made;
        locking early saves the work that a concurrent confirmation would undo. The
        savepoint leaves the orders as they were for a caller who catches the error.

        :raise UserError: a credit line does not carry the orders, all together
        """
        lines = self.env["b2b.credit.line"]._get_for(self.sudo().b2b_agreement_id)
        if not lines:
            return super().action_confirm()
        lines._lock()
        with self.env.cr.savepoint():
            return super().action_confirm()

    # === CHECKOUT === #

    def _b2b_get_checks(self):
        """Show what the credit line does not carry before the order is placed."""
        checks = super()._b2b_get_checks()
        if refusal := self._b2b_get_credit_refusal():
            checks.append(self._b2b_check_row("credit", refusal))
        return checks

    def _b2b_get_credit_refusal(self):
        """Why the credit line does not carry the quotation or cart (single).

        :return: text for the customer, or False
        """
        self.ensure_one()
        line = self.env["b2b.credit.line"]._get_for(self.sudo().b2b_agreement_id)
        if not line or self.state not in ("draft", "sent"):
            return False
        total = sum(self.order_line.mapped("price_total"))
        added = self.currency_id._convert(
            total, line.currency_id, self.company_id, fields.Date.context_today(self)
        )
        if line.currency_id.compare_amounts(added, 0.0) <= 0:
            return False
        return line._get_refusal(line.exposure, added)
