"""A price list of the whole catalogue as XLSX: ours against Odoo's own export.

Fed to ``odoo shell`` by ``bin/bench price_list [--products N] [--rules N]``. Makes N
products with stock and an agreement on a price type with as many rules. Ours is the job
of the page, from the search to the file in documents: section, article, barcode, name,
brand, unit, multiple, retail price, own price, special price with its end, stock,
quantity and sum. Core's is the export of the backend's list of products: once with six
stored columns, once with quantities and cost, both through the code of its controller.
"""

import argparse
import gc
import os
import random
import resource
import time
from types import SimpleNamespace
from unittest.mock import patch

from odoo import fields

from odoo.addons.b2b_portal.tools.price_list import PriceListOptions
from odoo.addons.web.controllers import export as core

Command = fields.Command
SEED = 19
STORED = ("default_code", "barcode", "name", "list_price", "categ_id/name", "weight")
COMPUTED = ("qty_available", "free_qty", "standard_price")


def read_options():
    """Options of the command, which ``odoo shell`` keeps in the environment."""
    parser = argparse.ArgumentParser(prog="bin/bench price_list")
    parser.add_argument("--products", type=int, default=50_000)
    parser.add_argument("--rules", type=int, default=2000)
    parser.add_argument("--formats", nargs="+", default=["xlsx"])
    return parser.parse_args(os.environ.get("B2B_BENCH_OPTIONS", "").split())


def make_products(env, count):
    """Fill the catalogue up to ``count`` published products with stock."""
    Template = env["product.template"].with_context(tracking_disable=True)
    chance = random.Random(SEED)  # noqa: S311
    sections = env["product.public.category"].create(
        [{"name": f"Bench section {number}"} for number in range(50)]
    )
    location = env["stock.warehouse"].search([("id", ">", 0)], limit=1).lot_stock_id
    domain = [("default_code", "=like", "BENCH-%")]
    while (have := Template.search_count(domain)) < count:
        templates = Template.create(
            [
                {
                    "name": f"Bench product {have + number}",
                    "default_code": f"BENCH-{have + number}",
                    "list_price": round(chance.uniform(1, 5000), 2),
                    "is_storable": True,
                    "is_published": True,
                    "public_categ_ids": [Command.link(chance.choice(sections).id)],
                }
                for number in range(min(2000, count - have))
            ]
        )
        env["stock.quant"].create(
            [
                {
                    "product_id": template.product_variant_id.id,
                    "location_id": location.id,
                    "quantity": chance.randint(1, 500),
                }
                for template in templates
            ]
        )
        env.cr.commit()
        env.invalidate_all()
        gc.collect()
    env.cr.execute("ANALYZE")
    return Template.search(domain, limit=count, order="id")


def make_agreement(env, products, count):
    """A member with an agreement on a price type with ``count`` rules."""
    chance = random.Random(SEED)  # noqa: S311
    price_type = env["product.pricelist"].create(
        {
            "name": "Bench price list",
            "b2b_kind": "wholesale",
            "item_ids": [
                Command.create(
                    {
                        "compute_price": "percentage",
                        "percent_price": chance.randint(1, 40),
                        "applied_on": "1_product",
                        "product_tmpl_id": product_id,
                    }
                )
                for product_id in chance.sample(products.ids, min(count, len(products)))
            ],
        }
    )
    account = env["b2b.account"].create({"name": "Bench price list"})
    entity = env["res.partner"].create(
        {
            "name": "Bench price list",
            "is_company": True,
            "b2b_account_id": account.id,
            "b2b_stage": "confirmed",
        }
    )
    agreement = env["b2b.agreement"].create(
        {
            "entity_id": entity.id,
            "price_type_id": price_type.id,
            "discount": 3,
            "state": "active",
        }
    )
    user = env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench-price-list",
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )
    member = env["b2b.member"].create(
        {
            "account_id": account.id,
            "user_id": user.id,
            "role_ids": [Command.set(env.ref("b2b_portal.role_director").ids)],
            "stage": "confirmed",
            "all_entities": True,
        }
    )
    env.cr.commit()
    return agreement, member


def measure(env, work):
    """Seconds, queries and result of a piece of work with a cold cache."""
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    result = work()
    env.flush_all()
    return time.perf_counter() - start, env.cr.sql_log_count - queries, result


def run_ours(env, agreement, member, file_format):
    """The job of the page, step by step; the file is in documents afterwards."""
    website = env["website"].search([("company_id", "=", agreement.company_id.id)])[:1]
    lists = env["b2b.price.list"]
    task = lists._make_task(
        website, agreement, member.user_id, PriceListOptions(format=file_format)
    )
    job = env["b2b.job"]._request_price_list(task, member)
    while job.state in ("queued", "running"):
        job._try_step()
        env.flush_all()
        env.invalidate_all()
    if job.state != "done":
        raise ValueError(job.log)
    return job.total - 1, len(job.document_id.attachment_id.raw)


def run_core(env, products, names):
    """Core's export of the list of products, in batches as its controller reads."""
    records = products.product_variant_id.with_context(prefetch_fields=False)
    fake = SimpleNamespace(env=env)
    heads = [{"name": name, "type": "float"} for name in names]
    with patch.object(core, "request", fake):
        rows = records.export_data(list(names)).get("datas", [])
        data = core.ExcelExport().from_data(heads, list(names), rows)
    return len(rows), len(data)


def main(env):
    """Print the table."""
    options = read_options()
    products = make_products(env, options.products)
    agreement, member = make_agreement(env, products, options.rules)
    head = f"{'':34} {'rows':>7} {'seconds':>8} {'queries':>8} {'kB':>7} {'ratio':>6}"
    print(head)  # noqa: T201
    found = []
    for file_format in options.formats:
        work = measure(env, lambda f=file_format: run_ours(env, agreement, member, f))
        found.append((f"ours, {file_format}, prices and stock", *work))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    own = found[0][1]
    for label, names in (
        ("core, xlsx, 6 stored columns", STORED),
        ("core, xlsx, + quantities and cost", STORED + COMPUTED),
    ):
        work = measure(env, lambda n=names: run_core(env, products, n))
        found.append((label, *work))
    for label, seconds, queries, (rows, size) in found:
        text = f"{label:34} {rows:>7} {seconds:>8.2f} {queries:>8} {size // 1024:>7}"
        print(f"{text} {seconds / own:>6.1f}")  # noqa: T201
    print(f"peak memory of the process after ours: {peak:.0f} MB")  # noqa: T201
    env.cr.rollback()


main(env)  # noqa: F821
