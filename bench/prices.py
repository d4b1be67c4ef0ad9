"""Prices of a catalogue under one agreement: ours against stock Odoo's chain.

Fed to ``odoo shell`` by ``bin/bench prices [--products N] [--rules N ...]``. Makes N
products and, for every number of rules, a price type with as many rules (variants,
products, categories, quantity steps) and an agreement on it; asks for the prices of all
products both ways in the same process and compares every one of them. The last rows
measure what core does not know: an agreement with special offers and a regional
factor, their ratio being to core's time for the same products without these.
"""

import argparse
import gc
import os
import random
import resource
import time

from odoo import fields

from odoo.addons.b2b_portal.tools.stock_prices import as_stock

Command = fields.Command
SEED = 19


def read_options():
    """Options of the command, which ``odoo shell`` keeps in the environment."""
    parser = argparse.ArgumentParser(prog="bin/bench prices")
    parser.add_argument("--products", type=int, default=48_000)
    parser.add_argument("--rules", type=int, nargs="+", default=[50, 2000])
    parser.add_argument("--no-stock", action="store_true", help="measure ours only")
    options = parser.parse_args(os.environ.get("B2B_BENCH_OPTIONS", "").split())
    if max(options.rules) > options.products:
        parser.error("ask for at least as many products as rules")
    return options


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
    rules, taken = [], set()
    while len(rules) < count:
        # a price type refuses two rules for the same goods and quantity
        if len(rules) % 10 == 0:
            name, target = "categ_id", chance.choice(categories).id
        else:
            name, target = "product_tmpl_id", chance.choice(products.ids)
        key = (name, target, chance.choice((0, 0, 10, 100)))
        if key in taken:
            continue
        taken.add(key)
        category = name == "categ_id"
        rules.append(
            Command.create(
                {
                    "compute_price": "percentage",
                    "percent_price": chance.randint(1, 40),
                    "min_quantity": key[2],
                    "applied_on": "2_product_category" if category else "1_product",
                    name: target,
                }
            )
        )
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


def add_terms(env, agreement, products):
    """Give the agreement a regional factor and 200 special offers."""
    chance = random.Random(SEED)  # noqa: S311
    offered = chance.sample(products.ids, min(200, len(products)))
    offers = env["product.pricelist"].create(
        {
            "name": "Bench offers",
            "b2b_kind": "special",
            "currency_id": agreement.currency_id.id,
            "item_ids": [
                Command.create(
                    {
                        "applied_on": "1_product",
                        "product_tmpl_id": product_id,
                        "compute_price": "fixed",
                        "fixed_price": round(chance.uniform(1, 2500), 2),
                    }
                )
                for product_id in offered
            ],
        }
    )
    agreement.special_pricelist_id = offers
    general = agreement.pricelist_id.item_ids.filtered("base_pricelist_id")
    general.write({"b2b_factor": 4.5, "b2b_weight_surcharge": 2})


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


class Table:
    """Rows of one number of rules, printed as they come."""

    HEAD = (
        f"{'products':>9} {'rules':>6} {'ours s':>8} {'growth':>7} {'queries':>8} "
        f"{'stock s':>8} {'queries':>8} {'ratio':>7}"
    )

    def __init__(self, rules):
        self.rules = rules
        self.last = None

    def add(self, size, ours, queries, stock=None, stock_queries=""):
        """Print a row.

        growth: time per product against that of the row above; 1.0 is linear.
        """
        growth = ours / size / self.last if self.last else 1.0
        self.last = ours / size
        row = f"{size:>9} {self.rules:>6} {ours:>8.2f} {growth:>7.2f} {queries:>8}"
        if stock:
            row += f" {stock:>8.2f} {stock_queries:>8} {stock / ours:>7.1f}"
        print(row, flush=True)  # noqa: T201


def get_sizes(options):
    """Numbers of products that are measured: a page, then up to the catalogue."""
    sizes = {100, 1000, options.products // 4, options.products}
    return sorted(size for size in sizes if size <= options.products)


def measure_plain(env, options, table, agreement, products):
    """Ours and core's way to the same prices, which are compared.

    :return: dict size -> seconds of core
    """
    pricelist, seconds = agreement.pricelist_id, {}
    for size in get_sizes(options):
        ours, queries, prices = measure(env, pricelist, products[:size])
        if options.no_stock:
            table.add(size, ours, queries)
            continue
        with as_stock(env):
            stock, stock_queries, expected = measure(env, pricelist, products[:size])
        if prices != expected:
            raise ValueError("the prices differ")
        table.add(size, ours, queries, stock, stock_queries)
        seconds[size] = stock
    return seconds


def main(env):
    """Print the table."""
    options = read_options()
    products = make_products(env, options.products)
    print(Table.HEAD)  # noqa: T201
    for count in options.rules:
        agreement = make_agreement(env, products, count)
        stock = measure_plain(env, options, Table(count), agreement, products)
    add_terms(env, agreement, products)
    print("with special offers and a regional factor:")  # noqa: T201
    table = Table(count)
    for size in get_sizes(options):
        ours, queries, _prices = measure(env, agreement.pricelist_id, products[:size])
        table.add(size, ours, queries, stock.get(size))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process: {peak:.0f} MB")  # noqa: T201
    env.cr.rollback()


main(env)  # noqa: F821
