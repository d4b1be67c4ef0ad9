# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .access_common import AccessCase, squeeze


@tagged("post_install", "-at_install")
class TestCrawler(AccessCase):
    """Nothing leaks, by whatever way a browser or a program asks."""

    def _collect(self, user, follow):
        """(where, text) of everything that a user gets.

        :param int follow: how many pages to visit besides the listed ones
        """
        self._sign_in(user)
        first = self._get_page_urls()
        yield from self._crawl(first, len(first) + follow).items()
        for url, params in self._get_json_calls():
            yield url, self._call(url, params).text
        for url in ("/shop/cart", "/shop/wishlist", "/shop"):
            yield f"{url} after", self.url_open(url).text
        if user:
            yield from self._read_everything(user)
            data = {"active_model": "product.template", "active_ids": self.secret.ids}
            report = "report.product.report_pricelist"
            yield report, self._rpc(report, "get_html", data).text
            yield (
                "name_search",
                self._rpc("product.product", "name_search", "cretonu").text,
            )
            for records in (self.secret, self.variants):
                domain, names = [["id", "in", records.ids]], ["name", "list_price"]
                answer = self._rpc(records._name, "search_read", domain, names)
                yield f"search_read {records._name}", answer.text
                answer = self._rpc(
                    records._name,
                    "formatted_read_group",
                    domain,
                    groupby=["id"],
                    aggregates=["list_price:max"],
                )
                yield f"group {records._name}", answer.text

    def _leaks(self, user, needles, follow=60):
        """(where, needle) of what was found, and the number of answers."""
        found, count = [], 0
        for where, text in self._collect(user, follow):
            count += 1
            squeezed = squeeze(text).lower()
            found += [(where, needle) for needle in needles if needle in squeezed]
        return found, count

    def _needles(self):
        return [squeeze(f"{price:.2f}") for price in self.PRICES.values()] + ["46173"]

    def test_open_guest(self):
        """The crawler can fail: in the open mode it finds every kind of figure."""
        found, _count = self._leaks(None, self._needles(), follow=5)
        self.assertEqual(
            {needle for _where, needle in found},
            set(self._needles())
            - {squeeze(f"{self.PRICES[name]:.2f}") for name in ("agreement", "cost")},
        )
        where = {place for place, _needle in found}
        for place in (
            "/shop",
            "/shop?search=cretonu",
            f"/shop/{self.secret.id}",
            f"/shop/compare?products={','.join(map(str, self.variants.ids))}",
            "/shop/cart after",
            "/shop/wishlist after",
            "/website_sale/get_combination_info",
            "/website_sale/product_configurator/get_values",
            "/shop/compare/get_product_data",
            "/website/snippet/autocomplete",
            "/website/snippet/filters",
        ):
            self.assertIn(place, where)
        self.assertTrue([place for place in where if place.startswith("/gmc.xml")])

    def test_open_unapproved(self):
        """RPC, exports and reports are ways to the price, too."""
        found, _count = self._leaks(self.retail_user, self._needles(), follow=0)
        where = {place for place, _needle in found}
        for place in (
            "product.template.list_price",
            "product.product.lst_price",
            "product.template.attribute.value.price_extra",
            "report.product.report_pricelist",
            "/sale/product_configurator/get_values",
            "search_read product.product",
            "group product.template",
        ):
            self.assertIn(place, where)

    def test_hybrid_guest(self):
        self.website.b2b_access_mode = "members"
        found, count = self._leaks(None, self._needles())
        self.assertEqual(found, [])
        self.assertGreater(count, 50)

    def test_hybrid_unapproved(self):
        self.website.b2b_access_mode = "members"
        found, count = self._leaks(self.retail_user, self._needles())
        self.assertEqual(found, [])
        self.assertGreater(count, 200)

    def test_hybrid_member_finds_prices(self):
        """The crawler can fail: the same ways lead a member to the price."""
        self.website.b2b_access_mode = "members"
        found, _count = self._leaks(self.buyer.user_id, self._needles(), follow=5)
        price = squeeze(f"{self.PRICES['agreement']:.2f}")
        where = {place for place, needle in found if needle == price}
        self.assertIn(f"/shop/{self.secret.id}", where)
        self.assertIn("/shop", where)
        self.assertIn("/website_sale/get_combination_info", where)
        self.assertIn("/website/snippet/autocomplete", where)
        self.assertIn("46173", {needle for _place, needle in found})

    def test_closed_guest(self):
        self.website.b2b_access_mode = "closed"
        found, _count = self._leaks(None, self._needles() + list(self.WORDS))
        self.assertEqual(found, [])

    def test_closed_unapproved(self):
        self.website.b2b_access_mode = "closed"
        found, _count = self._leaks(
            self.retail_user, self._needles() + list(self.WORDS)
        )
        self.assertEqual(found, [])
