# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .search_common import SearchCase

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAA"
    "BJRU5ErkJggg=="
)


class RuleCase(SearchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the demo's rules and synonyms are of no matter here
        cls.env["b2b.search.rule"].search([("id", "!=", 0)]).state = "draft"
        cls.env["b2b.search.synonym"].search([("id", "!=", 0)]).active = False

    def _add(self, *actions, publish=True, **values):
        """A published rule; ``actions``: (kind, record or article, factor)."""
        rule = self.env["b2b.search.rule"].create(
            {
                "name": "Test",
                "match": "equals",
                "texts": "болт",
                "action_ids": [
                    Command.create(self._prepare(*action)) for action in actions
                ],
            }
            | values
        )
        if publish:
            rule.action_publish()
        return rule

    def _prepare(self, kind, target, factor=None):
        if isinstance(target, str):
            target = self.by_article[target]
        field = {
            "product.template": "product_tmpl_id",
            "b2b.brand": "brand_id",
            "product.public.category": "section_id",
        }[target._name]
        values = {"kind": kind, field: target.id}
        return values | ({"factor": factor} if factor else {})

    def _get_as(self, member, agreement):
        lists = self.env["b2b.price.list"]
        mine = lists._as_user(self.website, agreement, member.user_id)
        return mine.env["b2b.catalogue"]

    def _find(self, text, provider=None):
        """Articles of this catalogue's goods that a text finds, best first."""
        if provider is None:
            provider = self._get_as(self.buyer, self.agreement)
        _analysis, matches = provider._search_index(text)
        ranked = sorted(matches.scores, key=lambda i: (-matches.scores[i], i))
        ours = {template.id: template.default_code for template in self.found}
        return [ours[i] for i in ranked if i in ours]


@tagged("post_install", "-at_install")
class TestRules(RuleCase):
    def test_conditions_by_terms(self):
        rule = self._add(("pin", "KB-3"), texts="крепёжный болт\nгайка")
        for text in ("Болт крепёжный", "БОЛТЫ КРЕПЕЖНЫЕ", "гайками", "ufqrf", "гайкка"):
            self.assertEqual(self._find(text)[:1], ["KB-3"], text)
        for text in ("болт", "гайка м8", "крепёжный болт м8"):
            self.assertNotIn("KB-3", self._find(text), text)
        rule.match = "contains"
        for text in ("гайка м8", "болт м8 крепёжный"):
            self.assertEqual(self._find(text)[:1], ["KB-3"], text)
        self.assertNotIn("KB-3", self._find("болт"))
        rule.match = "any"
        self.assertEqual(self._find("болт")[:1], ["KB-3"])

    def test_states_and_dates(self):
        rule = self._add(("pin", "KB-3"), publish=False)
        self.assertNotIn("KB-3", self._find("болт"))
        rule.action_publish()
        self.assertIn("KB-3", self._find("болт"))
        today = fields.Date.context_today(rule)
        for values in (
            {"date_start": today + timedelta(days=2)},
            {"date_start": False, "date_end": today - timedelta(days=2)},
            {"date_end": False, "state": "archived"},
        ):
            rule.write(values)
            self.assertNotIn("KB-3", self._find("болт"), values)

    def test_website_and_segment(self):
        other = self.env["website"].create({"name": "Other"})
        rule = self._add(("pin", "KB-3"), website_id=other.id)
        self.assertNotIn("KB-3", self._find("болт"))
        segment = self.env["b2b.segment"].create({"name": "Builders"})
        rule.write({"website_id": False, "segment_ids": segment.ids})
        self.assertNotIn("KB-3", self._find("болт"))
        self.north.segment_id = segment
        self.assertIn("KB-3", self._find("болт"))
        agreement = self._create_agreement(self.south_a)
        self.assertNotIn(
            "KB-3", self._find("болт", self._get_as(self.stranger, agreement))
        )

    def test_pins_in_order(self):
        self._add(("pin", "HS-20"), ("pin", "KB-3"), ("pin", "931-10-60"))
        self.assertEqual(self._find("болт")[:3], ["HS-20", "KB-3", "931-10-60"])

    def test_an_exact_article_stands_before_pins(self):
        self._add(("pin", "HS-20"), match="any")
        self.assertEqual(self._find("TK-1170")[:2], ["TK-1170", "HS-20"])

    def test_boost_and_bury(self):
        first, second, *_rest = self._find("болт м8")
        rule = self._add(("boost", second, 5), texts="болт м8")
        self.assertEqual(self._find("болт м8")[:2], [second, first])
        rule.action_ids = [Command.clear()]
        brand = self.by_article[first].b2b_brand_id
        rest = self.by_article[second]
        rest.b2b_brand_id = self.by_article["KB-3"].b2b_brand_id
        rule.action_ids = [Command.create(self._prepare("bury", brand, 0.1))]
        self.assertEqual(self._find("болт м8")[0], second)

    def test_boost_of_a_section_above(self):
        first, second, *_rest = self._find("болт м8")
        above, below = self.env["product.public.category"].create(
            [{"name": "Q1"}, {"name": "Q2"}]
        )
        below.parent_id = above
        self.by_article[second].public_categ_ids = below
        self._add(("boost", above, 5), texts="болт м8")
        self.assertEqual(self._find("болт м8")[:2], [second, first])

    def test_hide(self):
        rule = self._add(("hide", "933-8-40"), ("pin", "933-8-40"))
        self.assertNotIn("933-8-40", self._find("болт"))
        brand = self.by_article["933-8-40"].b2b_brand_id
        rule.action_ids = [
            Command.clear(),
            Command.create(self._prepare("hide", brand)),
        ]
        self.assertEqual(self._find("болт"), [])
        self.assertIn("933-8-40", self._find("болт м8"))

    def test_pins_are_no_way_around_rights(self):
        self._add(("pin", "KB-3"), ("pin", "HS-20"))
        self.by_article["KB-3"].is_published = False
        self.env["b2b.assortment"].create(
            {
                "name": "Not for North",
                "mode": "hide",
                "audience": "chosen",
                "account_ids": self.north.ids,
                "product_tmpl_ids": self.by_article["HS-20"].ids,
            }
        )
        found = self._find("болт")
        self.assertNotIn("KB-3", found)
        self.assertNotIn("HS-20", found)
        agreement = self._create_agreement(self.south_a)
        other = self._find("болт", self._get_as(self.stranger, agreement))
        self.assertEqual(other[0], "HS-20")

    def test_a_pin_answers_what_no_goods_have(self):
        self._add(("pin", "KB-3"), texts="кракозябра")
        provider = self._get_as(self.buyer, self.agreement)
        analysis, matches = provider._search_index("кракозябра")
        self.assertEqual(list(matches.scores), self.by_article["KB-3"].ids)
        self.assertFalse(matches.dropped)
        self.assertFalse(analysis.changes)

    def test_slips_in_a_rule_are_corrected_all_the_same(self):
        self._add(("pin", "KB-3"), texts="картрижд")
        self.assertEqual(self._find("картрижд"), ["KB-3", "TK-1170"])

    def test_promoted(self):
        brand = self.by_article["KB-3"].b2b_brand_id
        section = self.env["product.public.category"].create({"name": "Q"})
        self._add(("promote", section), ("promote", brand))
        provider = self._get_as(self.buyer, self.agreement)
        analysis = self.env["b2b.search.query"]._analyse("болты")
        self.assertEqual(
            provider._get_promoted(analysis),
            {"brands": brand.ids, "sections": section.ids},
        )

    def test_checks(self):
        for values in (
            {"redirect": "https://evil.example"},
            {"redirect": "//evil.example"},
            {"redirect": "/\\evil.example"},
            {"redirect": "/shop?search=a"},
            {"redirect": "javascript:alert(1)"},
            {"banner_url": "javascript:alert(1)"},
            {"banner_url": "//evil.example"},
            {"match": "any", "redirect": "/shop/cart"},
            {"texts": " \n "},
            {"date_start": "2026-02-01", "date_end": "2026-01-01"},
        ):
            with self.assertRaises(ValidationError, msg=values):
                self._add(**values, publish=False)
        brand = self.by_article["KB-3"].b2b_brand_id
        for action in (
            ("pin", brand),
            ("promote", "KB-3"),
            ("boost", "KB-3", 0.5),
            ("bury", "KB-3", 2),
        ):
            with self.assertRaises(ValidationError, msg=action):
                self._add(action, publish=False)
        with self.assertRaises(ValidationError):
            self._add()

    def test_rights(self):
        rule = self._add(("pin", "KB-3"))
        synonym = self.env["b2b.search.synonym"].create({"source": "q", "target": "w"})
        ranking = self.env["b2b.search.ranking"]._get()
        manager = new_test_user(self.env, "b2b_mg", "b2b_portal.group_staff_user")
        admin = new_test_user(self.env, "b2b_ad", "b2b_portal.group_staff_admin")
        for record, values in (
            (rule, {"name": "Q"}),
            (rule.action_ids, {"sequence": 3}),
            (synonym, {"note": "Q"}),
            (ranking, {"novelty_days": 9}),
        ):
            record.with_user(manager).read(list(values))
            with self.assertRaises(AccessError):
                record.with_user(manager).write(values)
            record.with_user(admin).write(values)
            with self.assertRaises(AccessError):
                record.with_user(self.buyer.user_id).read(list(values))

    def test_number_of_queries(self):
        provider = self._get_as(self.buyer, self.agreement)

        def count():
            provider._search_index("болт")
            before = self.env.cr.sql_log_count
            provider._search_index("болт")
            return self.env.cr.sql_log_count - before

        plain = count()
        brand = self.by_article["KB-3"].b2b_brand_id
        for _number in range(5):
            self._add(("pin", "KB-3"), ("pin", "HS-20"), ("boost", brand, 2))
        self.assertLessEqual(count(), plain + 2)


@tagged("post_install", "-at_install")
class TestRulePages(RuleCase):
    def setUp(self):
        super().setUp()
        self._login(self.buyer)

    def _get_page(self, text, **params):
        response = self.url_open("/shop", params={"search": text} | params)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text)

    def _get_rows(self, page):
        ours = {t.product_variant_id.id: t.default_code for t in self.found}
        rows = page.xpath("//tr[@data-product-id]")
        return [ours.get(int(row.get("data-product-id"))) for row in rows]

    def test_pins_stand_first_on_the_page(self):
        self._add(("pin", "HS-20"))
        self.assertEqual(self._get_rows(self._get_page("болт"))[0], "HS-20")
        brand = self.by_article["KB-3"].b2b_brand_id
        self.assertNotIn(
            "HS-20", self._get_rows(self._get_page("болт", brands=brand.id))
        )

    def test_banner(self):
        self._add(
            banner="<p>Zqx <b>offer</b><script>alert(1)</script></p>",
            banner_url="/shop/cart",
            banner_image=PIXEL,
        )
        (banner,) = self._get_page("болт").xpath(
            "//div[contains(concat(' ', @class, ' '), ' o_b2b_search_banner ')]"
        )
        self.assertIn("Zqx offer", banner.text_content())
        self.assertFalse(banner.xpath(".//script"))
        self.assertEqual(set(banner.xpath(".//a/@href")), {"/shop/cart"})
        (source,) = banner.xpath(".//img/@src")
        image = self.url_open(source)
        self.assertEqual(image.headers["Content-Type"].split("/")[0], "image")
        self.assertGreater(len(image.content), 0)
        bare = self.url_open(source.split("?")[0])
        self.assertNotEqual(bare.content, image.content, "only with its token")
        self.assertFalse(
            self._get_page("гайка").xpath("//div[contains(@class, 'search_banner')]")
        )

    def test_redirect(self):
        self._add(redirect="/my/carts", texts="доставка")
        for text, leads in (("Доставки", True), ("ljcnfdrf", True), ("болт", False)):
            response = self.url_open(
                "/shop", params={"search": text}, allow_redirects=False
            )
            self.assertEqual(response.status_code == 303, leads, text)
            if leads:
                self.assertTrue(response.headers["Location"].endswith("/my/carts"))
        for params in ({"exact": 1}, {"in_stock": 1}):
            response = self.url_open(
                "/shop",
                params={"search": "доставка"} | params,
                allow_redirects=False,
            )
            self.assertEqual(response.status_code, 200, params)

    def test_redirect_is_no_way_around_a_closed_catalogue(self):
        self._add(redirect="/my/carts", texts="доставка")
        self.authenticate(None, None)
        self.website.ecommerce_access = "logged_in"
        response = self.url_open("/shop", params={"search": "доставка"})
        self.assertIn("/web/login", response.url)
