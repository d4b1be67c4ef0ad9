# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Free stock of all variants in up to five warehouses: ours against core's fields.

Fed to ``odoo shell`` by ``bin/bench free_stock``; B2B_BENCH_DB names a database with
many goods. Core is asked for ``free_qty`` in the context of each warehouse; ours by
``_b2b_get_free_by_warehouse``. Every figure is compared.
"""

import time

MAX_WAREHOUSES = 5


def measure(env, work):
    """Seconds, queries and the result of a piece of work on a cold cache."""
    env.invalidate_all()
    before, start = env.cr.sql_log_count, time.perf_counter()
    result = work()
    return time.perf_counter() - start, env.cr.sql_log_count - before, result


def read_core(products, warehouses):
    """Core's figures: dict (product id, warehouse id) -> quantity."""
    return {
        (product.id, warehouse.id): product.free_qty
        for warehouse in warehouses
        for product in products.with_context(warehouse_id=warehouse.id)
    }


def read_ours(products, warehouses):
    """Ours: the same dict."""
    found = products._b2b_get_free_by_warehouse(warehouses)
    return {
        (product.id, warehouse.id): quantity
        for product, by_warehouse in found.items()
        for warehouse, quantity in by_warehouse.items()
    }


def main(env):
    """Print the figures, in the order ours, core."""
    products = env["product.product"].search([("is_storable", "=", True)])
    warehouses = env["stock.warehouse"].search([("id", ">", 0)], limit=MAX_WAREHOUSES)
    ours = measure(env, lambda: read_ours(products, warehouses))
    core = measure(env, lambda: read_core(products, warehouses))
    wrong = [
        key for key, quantity in core[2].items() if abs(quantity - ours[2][key]) > 1e-6
    ]
    print(f"{len(products)} variants in {len(warehouses)} warehouses")  # noqa: T201
    for name, (seconds, queries, _result) in (("ours", ours), ("core", core)):
        print(f"{name}: {seconds:.2f} s, {queries} queries")  # noqa: T201
    print(f"ratio {core[0] / ours[0]:.1f}x, {len(wrong)} figures differ")  # noqa: T201


main(env)  # noqa: F821
