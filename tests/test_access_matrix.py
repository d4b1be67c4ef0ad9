# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.http import Request
from odoo.tests import HttpCase, tagged

import access_table as table


@tagged("post_install", "-at_install")
class TestAccessMatrix(HttpCase):
    """User x record x channel on the demo data, against tests/access_table.py."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = {
            name: cls._find(path) for name, (path, _users) in table.RECORDS.items()
        }
        cls.allowed = {name: users for name, (_p, users) in table.RECORDS.items()}

    @classmethod
    def _find(cls, path):
        xmlid, *fields = path.split("/")
        record = cls.env.ref(xmlid)
        for field in fields:
            if field == "papers":
                domain = [("order_id", "=", record.id)]
                record = cls.env["b2b.document"].search(domain)
            else:
                record = record[field]
        return record

    def _login(self, login):
        self.authenticate(login, login)

    def _rpc(self, model, method, *args, **kwargs):
        """The answer of ``call_kw``: {'result': …} or {'error': …}."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def _each(self):
        """(user, name, record, allowed), logged in as the user."""
        for login in table.USERS:
            self._login(login)
            for name, record in self.records.items():
                self.assertTrue(record, name)
                yield login, name, record, login in self.allowed[name]

    def test_table_is_complete(self):
        """A new route or scoped model does not enter without an expectation."""
        routes = set()
        modules = list(self.env.registry._init_modules)
        for url, endpoint in self.env["ir.http"]._generate_routing_rules(
            modules, converters={}
        ):
            if endpoint.func.__module__.startswith("odoo.addons.b2b_"):
                routes.add(url)
        ours = {route for route in routes if self._is_ours(route)}
        self.assertEqual(ours, set(table.ROUTES))

        scoped = {
            name
            for name, model in self.env.registry.items()
            if hasattr(model, "_b2b_scope_domain") and not model._abstract
        }
        seen = {record._name for record in self.records.values()}
        self.assertEqual(scoped - seen - set(table.MODELS_TESTED_ELSEWHERE), set())

    def _is_ours(self, route):
        """Core's routes that we override stay core's."""
        return route in table.ROUTES or not any(
            route.startswith(prefix)
            for prefix in (
                "/shop/cart",
                "/shop/change_pricelist",
                "/shop/express",
                "/shop/update_address",
                "/my/home",
                "/my/account",
                "/my/address",
            )
        )

    def test_rpc_reads(self):
        """search_read and read by id, as any program can call them."""
        for login, name, record, allowed in self._each():
            with self.subTest(user=login, record=name):
                domain = [["id", "in", record.ids]]
                found = self._rpc(record._name, "search_read", domain, ["id"])
                rows = found.get("result") or []
                self.assertEqual(len(rows), len(record) if allowed else 0)
                answer = self._rpc(record._name, "read", record.ids, ["id"])
                self.assertEqual("result" in answer, allowed)

    def test_rpc_changes_nothing(self):
        """No portal user writes or deletes any of it by RPC."""
        for login, name, record, _allowed in self._each():
            with self.subTest(user=login, record=name):
                field = "name" if "name" in record._fields else "active"
                answer = self._rpc(record._name, "write", record.ids, {field: "x"})
                self.assertIn("error", answer)
                self.assertIn("error", self._rpc(record._name, "unlink", record.ids))

    def test_pages(self):
        """A page of another's record answers as if there were none."""
        for login in table.USERS:
            self._login(login)
            for url, names in table.PAGES.items():
                missing = self._page(url.format(99999999))
                for name in names:
                    for record in self.records[name]:
                        with self.subTest(user=login, url=url, record=name):
                            page = self._page(url.format(record.id))
                            self._check_page(url, login, name, page, missing)

    def _page(self, url):
        response = self.url_open(url, allow_redirects=False)
        return response.status_code, response.headers.get("Location", "")

    def _check_page(self, url, login, name, page, missing):
        no_submit = url.endswith("/checkout") and login == table.ACCOUNTANT
        if login in self.allowed[name] and not no_submit:
            self.assertEqual(page[0], 200)
        else:
            self.assertNotEqual(page[0], 200)
            self.assertEqual(page[0], missing[0])

    def test_reports(self):
        """Report addresses, core's reports included, obey the same scope."""
        watched = [
            name
            for name, record in self.records.items()
            if record._name in ("sale.order", "account.move", "stock.picking")
        ]
        reports = self.env["ir.actions.report"].search(
            [
                ("model", "in", ("sale.order", "account.move", "stock.picking")),
                ("report_type", "in", ("qweb-pdf", "qweb-html")),
            ]
        )
        self.assertGreater(len(reports), 5)
        for login in table.USERS:
            self._login(login)
            for name in watched:
                if login in self.allowed[name]:
                    continue
                record = self.records[name][0]
                for report in reports.filtered(lambda r, m=record._name: r.model == m):
                    with self.subTest(user=login, record=name, report=report.name):
                        url = f"/report/html/{report.report_name}/{record.id}"
                        answer = self.url_open(url)
                        # one of core's prints stored files only: an empty page
                        leaks = answer.status_code == 200 and record.name in answer.text
                        self.assertFalse(leaks, report.report_name)

    def test_attachments(self):
        """Nobody on the portal gets a kept PDF by its bare address.

        Core gives portal users no attachment without a token; the page of the
        paper is the way to it.
        """
        for name in ("papers of the buyer", "papers of stroydom"):
            paper = self.records[name][0]
            paper._get_pdf()
            for login in table.USERS:
                self._login(login)
                with self.subTest(user=login, record=name):
                    url = f"/web/content/{paper.attachment_id.id}"
                    self.assertNotEqual(self.url_open(url).status_code, 200)

    def test_posts_of_a_stranger(self):
        """Changing another's cart is refused and changes nothing."""
        cart = self.records["cart of the buyer"]
        before = cart.order_line.mapped("product_uom_qty"), cart.state
        line = cart.order_line[0]
        for login in (table.BUYER2, table.ACCOUNTANT, table.STROYDOM, table.RETAIL):
            self._login(login)
            for action in ("update", "delete", "submit"):
                with self.subTest(user=login, action=action):
                    response = self.url_open(
                        f"/my/carts/{cart.id}/{action}",
                        data={
                            "csrf_token": Request.csrf_token(self),
                            f"qty_{line.id}": "777",
                        },
                    )
                    self.assertIn(response.status_code, (403, 404))
        cart.invalidate_recordset()
        after = cart.order_line.mapped("product_uom_qty"), cart.state
        self.assertEqual(after, before)

    def test_a_revoked_role_acts_at_once(self):
        order = self.records["order of the buyer"]
        self._login(table.BUYER)
        self.assertEqual(self.url_open(f"/my/orders/{order.id}").status_code, 200)
        member = self.env.ref("b2b_portal.member_north_buyer_demo")
        member.role_ids = False
        self.env.flush_all()
        self.assertNotIn("result", self._rpc("sale.order", "read", order.ids, ["id"]))
        page = self.url_open(f"/my/orders/{order.id}", allow_redirects=False)
        self.assertNotEqual(page.status_code, 200)
        self.assertFalse(
            self._rpc("b2b.document", "search_read", [], ["id"]).get("result")
        )

    def test_accounts(self):
        """Whoever belongs to an account sees this one, nobody another."""
        north = self.env.ref("b2b_portal.account_north_demo")
        stroydom = self.env.ref("b2b_portal.account_stroydom_demo")
        for login in table.USERS:
            self._login(login)
            domain = [["id", "in", (north | stroydom).ids]]
            rows = self._rpc("b2b.account", "search_read", domain, ["id"])
            seen = {row["id"] for row in rows.get("result") or []}
            foreign = north if login in (table.STROYDOM, table.RETAIL) else stroydom
            with self.subTest(user=login):
                self.assertNotIn(foreign.id, seen)

    def test_move_lines(self):
        self._check_lines("account.move.line", "invoice of the buyer", "line_ids")

    def test_stock_moves(self):
        self._check_lines("stock.move", "transfer of the buyer", "move_ids")

    def _check_lines(self, model, parent, field):
        """Lines are never wider than the paper that they belong to."""
        lines = self.records[parent][field]
        for login in table.USERS:
            if login in self.allowed[parent]:
                continue
            self._login(login)
            with self.subTest(user=login):
                answer = self._rpc(model, "read", lines.ids, ["id"])
                self.assertNotIn("result", answer)
