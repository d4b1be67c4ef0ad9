# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
import io
import json
import logging
from datetime import timedelta
from xml.etree import ElementTree

from odoo import fields
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ..controllers.price_feed import parse_since
from .common import B2bMixin
from .test_price_list import PriceListMixin


@tagged("post_install", "-at_install")
class TestPriceFeed(PriceListMixin, B2bMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.feed, cls.token = cls.env["b2b.price.feed"]._create_feed(
            {
                "name": "Site",
                "agreement_id": cls.agreement.id,
                "member_id": cls.buyer.id,
                "website_id": cls.website.id,
                "section_ids": [(6, 0, (cls.root | cls.tools).ids)],
            }
        )

    def _get(self, file_format="json", token=None, query="", **headers):
        url = f"/b2b/feed/{token or self.token}.{file_format}{query}"
        return self.url_open(url, headers=headers, allow_redirects=False)

    def _products(self, query=""):
        answer = self._get(query=query)
        self.assertEqual(answer.status_code, 200, answer.text)
        rows = json.loads(answer.text)["products"]
        return {row["id"]: row for row in rows}

    def _grow_old(self):
        self.feed.built_at = fields.Datetime.now() - timedelta(hours=1)
        self.env.flush_all()

    def test_formats(self):
        row = self._products()[self.saw.id]
        self.assertAlmostEqual(row["price"], 1111.05)
        self.assertEqual(row["article"], "SAW-1")
        text = self._get("csv").text
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        self.assertEqual({r["article"] for r in rows}, {"BLT-M8", "NUT-M8", "SAW-1"})
        root = ElementTree.fromstring(self._get("yml").content)  # noqa: S314
        self.assertEqual(root.tag, "yml_catalog")
        offers = {o.get("id"): o for o in root.iter("offer")}
        offer = offers[str(self.saw.id)]
        self.assertEqual(offer.findtext("vendorCode"), "SAW-1")
        self.assertEqual(offer.findtext("barcode"), "2000000000017")
        self.assertEqual(offer.findtext("price"), "1111.05")
        self.assertEqual(offer.findtext("categoryId"), str(self.tools.id))
        names = {c.get("id"): c.text for c in root.iter("category")}
        self.assertEqual(names[str(self.tools.id)], "Zq tools")
        # the sections of the goods and those above them, no others
        self.assertEqual(
            set(names), {str(s.id) for s in self.root | self.bolts | self.tools}
        )

    def test_wrong_addresses(self):
        for token, file_format in (
            ("x", "csv"),
            (self.token[:-1] + "!", "csv"),
            (self.token, "exe"),
            (self.feed.sudo().token_hash, "csv"),
        ):
            answer = self._get(file_format, token)
            self.assertEqual(answer.status_code, 404, (token, file_format))
        self.assertEqual(self._get(query="?since=yesterday").status_code, 400)

    def test_it_stops_with_the_right(self):
        self.assertEqual(self._get().status_code, 200)
        for record, values in (
            (self.buyer, {"active": False}),
            (self.agreement, {"state": "suspended"}),
            (self.buyer, {"role_ids": [(5,)]}),
            (self.website, {"b2b_show_prices": "members"}),
        ):
            with self.subTest(values=values), self.env.cr.savepoint() as savepoint:
                if record == self.website:
                    self.buyer.stage = "registered"
                    self.website.b2b_approved_stage = "confirmed"
                record.write(values)
                self.env.flush_all()
                answer = self._get()
                self.assertEqual(answer.status_code, 403)
                # neither who nor why nor what
                self.assertEqual(answer.text, "Not in force")
                self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
                self.env.clear()
                savepoint.rollback()
                self.env["b2b.member"]._forget_grants()
                self.env["website"]._b2b_forget_visible()
        self.feed._revoke()
        self.env.flush_all()
        answer = self._get()
        self.assertEqual((answer.status_code, answer.text), (410, "Gone"))

    def test_rotation(self):
        token = self.feed._rotate()
        self.env.flush_all()
        self.assertEqual(self._get().status_code, 404)
        self.assertEqual(self._get(token=token).status_code, 200)

    def test_the_token_is_kept_nowhere(self):
        row = self.feed.sudo().read()[0]
        self.assertNotIn(self.token, str(row))
        member = self.feed.with_user(self.buyer.user_id)
        self.assertNotIn("token_hash", member.search_read([], [])[0])
        logger = logging.getLogger("werkzeug")
        for text, args in (
            ('"GET %s" 200', (f"/b2b/feed/{self.token}.csv?since=x",)),
            (f'"GET /b2b/feed/{self.token}.yml" 200', ()),
        ):
            record = logging.LogRecord("x", logging.INFO, "x", 1, text, args, None)
            self.assertTrue(logger.filter(record))
            self.assertNotIn(self.token, record.getMessage())
            self.assertIn("/b2b/feed/***.", record.getMessage())

    def test_what_has_changed_since(self):
        self.assertEqual(len(self._products()), 3)
        past = fields.Datetime.now() - timedelta(days=2)
        self.env["b2b.price.feed.row"].search(
            [("feed_id", "=", self.feed.id)]
        ).changed_at = past
        self.feed.changed_at = past
        since = (past + timedelta(days=1)).isoformat()
        self._grow_old()
        self.assertEqual(self._products(f"?since={since}"), {})
        # a price, by a rule that was not there; and a product that is gone
        self.agreement.pricelist_id.item_ids = [
            fields.Command.create(
                {
                    "applied_on": "1_product",
                    "product_tmpl_id": self.bolt.product_tmpl_id.id,
                    "compute_price": "fixed",
                    "fixed_price": 5.0,
                }
            )
        ]
        self.nut.is_published = False
        self._grow_old()
        found = self._products(f"?since={since}")
        self.assertEqual(set(found), {self.bolt.id, self.nut.id})
        self.assertTrue(found[self.nut.id]["deleted"])
        self.assertEqual(found[self.bolt.id]["price"], 5.0)
        self.assertEqual(set(self._products()), {self.bolt.id, self.saw.id})
        # what the assortment takes out of the catalogue is gone for the feed, too
        self.env["b2b.assortment"].create(
            {
                "name": "Not for North",
                "mode": "hide",
                "account_ids": self.north.ids,
                "product_tmpl_ids": self.saw.product_tmpl_id.ids,
            }
        )
        self._grow_old()
        self.assertTrue(self._products(f"?since={since}")[self.saw.id]["deleted"])
        self.assertEqual(set(self._products()), {self.bolt.id})

    def test_not_modified(self):
        answer = self._get()
        etag = answer.headers["ETag"]
        self._grow_old()
        again = self._get(**{"If-None-Match": etag})
        self.assertEqual(again.status_code, 304)
        self.saw.list_price = 77
        self._grow_old()
        again = self._get(**{"If-None-Match": etag})
        self.assertEqual(again.status_code, 200)

    def test_a_job_builds_it(self):
        job = self.env["b2b.job"].search([("digest", "=", f"feed:{self.feed.id}")])
        self.assertEqual(len(job), 1)
        self.feed._request_build()
        self.assertEqual(
            self.env["b2b.job"].search([("digest", "=", f"feed:{self.feed.id}")]), job
        )
        while job.state in ("queued", "running"):
            job._try_step()
        self.assertEqual(job.state, "done", job.log)
        self.assertEqual(self.feed.count, 3)

    def test_since_is_read_as_programs_write_it(self):
        self.assertEqual(str(parse_since("2026-11-01T10:00:00")), "2026-11-01 10:00:00")
        self.assertEqual(
            str(parse_since("2026-11-01T10:00:00Z")), "2026-11-01 10:00:00"
        )
        # a plus sign arrives as a space
        self.assertEqual(
            str(parse_since("2026-11-01T13:00:00 03:00")), "2026-11-01 10:00:00"
        )
        self.assertIsNone(parse_since(""))
        with self.assertRaises(ValueError):
            parse_since("x" * 500)

    # === PAGES === #

    def _login(self, member):
        login = member.user_id.login
        self.authenticate(login, login.ljust(8, "x"))

    def _post(self, url, **data):
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=data)

    def test_pages(self):
        self._login(self.buyer)
        page = self.url_open("/my/feeds")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Site", page.text)
        answer = self._post("/my/feeds/new", name="ERP", section=str(self.tools.id))
        self.assertIn("/b2b/feed/", answer.text)
        self.assertNotIn("/b2b/feed/", self.url_open("/my/feeds").text)
        self._login(self.buyer2)
        for action in ("rotate", "revoke"):
            answer = self._post(f"/my/feeds/{self.feed.id}/{action}")
            self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.feed.state, "active")
        self._login(self.accountant)
        self.assertEqual(self.url_open("/my/feeds").status_code, 403)
        self._login(self.buyer)
        self._post(f"/my/feeds/{self.feed.id}/revoke")
        self.feed.invalidate_recordset()
        self.assertEqual(self.feed.state, "revoked")

    def test_price_list_page(self):
        self._login(self.buyer)
        page = self.url_open("/shop/price-list")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Zq bolts", page.text)
        url = "/shop/price-list/make"
        answer = self._post(url, section=str(self.tools.id), format="csv")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("SAW-1", answer.content.decode("utf-8-sig"))
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        for values in (
            {"format": "exe"},
            {"section": "999999999"},
            {"section": ",".join(map(str, range(900000000, 900010000)))},
        ):
            answer = self._post(url, **values)
            self.assertEqual(answer.status_code, 422, values)
            self.assertIn("alert-danger", answer.text)
        answer = self._post(
            url, section=f"{self.tools.id},-1,x", column="standard_price", format="csv"
        )
        self.assertEqual(answer.status_code, 200)

    def test_client_mode_closes_it(self):
        self._login(self.buyer)
        self.url_open(
            "/b2b/client-mode",
            data={
                "csrf_token": Request.csrf_token(self),
                "on": "1",
            },
        )
        for url in ("/shop/price-list", "/my/feeds"):
            self.assertEqual(self.url_open(url).status_code, 403, url)
