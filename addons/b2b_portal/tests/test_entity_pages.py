# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import json

from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import find_ragged_rows
from .entity_common import PDF, EntityMixin, workbook

REQUISITES = ("name", "vat", "street", "city", "zip", "parent_id", "type", "active")
REQUISITES += ("b2b_account_id", "b2b_stage", "email", "phone", "company_registry")


@tagged("post_install", "-at_install")
class TestEntityPages(EntityMixin, HttpCase):
    """Pages of legal entities and addresses, and attacks on them."""

    def _look(self, records):
        self.env.invalidate_all()
        return [[record[name] for name in REQUISITES] for record in records]

    def _base(self, entity=None):
        return f"/my/entities/{(entity or self.north_a).id}"

    # === PAGES === #

    def test_pages_answer(self):
        self.north_a.vat = "7810456027"
        self._login(self.director)
        for path in ("", "/edit", "/addresses", "/addresses?search=si"):
            with self.subTest(path=path):
                page = self.url_open(self._base() + path)
                self.assertEqual(page.status_code, 200)
                self.assertEqual(find_ragged_rows(page.text), [])
        for path in (f"/addresses/{self.site.id}", "/addresses/new"):
            self.assertEqual(self.url_open(self._base() + path).status_code, 200)
        for url in ("/my/entities", "/my/entities/new", "/my/account"):
            self.assertEqual(self.url_open(url).status_code, 200)
        page = self.url_open("/my/entities").text
        self.assertIn("North LLC", page)
        self.assertNotIn("South LLC", page)
        self.assertEqual(find_ragged_rows(page), [])
        found = self.url_open(f"{self._base()}/addresses?search=nothing").text
        self.assertRegex(found, "Nothing is found|Ничего не найдено")

    def test_foreign_ids(self):
        """Every address of a page with the ids of another account."""
        south = self._base(self.south_a)
        north = self._base()
        gets = ["", "/edit", "/addresses", "/addresses/new", "/addresses/import"]
        gets += ["/addresses/template.xlsx", f"/addresses/{self.foreign.id}"]
        urls = [south + path for path in gets]
        urls += [f"{north}/addresses/{self.foreign.id}"]
        urls += [f"{north}/addresses/{self.site_b.id}", f"{north}/addresses/0"]
        urls += [f"/my/entities/{self.site.id}", "/my/entities/99999999"]
        posts = [
            f"{south}/save",
            f"{south}/bank",
            f"{south}/addresses/create",
            f"{south}/addresses/import/run",
        ]
        for address in (self.foreign, self.site_b):
            for action in ("save", "archive", "restore"):
                posts.append(f"{north}/addresses/{address.id}/{action}")
                posts.append(f"{south}/addresses/{address.id}/{action}")
        watched = self.south_a | self.foreign | self.site_b
        before = self._look(watched)
        form = {"name": "Mine", "city": "C", "street": "S", "vat": "1"}
        self._login(self.director)
        for url in urls:
            with self.subTest(url=url):
                response = self.url_open(url, allow_redirects=False)
                self.assertIn(response.status_code, (403, 404))
        for url in posts:
            with self.subTest(post=url):
                self.assertIn(self._post(url, form).status_code, (403, 404))
        self.assertEqual(self._look(watched), before)
        self.assertFalse(self.south_a.bank_ids)

    def test_roles_meet_closed_doors(self):
        north = self._base()
        form = {"name": "Mine", "city": "C", "street": "S"}
        before = self._look(self.north_a | self.site)
        for member, urls in (
            (
                self.buyer,
                [f"{north}/save", f"{north}/bank", "/my/entities/create"]
                + [
                    f"{north}/addresses/{self.site.id}/{a}" for a in ("save", "archive")
                ],
            ),
            (
                self.accountant,
                [f"{north}/addresses/create", f"{north}/addresses/import/run"],
            ),
        ):
            self._login(member)
            for url in urls:
                with self.subTest(member=member.name, url=url):
                    self.assertIn(self._post(url, form).status_code, (403, 404))
        self.assertEqual(self._look(self.north_a | self.site), before)
        self.authenticate("b2b_retail", "b2b_retail")
        for url in ("/my/entities", north, f"{north}/addresses"):
            self.assertIn(self.url_open(url).status_code, (403, 404))

    def test_changes_by_get_do_nothing(self):
        self._login(self.director)
        url = f"{self._base()}/addresses/{self.site.id}/archive"
        self.assertEqual(self.url_open(url).status_code, 405)
        self.assertTrue(self.site.active)

    # === REQUISITES === #

    def test_requisites_wait_for_staff_contacts_change_at_once(self):
        self._login(self.director)
        form = {"name": "North Star LLC", "phone": "+7 812 000-00-01"}
        response = self._post(f"{self._base()}/save", form)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.north_a.phone, "+7 812 000-00-01")
        self.assertEqual(self.north_a.name, "North LLC")
        change = self.north_a.b2b_change_ids
        self.assertEqual(change.state, "open")
        self.assertEqual(change.member_id, self.director)
        self.assertEqual(change.line_ids.mapped("new_value"), ["North Star LLC"])
        self.assertIn("North Star LLC", self.url_open(self._base()).text)
        self._post(f"{self._base()}/save", {"name": "North Sun LLC"})
        newer = self.north_a.b2b_change_ids - change
        self.assertEqual((change.state, newer.state), ("replaced", "open"))
        newer.action_apply()
        newer.action_apply()
        self.assertEqual(self.north_a.name, "North Sun LLC")
        self.assertEqual(newer.state, "applied")

    def test_mass_assignment_of_an_entity(self):
        self._login(self.director)
        before = self._look(self.north_a)
        form = {
            "b2b_account_id": self.south.id,
            "b2b_stage": "registered",
            "parent_id": self.south_a.id,
            "type": "delivery",
            "active": "",
            "credit_limit": "1000000",
            "is_company": "",
        }
        self._post(f"{self._base()}/save", form)
        self.assertEqual(self._look(self.north_a), before)
        self.assertFalse(self.north_a.b2b_change_ids)

    def test_bad_requisites_keep_what_was_typed(self):
        self.north_a.country_id = self.env.ref("base.ru")
        self._login(self.director)
        for form in ({"vat": "123"}, {"name": ""}, {"email": "no mail"}):
            form = {"phone": "+7 1", "name": "North LLC"} | form
            with self.subTest(form=form):
                page = self._post(f"{self._base()}/save", form)
                self.assertEqual(page.status_code, 200)
                self.assertIn('role="alert"', page.text)
                self.assertIn('value="+7 1"', page.text)
                self.assertFalse(self.north_a.phone, "nothing half-written")
        self.assertFalse(self.north_a.b2b_change_ids)

    def test_refusal_needs_a_reason(self):
        change = self.north_a._b2b_request_change({"city": "X"}, self.director)
        with self.assertRaises(UserError):
            change.action_refuse()
        change.reason = "No proof"
        change.action_refuse()
        self.assertEqual(change.state, "refused")
        self.assertFalse(self.north_a.city)
        self._login(self.director)
        self.assertIn("No proof", self.url_open(self._base()).text)

    def test_bank_account(self):
        self._login(self.director)
        form = {"acc_number": "40702810455000012399", "bic": "044030653"}
        extra = {"allow_out_payment": "1", "partner_id": self.south_a.id}
        for _click in range(2):
            self._post(f"{self._base()}/bank", form | extra)
        bank = self.north_a.bank_ids
        self.assertEqual(bank.acc_number, "40702810455000012399")
        self.assertFalse(bank.allow_out_payment)
        self.assertFalse(self.south_a.bank_ids)
        page = self._post(f"{self._base()}/bank", {"acc_number": "<b>", "bic": "1"})
        self.assertIn('role="alert"', page.text)
        self.assertIn("&lt;b&gt;", page.text)
        self.assertEqual(self.north_a.bank_ids, bank)

    def test_new_entity_is_a_request(self):
        self._login(self.director)
        partners = self.env["res.partner"].search_count([])
        form = {
            "name": "<b>Third</b> LLC",
            "vat": "BE0477472701",
            "country_id": self.env.ref("base.be").id,
            "city": "Brussels",
            "street": "Rue Neuve 1",
            "comment": "Please",
            "account_id": self.south.id,
            "kind": "account",
            "state": "approved",
        }
        files = [("file_charter", ("charter.pdf", PDF, "application/pdf"))]
        response = self._post("/my/entities/create", form, files)
        self.assertEqual(response.status_code, 303, response.text[-2000:])
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        asked = self.env["b2b.registration"].search([("member_id", "!=", False)])
        asked = asked.filtered(lambda r: r.member_id == self.director)
        self.assertEqual(asked.account_id, self.north)
        self.assertEqual((asked.kind, asked.state), ("entity", "submitted"))
        self.assertEqual(asked.file_ids.attachment_id.name, "charter.pdf")
        asked.action_approve()
        entity = asked.entity_id
        self.assertEqual(entity.b2b_account_id, self.north)
        paper = self.env["b2b.paper"].search([("entity_id", "=", entity.id)])
        self.assertEqual(paper.kind_id.code, "charter")
        self.assertEqual(paper.state, "uploaded")
        self.assertEqual(paper.attachment_ids.name, "charter.pdf")
        page = self._post("/my/entities/create", form)
        self.assertRegex(page.text, "this legal entity already|уже есть")
        self.assertIn("&lt;b&gt;Third&lt;/b&gt; LLC", page.text)
        script = [("file_charter", ("a.pdf", b"<svg onload=alert(1)>", "text/plain"))]
        page = self._post("/my/entities/create", form | {"vat": ""}, script)
        self.assertIn('role="alert"', page.text)
        self.assertIn("a.pdf", page.text)

    # === ADDRESSES === #

    def test_address_form(self):
        self._login(self.director)
        base = f"{self._base()}/addresses"
        form = {
            "name": "Depot",
            "city": "City",
            "street": "Street 2",
            "country": "RU",
            "region": "Московская область",
            "hours": "9-18",
            "unloading": "Ramp",
            "agreement": str(self.agreement.id),
        }
        self.assertEqual(self._post(f"{base}/create", form).status_code, 303)
        depot = self.env["res.partner"].search([("name", "=", "Depot")])
        self.assertEqual(depot.parent_id, self.north_a)
        self.assertEqual(depot.b2b_agreement_id, self.agreement)
        self.assertEqual(depot._b2b_get_region(), "Московская область")
        self._post(f"{base}/{depot.id}/save", form | {"hours": ""})
        self.assertFalse(depot.b2b_hours)
        page = self._post(f"{base}/{depot.id}/save", form | {"city": "", "zip": "9"})
        self.assertIn("invalid-feedback", page.text)
        self.assertIn('value="9"', page.text)
        self.assertEqual(depot.city, "City")

    def test_mass_assignment_of_an_address(self):
        other = self._create_agreement(self.north_b)
        self._login(self.director)
        base = f"{self._base()}/addresses"
        form = {
            "name": "Taken",
            "city": "City",
            "street": "Street 2",
            "parent_id": self.south_a.id,
            "type": "invoice",
            "b2b_account_id": self.south.id,
            "is_company": "1",
            "vat": "7801234567",
            "b2b_agreement_id": other.id,
            "user_id": self.env.uid,
            "active": "",
        }
        self._post(f"{base}/{self.site.id}/save", form)
        self._post(f"{base}/create", form | {"name": "Taken too"})
        made = self.env["res.partner"].search([("name", "=like", "Taken%")])
        self.assertEqual(len(made), 2)
        for address in made:
            self.assertEqual(address.parent_id, self.north_a)
            self.assertEqual(address.type, "delivery")
            self.assertFalse(address.b2b_account_id or address.vat)
            self.assertFalse(address.is_company or address.b2b_agreement_id)
            self.assertTrue(address.active)
        for agreement in (other, self._create_agreement(self.south_a)):
            page = self._post(f"{base}/create", form | {"agreement": agreement.id})
            self.assertEqual(page.status_code, 200, "refused, the form again")
        self.assertFalse(self.north_a.vat)

    def test_archive_and_undo(self):
        self._login(self.director)
        base = f"{self._base()}/addresses"
        response = self._post(f"{base}/{self.site.id}/archive")
        self.assertFalse(self.site.active)
        page = self.url_open(response.headers["Location"]).text
        self.assertIn(f"{base}/{self.site.id}/restore", page)
        self._post(f"{base}/{self.site.id}/restore")
        self.assertTrue(self.site.active)
        page = self.url_open(f"{base}?archived={self.foreign.id}").text
        self.assertNotIn("Foreign", page)

    def test_import_page_and_template(self):
        self._login(self.director)
        base = f"{self._base()}/addresses"
        book = load_workbook(io.BytesIO(self.url_open(f"{base}/template.xlsx").content))
        rows = list(book.active.iter_rows(values_only=True))
        self.assertEqual(rows[1][0], "Site")
        template = workbook([rows[0], rows[1], ("New", *rows[1][1:])])
        files = {"file": ("a.xlsx", template)}
        page = self._post(f"{base}/import/run", files=files)
        self.assertEqual(find_ragged_rows(page.text), [])
        self.assertRegex(page.text, "(Rows read|Прочитано строк): <b>2</b>")
        names = self.north_a.child_ids.mapped("name")
        self.assertIn("New", names)
        page = self._post(f"{base}/import/run", files={"file": ("a.pdf", PDF)})
        self.assertIn('role="alert"', page.text)
        page = self._post(f"{base}/import/run", {"file": "text"})
        self.assertIn('role="alert"', page.text)

    def test_formulas_stay_texts_in_the_template(self):
        self.site.name = "=HYPERLINK(1)"
        self._login(self.director)
        content = self.url_open(f"{self._base()}/addresses/template.xlsx").content
        cell = load_workbook(io.BytesIO(content)).active["A2"]
        self.assertEqual((cell.value, cell.data_type), ("=HYPERLINK(1)", "s"))

    # === CORE'S ROUTES === #

    def test_core_pages_lead_to_ours(self):
        self._login(self.director)
        for url in ("/my/addresses", "/my/address", f"/my/address?partner_id={1}"):
            response = self.url_open(url, allow_redirects=False)
            self.assertTrue(response.headers["Location"].endswith("/my/entities"), url)

    def test_core_forms_change_nothing(self):
        """A contact under the entity: core would copy its data to the company."""
        contact = self.director.partner_id
        contact.parent_id = self.north_a
        self.env.flush_all()
        watched = self.north_a | self.site | contact
        before = self._look(watched)
        form = {
            "name": "Taken",
            "email": "thief@example.com",
            "vat": "7801234567",
            "company_name": "Taken LLC",
            "street": "Street 9",
            "city": "City",
            "zip": "190000",
            "country_id": self.env.ref("base.ru").id,
        }
        children = len(self.north_a.child_ids)
        self._login(self.director)
        for partner in (contact.id, self.site.id, self.north_a.id, ""):
            for url in ("/my/address/submit", "/shop/address/submit"):
                with self.subTest(url=url, partner=partner):
                    self._post(url, form | {"partner_id": partner})
                    self.assertEqual(self._look(watched), before)
        address = {"country": "RU"} | form
        for url, params in (
            ("/my/address/archive", {"partner_id": self.site.id}),
            ("/shop/update_address", {"partner_id": self.site.id}),
            ("/shop/express_checkout", {"billing_address": address}),
            (
                "/shop/express/shipping_address_change",
                {"partial_delivery_address": address},
            ),
        ):
            with self.subTest(url=url):
                payload = {"jsonrpc": "2.0", "method": "call", "params": params}
                answer = self.url_open(
                    url,
                    data=json.dumps(payload),
                    headers={"Content-Type": "application/json"},
                )
                self.assertIn("error", answer.json())
                self.assertEqual(self._look(watched), before)
        self.assertEqual(len(self.north_a.child_ids), children)

    def test_own_contact(self):
        contact = self.director.partner_id
        contact.parent_id = self.north_a
        self._login(self.director)
        form = {"name": "Ann", "phone": "+7 1", "email": "ann@example.com"}
        extra = {"vat": "1", "street": "X", "partner_id": self.site.id, "parent_id": ""}
        before = self._look(self.north_a | self.site)
        self._post("/my/contact", form | extra)
        self.env.invalidate_all()
        self.assertEqual((contact.name, contact.phone), ("Ann", "+7 1"))
        self.assertEqual(contact.parent_id, self.north_a)
        self.assertEqual(self._look(self.north_a | self.site), before)
        page = self._post("/my/contact", form | {"email": "none"})
        self.assertIn('role="alert"', page.text)
        self.assertEqual(contact.email, "ann@example.com")

    def test_rpc_changes_nothing(self):
        before = self._look(self.north_a | self.site)
        self._login(self.director)
        for record, values in (
            (self.north_a, {"vat": "1"}),
            (self.site, {"parent_id": self.south_a.id}),
            (self.director.partner_id, {"b2b_account_id": self.south.id}),
        ):
            params = {"model": "res.partner", "method": "write", "kwargs": {}}
            params["args"] = [record.ids, values]
            payload = {"jsonrpc": "2.0", "method": "call", "params": params}
            answer = self.url_open(
                "/web/dataset/call_kw",
                data=json.dumps(payload),
                headers={"Content-Type": "application/json"},
            )
            self.assertIn("error", answer.json())
        self.assertEqual(self._look(self.north_a | self.site), before)

    def test_checkout_shows_hours_and_unloading(self):
        self.site.write({"b2b_hours": "9-18", "b2b_unloading": "Ramp only"})
        self.site.b2b_agreement_id = self.agreement
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        self._login(self.buyer)
        page = self.url_open(f"/my/carts/{cart.id}/checkout").text
        self.assertIn("(9-18)", page)
        self.assertIn("Ramp only", page)
        self.assertRegex(page, f'value="{self.site.id}" selected')

    def test_five_hundred_addresses_are_paged(self):
        values = [
            {
                "parent_id": self.north_a.id,
                "type": "delivery",
                "name": f"Site {number:03}",
            }
            for number in range(500)
        ]
        self.env["res.partner"].create(values)
        self._login(self.director)
        page = self.url_open(f"{self._base()}/addresses").text
        self.assertIn("/addresses/page/2", page)
        self.assertNotIn("Site 400", page)
        page = self.url_open(f"{self._base()}/addresses?search=Site+400").text
        self.assertIn("Site 400", page)

    def test_suspended_account_writes_nothing(self):
        self.north.state = "blocked"
        self._login(self.director)
        form = {"name": "X", "city": "C", "street": "S"}
        response = self._post(f"{self._base()}/addresses/create", form)
        self.assertIn(response.status_code, (403, 404))
        self.assertFalse(self.env["res.partner"].search([("name", "=", "X")]))
