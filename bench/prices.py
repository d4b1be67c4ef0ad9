"""Prices of a catalogue under one agreement: ours against stock Odoo's chain.

Fed to ``odoo shell`` by ``bin/bench prices [--products N] [--rules N ...]``. Makes N
products and, for every number of rules, a price type with as many rules (variants,
products, categories, quantity steps) and an agreement on it; asks for the prices of all
products both ways in the same process and compares every one of them.
"""

import argparse
import gc
import os
import random
import resource
import time
from contextlib import ExitStack
from unittest.mock import patch

from odoo import fields

from odoo.addons.product.models.product_pricelist import ProductPricelist
from odoo.addons.product.models.product_pricelist_item import ProductPricelistItem

Command = fields.Command
SEED = 19


def read_options():
    """Options of the command, which ``odoo shell`` keeps in the environment."""
    parser = argparse.ArgumentParser(prog="bin/bench prices")
    parser.add_argument("--products", type=int, default=48_000)
    parser.add_argument("--rules", type=int, nargs="+", default=[50, 2000])
    parser.add_argument("--no-stock", action="store_true", help="measure ours only")
    return parser.parse_args(os.environ.get("B2B_BENCH_OPTIONS", "").split())


def make_products(env, count):
    """Fill the catalogue up to ``count`` products.

    :return: product.template records, exactly ``count``
    """
    Template = env["product.template"].with_context(tracking_disable=True)
    categories = env["product.category"].search([])
    if len(categories) < 100:
        categories |= env["product.category"].create(
            [
                {"name": f"Bench {number}", "parent_id": categories[number % 5].id}
                for number in range(100)
            ]
        )
    chance = random.Random(SEED)  # noqa: S311
    domain = [("default_code", "=like", "BENCH-%")]
    while (have := Template.search_count(domain)) < count:
        Template.create(
            [
                {
                    "name": f"Bench product {have + number}",
                    "default_code": f"BENCH-{have + number}",
                    "list_price": round(chance.uniform(1, 5000), 2),
                    "categ_id": chance.choice(categories).id,
                }
                for number in range(min(2000, count - have))
            ]
        )
        env.cr.commit()
        env.invalidate_all()
        gc.collect()
    return Template.search(domain, limit=count, order="id")


def make_agreement(env, products, count):
    """An agreement on a price type with ``count`` rules."""
    chance = random.Random(SEED + count)  # noqa: S311
    categories = products[:2000].categ_id
    rules = []
    for number in range(count):
        kind = number % 10
        values = {
            "compute_price": "percentage",
            "percent_price": chance.randint(1, 40),
            "min_quantity": chance.choice((0, 0, 10, 100)),
        }
        if kind == 0:
            values |= {
                "applied_on": "2_product_category",
                "categ_id": chance.choice(categories).id,
            }
        else:
            values |= {
                "applied_on": "1_product",
                "product_tmpl_id": chance.choice(products.ids),
            }
        rules.append(Command.create(values))
    price_type = env["product.pricelist"].create(
        {"name": f"Bench {count}", "b2b_kind": "wholesale", "item_ids": rules}
    )
    account = env["b2b.account"].create({"name": f"Bench {count}"})
    entity = env["res.partner"].create(
        {"name": f"Bench {count}", "is_company": True, "b2b_account_id": account.id}
    )
    return env["b2b.agreement"].create(
        {
            "entity_id": entity.id,
            "price_type_id": price_type.id,
            "discount": 3,
            "state": "active",
        }
    )


def as_stock():
    """Take our methods out of the price computation."""
    stack = ExitStack()
    registry = env.registry  # noqa: F821
    for model, core, names in (
        (
            "product.pricelist",
            ProductPricelist,
            ("_compute_price_rule", "_get_applicable_rules"),
        ),
        (
            "product.pricelist.item",
            ProductPricelistItem,
            ("_compute_base_price", "_compute_price"),
        ),
    ):
        for name in names:
            stack.enter_context(
                patch.object(registry[model], name, getattr(core, name))
            )
    return stack


def measure(env, pricelist, products):
    """Seconds, queries and prices of one computation with a cold cache."""
    env.invalidate_all()
    gc.collect()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    prices = pricelist._compute_price_rule(products, 1)
    return (
        time.perf_counter() - start,
        env.cr.sql_log_count - queries,
        prices,
    )


def main(env):
    """Print the table."""
    options = read_options()
    products = make_products(env, options.products)
    print(  # noqa: T201
        f"{'products':>9} {'rules':>6} {'ours s':>8} {'queries':>8} {'stock s':>8} "
        f"{'queries':>8} {'ratio':>7}"
    )
    for count in options.rules:
        pricelist = make_agreement(env, products, count).pricelist_id
        for some in sorted({100, 1000, options.products // 4, options.products}):
            ours, our_queries, prices = measure(env, pricelist, products[:some])
            row = f"{some:>9} {count:>6} {ours:>8.2f} {our_queries:>8}"
            if not options.no_stock:
                with as_stock():
                    stock, queries, expected = measure(env, pricelist, products[:some])
                if prices != expected:
                    raise ValueError("the prices differ")
                row += f" {stock:>8.2f} {queries:>8} {stock / ours:>7.1f}"
            print(row, flush=True)  # noqa: T201
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process: {peak:.0f} MB")  # noqa: T201
    env.cr.rollback()


main(env)  # noqa: F821
