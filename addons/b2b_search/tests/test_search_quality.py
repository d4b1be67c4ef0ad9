# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .search_common import SearchCase
from .test_search_log import LogCase


@tagged("post_install", "-at_install")
class TestGap(LogCase):
    def _find_gap(self, query):
        return self.env["b2b.search.gap"].search([("query", "=", query)])

    def test_queue(self):
        self._open("/shop?search=кактусовый 5 шт")
        self._login(self.head)
        self._open("/shop?search=Кактусовый")
        gap = self._find_gap("кактусовый")
        self.assertEqual((gap.state, gap.times), ("new", 2))
        self.by_article["HS-20"].name = "Кактусовый zqx"
        self._catch_up()
        self._login(self.buyer2)
        self._open("/shop?search=кактусовый")
        self.env.invalidate_all()
        self.assertEqual(gap.state, "found")

    def test_part_of_the_words(self):
        """Goods for one word of two: the other one is missing all the same."""
        page = self._open("/shop?search=charger кактусовый")
        self.assertTrue(page.xpath("//tr[@data-product-id]"))
        self.assertTrue(page.xpath("//form[contains(@class, 'o_b2b_ask_manager')]"))
        gap = self._find_gap("charger кактусовый")
        self.assertEqual((gap.state, gap.partial), ("new", True))
        log = self._find_log(query="charger кактусовый")
        self.assertEqual((log.partial, log.empty, log.found), (1, 0, 1))
        gap.action_order()
        page = self._open("/shop?search=charger кактусовый")
        self.assertTrue(page.xpath("//p[contains(@class, 'o_b2b_can_order')]"))
        page = self._open("/shop?search=charger zqx")
        self.assertFalse(page.xpath("//form[contains(@class, 'o_b2b_ask_manager')]"))

    def test_dismissed_stays_dismissed(self):
        self._open("/shop?search=кактусовый")
        gap = self._find_gap("кактусовый")
        gap.action_dismiss()
        self.env.flush_all()
        self._login(self.head)
        self._open("/shop?search=кактусовый")
        self.assertEqual((gap.state, gap.times), ("dismissed", 2))

    def test_we_can_order_it(self):
        page = self._open("/shop?search=кактусовый")
        self.assertFalse(page.xpath("//p[contains(@class, 'o_b2b_can_order')]"))
        gap = self._find_gap("кактусовый")
        gap.action_order()
        page = self._open("/shop?search=Кактусовый")
        self.assertTrue(page.xpath("//p[contains(@class, 'o_b2b_can_order')]"))
        gap.note = "Привезём за <b>5</b> дней"
        (note,) = self._open("/shop?search=кактусовый").xpath(
            "//p[contains(@class, 'o_b2b_can_order')]"
        )
        self.assertEqual(note.text_content(), "Привезём за <b>5</b> дней")

    def test_ask_the_manager(self):
        page = self._open("/shop?search=кактусовый <b>")
        (form,) = page.xpath("//form[contains(@class, 'o_b2b_ask_manager')]")
        data = {i.get("name"): i.get("value") for i in form.xpath(".//input")}
        data["text"] = form.xpath(".//textarea")[0].text
        self.assertIn("кактусовый <b>", data["text"])
        data.pop("csrf_token")
        self._post(form.get("action"), data)
        talk = self.env["b2b.conversation"].search(
            [("member_id", "=", self.buyer.id)], limit=1
        )
        self.assertIn("кактусовый <b>", talk.name)
        self.assertIn("кактусовый &lt;b&gt;", talk.message_ids[:1].body)

    def test_who_may_not_write_is_offered_no_form(self):
        role = self.env.ref("b2b_portal.role_buyer")
        role.permission_ids.filtered(lambda p: p.object == "conversation").unlink()
        page = self._open("/shop?search=кактусовый")
        self.assertTrue(page.xpath("//div[contains(@class, 'o_b2b_search_gap')]"))
        self.assertFalse(page.xpath("//form[contains(@class, 'o_b2b_ask_manager')]"))

    def test_parts_to_search_for(self):
        page = self._open("/shop?search=кактусовый фиалковый")
        links = page.xpath("//div[contains(@class, 'o_b2b_search_gap')]//p//a")
        self.assertEqual([link.text for link in links], ["кактусовый", "фиалковый"])

    def test_synonym_in_one_step(self):
        self._open("/shop?search=кактусовый")
        gap = self._find_gap("кактусовый")
        cure = self.env["b2b.search.gap.cure"].create(
            {"gap_id": gap.id, "kind": "synonym", "to_text": "headset"}
        )
        self.assertTrue(cure.preview)
        cure.action_apply()
        self.assertEqual(gap.state, "synonym")
        self.assertEqual(self._search("кактусовый")[:1], ["HS-20"])

    def test_redirects_lead_into_the_shop_only(self):
        self._open("/shop?search=кактусовый")
        gap = self._find_gap("кактусовый")
        for url in ("https://evil.example", "//evil.example", "", "shop"):
            cure = self.env["b2b.search.gap.cure"].create(
                {"gap_id": gap.id, "kind": "redirect", "url": url}
            )
            with self.assertRaises(UserError):
                cure.action_apply()
        cure.url = "/shop/quick-order"
        cure.action_apply()
        self.assertEqual(gap.state, "redirect")
        response = self.url_open("/shop?search=кактусовый")
        self.assertIn("/shop/quick-order", response.url)

    def test_rights(self):
        self._open("/shop?search=кактусовый")
        staff = new_test_user(self.env, "b2b_staff", "b2b_portal.group_staff_user")
        gap = self._find_gap("кактусовый").with_user(staff)
        self.assertEqual(gap.times, 1)
        for action in (gap.action_order, gap.action_dismiss, gap.action_synonym):
            with self.assertRaises(AccessError):
                action()


