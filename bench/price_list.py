"""A price list of the whole catalogue as XLSX: ours against Odoo's own export.

Fed to ``odoo shell`` by ``bin/bench price_list [--products N] [--rules N]
[--formats xlsx csv xls] [--pdf 1 5]``. Makes N products with stock and an agreement on
a price type with as many rules. Ours is the job of the page, from the search to the
file in documents: section, article, barcode, name, brand, unit, multiple, retail price,
own price, special price with its end, stock, quantity and sum. Core's is the export of
the backend's list of products: once with six stored columns, once with quantities and
cost, both through the code of its controller.
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
from odoo.tools import SQL

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
    parser.add_argument(
        "--pdf", nargs="*", type=int, default=[], help="sections of 1,000 rows each"
    )
    return parser.parse_args(os.environ.get("B2B_BENCH_OPTIONS", "").split())


def make_products(env, count):
    """Fill the catalogue up to ``count`` published products with stock.

    One of them is made by the ORM, the others are copies of its rows.
    """
    Template = env["product.template"].with_context(tracking_disable=True)
    chance = random.Random(SEED)  # noqa: S311
    domain = [("default_code", "=like", "BENCH-%")]
    have = Template.search_count(domain)
    if have < count:
        sections = env["product.public.category"].create(
            [{"name": f"Bench section {number}"} for number in range(50)]
        )
        model = Template.create(
            {
                "name": f"Bench product {have}",
                "default_code": f"BENCH-{have}",
                "list_price": 1.0,
                "is_storable": True,
                "is_published": True,
                "public_categ_ids": [Command.link(sections[0].id)],
            }
        )
        location = env["stock.warehouse"].search([("id", ">", 0)], limit=1)
        quant = env["stock.quant"].create(
            {
                "product_id": model.product_variant_id.id,
                "location_id": location.lot_stock_id.id,
                "quantity": 1,
            }
        )
        env.flush_all()
        copies = [
            (
                number,
                round(chance.uniform(1, 5000), 2),
                chance.choice(sections.ids),
                chance.randint(1, 500),
            )
            for number in range(have + 1, count)
        ]
        copy_product(env, model, quant, copies)
        env.cr.commit()
        env.invalidate_all()
        env.cr.execute("ANALYZE")
    return Template.search(domain, limit=count, order="id")


def copy_product(env, model, quant, copies):
    """Copy the rows of a template, its variant, its section and its stock.

    :param list copies: of (number, price, section id, quantity)
    """
    env.cr.execute(
        SQL(
            "CREATE TEMP TABLE bench AS SELECT c.*, "
            "nextval('product_template_id_seq') AS template, "
            "nextval('product_product_id_seq') AS product "
            "FROM unnest(%s::int[], %s::numeric[], %s::int[], %s::int[]) "
            "AS c(number, price, section, quantity)",
            *map(list, zip(*copies, strict=True)),
        )
    )
    code = SQL("'BENCH-' || b.number")
    name = SQL("jsonb_build_object('en_US', 'Bench product ' || b.number)")
    copy_rows(
        env,
        model,
        id=SQL("b.template"),
        name=name,
        default_code=code,
        list_price=SQL("b.price"),
    )
    copy_rows(
        env,
        model.product_variant_id,
        id=SQL("b.product"),
        product_tmpl_id=SQL("b.template"),
        default_code=code,
        barcode=SQL("'47' || lpad(b.number::text, 10, '0')"),
    )
    copy_rows(
        env,
        quant,
        id=SQL("nextval('stock_quant_id_seq')"),
        product_id=SQL("b.product"),
        quantity=SQL("b.quantity"),
    )
    env.cr.execute(
        "INSERT INTO product_public_category_product_template_rel"
        " (product_template_id, product_public_category_id)"
        " SELECT template, section FROM bench"
    )


def copy_rows(env, record, **values):
    """A copy of a record's row for every row of the table ``bench``.

    :param values: columns that differ, as SQL
    """
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s",
        [record._table],
    )
    names = [row[0] for row in env.cr.fetchall()]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM bench b, %s r WHERE r.id = %s",
            SQL.identifier(record._table),
            SQL(", ").join(map(SQL.identifier, names)),
            SQL(", ").join(values.get(n, SQL.identifier("r", n)) for n in names),
            SQL.identifier(record._table),
            record.id,
        )
    )


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
            "login": f"bench-price-list-{agreement.id}",
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


def run_ours(env, agreement, member, file_format, sections=()):
    """The job of the page, step by step; the file is in documents afterwards.

    :param sections: ids; none: the whole catalogue
    """
    website = env["website"].search([("company_id", "=", agreement.company_id.id)])[:1]
    lists = env["b2b.price.list"]
    asked = PriceListOptions(format=file_format, sections=tuple(sections))
    task = lists._make_task(website, agreement, member.user_id, asked)
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
    whole = [(file_format, ()) for file_format in options.formats]
    domain = [("name", "=like", "Bench section %")]
    sections = env["product.public.category"].search(domain, order="id").ids
    # a thousand rows each
    some = [("pdf", sections[:count]) for count in options.pdf]
    for file_format, ids in whole + some:
        work = measure(
            env, lambda f=file_format, i=ids: run_ours(env, agreement, member, f, i)
        )
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
