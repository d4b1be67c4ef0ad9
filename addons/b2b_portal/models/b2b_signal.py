# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

BATCH = 200


class B2bSignal(models.Model):
    """Something about a customer that the manager should look at.

    Causes are worked out by ``b2b.account._b2b_collect_signals``, which addons
    extend; a row comes and goes with its cause.
    """

    _name = "b2b.signal"
    _description = "Signal for a Manager"
    _order = "date desc, id desc"
    _rec_name = "text"

    account_id = fields.Many2one(
        "b2b.account", required=True, index=True, ondelete="cascade"
    )
    manager_id = fields.Many2one(
        "res.users",
        "For",
        index=True,
        help="The personal manager, or who stands in for them.",
    )
    kind = fields.Selection(
        [
            ("message", "Unanswered message"),
            ("silence", "Unusual silence"),
            ("cart", "Stuck cart"),
            ("agreement", "Agreement ends"),
        ],
        required=True,
        index=True,
    )
    text = fields.Char(required=True)
    date = fields.Datetime("Since", required=True)
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    state = fields.Selection(
        [("open", "Open"), ("snoozed", "Snoozed"), ("done", "Done")],
        default="open",
        required=True,
        index=True,
    )
    snoozed_until = fields.Date()
    is_gone = fields.Boolean(
        "Cause is gone", help="Closed by itself; the cause may open it again."
    )

    _cause_unique = models.UniqueIndex("(account_id, kind, res_model, res_id)")

    # === STAFF === #

    def action_open(self):
        """Open the record that the signal (single) is about."""
        self.ensure_one()
        if not self.env[self.res_model].browse(self.res_id).exists():
            raise UserError(self.env._("This record has been deleted."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_done(self):
        """Close the signals; they stay closed while the cause lasts."""
        self.write({"state": "done", "snoozed_until": False})

    def action_snooze(self):
        """Put the signals aside for three days."""
        until = fields.Date.context_today(self) + timedelta(days=3)
        self.write({"state": "snoozed", "snoozed_until": until})

    # === REFRESH === #

    @api.model
    def _cron_refresh(self):
        """Work the signals of all accounts out anew, batch by batch."""
        accounts = self.env["b2b.account"].search([("active", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(accounts))
        for start in range(0, len(accounts), BATCH):
            batch = accounts[start : start + BATCH]
            batch._b2b_refresh_signals()
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    @api.model
    def _store(self, accounts, rows):
        """Write the rows of ``accounts`` (batch) and close what has no cause any more.

        :param list rows: dicts with the fields account_id (id), manager_id (id),
            kind, text, date, res_model, res_id
        """
        self.flush_model()
        if rows:
            self._upsert(rows)
        keys = {
            (row["account_id"], row["kind"], row["res_model"], row["res_id"])
            for row in rows
        }
        known = self.search([("account_id", "in", accounts.ids)])
        gone = known.filtered(
            lambda s: (
                not s.is_gone
                and (s.account_id.id, s.kind, s.res_model, s.res_id) not in keys
            )
        )
        gone.write({"state": "done", "is_gone": True, "snoozed_until": False})

    def _upsert(self, rows):
        """Insert or refresh rows in one statement: two workers may do it at once."""
        columns = ("account_id", "manager_id", "kind", "text", "date")
        columns += ("res_model", "res_id")
        values = SQL(", ").join(
            SQL(
                "(%s)", SQL(", ").join(SQL("%s", row[name] or None) for name in columns)
            )
            for row in rows
        )
        today = fields.Date.context_today(self)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b_signal AS s
                            (%(columns)s, state, is_gone, create_date, write_date)
                     SELECT account_id, manager_id::int, kind, text, date::timestamp,
                            res_model, res_id, 'open', FALSE,
                            NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
                       FROM (VALUES %(values)s) AS v (%(columns)s)
                ON CONFLICT (account_id, kind, res_model, res_id) DO UPDATE
                        SET text = EXCLUDED.text,
                            date = CASE WHEN s.is_gone THEN EXCLUDED.date
                                ELSE LEAST(s.date, EXCLUDED.date) END,
                            manager_id = EXCLUDED.manager_id,
                            is_gone = FALSE,
                            state = CASE
                                WHEN s.is_gone THEN 'open'
                                WHEN s.state = 'snoozed'
                                    AND s.snoozed_until <= %(today)s THEN 'open'
                                ELSE s.state END,
                            write_date = NOW() AT TIME ZONE 'UTC'
                """,
                columns=SQL(", ").join(SQL.identifier(name) for name in columns),
                values=values,
                today=today,
            )
        )
        self.invalidate_model()


class B2bAccount(models.Model):
    _inherit = "b2b.account"

    signal_ids = fields.One2many("b2b.signal", "account_id", "Signals")

    def _b2b_refresh_signals(self):
        """Work the signals of the accounts (batch) out anew.

        Events call it for their account, the cron for all.
        """
        accounts = self.sudo().exists()
        managers = accounts._get_managers()
        by_lang = defaultdict(accounts.browse)
        for account in accounts:
            by_lang[managers[account].lang or self.env.lang] |= account
        for lang, group in by_lang.items():
            group = group.with_context(lang=lang)
            rows = group._b2b_collect_signals()
            for row in rows:
                account = accounts.browse(row["account_id"])
                row["manager_id"] = managers[account].id
            self.env["b2b.signal"].sudo()._store(group, rows)

    def _b2b_collect_signals(self):
        """Causes for signals of the accounts (batch, sudo, language of the manager).

        A hook for addons: each adds its rows to super's. The number of queries must
        not grow with the accounts.

        :return: list of dicts: account_id (id), kind (of ``b2b.signal``), text,
            date (datetime), res_model, res_id
        """
        return [
            *self._collect_messages(),
            *self._collect_silence(),
            *self._collect_carts(),
            *self._collect_agreements(),
        ]

    @api.model
    def _get_signal_days(self, name, default):
        """A number of days from the system parameters (``b2b_portal.<name>``)."""
        value = self.env["ir.config_parameter"].get_param(f"b2b_portal.{name}", "")
        return int(value) if value.isdecimal() else default

    @api.model
    def _prepare_signal(self, account, kind, record, text, date):
        """One row for :meth:`_b2b_collect_signals`."""
        return {
            "account_id": account.id,
            "kind": kind,
            "text": text,
            "date": date,
            "res_model": record._name,
            "res_id": record.id,
        }

    def _collect_messages(self):
        waiting = self.env["b2b.conversation"].search(
            [
                ("account_id", "in", self.ids),
                ("state", "=", "us"),
                ("waiting_since", "!=", False),
            ]
        )
        return [
            self._prepare_signal(
                talk.account_id,
                "message",
                talk,
                self.env._(
                    "%(name)s: %(subject)s",
                    name=talk.member_id.name,
                    subject=talk.name,
                ),
                talk.waiting_since,
            )
            for talk in waiting
        ]

    def _collect_carts(self):
        days = self._get_signal_days("stuck_cart_days", 7)
        before = fields.Datetime.now() - timedelta(days=days)
        carts = self.env["sale.order"].search(
            [
                ("b2b_entity_id.b2b_account_id", "in", self.ids),
                ("b2b_member_id", "!=", False),
                ("state", "=", "draft"),
                ("order_line", "!=", False),
                ("write_date", "<", before),
            ]
        )
        return [
            self._prepare_signal(
                cart.b2b_account_id,
                "cart",
                cart,
                self.env._(
                    "Cart “%(name)s” of %(member)s, %(amount)s",
                    name=cart.b2b_name or cart.name,
                    member=cart.b2b_member_id.name,
                    amount=cart.currency_id.format(cart.amount_total),
                ),
                cart.write_date,
            )
            for cart in carts
        ]

    def _collect_agreements(self):
        today = fields.Date.context_today(self)
        days = self._get_signal_days("agreement_end_days", 30)
        ending = self.env["b2b.agreement"].search(
            [
                ("account_id", "in", self.ids),
                ("state", "=", "active"),
                ("date_end", ">=", today),
                ("date_end", "<=", today + timedelta(days=days)),
            ]
        )
        return [
            self._prepare_signal(
                agreement.account_id,
                "agreement",
                agreement,
                self.env._(
                    "Agreement “%(name)s” of %(entity)s ends on %(date)s",
                    name=agreement.name,
                    entity=agreement.entity_id.name,
                    date=agreement.date_end.strftime("%d.%m.%Y"),
                ),
                fields.Datetime.to_datetime(agreement.date_end) - timedelta(days=days),
            )
            for agreement in ending
        ]

    def _collect_silence(self):
        """Accounts that have not ordered for twice their usual interval."""
        rows = []
        now = fields.Datetime.now()
        for account_id, usual, last in self._get_rhythms():
            quiet = (now - last).total_seconds() / 86400
            if usual < 1 or quiet <= 2 * usual:
                continue
            account = self.browse(account_id)
            text = self.env._(
                "No order for %(days)s days, usually every %(usual)s days",
                days=int(quiet),
                usual=round(usual),
            )
            since = last + timedelta(days=2 * usual)
            rows.append(self._prepare_signal(account, "silence", account, text, since))
        return rows

    def _get_rhythms(self):
        """Median interval between the last orders of the accounts (batch).

        Four orders are the least that make a rhythm; the last eight count.

        :return: list of (account id, median in days, datetime of the last order)
        """
        if not self.ids:
            return []
        self.env["sale.order"].flush_model(["state", "date_order", "b2b_entity_id"])
        self.env["res.partner"].flush_model(["b2b_account_id"])
        return self.env.execute_query(
            SQL(
                """
                WITH last_orders AS (
                    SELECT a.id AS account_id, o.date_order
                      FROM b2b_account a
                CROSS JOIN LATERAL (
                        SELECT s.date_order
                          FROM sale_order s
                          JOIN res_partner p ON p.id = s.b2b_entity_id
                         WHERE p.b2b_account_id = a.id AND s.state = 'sale'
                      ORDER BY s.date_order DESC
                         LIMIT 8
                      ) o
                     WHERE a.id IN %s
                ), gaps AS (
                    SELECT account_id, date_order,
                           date_order - LAG(date_order) OVER (
                               PARTITION BY account_id ORDER BY date_order) AS gap
                      FROM last_orders
                )
                SELECT account_id,
                       PERCENTILE_CONT(0.5) WITHIN GROUP
                           (ORDER BY EXTRACT(EPOCH FROM gap) / 86400),
                       MAX(date_order)
                  FROM gaps
              GROUP BY account_id
                HAVING COUNT(*) >= 4
                """,
                tuple(self.ids),
            )
        )
