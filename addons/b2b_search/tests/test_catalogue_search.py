# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.tests import tagged

from .search_common import SearchCase


@tagged("post_install", "-at_install")
class TestEngine(SearchCase):
    def test_articles_first(self):
        for text, article in (
            ("TK-1170", "TK-1170"),
            ("tk1170", "TK-1170"),
            ("ТК 1170", "TK-1170"),
            ("933-8-40", "933-8-40"),
            ("933840", "933-8-40"),
            ("cb2lye", "CB-2LYE"),
            ("bo5030", "BO5030"),
        ):
            self.assertEqual(self._search(text)[:1], [article], text)

    def test_parts_of_articles(self):
        self.assertIn("BO5030", self._search("bo50"))
        self.assertIn("BO5030", self._search("5030"))
        self.assertIn("CB-2LYE", self._search("2lye"))

    def test_words(self):
        for text, article in (
            ("болтов м8х40", "933-8-40"),
            ("саморезами по металлу", "SHR-4.2-76"),
            ("черного картриджа", "TK-1170"),
            ("canon chargers", "CB-2LYE"),
            ("rfhnhbl;", "TK-1170"),
            ("картрижд", "TK-1170"),
            ("макита", "BO5030"),
            ("head set", "HS-20"),
            ("кабель 3х2.5", "KB-3"),
            ("шлифм", "BO5030"),
        ):
            self.assertEqual(self._search(text)[:1], [article], text)

    def test_what_nobody_has_is_left_out(self):
        analysis, matches = self.env["b2b.search.engine"]._search("болт кактусовый")
        self.assertEqual(matches.dropped, ["кактусовый"])
        self.assertIn(self.by_article["933-8-40"].id, matches.scores)

    def test_odd_queries(self):
        for text in (
            "", "a", "1", "%", "_", "\\", "'", '"', "' OR 1=1 --", "а" * 10000,
            "болт & | ! : * ( )", "<script>alert(1)</script>", "\u202eтлоб", "😀 болт",
            "и в на", "0" * 50, "м8х40х50х60х70х80х90", "-" * 100, "\x00болт",
            "x" * 60 + "1", "1 " * 200,
        ):  # fmt: skip
            self._search(text)
            self._search(text, complete=True)


@tagged("post_install", "-at_install")
class TestCatalogueSearch(SearchCase):
    def setUp(self):
        super().setUp()
        self._login(self.buyer)

    def _get_page(self, **params):
        response = self.url_open(
            "/shop?" + "&".join(f"{k}={v}" for k, v in params.items())
        )
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text)

    def _get_rows(self, page):
        ours = {t.product_variant_id.id: t.default_code for t in self.found}
        ids = [
            int(row.get("data-product-id"))
            for row in page.xpath("//tr[@data-product-id]")
        ]
        return [ours.get(id_) for id_ in ids]

    def test_best_match_first(self):
        page = self._get_page(search="болт м8х50 zqx")
        self.assertEqual(self._get_rows(page)[0], "933-8-50")

    def test_corrections_are_told_and_can_be_refused(self):
        page = self._get_page(search="картрижд zqx")
        self.assertEqual(self._get_rows(page), ["TK-1170"])
        (note,) = page.xpath("//p[contains(@class, 'o_b2b_corrected')]")
        self.assertIn("картридж", note.text_content())
        (link,) = note.xpath(".//a")
        exact = html.fromstring(self.url_open(link.get("href")).text)
        (note,) = exact.xpath("//p[contains(@class, 'o_b2b_dropped')]")
        self.assertIn("картрижд", note.text_content())

    def test_hidden_goods_are_not_found_nor_told_of(self):
        self.by_article["TK-1170"].is_published = False
        for text in ("TK-1170", "картрижд zqx", "картридж zqx"):
            page = self._get_page(search=text)
            self.assertEqual(self._get_rows(page), [])
            self.assertFalse(page.xpath("//p[contains(@class, 'o_b2b_corrected')]"))

    def test_words_of_hidden_goods_are_not_told(self):
        """A correction that only hidden goods have, beside a word that others have."""
        self.by_article["TK-1170"].is_published = False
        for text in ("Kyocer кабель", "картрижд кабель"):
            page = self.url_open(f"/shop?search={text}").text
            self.assertNotIn("kyocera", page.lower())
            self.assertNotIn("картридж", page.lower())

    def test_quantity(self):
        page = self._get_page(search="болт м8х40 zqx 200 шт")
        (form,) = page.xpath("//form[contains(@class, 'o_b2b_wish')]")
        bolt = self.by_article["933-8-40"].product_variant_id
        (field,) = form.xpath(f".//input[@name='qty_{bolt.id}']")
        self.assertEqual(float(field.get("value")), 200)
        data = {i.get("name"): i.get("value") for i in form.xpath(".//input")}
        data.pop("csrf_token")
        self._post("/shop/table/add", data)
        line = self.env["sale.order.line"].search([("product_id", "=", bolt.id)])
        self.assertEqual(line.product_uom_qty, 200)

    def test_quantity_is_rounded_to_packs(self):
        self.by_article["933-8-40"].b2b_multiple = 48
        page = self._get_page(search="болт м8х40 zqx 200 шт")
        (form,) = page.xpath("//form[contains(@class, 'o_b2b_wish')]")
        bolt = self.by_article["933-8-40"].product_variant_id
        (field,) = form.xpath(f".//input[@name='qty_{bolt.id}']")
        self.assertEqual(float(field.get("value")), 240)

    def test_filters_narrow_a_search(self):
        brand = self.by_article["CB-2LYE"].b2b_brand_id
        page = self._get_page(search="charger", brands=brand.id)
        self.assertEqual(self._get_rows(page), ["CB-2LYE"])
        other = self.by_article["KB-3"].b2b_brand_id
        self.assertEqual(
            self._get_rows(self._get_page(search="charger", brands=other.id)), []
        )

    def test_other_orders_hold(self):
        page = self._get_page(search="болт", order="article")
        rows = [row for row in self._get_rows(page) if row]
        self.assertEqual(rows, sorted(rows))

    def test_without_an_index_core_answers(self):
        self.env["b2b.search.build"]._get().ready = False
        page = self._get_page(search="Kyocera")
        self.assertEqual(self._get_rows(page), ["TK-1170"])

    def test_queries_do_not_grow_with_matches(self):
        provider = self.env["b2b.catalogue"]
        counts = []
        for text in ("гайка", "din"):
            self.env.cr.cache.pop("b2b_search.matches", None)
            before = self.env.cr.sql_log_count
            provider._search_index(text)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
        self.assertLessEqual(counts[1], 15)

    def test_core_search_box(self):
        """Guests' shop and suggestions of core find what members find."""
        self.authenticate(None, None)
        website = self.website
        options = {
            "displayImage": False,
            "displayDescription": False,
            "displayExtraLink": False,
            "displayDetail": False,
        }
        count, details, corrected = website._search_with_fuzzy(
            "products_only", "картрижд zqx", 5, "name asc", options
        )
        self.assertEqual(count, 1)
        self.assertEqual(details[0]["results"], self.by_article["TK-1170"])
        self.assertEqual(corrected, "картридж zqx")
        count, details, corrected = website._search_with_fuzzy(
            "products_only", "болт м8х50 zqx", 5, "name asc", options
        )
        self.assertEqual(details[0]["results"][0], self.by_article["933-8-50"])
        self.assertFalse(corrected)
