"""Conditions of the discounts of many agreements, computed in sets.

Fed to ``odoo shell`` by ``bin/bench conditions [--entities N] [--invoices N]``. Makes N
legal entities (two per customer account), an agreement and invoices of each, five
conditions; then runs the nightly job: on agreements that have nothing yet, with nothing
new, after a day on which every tenth customer has bought, and after every step of every
condition has changed. Everything is rolled back.
"""

import argparse
import gc
import os
import resource
import time
from unittest.mock import patch

from odoo import fields
from odoo.tools import SQL

Command = fields.Command
BATCH = 250


def read_options():
    """Options of the command, which ``odoo shell`` keeps in the environment."""
    parser = argparse.ArgumentParser(prog="bin/bench conditions")
    parser.add_argument("--entities", type=int, default=2000)
    parser.add_argument("--invoices", type=int, default=20, help="of each entity")
    return parser.parse_args(os.environ.get("B2B_BENCH_OPTIONS", "").split())


def make_agreements(env, count):
    """``count`` legal entities with an agreement each, two of them to an account."""
    company = env.company
    price_type = env["product.pricelist"].create(
        {"name": "Bench", "b2b_kind": "wholesale", "company_id": company.id}
    )
    accounts = env["b2b.account"].create(
        [{"name": f"Bench {number}"} for number in range((count + 1) // 2)]
    )
    entities = env["res.partner"].create(
        [
            {
                "name": f"Bench {number}",
                "is_company": True,
                "b2b_account_id": accounts[number // 2].id,
                "country_id": env.ref("base.ru").id,
            }
            for number in range(count)
        ]
    )
    return env["b2b.agreement"].create(
        [
            {
                "entity_id": entity.id,
                "price_type_id": price_type.id,
                "company_id": company.id,
                "discount": 2,
                "state": "active",
            }
            for entity in entities
        ]
    )


def make_invoices(env, agreements, count, first=1, days=340):
    """``count`` posted invoices of each agreement over the last ``days``, nine of ten
    paid, some of them late. Raw rows: what the conditions read, and no more.
    """
    company = env.company
    journals = env["account.journal"]
    values = {
        "company": company.id,
        "currency": company.currency_id.id,
        "sale": journals.search(
            [("type", "=", "sale"), ("company_id", "=", company.id)], limit=1
        ).id,
        "account": env["account.account"]
        .search(
            [
                ("account_type", "=", "asset_receivable"),
                ("company_ids", "in", company.ids),
            ],
            limit=1,
        )
        .id,
        "agreements": agreements.ids,
        "first": first,
        "last": first + count - 1,
        "step": max(1, days // count),
    }
    env.flush_all()
    for query in (
        """
        INSERT INTO account_move (name, move_type, state, journal_id, company_id,
            currency_id, commercial_partner_id, partner_id, b2b_agreement_id, date,
            invoice_date, invoice_date_due, amount_untaxed_signed, payment_state,
            auto_post, create_uid, create_date, write_date)
        SELECT 'BENCH/' || a.id || '/' || n, 'out_invoice', 'posted', %(sale)s,
            %(company)s, %(currency)s, a.entity_id, a.entity_id, a.id,
            CURRENT_DATE - n * %(step)s, CURRENT_DATE - n * %(step)s,
            CURRENT_DATE - n * %(step)s + 14, 1000 + (a.id * 37 + n * 911) %% 90000,
            CASE WHEN n %% 10 = 0 THEN 'not_paid' ELSE 'paid' END, 'no', 1, now(), now()
          FROM b2b_agreement a, generate_series(%(first)s, %(last)s) n
         WHERE a.id = ANY(%(agreements)s)
        """,
        """
        INSERT INTO account_move_line (move_id, journal_id, company_id, currency_id,
            company_currency_id, account_id, partner_id, display_type, date, debit,
            credit, balance, amount_currency, parent_state, name)
        SELECT m.id, m.journal_id, m.company_id, m.currency_id, m.currency_id,
            %(account)s, m.partner_id, 'payment_term', m.date, m.amount_untaxed_signed,
            0, m.amount_untaxed_signed, m.amount_untaxed_signed, 'posted', m.name
          FROM account_move m
         WHERE m.b2b_agreement_id = ANY(%(agreements)s) AND NOT EXISTS (
            SELECT FROM account_move_line line WHERE line.move_id = m.id)
        """,
        """
        INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, amount,
            debit_amount_currency, credit_amount_currency, company_id, max_date)
        SELECT line.id, line.id, line.debit, line.debit, line.debit, line.company_id,
            m.invoice_date_due + (m.id %% 9 - 7)::int
          FROM account_move_line line JOIN account_move m ON m.id = line.move_id
         WHERE m.b2b_agreement_id = ANY(%(agreements)s) AND m.payment_state = 'paid'
            AND NOT EXISTS (SELECT FROM account_partial_reconcile p
                             WHERE p.debit_move_id = line.id)
        """,
    ):
        env.cr.execute(SQL(query, **values))
    env.invalidate_all()


def make_conditions(env):
    """One of each kind that is measured, volume twice."""
    kinds = [
        ("volume", "account", [(1_000_000, 1), (1_800_000, 2), (2_000_000, 3)]),
        ("volume", "agreement", [(500_000, 1), (950_000, 2)]),
        ("tenure", "entity", [(12, 1), (24, 2)]),
        ("discipline", "entity", [(50, 0.5), (75, 1), (95, 2)]),
    ]
    conditions = env["b2b.condition"].create(
        [
            {
                "name": f"Bench {kind} of {basis}",
                "kind": kind,
                "basis": basis,
                "tenure_since": "agreement",
                "step_ids": [
                    Command.create({"threshold": threshold, "percent": percent})
                    for threshold, percent in steps
                ],
            }
            for kind, basis, steps in kinds
        ]
    )
    return conditions | env["b2b.condition"].create(
        {
            "name": "Bench region",
            "kind": "region",
            "percent": 1,
            "country_ids": env.ref("base.ru").ids,
        }
    )


def measure(env, agreements):
    """Seconds, queries and changed percents of one run of the job."""
    history = env["b2b.agreement.condition.history"]
    agreements.conditions_at = False
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    before = history.search_count([])
    queries, start = env.cr.sql_log_count, time.perf_counter()

    def progress(cron, _done=0, *, remaining=None):
        """What a commit does but for the commit."""
        cron.env.flush_all()
        cron.env.invalidate_all()
        return float("inf")

    with patch.object(env.registry["ir.cron"], "_commit_progress", progress):
        env["b2b.agreement"]._cron_recompute_conditions()
    return (
        time.perf_counter() - start,
        env.cr.sql_log_count - queries,
        history.search_count([]) - before,
    )


def main(env):
    """Print the table."""
    options = read_options()
    company = env.ref("b2b_portal.company_demo", raise_if_not_found=False)
    company = company or env.company
    env = env(
        context=dict(
            env.context, tracking_disable=True, allowed_company_ids=company.ids
        )
    )
    start = time.perf_counter()
    env["b2b.condition"].search([("company_id", "=", company.id)]).active = False
    others = env["b2b.agreement"].search([("state", "!=", "expired")])
    agreements = make_agreements(env, options.entities)
    others.conditions_at = fields.Datetime.now()
    make_invoices(env, agreements, options.invoices)
    conditions = make_conditions(env)
    env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile")
    print(f"made in {time.perf_counter() - start:.0f} s")  # noqa: T201
    print(  # noqa: T201
        f"{'run':<28} {'agreements':>10} {'invoices':>9} {'seconds':>8} "
        f"{'queries':>8} {'changes':>8}"
    )
    for name in (
        "first computation",
        "nothing new",
        "a tenth bought",
        "every step new",
    ):
        if name == "a tenth bought":
            make_invoices(env, agreements[::10], 1, options.invoices + 1, days=1)
        if name == "every step new":
            for step in conditions.step_ids:
                step.percent += 0.25
        seconds, queries, changes = measure(env, agreements)
        invoices = env["account.move"].search_count(
            [("b2b_agreement_id", "in", agreements.ids)]
        )
        print(  # noqa: T201
            f"{name:<28} {len(agreements):>10} {invoices:>9} {seconds:>8.1f} "
            f"{queries:>8} {changes:>8}",
            flush=True,
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process: {peak:.0f} MB")  # noqa: T201
    env.cr.rollback()


main(env)  # noqa: F821