@tagged("post_install", "-at_install")
class TestPopular(SearchCase):
    def setUp(self):
        super().setUp()
        self.popular = self.env["b2b.search.popular"]
        self.popular.with_context(active_test=False).search([("id", ">", 0)]).unlink()
        logs = self.env["b2b.search.log"]
        logs.search([("id", ">", 0)]).unlink()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60.0)
        for query, searches, results in (
            ("болт zqx", 30, 3),
            ("болт m8x40 zqx", 20, 1),
            ("картридж zqx", 10, 1),
            ("кактусовый", 50, 0),
            ("один раз", 1, 3),
            ("*** zqx", 9, 3),
        ):
            key = logs._get_key(query, "catalogue", "none", None, self.website.id)
            log_id = logs._get_row(key, results)
            logs._count(log_id, searches=searches, empty=0 if results else searches)
        self.popular._cron_count()

    def _suggest(self, text, user=None):
        website = self.website.with_user(user or self.buyer.user_id)
        self.env.cr.cache.clear()
        return website._get_query_suggestions(text)

    def test_what_is_popular(self):
        found = self.popular.search([])
        self.assertEqual(
            found.mapped("text"), ["болт zqx", "болт m8x40 zqx", "картридж zqx"]
        )
        self.assertEqual(found.mapped("frequency"), [30, 20, 10])

    def test_suggestions(self):
        self.assertEqual(self._suggest("бол"), ["болт zqx", "болт m8x40 zqx"])
        self.assertEqual(self._suggest("болт м8"), ["болт m8x40 zqx"])
        # inside of the query, after those that begin like it
        self.assertEqual(self._suggest("м8"), ["болт m8x40 zqx"])
        self.assertEqual(self._suggest("б"), [])
        self.assertEqual(self._suggest("%%"), [])
        self.assertEqual(self._suggest("бо\0"), self._suggest("бо"))

    def test_priority_of_staff_and_margin(self):
        second = self.popular.search([("text", "=", "болт m8x40 zqx")])
        second.priority = "3"
        self.assertEqual(self._suggest("бол")[0], "болт m8x40 zqx")
        second.active = False
        self.popular._cron_count()
        self.assertEqual(self._suggest("бол"), ["болт zqx"])

    def test_margin_counts(self):
        bolt = self.by_article["933-8-40"]
        bolt.standard_price = 2.0
        query = self.popular.search([("text", "=", "болт m8x40 zqx")])
        query._check_goods()
        self.assertAlmostEqual(query.margin, 80.0)
        query.frequency = 30
        self.assertEqual(self._suggest("бол")[0], "болт m8x40 zqx")

    def test_only_what_finds_visible_goods(self):
        self.assertEqual(self._suggest("карт"), ["картридж zqx"])
        self.by_article["TK-1170"].is_published = False
        self.assertEqual(self._suggest("карт"), [])

    def test_one_query_to_check(self):
        website = self.website.with_user(self.buyer.user_id)
        counts = []
        for text in ("карт", "бол"):
            website._get_query_suggestions(text)
            before = self.env.cr.sql_log_count
            website._get_query_suggestions(text)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 3)

    def test_forgotten_when_nobody_searches(self):
        self.env["b2b.search.log"].search([("query", "=", "картридж zqx")]).unlink()
        kept = self.popular.create({"text": "Гайка zqx", "priority": "1"})
        self.popular._cron_count()
        self.assertEqual(self._suggest("карт"), [])
        self.assertTrue(kept.exists())
        self.assertEqual(self._suggest("гай"), ["гайка zqx"])


