#!/usr/bin/env python3
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Time the upload of an order file on a running portal (bin/run), as its user does.

    bench/quick_order.py [--file FILE] [-n 5] [--log SERVER.LOG]

Each round uploads the file into a new cart, then opens the result page. With --log
(the server's log, http lines at level info) the number of queries and the seconds in
SQL and in Python come from the server itself; without it the client's clock counts.
Prints the median and the worst of the rounds; the carts are left in the database.
"""

import argparse
import pathlib
import statistics
import sys
import time

from portal import Session, read_log

ROOT = pathlib.Path(__file__).resolve().parents[1]
DEMO = ROOT / "addons/b2b_portal/demo/order_files/zakaz_1000.xlsx"


class Portal(Session):
    """A member's browser session."""

    def upload(self, path):
        """Upload into a new cart.

        :return: (seconds of the upload, seconds of the result page, its path)
        """
        token = self.get_token("/shop/quick-order")
        start = time.perf_counter()
        response = self.session.post(
            f"{self.base}/shop/quick-order/run",
            data={"csrf_token": token, "cart_id": 0},
            files={"file": (path.name, path.read_bytes())},
            allow_redirects=False,
            timeout=600,
        )
        middle = time.perf_counter()
        target = response.headers.get("Location")
        if not target:
            sys.exit("the file was refused: look at the page /shop/quick-order")
        target = target.removeprefix(self.base)
        self.session.get(self.base + target, timeout=600).raise_for_status()
        return middle - start, time.perf_counter() - middle, target


def show(label, values, unit="s"):
    """One line: median and worst."""
    median, worst = statistics.median(values), max(values)
    digits = 2 if unit == "s" else 0
    print(  # noqa: T201
        f"{label:<32} median {median:.{digits}f} {unit}, worst {worst:.{digits}f}"
    )


def main():
    """Run the rounds and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="http://127.0.0.1:8069")
    parser.add_argument("--login", default="buyer@north.example")
    parser.add_argument("--file", type=pathlib.Path, default=DEMO)
    parser.add_argument("--log", type=pathlib.Path)
    parser.add_argument("-n", type=int, default=5)
    options = parser.parse_args()
    portal = Portal(options.base, options.login)
    position = options.log.stat().st_size if options.log else 0
    rounds = [portal.upload(options.file) for _round in range(options.n)]
    show("upload, client", [upload for upload, _page, _path in rounds])
    show("result page, client", [page for _upload, page, _path in rounds])
    if options.log:
        found = read_log(options.log, position)
        posts = found[("POST", "/shop/quick-order/run")]
        pages = [found[("GET", path)][-1] for _upload, _page, path in rounds]
        for label, rows in (("upload", posts), ("result page", pages)):
            show(f"{label}, server", [sql + python for _q, sql, python in rows])
            show(f"{label}, queries", [queries for queries, _s, _p in rows], "")


if __name__ == "__main__":
    main()
