# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Relevance and speed of the search on judged queries: ``bin/bench relevance FOLDER``.

FOLDER holds ``products.jsonl.gz`` (id, name, sku, brand, cat, attrs, descr, ean, mpn)
and ``queries.jsonl.gz`` (set, text, rels: product id -> grade). ``--stock N`` asks
stock Odoo's shop search for the first N queries of each set, too; ``--worst N`` prints
the N worst queries of each set.

nDCG@10 with gain 2^grade - 1; what nobody has judged counts as 0. Products are rows of
product.template of their own, with documents as the index makes them of goods.
"""

import argparse
import collections
import gzip
import json
import math
import os
import pathlib
import statistics
import time

from odoo.tools import SQL

from odoo.addons.b2b_search.tools.document import build

TOP = 10


def say(text):
    print(text)  # noqa: T201


def read(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def gain(grades):
    return sum((2**g - 1) / math.log2(place + 2) for place, g in enumerate(grades))


def score(found, grades):
    ideal = gain(sorted(grades.values(), reverse=True)[:TOP])
    return gain([grades.get(id_, 0) for id_ in found[:TOP]]) / ideal if ideal else None


def load(env, products):
    """Make templates and their index; returns what ids of templates are moved by."""
    names = ["name", "default_code", "list_price", "is_published", "type"]
    sample = env["product.template"].create(
        dict(zip(names, ["x", "x", 1.0, True, "consu"], strict=True))
    )
    env.flush_all()
    offset = sample.id
    env.cr.execute(
        SQL(
            """
            INSERT INTO product_template
            SELECT (jsonb_populate_record(template, jsonb_build_object(
                'id', %s + data.id, 'default_code', data.sku,
                'name', jsonb_build_object('en_US', data.name),
                'description_sale', jsonb_build_object('en_US', data.descr)
            ))).*
            FROM product_template template,
                jsonb_to_recordset(%s::jsonb) AS data(id int, sku text, name text,
                    descr text)
            WHERE template.id = %s
            """,
            offset,
            json.dumps(
                [{k: p[k] for k in ("id", "sku", "name", "descr")} for p in products]
            ),
            offset,
        )
    )
    env.cr.execute(
        "INSERT INTO product_product (product_tmpl_id, default_code, active)"
        " SELECT id, default_code, TRUE FROM product_template WHERE id > %s",
        [offset],
    )
    index = env["b2b.search.index"]
    index._drop_tables("")
    index._create_tables("")
    index._create_indexes("")
    started = time.perf_counter()
    for start in range(0, len(products), 500):
        index._write_documents(
            {
                offset + p["id"]: build(
                    {
                        "name": [p["name"]],
                        "code": [p["sku"], p["ean"], *p["mpn"]],
                        "brand": [p["brand"]],
                        "category": [p["cat"]],
                        "attribute": list(p["attrs"].values()),
                        "text": [p["descr"]],
                    }
                )
                for p in products[start : start + 500]
            }
        )
    say(f"{len(products)} products indexed in {time.perf_counter() - started:.0f} s")
    for name in ("doc", "term", "posting", "word", "word_del", "code"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(f"b2b_search_{name}")))
    env.cr.execute("ANALYZE product_template; ANALYZE product_product")
    return offset


def ask(env, text):
    _analysis, matches = env["b2b.search.engine"]._search(text)
    return sorted(matches.scores, key=lambda id_: (-matches.scores[id_], id_))


def ask_stock(env, text):
    options = dict.fromkeys(
        ("displayImage", "displayDescription", "displayExtraLink", "displayDetail"),
        False,
    )
    website = env["website"].get_current_website()
    _count, details, _fuzzy = website._search_with_fuzzy(
        "products_only", text, TOP, website._get_product_sort_mapping()[0][0], options
    )
    return details[0]["results"].ids


def measure(env, queries, offset, asked, worst=0):
    """Print a line for each set: queries, nDCG, first place, milliseconds."""
    sets = collections.defaultdict(list)
    for query in queries:
        grades = {offset + int(id_): grade for id_, grade in query["rels"].items()}
        started = time.perf_counter()
        found = asked(env, query["text"])
        spent = 1000 * (time.perf_counter() - started)
        value = score(found, grades)
        if value is not None:
            first = bool(found) and grades.get(found[0], 0) > 0
            sets[query["set"]].append((value, first, spent, query["text"]))
    say(f"{'set':14}{'n':>5}{'nDCG@10':>9}{'first':>7}{'p50 ms':>8}{'p95 ms':>8}")
    for name, rows in sets.items():
        times = sorted(row[2] for row in rows)
        say(
            f"{name:14}{len(rows):5}{statistics.mean(r[0] for r in rows):9.3f}"
            f"{statistics.mean(r[1] for r in rows):7.2f}{statistics.median(times):8.1f}"
            f"{times[int(0.95 * len(times))]:8.1f}"
        )
        for row in sorted(rows)[:worst]:
            say(f"    {row[0]:.2f} {row[3]}")


def main(env):
    parser = argparse.ArgumentParser(prog="bin/bench relevance")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--stock", type=int, default=0)
    parser.add_argument("--worst", type=int, default=0)
    args = parser.parse_args(os.environ.get("B2B_BENCH_OPTIONS", "").split())
    offset = load(env, read(args.folder / "products.jsonl.gz"))
    queries = read(args.folder / "queries.jsonl.gz")
    say("\nb2b_search")
    measure(env, queries, offset, ask, args.worst)
    if args.stock:
        env["b2b.search.build"]._get().ready = False
        taken = collections.Counter()
        few = []
        for query in queries:
            taken[query["set"]] += 1
            if taken[query["set"]] <= args.stock:
                few.append(query)
        say(f"\nstock Odoo, {args.stock} queries a set")
        measure(env, few, offset, ask_stock)
    env.cr.rollback()


main(env)  # noqa: F821
