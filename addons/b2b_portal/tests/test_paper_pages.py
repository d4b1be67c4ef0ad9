# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from .common import find_ragged_rows
from .entity_common import PDF, EntityMixin

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@tagged("post_install", "-at_install")
class TestPaperPages(EntityMixin, HttpCase):
    """Pages of papers and contracts, and attacks on them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["b2b.paper.kind"].create(
            {"name": "Charter of the test", "code": "t1", "required": True}
        )
        cls.paper = cls._create_paper(cls.north_a)
        cls.paper_b = cls._create_paper(cls.north_b)
        cls.foreign_paper = cls._create_paper(cls.south_a)
        for paper in cls.paper | cls.foreign_paper:
            paper._b2b_attach([("secret.pdf", PDF, "application/pdf")])

    @classmethod
    def _create_paper(cls, entity, **values):
        return cls.env["b2b.paper"].create(
            {
                "kind_id": cls.kind.id,
                "entity_id": entity.id,
                "company_id": cls.company.id,
            }
            | values
        )

    def _send(self, data=PDF, name="charter.pdf", **form):
        form = {"entity_id": str(self.north_a.id)} | form
        files = [("files", (name, data, "application/pdf"))]
        return self._post("/my/papers/upload", form, files)

    def _file_url(self, paper, file=None):
        return f"/my/papers/{paper.id}/file/{(file or paper.attachment_ids).id}"

    # === PAPERS === #

    def test_page(self):
        self._login(self.director)
        page = self.url_open("/my/papers").text
        self.assertIn("Charter of the test", page)
        self.assertIn("North Logistics LLC", page)
        self.assertNotIn("South LLC", page)
        self.assertEqual(find_ragged_rows(page), [])
        page = self.url_open(f"/my/papers?entity_id={self.south_a.id}").text
        self.assertNotIn("South LLC", page, "an unknown filter filters nothing")
        self._login(self.buyer)
        self.assertEqual(self.url_open("/my/papers").status_code, 403)

    def test_upload_of_what_was_asked_for(self):
        self._login(self.director)
        response = self._send(
            paper_id=str(self.paper.id), number="5", date="2026-02-03"
        )
        self.assertEqual(response.status_code, 303, response.text[-1000:])
        self.assertEqual(self.paper.state, "uploaded")
        self.assertEqual(str(self.paper.date), "2026-02-03")
        self.assertEqual(self.paper.attachment_ids.name, "charter.pdf")
        self.assertEqual(self.paper.attachment_ids.raw, PDF)

    def test_upload_of_a_new_one(self):
        self._login(self.director)
        count = self.env["b2b.paper"].search_count([])
        self._send(kind_id=str(self.kind.id))
        paper = self.env["b2b.paper"].search([], order="id desc", limit=1)
        self.assertEqual(self.env["b2b.paper"].search_count([]), count + 1)
        self.assertEqual((paper.entity_id, paper.state), (self.north_a, "uploaded"))

    def test_bad_uploads_leave_no_trace(self):
        self._login(self.director)
        count = self.env["b2b.paper"].search_count([])
        files = self.env["ir.attachment"].search_count([])
        kind = {"kind_id": str(self.kind.id)}
        ours = self.env["b2b.paper.kind"].create(
            {"name": "Ours", "code": "t2", "direction": "seller"}
        )
        bad = (
            {"data": SVG, **kind},
            {"data": b"<html><script>alert(1)</script>", "name": "a.pdf", **kind},
            {"data": b"", **kind},
            {"date": "yesterday", **kind},
            {"date": "2026-02-03", "date_end": "2026-01-01", **kind},
            {"kind_id": ""},
            {"kind_id": "abc"},
            {"kind_id": str(ours.id)},
        )
        for form in bad:
            with self.subTest(form=form):
                page = self._send(**form, note="My remark")
                self.assertEqual(page.status_code, 200)
                self.assertIn('role="alert"', page.text)
                self.assertIn('value="My remark"', page.text, "what was typed stays")
        page = self._post(
            "/my/papers/upload", kind | {"entity_id": str(self.north_a.id)}
        )
        self.assertIn('role="alert"', page.text, "no file")
        self.assertEqual(self.env["b2b.paper"].search_count([]), count)
        self.assertEqual(self.env["ir.attachment"].search_count([]), files)

    def test_foreign_ids_of_uploads(self):
        kind = {"kind_id": str(self.kind.id)}
        self._login(self.director)
        for form in (
            {"entity_id": str(self.south_a.id), **kind},
            {"entity_id": str(self.site.id), **kind},
            {"entity_id": "", **kind},
            {"paper_id": str(self.foreign_paper.id)},
            {"paper_id": str(self.paper_b.id)},
            {"paper_id": "99999999"},
            {"paper_id": "x"},
        ):
            with self.subTest(form=form):
                self.assertEqual(self._send(**form).status_code, 404)
        self._login(self.buyer)
        self.assertEqual(self._send(**kind).status_code, 404)
        self.assertEqual(self.foreign_paper.state, "requested")

    def test_mass_assignment_of_an_upload(self):
        self._login(self.director)
        self._send(
            paper_id=str(self.paper.id),
            state="checked",
            direction="seller",
            checked_by_id=str(self.env.uid),
            company_id="999",
            reason="x",
        )
        self.assertEqual(self.paper.state, "uploaded")
        self.assertEqual(self.paper.direction, "customer")
        self.assertFalse(self.paper.checked_by_id)

    def test_download_is_never_shown_in_the_browser(self):
        self._login(self.director)
        response = self.url_open(self._file_url(self.paper))
        self.assertEqual(response.content, PDF)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertTrue(
            response.headers["Content-Disposition"].startswith("attachment")
        )
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")

    def test_foreign_downloads(self):
        other = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"secret"})
        self._login(self.director)
        for url in (
            self._file_url(self.foreign_paper),
            self._file_url(self.paper, self.foreign_paper.attachment_ids),
            self._file_url(self.paper, other),
            f"/my/papers/99999999/file/{other.id}",
            f"/web/content/{self.foreign_paper.attachment_ids.id}",
        ):
            with self.subTest(url=url):
                self.assertEqual(self.url_open(url).status_code, 404)
        self._login(self.buyer)
        self.assertEqual(self.url_open(self._file_url(self.paper)).status_code, 404)

    def test_registry_leads_to_the_file(self):
        self.paper.state = "uploaded"
        self.paper.action_check()
        document = self.env["b2b.document"].search(
            [("kind", "=", "paper"), ("res_id", "=", self.paper.id)]
        )
        url = f"/my/documents/{document.id}/pdf"
        self._login(self.director)
        self.assertEqual(self.url_open(url).content, PDF)
        self.assertIn(
            "Charter of the test", self.url_open("/my/documents?kind=paper").text
        )
        self._login(self.stranger)
        self.assertEqual(self.url_open(url).status_code, 404)

    # === CONTRACTS === #

    def _make_contract(self):
        self._create_version()
        self.agreement.contract_required = True
        return self.agreement.contract_ids

    def _accept(self, contract, **form):
        form = {
            "sha256": contract.sha256,
            "name": "Ann",
            "position": "Director",
            "agree": "1",
        } | form
        return self._post(f"/my/contracts/{contract.id}/accept", form)

    def test_contract_is_read_and_accepted(self):
        contract = self._make_contract()
        self._login(self.director)
        page = self.url_open("/my/contracts").text
        self.assertIn(f"/my/contracts/{contract.id}", page)
        self.assertEqual(find_ragged_rows(page), [])
        page = self.url_open(f"/my/contracts/{contract.id}").text
        self.assertIn("<p>Contract of North LLC</p>", page)
        self.assertIn(contract.sha256, page)
        self.assertIn("o_b2b_accept", page)
        text = self.url_open(f"/my/contracts/{contract.id}/text")
        self.assertEqual(text.content, str(contract.text).encode())
        for _click in range(2):
            self.assertEqual(self._accept(contract).status_code, 303)
        self.assertEqual(contract.state, "accepted")
        self.assertEqual(contract.sign_name, "Ann")
        self.assertTrue(contract.ip and contract.user_agent)
        page = self.url_open(f"/my/contracts/{contract.id}").text
        self.assertNotIn('o_b2b_accept"', page)
        pdf = self.url_open(f"/my/contracts/{contract.id}/pdf")
        self.assertTrue(pdf.content.startswith(b"%PDF"))

    def test_wrong_posts_accept_nothing(self):
        contract = self._make_contract()
        self._login(self.director)
        for form in ({"sha256": "0" * 64}, {"agree": ""}, {"name": ""}):
            with self.subTest(form=form):
                page = self._accept(contract, **form)
                self.assertEqual(page.status_code, 200)
                self.assertIn('role="alert"', page.text)
                self.assertEqual(contract.state, "waiting")
        url = f"/my/contracts/{contract.id}/accept"
        self.assertEqual(self.url_open(url).status_code, 405, "never by GET")
        contract.state = "superseded"
        self.assertIn('role="alert"', self._accept(contract).text)
        self.assertEqual(contract.state, "superseded")

    def test_strangers_and_roles(self):
        contract = self._make_contract()
        paths = ("", "/pdf", "/text")
        for member, reads in (
            (self.accountant, True),
            (self.buyer, False),
            (self.stranger, False),
        ):
            self._login(member)
            for path in paths:
                with self.subTest(member=member.name, path=path):
                    response = self.url_open(f"/my/contracts/{contract.id}{path}")
                    self.assertEqual(response.status_code, 200 if reads else 404)
            self.assertEqual(self._accept(contract).status_code, 404)
            report = self.url_open(
                f"/report/html/b2b_portal.report_contract_document/{contract.id}"
            )
            self.assertEqual(report.status_code == 200, reads)
        self.assertEqual(contract.state, "waiting")

    def test_cart_links_to_the_contract(self):
        contract = self._make_contract()
        cart = self._create_cart(self.director, lines=[(self.bolt, 1)])
        self._login(self.director)
        page = self.url_open(f"/my/carts/{cart.id}").text
        self.assertIn(f'href="/my/contracts/{contract.id}"', page)
        page = self._post(f"/my/carts/{cart.id}/submit", {"reference": "1"})
        self.assertEqual(cart.state, "draft")