@tagged("post_install", "-at_install")
class TestCase(SearchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = cls.env["b2b.search.case"]
        cls.cases.with_context(active_test=False).search([]).active = False
        cls.case = cls.cases.create(
            {
                "query": "картрижд zqx",
                "template_id": cls.by_article["TK-1170"].id,
                "top": 1,
                "website_id": cls.website.id,
                "user_id": cls.env.ref("base.user_admin").id,
            }
        )

    def _get_last_run(self):
        return self.env["b2b.search.case.run"].search(
            [("case_id", "=", self.case.id)], order="id desc", limit=1
        )

    def test_passes_drops_out_and_comes_back(self):
        self.case.action_run()
        self.assertEqual((self.case.passed, self.case.position), ("yes", 1))
        self.assertFalse(self.case.activity_ids)
        self.by_article["TK-1170"].is_published = False
        self.case._run("nightly")
        self.assertEqual((self.case.passed, self.case.position), ("no", 0))
        (alert,) = self.case.activity_ids
        self.assertEqual(alert.user_id, self.case.user_id)
        self.assertIn("картрижд", alert.note)
        self.case._run("nightly")
        self.assertEqual(len(self.case.activity_ids), 1, "told once")
        self.by_article["TK-1170"].is_published = True
        self.case._run("index")
        self.assertEqual(self.case.passed, "yes")
        self.assertFalse(self.case.activity_ids)
        self.assertEqual(
            self.case.run_ids.sorted("id").mapped("passed"), ["yes", "no", "no", "yes"]
        )
        self.assertEqual(
            self.case.run_ids.sorted("id").mapped("trigger"),
            ["manual", "nightly", "nightly", "index"],
        )
        ((share,),) = self.case.run_ids._read_group(
            [("case_id", "=", self.case.id)], [], ["share:avg"]
        )
        self.assertEqual(share, 50)

    def test_place(self):
        case = self.cases.create(
            {
                "query": "болт zqx",
                "template_id": self.by_article["931-10-60"].id,
                "top": 1,
                "website_id": self.website.id,
            }
        )
        place = self._search("болт zqx").index("931-10-60") + 1
        case._run("manual")
        self.assertEqual(case.position, place)
        self.assertEqual(case.passed, "yes" if place == 1 else "no")
        case.top = place
        case._run("manual")
        self.assertEqual(case.passed, "yes")

    def test_section(self):
        above = self.env["product.public.category"].create({"name": "Above"})
        below = above.create({"name": "Below", "parent_id": above.id})
        self.by_article["TK-1170"].public_categ_ids = below
        case = self.cases.create(
            {"query": "tk1170", "section_id": above.id, "website_id": self.website.id}
        )
        case._run("manual")
        self.assertEqual((case.passed, case.position), ("yes", 1))

    def test_for_a_customer(self):
        """The assortment of the customer counts."""
        self.case.agreement_id = self.agreement
        self.case._run("manual")
        self.assertEqual(self.case.passed, "yes")
        self.env["b2b.assortment"].create(
            {
                "name": "None of it",
                "mode": "hide",
                "audience": "chosen",
                "agreement_ids": [Command.set(self.agreement.ids)],
                "product_tmpl_ids": [Command.set(self.by_article["TK-1170"].ids)],
            }
        )
        self.case._run("manual")
        self.assertEqual((self.case.passed, self.case.position), ("no", 0))
        self.case.agreement_id = False
        self.case._run("manual")
        self.assertEqual(self.case.passed, "yes")

    def test_unpublished_goods_are_not_found(self):
        self.by_article["TK-1170"].is_published = False
        self.case._run("manual")
        self.assertEqual(self.case.passed, "no")

    def test_customer_without_members(self):
        self.case.agreement_id = self._create_agreement(
            self._create_entity(self._create_account("Nobody"), "Nobody LLC")
        )
        self.case._run("manual")
        self.assertEqual(self.case.passed, "no")
        self.assertTrue(self.case.problem)

    def test_expects_one_thing(self):
        with self.assertRaises(ValidationError):
            self.cases.create({"query": "x"})

    def test_after_a_rebuild_and_an_import(self):
        index = self.env["b2b.search.build"]._get()
        index.tests_due = False
        index._build_now()
        self.assertTrue(index.tests_due)
        self.cases._cron_run()
        self.assertFalse(index.tests_due)
        self.assertEqual(self._get_last_run().trigger, "index")
        self.cases._cron_run()
        self.assertEqual(self._get_last_run().trigger, "nightly")
        self.found[:2].write({"description_sale": "x"})
        self._catch_up()
        self.assertFalse(index.tests_due)
        self.patch(
            __import__("odoo.addons.b2b_search.models.b2b_search_case", fromlist=["x"]),
            "IMPORT_SIZE",
            2,
        )
        self.found[:2].write({"description_sale": "y"})
        self._catch_up()
        self.assertTrue(index.tests_due)

    def test_made_from_clicks(self):
        logs = self.env["b2b.search.log"]
        key = logs._get_key("болт zqx", "catalogue", "none", None, self.website.id)
        log = logs.browse(logs._get_row(key, 3))
        with self.assertRaises(UserError):
            log.action_make_cases()
        chosen = self.env["b2b.search.log.product"]
        first, second = self.by_article["933-8-50"], self.by_article["933-8-40"]
        chosen._count(log.id, first.id, clicks=4, places=8)
        chosen._count(log.id, second.id, clicks=2, carts=1)
        action = log.action_make_cases()
        case = self.cases.browse(action["res_id"])
        self.assertEqual((case.query, case.template_id), ("болт zqx", second))
        self.assertEqual(log.action_make_cases()["res_id"], case.id, "once")

    def test_rights(self):
        staff = new_test_user(self.env, "b2b_staff", "b2b_portal.group_staff_user")
        self.assertTrue(self.case.with_user(staff).query)
        with self.assertRaises(AccessError):
            self.case.with_user(staff).action_run()
        admin = new_test_user(self.env, "b2b_chief", "b2b_portal.group_staff_admin")
        self.case.with_user(admin).action_run()
        self.assertEqual(self.case.passed, "yes")


@tagged("post_install", "-at_install")
class TestShippedCases(TransactionCase):
    """The tests that the demo catalogue comes with."""

    @mute_logger("odoo.addons.mail")
    def test_all_pass(self):
        cases = self.env["b2b.search.case"].search([])
        shipped = cases.filtered(
            lambda case: case.get_external_id()[case.id].startswith("b2b_search.")
        )
        if not shipped:
            self.skipTest("no demo data")
        self.assertGreaterEqual(len(shipped), 100)
        self.env["b2b.search.build"]._build_now()
        failed = shipped._run("command")
        self.assertFalse([(c.topic, c.query, c.position, c.top) for c in failed])
        self.assertGreaterEqual(len(set(shipped.mapped("topic"))), 8)
