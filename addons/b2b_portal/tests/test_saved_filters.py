# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.b2b_saved_filter import MAX_FILTERS
from ..models.website import Acting
from ..tools.catalogue_query import CatalogueQuery
from .catalogue_common import CatalogueCase


@tagged("post_install", "-at_install")
class TestSavedFilters(CatalogueCase):
    """Filters that members keep: one's own, shared ones, those of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brand = cls.env["b2b.brand"].create({"name": "Zqx brand"})
        cls.saved = cls._save(cls.buyer, "Zqx own", within="bolt")

    @classmethod
    def _save(cls, member, name, shared=False, **query):
        acting = Acting(member, cls.agreement.entity_id, cls.agreement)
        saved = cls.env["b2b.saved.filter"]
        query = CatalogueQuery(**query)
        return saved._b2b_save(acting, cls.website, name, query, shared)

    def _seen(self, member):
        saved = self.env["b2b.saved.filter"].with_user(member.user_id)
        return saved.search([("name", "like", "Zqx")]).sudo()

    # === WHO SEES THEM === #

    def test_own_and_shared(self):
        self.assertIn(self.saved, self._seen(self.buyer))
        self.assertNotIn(self.saved, self._seen(self.head))
        self.assertNotIn(self.saved, self._seen(self.stranger))
        self.saved.shared = True
        self.assertIn(self.saved, self._seen(self.head))
        self.assertNotIn(self.saved, self._seen(self.stranger))

    def test_by_rpc(self):
        """Nobody writes by RPC, nobody reads another account's."""
        for member in (self.buyer, self.head, self.stranger):
            mine = self.saved.with_user(member.user_id)
            with self.assertRaises(AccessError):
                mine.write({"shared": True})
            with self.assertRaises(AccessError):
                mine.unlink()
        with self.assertRaises(AccessError):
            self.saved.with_user(self.stranger.user_id).read(["params"])

    # === SAVING === #

    def test_what_is_refused(self):
        for name, query in (
            ("", {"within": "x"}),
            ("n" * 10_000, {"within": "x"}),
            ("Zqx nothing", {}),
            ("zqx OWN", {"within": "x"}),
            ("Zqx twice", {"within": "bolt"}),
        ):
            with self.assertRaises(UserError, msg=name[:20]):
                self._save(self.buyer, name, **query)

    def test_not_more_than_a_page_can_hold(self):
        for number in range(MAX_FILTERS - 1):
            self._save(self.buyer, f"Zqx {number}", within=f"w{number}")
        with self.assertRaises(UserError):
            self._save(self.buyer, "Zqx one more", within="more")
        self._save(self.head, "Zqx one more", within="more")

    def test_saved_from_the_catalogue_and_opened(self):
        self._login(self.buyer)
        address = f"/shop?brands={self.brand.id}"
        self._post("/my/saved-filters/save", {"address": address, "name": "Zqx brand"})
        saved = self._seen(self.buyer).filtered(lambda f: f.name == "Zqx brand")
        self.assertEqual(saved._get_query().brands, (self.brand.id,))
        self.assertIn("Zqx brand", self.url_open("/my/saved-filters").text)
        response = self.url_open(f"/my/saved-filters/{saved.id}")
        self.assertIn(f"brands={self.brand.id}", response.url)

    def test_only_the_catalogue_is_saved(self):
        self._login(self.buyer)
        count = len(self._seen(self.buyer))
        for address in ("/my/orders", "https://elsewhere.example/shop?within=x", ""):
            data = {"address": address, "name": "Zqx bad"}
            response = self._post("/my/saved-filters/save", data)
            self.assertEqual(response.status_code, 200)
            self.assertNotIn("elsewhere", response.url)
        self.assertEqual(len(self._seen(self.buyer)), count)

    # === OPENING === #

    def test_what_is_gone_is_said(self):
        saved = self._save(self.buyer, "Zqx gone", brands=(self.brand.id,), within="M8")
        self.brand.unlink()
        self._login(self.buyer)
        response = self.url_open(f"/my/saved-filters/{saved.id}")
        self.assertIn("within=M8", response.url)
        self.assertNotIn("brands", response.url)
        self.assertIn("Zqx gone", response.text)

    def test_the_catalogue_opens_with_it(self):
        self._login(self.buyer)
        self._post(f"/my/saved-filters/{self.saved.id}/default", {})
        self.assertIn("within=bolt", self.url_open("/shop").url)
        self._post(f"/my/saved-filters/{self.saved.id}/default", {"off": "1"})
        self.assertNotIn("within", self.url_open("/shop").url)

    def test_filters_of_others(self):
        self._login(self.stranger)
        for suffix in ("", "/update", "/delete", "/move", "/default"):
            url = f"/my/saved-filters/{self.saved.id}{suffix}"
            response = (
                self._post(url, {"name": "Mine"}) if suffix else self.url_open(url)
            )
            self.assertIn(response.status_code, (403, 404), suffix)
        self.assertEqual(self.saved.name, "Zqx own")
        self.assertFalse(self.stranger.default_filter_id)
