# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..tools.catalogue_query import CatalogueQuery
from .assortment_common import AssortmentMixin
from .catalogue_common import CatalogueCase


@tagged("post_install", "-at_install")
class TestClosedGroups(AssortmentMixin, CatalogueCase):
    """Sections and brands that the assortment closes keep their names to themselves.

    Whoever forges an id asks pages that put the visitor's own choice into words.
    """

    def setUp(self):
        super().setUp()
        self._login(self.buyer)
        self.names = (self.brand.name, self.subsection.name)

    def _close(self):
        values = {"brand": self.brand, "section": self.section}
        self._create_rule("hide", self.bolt.browse(), account=self.north, **values)

    def _told(self, url):
        """Which of the names a page tells."""
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        return [name for name in self.names if name in response.text]

    def _check(self, url, *names):
        self.assertEqual(self._told(url), list(names))
        self._close()
        self.assertEqual(self._told(url), [])

    def test_saved_filters(self):
        address = f"/shop?brands={self.brand.id}&categories={self.subsection.id}"
        self._post("/my/saved-filters/save", {"address": address, "name": "Zqx mine"})
        self._check("/my/saved-filters", *self.names)

    def test_filters_saved_later(self):
        self._close()
        address = f"/shop?brands={self.brand.id}&categories={self.subsection.id}"
        self._post("/my/saved-filters/save", {"address": address, "name": "Zqx mine"})
        self.assertTrue(
            self.env["b2b.saved.filter"].search([("name", "=", "Zqx mine")])
        )
        self.assertEqual(self._told("/my/saved-filters"), [])

    def test_goods_of_a_price_list(self):
        query = CatalogueQuery(section=self.subsection.id, brands=(self.brand.id,))
        self._check(self.website._b2b_get_price_list_url(query), *self.names)

    def test_feeds(self):
        values = {"name": "Zqx one", "section": self.subsection.id}
        self._post("/my/feeds/new", values)
        feeds = self.env["b2b.price.feed"]
        (feed,) = feeds.search([("name", "=", "Zqx one")])
        self.assertEqual(feed.section_ids, self.subsection)
        self.assertIn(self.subsection.name, self.url_open("/my/feeds").text)
        self._close()
        self.assertNotIn(self.subsection.name, self.url_open("/my/feeds").text)
        self._post("/my/feeds/new", values | {"name": "Zqx two"})
        (feed,) = feeds.search([("name", "=", "Zqx two")])
        self.assertFalse(feed.section_ids, "a forged section is none")
