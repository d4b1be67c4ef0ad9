# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.b2b_portal.models.b2b_saved_filter import MAX_FILTERS
from odoo.addons.b2b_portal.models.website import Acting
from odoo.addons.b2b_portal.tools.catalogue_query import CatalogueQuery

from .common import find_ragged_rows
from .preset_common import PresetCase

_URL = "/my/saved-filters"


class SavedFilterCase(PresetCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.saved = cls.env["b2b.saved.filter"]
        cls.query = CatalogueQuery(section=cls.section.id, brands=(cls.brand.id,))

    def _save(self, member=None, name="Zqx mine", query=None, shared=False):
        acting = Acting(member or self.buyer, self.north_a, self.agreement)
        return self.saved._b2b_save(
            acting, self.website, name, query or self.query, shared
        )

    def _seen(self, member, *filters):
        saved = self.saved.with_user(member.user_id)
        ids = [one.id for one in filters]
        return saved.search([("id", "in", ids)]).ids


@tagged("post_install", "-at_install")
class TestSavedFilters(SavedFilterCase):
    """Who sees and changes what, limits, what is gone."""

    def test_private_and_shared(self):
        private = self._save()
        shared = self._save(self.buyer2, "Zqx shared", shared=True)
        self.assertEqual(
            self._seen(self.buyer, private, shared), (private + shared).ids
        )
        for member in (self.buyer2, self.head, self.accountant):
            self.assertEqual(self._seen(member, private, shared), shared.ids)
        self.assertFalse(self._seen(self.stranger, private, shared))

    def test_another_legal_entity(self):
        """Who does not act for the entity does not see what is shared there."""
        shared = self._save(self.head, shared=True)
        shared.entity_id = self.north_b
        self.assertFalse(self._seen(self.buyer, shared))
        self.assertTrue(self._seen(self.head, shared))

    def test_who_may_change(self):
        private = self._save()
        shared = self._save(self.buyer, "Zqx shared", CatalogueQuery(letter="A"), True)
        theirs = self._save(self.accountant, "Zqx acc", shared=True)

        def may(member, verb):
            saved = (private + shared + theirs).with_user(member.user_id)
            return set(saved._b2b_filtered(verb).ids)

        for verb in ("write", "delete"):
            self.assertEqual(may(self.buyer, verb), {private.id, shared.id})
            self.assertEqual(may(self.head, verb), {shared.id}, "of the head's team")
            self.assertFalse(may(self.buyer2, verb))
            self.assertFalse(may(self.stranger, verb))
            self.assertEqual(may(self.accountant, verb), {theirs.id})

    def test_who_may_share(self):
        def may(member, entity):
            return self.saved.with_user(member.user_id)._b2b_may_share(entity)

        self.assertTrue(may(self.buyer, self.north_a))
        self.assertFalse(may(self.buyer, self.north_b))
        self.assertFalse(may(self.accountant, self.north_a))
        self.assertFalse(may(self.stranger, self.north_a))

    def test_rpc_writes_nothing(self):
        saved = self._save()
        mine = saved.with_user(self.buyer.user_id).sudo(False)
        for call in (
            lambda: mine.write({"name": "x"}),
            lambda: mine.unlink(),
            lambda: mine.copy(),
            lambda: self.saved.with_user(self.buyer.user_id).create(
                {
                    "name": "x",
                    "member_id": self.buyer.id,
                    "entity_id": self.north_a.id,
                    "website_id": self.website.id,
                }
            ),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_refusals(self):
        self._save()
        other = CatalogueQuery(letter="B")
        for name, query in (
            ("Zqx again", self.query),
            ("zqx MINE", other),
            ("", other),
            (" \0 ", other),
            ("x" * 10_000, other),
            ("Zqx nothing", CatalogueQuery()),
            ("Zqx much", CatalogueQuery(brands=tuple(range(10**8, 10**8 + 900)))),
        ):
            with self.assertRaises(UserError, msg=name[:20]):
                self._save(name=name, query=query)
        # a colleague may have the same
        self._save(self.buyer2)
        # the page is no part of it
        with self.assertRaises(UserError):
            self._save(name="Zqx page", query=self.query.change(page=3))

    def test_limit(self):
        for number in range(MAX_FILTERS):
            self._save(name=f"Zqx {number}", query=CatalogueQuery(brands=(number + 1,)))
        with self.assertRaises(UserError):
            self._save(name="Zqx more", query=CatalogueQuery(letter="C"))

    def test_order(self):
        first = self._save(name="Zqx 1")
        second = self._save(name="Zqx 2", query=CatalogueQuery(letter="A"))
        third = self._save(name="Zqx 3", query=CatalogueQuery(letter="B"))
        third._b2b_move(-1)
        first._b2b_move(-1)
        second._b2b_move(1)
        found = self.saved.search([("member_id", "=", self.buyer.id)])
        self.assertEqual(found, first + third + second)

    def test_what_is_gone(self):
        query = CatalogueQuery(
            section=self.section.id,
            brands=(self.brand.id, self.brand2.id),
            tags=(self.tag.id,),
            attributes=((999999, (999998,)),),
            letter="Z",
        )
        saved = self._save(query=query)
        provider = self.env["b2b.catalogue"]
        _left, lost = provider._leave_gone(saved._get_query())
        self.assertEqual(len(lost), 1)
        self.preset.unlink()
        (self.section + self.below).unlink()
        self.brand2.unlink()
        self.tag.unlink()
        left, lost = provider._leave_gone(saved._get_query())
        self.assertEqual(len(lost), 4)
        self.assertEqual(left, CatalogueQuery(brands=(self.brand.id,), letter="Z"))

    def test_words_tell_no_secret_names(self):
        """Tags that customers may not see, and warehouses, have no names here."""
        secret = self.env["product.tag"].create(
            {"name": "Zqx secret", "visible_to_customers": False}
        )
        warehouse = self.env["stock.warehouse"].search([], limit=1)
        query = CatalogueQuery(tags=(secret.id,), warehouses=(warehouse.id,))
        provider = self.env["b2b.catalogue"].with_user(self.buyer.user_id)
        text = str(provider._describe(query))
        self.assertNotIn("Zqx secret", text)
        self.assertNotIn(warehouse.name, text)


@tagged("post_install", "-at_install")
class TestSavedFilterPages(SavedFilterCase):
    """Pages and posts."""

    def _row(self, page, saved):
        return html.fromstring(page).xpath(f"//tr[@data-filter-id='{saved.id}']")

    def _find(self, name):
        return self.saved.search([("name", "=", name)])

    def test_save_from_the_catalogue(self):
        self._login(self.buyer)
        path = self.website._b2b_get_section_path(self.section)
        page = self.url_open(f"{path}?brands={self.brand.id}").text
        (form,) = html.fromstring(page).xpath(
            "//form[contains(@class, 'o_b2b_save_filter')]"
        )
        fields = {i.get("name"): i.get("value") for i in form.xpath(".//input")}
        self.assertIn("shared", fields)
        response = self._post(
            form.get("action"),
            {"address": fields["address"], "name": "Zqx saved", "default": "1"},
        )
        self.assertEqual(response.status_code, 200)
        saved = self._find("Zqx saved")
        self.assertEqual(saved._get_query(), self.query)
        self.assertEqual(saved.member_id, self.buyer)
        self.assertEqual(saved.entity_id, self.north_a)
        self.assertFalse(saved.shared)
        self.assertEqual(self.buyer.default_filter_id, saved)
        self.assertIn(f'href="{_URL}/{saved.id}"', self.url_open(path).text)

    def test_save_from_a_landing_page(self):
        """The filter holds the goods, not the page, which may end."""
        self._login(self.buyer)
        page = self.url_open(f"{self.preset._get_path()}?tags={self.tag.id}").text
        (address,) = html.fromstring(page).xpath(
            "//form[contains(@class, 'o_b2b_save_filter')]"
            "//input[@name='address']/@value"
        )
        self._post(f"{_URL}/save", {"address": address, "name": "Zqx landing"})
        query = self._find("Zqx landing")._get_query()
        self.assertEqual(query.section, self.section.id)
        self.assertEqual(query.brands, self.preset._get_query().brands)
        self.assertEqual(query.tags, (self.tag.id,))

    def test_forged_posts(self):
        self._login(self.buyer)
        count = self.saved.search_count([])
        for address in ("https://evil.example/shop?letter=A", "/my", "", "x" * 20_000):
            self._post(f"{_URL}/save", {"address": address, "name": "Zqx forged"})
        self._post(f"{_URL}/save", {"address": "/shop?letter=A", "name": "n" * 10_000})
        self.assertEqual(self.saved.search_count([]), count)
        self._post(
            f"{_URL}/save",
            {
                "address": "/shop?letter=A",
                "name": "Zqx ok",
                "member_id": str(self.stranger.id),
                "entity_id": str(self.south_a.id),
            },
        )
        self.assertEqual(self._find("Zqx ok").member_id, self.buyer)
        # whose role shares nothing does not share by the form either
        self._login(self.accountant)
        self._post(
            f"{_URL}/save",
            {"address": "/shop?letter=A", "name": "Zqx acc", "shared": "1"},
        )
        saved = self._find("Zqx acc")
        self.assertFalse(saved.shared)
        self._post(f"{_URL}/{saved.id}/update", {"name": "Zqx b", "shared": "1"})
        self.assertEqual((saved.name, saved.shared), ("Zqx b", False))

    def test_the_page(self):
        mine = self._save(shared=True)
        theirs = self._save(self.buyer2, "Zqx theirs", shared=True)
        secret = self._save(self.buyer2, "Zqx secret", CatalogueQuery(letter="A"))
        self._login(self.buyer)
        page = self.url_open(_URL).text
        self.assertFalse(find_ragged_rows(page))
        (row,) = self._row(page, mine)
        self.assertTrue(row.xpath(f".//form[@action='{_URL}/{mine.id}/delete']"))
        (row,) = self._row(page, theirs)
        self.assertIn(self.buyer2.name, row.text_content())
        self.assertFalse(row.xpath(f".//form[@action='{_URL}/{theirs.id}/delete']"))
        self.assertFalse(row.xpath(f".//form[@action='{_URL}/{theirs.id}/update']"))
        self.assertFalse(self._row(page, secret))
        self.brand.unlink()
        (row,) = self._row(self.url_open(_URL).text, mine)
        self.assertTrue(row.xpath(".//*[contains(@class, 'text-danger-emphasis')]"))

    def test_change_and_delete(self):
        saved = self._save()
        self._login(self.buyer)
        self._post(f"{_URL}/{saved.id}/update", {"name": "Zqx new", "shared": "1"})
        self.assertEqual((saved.name, saved.shared), ("Zqx new", True))
        self._post(f"{_URL}/{saved.id}/update", {"name": ""})
        self.assertEqual((saved.name, saved.shared), ("Zqx new", True))
        self._post(f"{_URL}/{saved.id}/delete", {})
        self.assertFalse(saved.exists())

    @mute_logger("odoo.http")
    def test_attacks(self):
        """Another account's, and a colleague's private one, are not there."""
        saved = self._save()
        for member in (self.stranger, self.buyer2, self.head):
            self._login(member)
            self.assertEqual(self.url_open(f"{_URL}/{saved.id}").status_code, 404)
            for verb in ("update", "move", "default", "delete"):
                response = self._post(f"{_URL}/{saved.id}/{verb}", {"name": "stolen"})
                self.assertEqual(response.status_code, 404, verb)
        self.assertEqual(saved.exists().name, "Zqx mine")
        self.assertFalse(self.stranger.default_filter_id)
        for path in (f"{_URL}/0", f"{_URL}/99999999", f"{_URL}/-1", f"{_URL}/x"):
            self.assertEqual(self.url_open(path).status_code, 404, path)
        self.authenticate("b2b_retail", "b2b_retail")
        self.assertIn(self.url_open(_URL).status_code, (403, 404))
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(_URL).url)

    def test_open(self):
        saved = self._save()
        self._login(self.buyer)
        page = self.url_open(f"{_URL}/{saved.id}")
        self.assertIn("/shop/category/", page.url)
        self.assertIn(f"brands={self.brand.id}", page.url)
        self.brand.unlink()
        page = self.url_open(f"{_URL}/{saved.id}")
        self.assertNotIn("brands", page.url)
        (message,) = html.fromstring(page.text).xpath(
            "//*[contains(@class, 'o_b2b_message')]"
        )
        self.assertIn("Zqx mine", message.text_content())

    def test_the_catalogue_opens_with_it(self):
        saved = self._save()
        self._login(self.buyer)
        self._post(f"{_URL}/{saved.id}/default", {})
        self.assertIn("brands=", self.url_open("/shop").url)
        for url, headers in (
            ("/shop?order=", {}),
            ("/shop?view=table", {}),
            ("/shop", {"Referer": f"{self.base_url()}/ru/shop/category/x-1"}),
            ("/shop", {"X-B2b-Part": "catalogue"}),
        ):
            page = self.url_open(url, headers=headers)
            self.assertNotIn("brands=", page.url, url)
            self.assertEqual(page.status_code, 200)
        page = self.url_open("/shop", headers={"Referer": f"{self.base_url()}/my"})
        self.assertIn("brands=", page.url)
        self._post(f"{_URL}/{saved.id}/default", {"off": "1"})
        self.assertNotIn("brands=", self.url_open("/shop").url)

    def test_a_default_that_is_no_longer_shared(self):
        theirs = self._save(self.buyer2, shared=True)
        self._login(self.buyer)
        self._post(f"{_URL}/{theirs.id}/default", {})
        self.assertIn("brands=", self.url_open("/shop").url)
        theirs.shared = False
        page = self.url_open("/shop")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("brands=", page.url)

    def test_nothing_left_is_no_circle(self):
        saved = self._save(query=CatalogueQuery(brands=(self.brand.id,)))
        self._login(self.buyer)
        self._post(f"{_URL}/{saved.id}/default", {})
        self.brand.unlink()
        page = self.url_open("/shop")
        self.assertEqual(page.status_code, 200)
        self.assertTrue(page.url.endswith("/shop?order="))
