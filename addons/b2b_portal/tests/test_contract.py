# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import io

from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..models.b2b_contract import ContractChanged
from .entity_common import EntityMixin


@tagged("post_install", "-at_install")
class TestContract(EntityMixin, TransactionCase):
    """Contracts by acceptance: making, accepting, renewing, blocking orders."""

    def _make(self, **values):
        """A waiting contract of the agreement."""
        self._create_version(**values)
        self.agreement.contract_required = True
        return self.agreement.contract_ids

    def _accept(self, contract, member=None, **values):
        values = {
            "sha256": contract.sha256,
            "name": "Ann Director",
            "position": "Director",
            "ip": "192.0.2.7",
            "user_agent": "Browser",
        } | values
        self._as(member or self.director, contract)._b2b_accept(**values)

    # === MAKING === #

    def _get_warehouse(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )

    def test_made_when_the_agreement_needs_it(self):
        version = self._create_version()
        self.assertFalse(self.agreement.contract_ids, "nobody asked for one")
        self.agreement.contract_required = True
        contract = self.agreement.contract_ids
        self.assertEqual(contract.state, "waiting")
        self.assertEqual(contract.version_id, version)
        self.assertEqual(str(contract.text), "<p>Contract of North LLC</p>")
        self.agreement.warehouse_id = self._get_warehouse()
        self.agreement.write({"state": "suspended"})
        self.agreement.action_activate()
        self.assertEqual(self.agreement.contract_ids, contract, "not a second one")

    def test_default_comes_from_the_company(self):
        self._create_version()
        self.company.b2b_contract_required = True
        agreement = self._create_agreement(self.north_b)
        self.assertTrue(agreement.contract_required)
        self.assertEqual(agreement.contract_ids.state, "waiting")
        self.assertFalse(self.agreement.contract_required, "the old ones stay")
        other = self._create_agreement(self.north_b, contract_required=False)
        self.assertFalse(other.contract_ids)

    def test_draft_is_sent_with_the_requisites_of_the_day(self):
        self._create_version()
        agreement = self._create_agreement(
            self.north_a, state="draft", contract_required=True
        )
        self.assertFalse(agreement.contract_ids)
        agreement.action_prepare_contract()
        contract = agreement.contract_ids
        self.assertEqual(contract.state, "draft")
        self.assertFalse(contract.with_user(self.director.user_id).has_access("read"))
        self.north_a.name = "North Star LLC"
        agreement.warehouse_id = self._get_warehouse()
        agreement.action_activate()
        self.assertEqual(contract.state, "waiting")
        self.assertIn("North Star LLC", contract.text)
        with self.assertRaises(UserError):
            agreement.action_prepare_contract()

    def test_values_are_escaped_and_never_evaluated(self):
        self.north_a.name = "<script>alert(1)</script> {{ seller.name }} ${7*7}"
        contract = self._make(body="<p>{{&nbsp;customer.name }} ${7*7}</p>")
        self.assertNotIn("<script>", contract.text)
        self.assertIn("{{ seller.name }}", contract.text, "filled in once only")
        self.assertNotIn("49", contract.text)

    def test_every_placeholder_has_a_value(self):
        contract = self._make()
        self.assertEqual(
            list(contract._get_placeholder_names()),
            list(contract._get_placeholder_values()),
        )
        body = "".join(
            f"<p>{{{{ {name} }}}}</p>" for name in contract._get_placeholder_names()
        )
        new = self._next_version(contract.version_id, body)
        text = new._render(contract._get_placeholder_values(), "en_US")
        self.assertNotIn("{{", text)

    def test_unknown_placeholder_is_refused(self):
        for body in ("<p>{{ customer.password }}</p>", "<p>{{ 7 * 7 }}</p>", ""):
            with self.subTest(body=body), self.assertRaises(ValidationError):
                self._create_version(body=body)

    def test_published_text_is_immutable(self):
        version = self._make().version_id
        with self.assertRaises(UserError):
            version.body = "<p>Other</p>"
        with self.assertRaises(UserError):
            version.update_field_translations("body", {"en_US": {"Contract": "X"}})
        with self.assertRaises(UserError):
            version.unlink()
        copy = version.copy({"number": 2})
        self.assertEqual(copy.state, "draft")
        copy.body = "<p>Other</p>"

    # === ORDERS === #

    def test_orders_wait_for_the_acceptance(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        contract = self._make()
        website = self.website.with_user(self.buyer.user_id)
        self.assertIn(self.agreement, website._b2b_get_agreements(), "may be chosen")
        codes = [check["code"] for check in cart._b2b_get_checks()]
        self.assertEqual(codes, ["contract"])
        with self.assertRaisesRegex(UserError, "Accept the contract first"):
            cart._b2b_submit()
        order = self.env["sale.order"].browse(cart.id)
        with self.assertRaisesRegex(UserError, "Accept the contract first"):
            order.action_confirm()
        order.action_quotation_sent()
        with self.assertRaisesRegex(UserError, "Accept the contract first"):
            order._validate_order()
        self._accept(contract)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_check_links_to_the_contract_for_who_may_read_it(self):
        contract = self._make()
        for member, url in (
            (self.director, f"/my/contracts/{contract.id}"),
            (self.buyer, None),
        ):
            cart = self._create_cart(member, lines=[(self.bolt, 1)])
            (check,) = cart._b2b_get_checks()
            self.assertEqual(check.get("url"), url)

    def test_without_a_template_orders_are_refused_until_there_is_one(self):
        self.company.b2b_contract_template_id = False
        self.agreement.contract_required = True
        self.assertIn("not ready", self.agreement._b2b_get_contract_refusal())
        self._create_version()
        self._run("b2b.agreement", "_cron_build_contracts")
        self.assertEqual(self.agreement.contract_ids.state, "waiting")

    # === ACCEPTANCE === #

    def test_acceptance_is_recorded(self):
        contract = self._make()
        self._accept(contract)
        self.assertEqual(contract.state, "accepted")
        self.assertEqual(contract.accepted_member_id, self.director)
        self.assertEqual(contract.accepted_user_id, self.director.user_id)
        self.assertEqual(contract.ip, "192.0.2.7")
        digest = hashlib.sha256(str(contract.text).encode()).hexdigest()
        self.assertEqual(contract.sha256, digest)
        document = self.env["b2b.document"].search(
            [("kind", "=", "contract"), ("res_id", "=", contract.id)]
        )
        self.assertEqual(document.entity_id, self.north_a)
        self.assertTrue(document.with_user(self.accountant.user_id).has_access("read"))
        self.assertFalse(document.with_user(self.buyer.user_id).has_access("read"))

    def test_second_click_changes_nothing(self):
        contract = self._make()
        self._accept(contract)
        before = contract.accepted_at, contract.sign_name, contract.message_ids
        self._accept(contract, name="Somebody else")
        after = contract.accepted_at, contract.sign_name, contract.message_ids
        self.assertEqual(after, before)

    def test_only_who_may_sign(self):
        contract = self._make()
        for member in (self.buyer, self.head, self.accountant, self.stranger):
            with self.subTest(member=member.name), self.assertRaises(AccessError):
                self._accept(contract, member)
        self.director.stage = "registered"
        with self.assertRaises(AccessError):
            self._accept(contract)
        self.assertEqual(contract.state, "waiting")

    def test_text_that_changed_is_not_accepted(self):
        contract = self._make()
        shown = contract.sha256
        self.north_a.name = "North Star LLC"
        contract.action_refresh()
        with self.assertRaises(ContractChanged):
            self._accept(contract, sha256=shown)
        with self.assertRaises(ContractChanged):
            self._accept(contract, sha256="")
        self.assertEqual(contract.state, "waiting")
        self._accept(contract)

    def test_name_and_position_are_needed(self):
        contract = self._make()
        for values in ({"name": " "}, {"position": ""}, {"name": "x" * 101}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._accept(contract, **values)

    def test_accepted_contract_is_frozen(self):
        contract = self._make()
        self._accept(contract)
        for values in ({"text": "<p>x</p>"}, {"sign_name": "x"}, {"sha256": "0"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                contract.write(values)
        with self.assertRaises(UserError):
            contract.unlink()

    def test_nobody_writes_contracts_by_rpc(self):
        contract = self._make()
        staff = new_test_user(self.env, "b2b_staff", "b2b_portal.group_staff_admin")
        for user in (staff, self.director.user_id):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                contract.with_user(user).write({"state": "accepted"})
        with self.assertRaises(AccessError):
            contract.with_user(self.director.user_id).action_cancel()
        with self.assertRaises(AccessError):
            contract.with_user(self.director.user_id).action_refresh()
        contract.with_user(staff).action_cancel()
        self.assertEqual(contract.state, "cancelled")
        with self.assertRaisesRegex(UserError, "no longer in force"):
            self._accept(contract)

    # === NEW VERSIONS === #

    def test_new_version_asks_anew_and_leaves_days_of_grace(self):
        first = self._make()
        self._accept(first)
        self._next_version(
            first.version_id, "<p>Second text</p>", re_accept=True, grace_days=10
        )
        for _night in range(2):
            self._run("b2b.agreement", "_cron_build_contracts")
        second = self.agreement._b2b_get_waiting_contract()
        self.assertEqual(len(self.agreement.contract_ids), 2)
        self.assertEqual(second.deadline, self._today(10))
        self.assertEqual(first.state, "accepted", "in force until the new one is")
        self.assertFalse(self.agreement._b2b_get_contract_refusal())
        second.deadline = self._today(-1)
        self.assertTrue(self.agreement._b2b_get_contract_refusal())
        self._accept(second)
        self.assertEqual((first.state, second.state), ("superseded", "accepted"))
        self.assertFalse(self.agreement._b2b_get_contract_refusal())
        with self.assertRaisesRegex(UserError, "no longer in force"):
            self._accept(first)

    def test_new_version_without_reacceptance(self):
        first = self._make()
        self._accept(first)
        second = self._next_version(first.version_id, "<p>2</p>", re_accept=False)
        self._run("b2b.agreement", "_cron_build_contracts")
        self.assertEqual(self.agreement.contract_ids, first)
        self._next_version(second, "<p>3</p>", re_accept=True)
        self._run("b2b.agreement", "_cron_build_contracts")
        self.assertEqual(len(self.agreement.contract_ids), 2)

    def test_what_nobody_has_accepted_gets_the_new_text(self):
        first = self._make()
        self._next_version(first.version_id, "<p>Second text</p>", re_accept=False)
        self._run("b2b.agreement", "_cron_build_contracts")
        waiting = self.agreement._b2b_get_waiting_contract()
        self.assertEqual(first.state, "superseded")
        self.assertIn("Second text", waiting.text)
        self.assertTrue(self.agreement._b2b_get_contract_refusal(), "no grace")

    def test_version_of_the_future(self):
        first = self._make()
        self._accept(first)
        self._next_version(
            first.version_id, "<p>2</p>", re_accept=True, date_from=self._today(5)
        )
        self._run("b2b.agreement", "_cron_build_contracts")
        self.assertEqual(self.agreement.contract_ids, first)

    # === PAPER === #

    def test_pdf_holds_the_text_and_the_acceptance(self):
        self.north_a.write({"vat": "7810456027", "lang": "en_US"})
        contract = self._make(body="<p>Terms for {{ customer.requisites }}</p>")
        self._accept(contract)
        document = self.env["b2b.document"].search([("res_id", "=", contract.id)])
        document = document.filtered(lambda d: d.kind == "contract")
        pages = PdfReader(io.BytesIO(document._get_pdf())).pages
        text = " ".join("".join(page.extract_text() for page in pages).split())
        for part in (
            "Terms for North LLC, Tax ID 7810456027",
            "Ann Director, Director",
            "192.0.2.7",
            "b2b_director",
        ):
            self.assertIn(part, text)
        self.assertIn(contract.sha256, text.replace(" ", ""))
        self.assertNotIn("Not accepted yet", text)

    def test_acceptance_takes_the_last_chapter_along(self):
        chapter = "<h3>9</h3><p>Parties</p>"
        for body, head, tail in (
            (f"<p>1</p>{chapter}", "<p>1</p>", chapter),
            ("<p>1</p><p>2</p>", "<p>1</p>", "<p>2</p>"),
            ("<h3>1</h3><p>2</p>", "<h3>1</h3>", "<p>2</p>"),
            (f"<h3>1</h3><p>{'x' * 2000}</p><p>2</p>", "</p>", "<p>2</p>"),
            ("<p>1</p>", "<p>1</p>", ""),
            ("Bare text", "Bare text", ""),
        ):
            contract = self.env["b2b.contract"].new({"text": body})
            first, last = contract._b2b_print_text()
            with self.subTest(body=body[:30]):
                self.assertTrue(str(first).endswith(head))
                self.assertEqual(str(last), tail)

    # === DESK === #

    def test_inbox_of_who_may_sign(self):
        contract = self._make()

        def urls(member):
            rows = self.website.with_user(member.user_id)._b2b_get_inbox()
            return [row["url"] for row in rows if row["code"] == "contract"]

        self.assertEqual(urls(self.director), [f"/my/contracts/{contract.id}"])
        self.assertFalse(urls(self.accountant))
        self.assertFalse(urls(self.stranger))
        self._accept(contract)
        self.assertFalse(urls(self.director))
