# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import Command, find_ragged_rows
from .condition_common import ConditionMixin


@tagged("post_install", "-at_install")
class TestConditionPages(ConditionMixin, HttpCase):
    """Pages of agreements: own conditions in words, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.b2b_access_mode = "open"
        cls.agreement.number = "Д-7"
        cls.condition = cls._create_condition(
            "volume", (1000, 2.5), (5000, 5), name="Yearly purchases"
        )
        cls._post_invoice(1500)
        cls.agreement._b2b_recompute_conditions()
        cls.url = f"/my/agreements/{cls.agreement.id}"

    def _open(self, member, url=None):
        self.authenticate(member.user_id.login, member.user_id.login)
        self.opener.cookies["frontend_lang"] = self.website.default_lang_id.code
        return self.url_open(url or self.url)

    def _get_texts(self, page, css):
        found = html.fromstring(page.text).xpath(
            f"//*[contains(concat(' ', @class, ' '), ' {css} ')]"
        )
        return [" ".join(node.text_content().split()) for node in found]

    def test_page(self):
        page = self._open(self.buyer)
        self.assertEqual(page.status_code, 200)
        self.assertEqual(find_ragged_rows(page.text), [])
        condition = self._get_texts(page, "o_b2b_condition")[0]
        self.assertIn("Yearly purchases", condition)
        self.assertRegex(condition, r"−2[.,]5\s%")
        following = self._get_texts(page, "o_b2b_next")[0]
        self.assertRegex(following, r"3\D?500.*−5\s%")
        bar = html.fromstring(page.text).xpath("//section//progress")[0]
        self.assertEqual(bar.get("value"), "30")
        self.assertRegex(self._get_texts(page, "o_b2b_history")[0], r"−2[.,]5\s%")
        self.assertRegex(self._get_texts(page, "o_b2b_total")[0], r"−2[.,]5\s%")

    def test_reason_of_the_manager_stays_ours(self):
        manual = self._create_condition("manual")
        self.env["b2b.agreement.condition"].create(
            {
                "agreement_id": self.agreement.id,
                "condition_id": manual.id,
                "manual_percent": 1,
                "reason": "Afraid to lose them",
            }
        )
        self.assertNotIn("Afraid", self._open(self.buyer).text)
        for model in ("b2b.agreement.condition", "b2b.agreement.condition.history"):
            records = self.env[model].with_user(self.buyer.user_id)
            records = records.search([("agreement_id", "=", self.agreement.id)])
            self.assertTrue(records)
            with self.assertRaises(AccessError):
                records.read(["reason"])
            self.assertNotIn("Afraid", str(records.read()))

    def test_list_menu_and_tile(self):
        page = self._open(self.buyer, "/my/agreements")
        self.assertEqual(find_ragged_rows(page.text), [])
        self.assertIn(self.url, page.text)
        desk = self._open(self.buyer, "/my")
        self.assertIn('href="/my/agreements"', desk.text)
        tile = html.fromstring(desk.text).xpath("//a[@data-code='discount']")[0]
        self.assertRegex(tile.text_content(), r"3\D?500[^−]*−5\s%")

    def test_empty_states(self):
        self.condition.active = False
        self.agreement._b2b_recompute_conditions()
        self.env["b2b.condition.queue"].search([("id", ">", 0)]).unlink()
        other = self._create_agreement(self.north_a)
        page = self._open(self.buyer, f"/my/agreements/{other.id}")
        self.assertEqual(page.status_code, 200)
        self.assertTrue(self._get_texts(page, "o_b2b_no_discount"))
        self.assertFalse(self._get_texts(page, "o_b2b_condition"))
        self.env["b2b.agreement"].search(
            [("account_id", "=", self.south.id)]
        ).active = False
        page = self._open(self.stranger, "/my/agreements")
        self.assertEqual(page.status_code, 200)
        self.assertFalse(self._get_texts(page, "o_b2b_agreement_list"))

    def test_drafts_are_not_shown(self):
        draft = self._create_agreement(self.north_a, state="draft")
        page = self._open(self.buyer, "/my/agreements")
        self.assertNotIn(f"/my/agreements/{draft.id}", page.text)
        page = self._open(self.buyer, f"/my/agreements/{draft.id}")
        self.assertEqual(page.status_code, 404)

    def test_no_discounts_for_who_sees_no_prices(self):
        self.website.b2b_access_mode = "members"
        self.buyer.stage = "registered"
        if self.website.with_user(self.buyer.user_id)._b2b_may_see("prices"):
            self.skipTest("a registered member sees prices on this website")
        page = self._open(self.buyer)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Yearly purchases", page.text)

    # === SCOPE === #

    def test_another_account_sees_nothing_by_url(self):
        self.stranger.role_ids = [
            Command.set(self.env.ref("b2b_portal.role_director").ids)
        ]
        self.assertEqual(self._open(self.stranger).status_code, 404)
        self.assertNotIn(self.url, self._open(self.stranger, "/my/agreements").text)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(self.url).url)

    def test_another_account_sees_nothing_by_rpc(self):
        self.authenticate(*2 * [self.stranger.user_id.login])
        for model, domain in (
            ("b2b.agreement.condition", []),
            ("b2b.agreement.condition.history", []),
            ("b2b.condition", []),
            ("b2b.condition.step", []),
            ("b2b.condition.queue", []),
        ):
            params = {
                "model": model,
                "method": "search_read",
                "args": [domain, ["display_name"]],
                "kwargs": {},
            }
            answer = self.url_open(
                f"/web/dataset/call_kw/{model}/search_read",
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
                headers={"Content-Type": "application/json"},
            ).json()
            self.assertFalse(answer.get("result"), model)

    def test_own_rows_by_rpc(self):
        rows = self.env["b2b.agreement.condition"].with_user(self.buyer.user_id)
        rows = rows.search([])
        self.assertEqual(rows.agreement_id.sudo(), self.agreement)
        with self.assertRaises(AccessError):
            rows.manual_percent = 50
        with self.assertRaises(AccessError):
            rows.unlink()
        with self.assertRaises(AccessError):
            self.agreement.with_user(self.buyer.user_id).action_recompute_conditions()
