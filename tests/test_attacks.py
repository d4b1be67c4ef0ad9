# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re

import access_table as table

from odoo.http import Request
from odoo.tests import HttpCase, tagged

NORTH = "Северный ветер"
# What a form might be made to carry; none of it is the attacker's to say.
FIELDS = {
    "name": "stolen",
    "job": "stolen",
    "text": "stolen",
    "body": "stolen",
    "confirm": "1",
    "stage": "confirmed",
    "state": "approved",
    "active": "",
    "vat": "7729881342",
    "parent_id": "1",
    "b2b_account_id": "1",
    "acc_number": "40702810301300004455",
    "bic": "044525593",
    "city": "stolen",
    "street": "stolen",
    "sha256": "0" * 64,
    "sign_name": "stolen",
}


@tagged("post_install", "-at_install")
class TestAttacks(HttpCase):
    """Every route of ours with an id in it, called by those whom the id is not for.

    The stranger is made director of their own account first: what then refuses them is
    the scope of the record, not a missing right.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ref = cls.env.ref
        member = ref("b2b_portal.member_stroydom_buyer_demo")
        member.write(
            {
                "role_ids": [(6, 0, ref("b2b_portal.role_director").ids)],
                "all_entities": True,
                "stage": "confirmed",
            }
        )
        order = ref("b2b_portal.order_north_dealer_demo")
        account = ref("b2b_portal.account_north_demo")
        paper = ref("b2b_portal.paper_north_charter_demo")
        cls.records = {
            "account_id": account,
            "alert_id": ref("b2b_portal.stock_alert_north_demo"),
            "address_id": ref("b2b_portal.address_north_parnas_demo"),
            "agreement_id": ref("b2b_portal.agreement_north_dealer_demo"),
            "attachment_id": paper.attachment_ids[:1],
            "code_id": ref("b2b_portal.customer_code_north_8_demo"),
            "cart_id": ref("b2b_portal.cart_parnas_demo"),
            "contract_id": ref("b2b_portal.contract_north_dealer_demo"),
            "conversation_id": ref("b2b_portal.conversation_north_demo"),
            "document_id": cls.env["b2b.document"].search(
                [("order_id", "=", order.id)], limit=1
            ),
            "entity_id": ref("b2b_portal.entity_north_demo"),
            "feed_id": ref("b2b_portal.price_feed_demo"),
            "filter_id": ref("b2b_portal.saved_filter_head_demo"),
            "job_id": ref("b2b_portal.job_price_list_demo"),
            "invitation_id": cls.env["b2b.invitation"].search(
                [("account_id", "=", account.id)], limit=1
            ),
            "member_id": ref("b2b_portal.member_north_buyer_demo"),
            "order_id": order,
            "paper_id": paper,
            "registration_id": cls.env["b2b.registration"].search(
                [("account_id", "=", account.id)], limit=1
            ),
            "request_id": cls.env["b2b.access.request"].search(
                [("member_id.account_id", "=", account.id)], limit=1
            ),
            "role_id": cls.env["b2b.role"].search(
                [("account_id", "=", account.id)], limit=1
            ),
            "run_id": cls.env["b2b.cart.import"].create(
                {
                    "name": f"{NORTH}.xlsx",
                    "order_id": ref("b2b_portal.cart_parnas_demo").id,
                }
            ),
        }

    def _get_routes(self):
        """(url with ids of the first account, methods, type) of our routes with ids."""
        modules = list(self.env.registry._init_modules)
        rules = self.env["ir.http"]._generate_routing_rules(modules, converters={})
        for url, endpoint in rules:
            if url not in table.ROUTES or not url.startswith(
                ("/my/", "/b2b/", "/shop/q")
            ):
                continue
            names = [name for name in re.findall(r"<int:(\w+)>", url) if name != "page"]
            if not names:
                continue
            filled = url.replace("<int:page>", "1")
            for name in names:
                filled = filled.replace(f"<int:{name}>", str(self.records[name].id))
            filled = filled.replace("<string:token>", "x" * 43)
            filled = filled.replace("<string:action>", "cancel")
            methods = endpoint.routing.get("methods") or ["GET", "POST"]
            yield filled, set(methods), endpoint.routing["type"]

    def _call(self, url, method, kind):
        """What an address answers: (refused, text)."""
        if kind == "jsonrpc":
            response = self.url_open(
                url,
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": FIELDS}),
                headers={"Content-Type": "application/json"},
            )
            return "error" in response.json(), response.text
        if method == "POST":
            data = FIELDS | {"csrf_token": Request.csrf_token(self)}
            response = self.url_open(url, data=data, allow_redirects=False)
            address = response.headers.get("Location", "")
        else:
            # a visitor is led to the address of their language first
            response = self.url_open(url)
            address = response.url
        login = "/web/login" in address
        return response.status_code in (403, 404) or login, response.text

    def _digest(self):
        """Every stored field of the records that are under attack."""
        self.env.invalidate_all()
        found = {}
        for name, record in self.records.items():
            fields = [f for f, field in record._fields.items() if field.store]
            found[name] = record.exists().read(fields)
        return found

    def test_ids_of_others(self):
        routes = list(self._get_routes())
        self.assertGreater(len(routes), 40)
        self.assertTrue(all(self.records.values()), self.records)
        before = self._digest()
        wrong = []
        for user in ("stroydom", "retail", "public"):
            login = table.LOGINS[user]
            self.authenticate(login, login)
            for url, methods, kind in routes:
                for method in methods & {"GET", "POST"}:
                    refused, text = self._call(url, method, kind)
                    if not refused:
                        wrong.append(f"{user}: {method} {url} is answered")
                    if NORTH in text:
                        wrong.append(f"{user}: {method} {url} tells of {NORTH}")
        self.assertFalse(wrong, "\n".join(wrong))
        self.assertEqual(self._digest(), before)

    def test_the_owner_is_let_in(self):
        """The same addresses answer those whom they are for: the walk can fail."""
        login = table.LOGINS["director"]
        self.authenticate(login, login)
        answered = {
            url
            for url, methods, kind in self._get_routes()
            if "GET" in methods
            and kind == "http"
            and not self._call(url, "GET", kind)[0]
        }
        self.assertGreater(len(answered), 15, answered)
