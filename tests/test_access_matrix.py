# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

import access_table as table

from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged

REPORTED = ("sale.order", "account.move", "stock.picking")


@tagged("post_install", "-at_install")
class TestAccessMatrix(HttpCase):
    """User x record x channel on the demo data, against tests/access_matrix.md."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        matrix = table.read_matrix()
        cls.records = {name: cls._find(path) for name, (path, _row) in matrix.items()}
        cls.cells = {name: row for name, (_path, row) in matrix.items()}

    @classmethod
    def _find(cls, path):
        xmlid, *fields = path.split("/")
        record = cls.env.ref(xmlid)
        if fields[:1] == ["papers"]:
            domain = [("order_id", "=", record.id), ("kind", "=", fields[1])]
            return cls.env["b2b.document"].search(domain)
        for field in fields:
            record = record[field]
        return record

    def _login(self, user):
        login = table.LOGINS[user]
        self.authenticate(login, login)

    def _rpc(self, model, method, *args, **kwargs):
        """The answer of ``call_kw``: {'result': …} or {'error': …}."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._json(f"/web/dataset/call_kw/{model}/{method}", params)

    def _json(self, url, params):
        response = self.url_open(
            url,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def _get_user(self, user):
        login = table.LOGINS[user]
        return self.env["res.users"].search([("login", "=", login)])

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
        for name, record in self.records.items():
            self.assertTrue(record, name)
            self.assertEqual(set(self.cells[name]), set(table.LOGINS), name)

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

    # === RPC === #

    def _call(self, user, model, method, *args):
        """The name of the error that ``call_kw`` ends in, or its result.

        In this process: the same function that ``/web/dataset/call_kw`` runs, at a
        thousandth of the cost. `test_rpc_over_http` goes the whole way.

        :return: (result, None) or (None, class of the error)
        """
        env = self.env(user=self._get_user(user), su=False)
        try:
            with self.env.cr.savepoint():
                return call_kw(env[model], method, list(args), {}), None
        except Exception as error:  # noqa: BLE001
            return None, type(error)

    def test_rpc_reads(self):
        """search_read and read by id, as any program can call them."""
        wrong = []
        for user in table.USERS:
            for name, record in self.records.items():
                domain = [["id", "in", record.ids]]
                rows, _error = self._call(
                    user, record._name, "search_read", domain, ["id"]
                )
                _rows, error = self._call(
                    user, record._name, "read", record.ids, ["id"]
                )
                expected = "r" in self.cells[name][user]
                if len(rows or []) != (len(record) if expected else 0):
                    wrong.append(f"{user}, {name}: search_read finds {rows}")
                if (error is None) != expected:
                    wrong.append(f"{user}, {name}: read ends in {error}")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_rpc_changes_nothing(self):
        """No portal user writes, deletes, copies or creates any of it by RPC."""
        wrong = []
        for user in table.USERS:
            for name, record in self.records.items():
                field = "name" if "name" in record._fields else "write_date"
                before = self._digest(record)
                for method, args in (
                    ("write", (record.ids, {field: "x"})),
                    ("unlink", (record.ids,)),
                    ("create", ([{field: "x"}],)),
                    ("copy", (record.ids[:1],)),
                ):
                    _result, error = self._call(user, record._name, method, *args)
                    # core may stumble over the values before it comes to the refusal
                    stumbles = method == "copy" or (
                        (record._name, method) == ("account.move.line", "create")
                    )
                    if error is None or error is not AccessError and not stumbles:
                        wrong.append(f"{user}, {name}: {method} ends in {error}")
                if self._digest(record) != before:
                    wrong.append(f"{user}, {name}: changed")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_rpc_over_http(self):
        """The address itself, for a colleague, a stranger and a visitor."""
        wrong = []
        for user in ("buyer", "buyer2", "public"):
            self._login(user)
            for name, record in self.records.items():
                answer = self._rpc(record._name, "read", record.ids, ["id"])
                if ("result" in answer) != ("r" in self.cells[name][user]):
                    wrong.append(f"{user}, {name}: {answer}")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_no_context_of_a_caller_widens_the_scope(self):
        """Keys that our code keeps in the context mean nothing when RPC sends them."""
        self._login("buyer2")
        order = self.records["order of the buyer"]
        keys = ("b2b_bare_rules", "su", "active_test", "b2b_preview", "bin_size")
        for value in (True, 1, {}, "x"):
            params = {
                "model": "sale.order",
                "method": "search_read",
                "args": [[["id", "in", order.ids]], ["id"]],
                "kwargs": {"context": dict.fromkeys(keys, value)},
            }
            answer = self._json("/web/dataset/call_kw/sale.order/search_read", params)
            self.assertEqual(answer.get("result"), [], value)

    # === SCOPE ENGINE === #

    def test_verbs(self):
        """What the pages ask before they change something."""
        wrong = []
        for user in table.MEMBERS:
            env = self.env(user=self._get_user(user), su=False)
            for name, record in self.records.items():
                if not hasattr(record, "_b2b_filtered"):
                    continue
                verbs = table.VERBS | table.MODEL_VERBS.get(record._name, {})
                there = record.with_env(env)
                found = {
                    letter
                    for letter, verb in verbs.items()
                    if there._b2b_filtered(verb) == there
                }
                expected = self.cells[name][user] - {"r"}
                if found != expected:
                    wrong.append(f"{user}, {name}: {found}, expected {expected}")
        self.assertFalse(wrong, "\n".join(wrong))

    # === PAGES === #

    def _page(self, url):
        response = self.url_open(url, allow_redirects=False)
        return response.status_code, response.headers.get("Location", "")

    def test_pages(self):
        """A page of another's record answers as if there were none."""
        wrong = []
        for user in table.LOGINS:
            self._login(user)
            for url, (letter, names) in table.PAGES.items():
                missing = self._page(url.format(99999999))
                for name in names:
                    for record in self.records[name]:
                        page = self._page(url.format(record.id))
                        if letter in self.cells[name][user]:
                            right = page[0] == 200
                        else:
                            right = page[0] != 200 and page[0] == missing[0]
                        if not right:
                            wrong.append(f"{user}, {url}, {name}: {page}")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_posts(self):
        """A post without the right is refused and changes nothing."""
        for url, (letter, names, values) in table.POSTS.items():
            for name in names:
                record = self.records[name]
                for user in table.LOGINS:
                    if letter in self.cells[name][user]:
                        continue
                    self._login(user)
                    before = self._digest(record)
                    with self.subTest(user=user, url=url):
                        response = self.url_open(
                            url.format(record.id),
                            data={"csrf_token": Request.csrf_token(self)} | values,
                            allow_redirects=False,
                        )
                        if user == "public":
                            self.assertIn("/web/login", response.headers["Location"])
                        else:
                            self.assertIn(response.status_code, (403, 404))
                        self.assertEqual(self._digest(record), before)

    def _digest(self, record):
        """Every stored field of the records, to see whether anything changed."""
        record.invalidate_recordset()
        names = [name for name, field in record._fields.items() if field.store]
        return record.exists().read(names)

    # === REPORTS, FILES, MESSAGES === #

    def test_reports(self):
        """Report addresses, core's reports included, obey the same scope."""
        watched = [n for n, r in self.records.items() if r._name in REPORTED]
        reports = self.env["ir.actions.report"].search(
            [
                ("model", "in", REPORTED),
                ("report_type", "in", ("qweb-pdf", "qweb-html")),
            ]
        )
        self.assertGreater(len(reports), 5)
        for user in table.LOGINS:
            self._login(user)
            for name in watched:
                if "r" in self.cells[name][user]:
                    continue
                record = self.records[name][0]
                for report in reports.filtered(lambda r, m=record._name: r.model == m):
                    with self.subTest(user=user, record=name, report=report.name):
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
        for name in ("proforma of the buyer", "proforma of stroydom"):
            paper = self.records[name][0]
            paper._get_pdf()
            for user in table.LOGINS:
                self._login(user)
                with self.subTest(user=user, record=name):
                    url = f"/web/content/{paper.attachment_id.id}"
                    self.assertNotEqual(self.url_open(url).status_code, 200)

    def test_attachments_of_every_record(self):
        """A file on a record is not wider than the record."""
        files = {
            name: self.env["ir.attachment"].create(
                {
                    "name": "secret.txt",
                    "raw": b"secret of the matrix",
                    "res_model": record._name,
                    "res_id": record.ids[0],
                }
            )
            for name, record in self.records.items()
        }
        wrong = []
        for user in table.LOGINS:
            self._login(user)
            for name, file in files.items():
                if "r" in self.cells[name][user]:
                    continue
                answer = self.url_open(f"/web/content/{file.id}")
                if "secret of the matrix" in answer.text:
                    wrong.append(f"{user}, {name}: /web/content")
                if user in table.USERS:
                    rows, _error = self._call(
                        user, "ir.attachment", "read", file.ids, ["raw"]
                    )
                    if rows:
                        wrong.append(f"{user}, {name}: read")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_messages(self):
        """A record's comments are for those who see the record, notes for none."""
        threads = {
            name: record[:1]
            for name, record in self.records.items()
            if hasattr(record, "message_post")
        }
        self.assertGreater(len(threads), 5)
        for record in threads.values():
            record.message_post(
                body="comment of the matrix",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            record.message_post(body="note of the matrix")
        wrong = []
        for user in table.LOGINS:
            self._login(user)
            for name, record in threads.items():
                params = {"thread_model": record._name, "thread_id": record.id}
                texts = [json.dumps(self._json("/mail/chatter_fetch", params))]
                if user in table.USERS:
                    domain = [["model", "=", record._name], ["res_id", "=", record.id]]
                    rows, _error = self._call(
                        user, "mail.message", "search_read", domain, ["body"]
                    )
                    texts.append(str(rows))
                if any("note of the matrix" in text for text in texts):
                    wrong.append(f"{user}, {name}: note")
                seen = any("comment of the matrix" in text for text in texts)
                if seen and "r" not in self.cells[name][user]:
                    wrong.append(f"{user}, {name}: comment")
        self.assertFalse(wrong, "\n".join(wrong))

    # === OPEN SESSIONS === #

    def test_a_revoked_role_acts_at_once(self):
        order = self.records["order of the buyer"]
        self._login("buyer")
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
