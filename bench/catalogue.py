#!/usr/bin/env python3
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Time pages of the catalogue beside the same pages of stock Odoo, in one run.

    bench/catalogue.py --ours URL --ours-log LOG --stock URL --stock-log LOG
        [-n 15] [--login LOGIN] PAGE [PAGE ...]

Two running servers with the same goods, one of them without our addons; PAGE is an
address such as /shop, or NAME=ADDRESS. Each round asks both servers for each page, in
turn. Milliseconds, queries and SQL are those of the servers' logs (http lines at level
info), bytes those of the answer before compression. Prints medians and their ratios.
"""

import argparse
import pathlib
import statistics
import urllib.parse

from portal import Session, read_log

_FIGURES = ("ms (SQL)", "queries", "kB")
HEADS = [f"{name} {figure}" for name in ("ours", "stock") for figure in _FIGURES]


class Server:
    """One of the two servers."""

    def __init__(self, base, log, login):
        self.log, self.portal = log, Session(base, login)
        self.position = 0
        self.sizes = {}

    def warm(self, pages):
        """Ask for each page twice, and forget it."""
        for page in [*pages, *pages]:
            self.portal.get(page)
        self.position = self.log.stat().st_size

    def ask(self, page):
        self.sizes[page] = len(self.portal.get(page).content)

    def get_figures(self, page):
        """Medians of a page: (milliseconds, of them in SQL, queries, bytes)."""
        path = urllib.parse.quote(page.partition("?")[0], safe="/%")
        rows = [
            row
            for (_method, url), rows in read_log(self.log, self.position).items()
            if url == page or url == path + page[len(page.partition("?")[0]) :]
            for row in rows
        ]
        median = statistics.median
        return (
            1000 * median(sql + python for _queries, sql, python in rows),
            1000 * median(sql for _queries, sql, _python in rows),
            median(queries for queries, _sql, _python in rows),
            self.sizes[page],
        )


def main():
    """Run the rounds and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("ours", "stock"):
        parser.add_argument(f"--{name}", required=True)
        parser.add_argument(f"--{name}-log", required=True, type=pathlib.Path)
    parser.add_argument("--login", default="bench0")
    parser.add_argument("-n", type=int, default=15)
    parser.add_argument("pages", nargs="+")
    options = parser.parse_args()
    pages = {}
    for text in options.pages:
        name, found, page = text.partition("=/")
        pages[name if found else text] = f"/{page}" if found else text
    servers = [
        Server(options.ours, options.ours_log, options.login),
        Server(options.stock, options.stock_log, options.login),
    ]
    for server in servers:
        server.warm(pages.values())
    for _round in range(options.n):
        for page in pages.values():
            for server in servers:
                server.ask(page)
    heads = ["page", *HEADS, "time", "bytes"]
    print(f"| {' | '.join(heads)} |")  # noqa: T201
    print(f"|{'---|' * len(heads)}")  # noqa: T201
    for name, page in pages.items():
        ours, stock = (server.get_figures(page) for server in servers)
        cells = [
            f"{ms:.0f} ({sql:.0f}) | {queries:.0f} | {size / 1000:.0f}"
            for ms, sql, queries, size in (ours, stock)
        ]
        ratios = f"{stock[0] / ours[0]:.1f}x | {stock[3] / ours[3]:.1f}x"
        print(f"| {name} | {' | '.join(cells)} | {ratios} |")  # noqa: T201


if __name__ == "__main__":
    main()
