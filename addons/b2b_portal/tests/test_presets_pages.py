# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re
from datetime import date, timedelta

from lxml import html
from psycopg2 import IntegrityError

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import find_ragged_rows
from .preset_common import PresetCase


@tagged("post_install", "-at_install")
class TestPresetPages(PresetCase):
    """Landing pages as visitors see them."""

    def _tree(self, url, **kwargs):
        return html.fromstring(self.url_open(url, **kwargs).text)

    def _rows(self, tree):
        return {
            int(row.get("data-product-id"))
            for row in tree.xpath("//tr[@data-product-id]")
        }

    def test_member(self):
        self._login(self.buyer)
        path = self.preset._get_path()
        response = self.url_open(path)
        tree = html.fromstring(response.text)
        self.assertEqual(tree.xpath("string(//h1)").strip(), self.preset.name)
        self.assertIn(self.preset.name, tree.xpath("string(//title)"))
        self.assertEqual(self._rows(tree), {self.plain.id, self.broken.id, self.nut.id})
        self.assertIn("Above Zqx", response.text)
        self.assertIn("Below Zqx", response.text)
        self.assertFalse(find_ragged_rows(response.text))
        self.preset.website_meta_title = "Zqx for engines"
        self.assertIn("Zqx for engines", self._tree(path).xpath("string(//title)"))

    def test_member_narrows_and_leaves(self):
        self._login(self.buyer)
        path = self.preset._get_path()
        url = f"{path}?brands={self.brand2.id}"
        tree = self._tree(url)
        self.assertEqual(self._rows(tree), {self.broken.id})
        self.assertEqual(tree.xpath("string(//h1)").strip(), self.preset.name)
        links = tree.xpath("//a[contains(@class, 'o_b2b_clear')]/@href")
        self.assertTrue(links)
        self.assertFalse([link for link in links if "/pick/" in link])
        # a brand that is none of the page's: the catalogue, without a script and with
        other = self.env["b2b.brand"].create({"name": "Zqx third"})
        response = self.url_open(f"{path}?brands={other.id}", allow_redirects=False)
        self.assertIn(response.status_code, (301, 302, 303))
        self.assertIn("/shop/category/", response.headers["Location"])
        part = self._tree(
            f"{path}?brands={other.id}", headers={"X-B2b-Part": "catalogue"}
        )
        (shown,) = part.xpath("//*[contains(@class, 'o_b2b_catalogue ')]/@data-url")
        self.assertIn("/shop/category/", shown)
        self.assertNotIn(self.preset.name, part.xpath("string(//h1)"))

    def test_forms_of_the_page_lead_to_the_page(self):
        self._login(self.buyer)
        path = self.preset._get_path()
        tree = self._tree(path)
        (form,) = tree.xpath("//form[contains(@class, 'o_b2b_order')]")
        fields = {i.get("name"): i.get("value") for i in form.xpath(".//input")}
        self.assertIn(path, form.get("action"))
        self.assertEqual(fields["whole"], "1")
        part = self._tree(
            f"{path}?whole=1&brands={fields['brands']}&within=PLAIN",
            headers={"X-B2b-Part": "catalogue"},
        )
        (shown,) = part.xpath("//*[contains(@class, 'o_b2b_catalogue ')]/@data-url")
        self.assertEqual(shown, f"{path}?within=PLAIN")
        self.assertEqual(self._rows(part), {self.plain.id})

    def test_guest(self):
        """Core's page, with the goods of ours: brands are no filter of core's."""
        self.preset.params = f"brands={self.brand.id}"
        self.authenticate(None, None)
        for extra in ("", "?category=5&brands=x&attribute_values=1-x", "?search=Zqx"):
            if "attribute" in extra:
                extra = "?category=5&brands=x"
            page = self.url_open(self.preset._get_path() + extra).text
            self.assertEqual(self._shown(page), {self.plain}, extra)
            tree = html.fromstring(page)
            self.assertEqual(len(tree.xpath("//h1")), 1)
            self.assertIn(self.preset.name, tree.xpath("string(//h1)"))
            self.assertIn(self.preset.name, tree.xpath("string(//title)"))
            self.assertIn("Below Zqx", page)
        self.assertNotIn("o_b2b_save_view", page)
        # what is narrowed elsewhere is not narrowed here
        page = self.url_open(f"/shop?search={self.mark}").text
        self.assertGreater(len(self._shown(page)), 1)

    def _order(self, url):
        """Articles of the kit in the order in which a page of core's shows them."""
        page = self.url_open(url).text
        goods = self.plain + self.broken + self.nut
        shown = [p for p in goods if p.name in page]
        return [p.default_code for p in sorted(shown, key=lambda p: page.index(p.name))]

    def test_guest_sees_the_order_of_the_page(self):
        """Core's page knows neither articles nor popularity."""
        goods = (self.plain + self.broken + self.nut).sorted("default_code")
        for number, product in enumerate(goods):
            product.product_tmpl_id.write(
                {"b2b_popularity": 10 * (number % 2) + number, "list_price": 9 - number}
            )
        first, second, third = goods.mapped("default_code")
        self.authenticate(None, None)
        path = self.preset._get_path()
        for order, expected in (
            ("article", [first, second, third]),
            ("popular", [second, third, first]),
            ("price", [third, second, first]),
            ("price_desc", [first, second, third]),
            ("none of ours", self._order(path)),
        ):
            self.preset.params = f"order={order}"
            self.assertEqual(self._order(path), expected, order)
        # what a visitor chooses goes before it
        self.preset.params = "order=popular"
        self.assertEqual(
            self._order(f"{path}?order=list_price+asc"), [third, second, first]
        )

    def test_guest_pages_stay_on_the_address(self):
        self.website.shop_ppg = 1
        self.authenticate(None, None)
        tree = self._tree(self.preset._get_path())
        links = tree.xpath("//ul[contains(@class, 'pagination')]//a/@href")
        self.assertTrue([link for link in links if "/page/2" in link])
        for link in links:
            self.assertIn(self.preset.slug, link)
        first = self._shown(self.url_open(self.preset._get_path()).text)
        second = self.url_open(f"{self.preset._get_path()}/page/2").text
        self.assertNotEqual(first, self._shown(second))

    def test_programs_add_no_conditions(self):
        """Options of the search come from browsers, too."""
        self.authenticate(None, None)
        found = self._rpc(
            "/website/snippet/autocomplete",
            search_type="products",
            term=self.mark,
            order="name asc",
            limit=10,
            options={
                "displayDescription": False,
                "displayDetail": False,
                "displayExtraDetail": False,
                "displayExtraLink": False,
                "displayImage": False,
                "allowFuzzy": False,
                "b2b_conditions": [["standard_price", ">", 0], "x", 5],
            },
        ).json()["result"]
        self.assertTrue(found["results"])

    def test_closed_catalogue(self):
        self.website.b2b_access_mode = "closed"
        self.authenticate(None, None)
        page = self.url_open(self.preset._get_path())
        self.assertIn("/web/login", page.url)
        self.assertNotIn(self.preset.name, page.text)
        self.assertNotIn(self.preset.slug, self.url_open("/sitemap.xml").text)

    def test_sitemap(self):
        draft = self._create_preset(is_published=False, slug="zqx-draft")
        self.website._b2b_forget_published()
        self.authenticate(None, None)
        sitemap = self.url_open("/sitemap.xml").text
        self.assertIn(f"/shop/pick/{self.preset.slug}<", sitemap)
        self.assertNotIn(draft.slug, sitemap)

    @mute_logger("odoo.http", "odoo.addons.http_routing.models.ir_http")
    def test_expired_drafts_and_forged(self):
        draft = self._create_preset(is_published=False, slug="zqx-draft")
        ended = self._create_preset(
            name="Zqx ended", valid_until=date.today() - timedelta(3)
        )
        self.preset.place_ids = self.section
        for member in (None, self.buyer):
            if member:
                self._login(member)
            else:
                self.authenticate(None, None)
            page = self.url_open(ended._get_path())
            self.assertEqual(page.status_code, 410)
            tree = html.fromstring(page.text)
            self.assertIn("Zqx ended", tree.xpath("string(//h1)"))
            links = tree.xpath("//div[@id='wrap']//a/@href")
            self.assertTrue([u for u in links if "/shop/category/" in u])
            self.assertTrue([u for u in links if self.preset.slug in u])
            for slug in (
                draft.slug,
                "none",
                "x" * 5000,
                "%D1%8F",
                "a%27--",
                "1/page/99999999999999999999",
                "new",
            ):
                page = self.url_open(f"/shop/pick/{slug}")
                self.assertEqual(page.status_code, 404, slug[:20])
        # staff look at what they make
        self.authenticate("admin", "admin")
        for preset in (draft, ended):
            page = self.url_open(preset._get_path())
            self.assertEqual(page.status_code, 200)
            self.assertIn("o_b2b_preset_state", page.text)

    def test_forged_filters(self):
        self._login(self.buyer)
        path = self.preset._get_path()
        for extra in (
            "?brands=-1",
            "?brands=" + "9" * 5000,
            "?search=" + "%00",
            "?tags=99999999&attribute_values=1-2-3&min_price=inf",
            "/page/0",
            "/page/999999",
            "?whole=1",
            "?whole=1&whole=2&order=%27",
        ):
            self.assertEqual(self.url_open(path + extra).status_code, 200, extra[:30])

    def test_an_old_address_leads_to_the_new_one(self):
        self.authenticate(None, None)
        old = self.preset._get_path()
        self.preset.slug = "zqx-middle"
        self.preset.slug = "zqx-new"
        for path in (old, "/shop/pick/zqx-middle"):
            response = self.url_open(f"{path}?tags=1")
            self.assertIn(301, [one.status_code for one in response.history])
            self.assertTrue(response.url.endswith("/shop/pick/zqx-new?tags=1"))
        # back again: no circle
        self.preset.slug = old.rpartition("/")[2]
        self.assertEqual(self.url_open("/shop/pick/zqx-new").status_code, 200)
        # another page takes an address over
        self._create_preset(name="Zqx taker", slug="zqx-new")
        page = self.url_open("/shop/pick/zqx-new")
        self.assertIn("Zqx taker", page.text)

    # === CHOICES AND CLOUD === #

    def test_popular_choices(self):
        hidden = self._create_preset(name="Zqx hidden", is_published=False)
        (self.preset + hidden).write(
            {"place_ids": [(6, 0, self.section.ids)], "on_front": True}
        )
        url = self.website._b2b_get_section_path(self.section)
        for member in (None, self.buyer):
            if member:
                self._login(member)
            else:
                self.authenticate(None, None)
            for page in (url, "/shop"):
                tree = self._tree(page)
                names = tree.xpath("//nav[contains(@class, 'o_b2b_picks')]/a/text()")
                self.assertIn(self.preset.name, names)
                self.assertNotIn("Zqx hidden", names)
        (here,) = self._tree(self.preset._get_path()).xpath(
            "//nav[contains(@class, 'o_b2b_picks')]/a[@aria-current='page']"
        )
        self.assertEqual(here.text_content().strip(), self.preset.name)

    def _cloud(self, url):
        words = self._tree(url).xpath("//a[contains(@class, 'o_b2b_word')]")
        return {" ".join(word.text_content().split()): word for word in words}

    def test_cloud(self):
        cloud = self.env["b2b.catalogue.cloud"]
        tags = self.env["product.tag"]
        big, none, secret = tags.create(
            [
                {"name": "Zqx big"},
                {"name": "Zqx none"},
                {"name": "Zqx secret", "visible_to_customers": False},
            ]
        )
        for template in (self.plain + self.broken + self.nut).product_tmpl_id:
            template.product_tag_ids += big + secret
        section = self.section.id
        cloud.create(
            [
                {"section_id": section, "tag_id": tag.id}
                for tag in self.tag + big + none + secret
            ]
            + [{"section_id": section, "preset_id": self.preset.id, "weight": "1"}]
        )
        self._login(self.buyer)
        # a section below shows the cloud of the one above
        for shown in (self.section, self.below):
            words = self._cloud(self.website._b2b_get_section_path(shown))
            self.assertEqual(
                set(words), {"Zqx outdoors 1", "Zqx big 3", self.preset.name}
            )
            self.assertIn("o_b2b_word_3", words["Zqx big 3"].get("class"))
            self.assertIn("o_b2b_word_1", words["Zqx outdoors 1"].get("class"))
        tree = self._tree(words["Zqx outdoors 1"].get("href"))
        self.assertEqual(self._rows(tree), {self.plain.id})
        # goods that the visitor does not see do not count
        self.broken.product_tmpl_id.is_published = False
        words = self._cloud(self.website._b2b_get_section_path(self.section))
        self.assertIn("Zqx big 2", words)
        # a section with its own cloud shows no other
        cloud.create({"section_id": self.below.id, "tag_id": self.tag.id})
        words = self._cloud(self.website._b2b_get_section_path(self.below))
        self.assertEqual(set(words), {"Zqx outdoors 1"})

    def test_words_of_a_cloud(self):
        cloud = self.env["b2b.catalogue.cloud"]
        for values in ({}, {"tag_id": self.tag.id, "preset_id": self.preset.id}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                cloud.create(values)
        self.assertEqual(
            [cloud._weigh(n, [1, 10, 100]) for n in (1, 10, 100)], [1, 2, 3]
        )
        self.assertEqual(cloud._weigh(7, [7]), 2)

    # === STAFF === #

    @mute_logger("odoo.http")
    def test_save_this_view_as_a_page(self):
        presets = self.env["b2b.catalogue.preset"]
        count = presets.search_count([])
        path = self.website._b2b_get_section_path(self.section)
        for login in (None, self.buyer):
            if login:
                self._login(login)
            else:
                self.authenticate(None, None)
            self._post("/b2b/catalogue-page/new", {"address": path})
        self.assertEqual(presets.search_count([]), count)
        self.authenticate("admin", "admin")
        page = self._tree(f"{path}?tags={self.tag.id}")
        (form,) = page.xpath("//form[contains(@class, 'o_b2b_save_view')]")
        fields = {i.get("name"): i.get("value") for i in form.xpath(".//input")}
        response = self._post(form.get("action"), {"address": fields["address"]})
        self.assertEqual(response.status_code, 200)
        preset = presets.search([], order="id desc", limit=1)
        self.assertEqual(presets.search_count([]), count + 1)
        self.assertEqual(preset.section_id, self.section)
        self.assertEqual(preset._get_query().tags, (self.tag.id,))
        self.assertFalse(preset.is_published)
        self.assertTrue(re.search(rf"/{preset.id}$", response.url))
        self._post("/b2b/catalogue-page/new", {"address": "https://evil.example/shop"})
        self.assertEqual(presets.search_count([]), count + 1)

    def test_save_what_a_member_sees_as_a_page(self):
        """Staff have core's shop; in a preview they have the members' filters."""
        presets = self.env["b2b.catalogue.preset"]
        url = f"/shop?brands={self.brand.id}&order=popular"
        form = "//form[contains(@class, 'o_b2b_save_view')]"
        self._login(self.buyer)
        self.assertFalse(self._tree(url).xpath(form))
        for group, may in (("staff_user", False), ("staff_admin", True)):
            user = new_test_user(self.env, f"zqx_{group}", f"b2b_portal.group_{group}")
            self.authenticate(user.login, user.login)
            wizard = self.env["b2b.member.preview.wizard"].with_user(user)
            wizard = wizard.create({"member_id": self.buyer.id, "reason": "a page"})
            self.url_open(
                "/web/dataset/call_button",
                data=json.dumps(
                    {
                        "params": {
                            "model": wizard._name,
                            "method": "action_preview",
                            "args": [wizard.ids],
                            "kwargs": {},
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            )
            page = self._tree(url)
            self.assertTrue(page.xpath("//*[contains(@class, 'o_b2b_catalogue ')]"))
            self.assertEqual(len(page.xpath(form)), may)
        (address,) = page.xpath(f"{form}/input[@name='address']/@value")
        before = presets.search([])
        self._post("/b2b/catalogue-page/new", {"address": address})
        preset = presets.search([]) - before
        self.assertEqual(preset.create_uid, user)
        self.assertEqual(preset._get_query().brands, (self.brand.id,))
        self.assertEqual(preset._get_query().order, "popular")

    # === QUERIES === #

    def test_queries_do_not_grow(self):
        """More choices, words and saved filters cost no more queries."""
        self._login(self.buyer)
        cloud, tags = self.env["b2b.catalogue.cloud"], self.env["product.tag"]

        def add(number):
            for index in range(number):
                tag = tags.create({"name": f"Zqx {cloud.search_count([])} {index}"})
                self.plain.product_tmpl_id.product_tag_ids += tag
                preset = self._create_preset(name="Zqx more", place_ids=self.section)
                cloud.create(
                    [
                        {"section_id": self.section.id, "tag_id": tag.id},
                        {"section_id": self.section.id, "preset_id": preset.id},
                    ]
                )
                self.env["b2b.saved.filter"].create(
                    {
                        "name": f"Zqx {tag.id}",
                        "member_id": self.buyer2.id if index % 2 else self.buyer.id,
                        "entity_id": self.north_a.id,
                        "website_id": self.website.id,
                        "shared": True,
                        "section_key": self.section.id,
                        "params": f"tags={tag.id}",
                    }
                )

        add(3)
        urls = (
            self.website._b2b_get_section_path(self.section),
            self.preset._get_path(),
            "/my/saved-filters",
        )
        few = [self._count(url) for url in urls]
        add(12)
        many = [self._count(url) for url in urls]
        self.assertEqual(few, many)
