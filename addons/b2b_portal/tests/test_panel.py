# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml import html

from odoo.tests import tagged

from ..tools.catalogue_query import CatalogueQuery
from ..tools.facet import Facet, FacetValue
from .common import Command
from .panel_common import PanelCase


@tagged("post_install", "-at_install")
class TestPanel(PanelCase):
    """Sections and filters beside the members' catalogue."""

    # === FACETS === #

    def test_values_with_counts(self):
        self._login(self.buyer)
        page = self._open(self._path(self.bolts))
        brands = self._values(page, "brands")
        self.assertEqual(brands, {"Zacme": (2, False), "Zbest": (1, False)})
        slug = f"attribute-{self.thread.id}"
        self.assertEqual(list(self._values(page, slug)), ["M6", "M8", "M10"])

    def test_a_tick_is_an_address(self):
        """What the form sends without a script is read as the boxes say."""
        self._login(self.buyer)
        first, second, _third = self.thread.value_ids
        url = (
            f"{self._path(self.bolts)}?brands={self.acme.id}&brands={self.best.id}"
            f"&attribute_values={self.thread.id}-{first.id}"
            f"&attribute_values={self.thread.id}-{second.id}"
        )
        page = self._open(url)
        self.assertEqual(
            self._names(page),
            set((self.first | self.second).mapped("default_code")),
        )
        brands = self._values(page, "brands")
        self.assertEqual(brands, {"Zacme": (2, True), "Zbest": (0, True)})
        (form,) = page.xpath("//form[contains(@class, 'o_b2b_filters')]")
        # everything that is set has a box: nothing is sent twice
        self.assertEqual(form.xpath("input[@type='hidden'][not(@disabled)]"), [])

    def test_filters_without_a_box_are_kept(self):
        self._login(self.buyer)
        page = self._open(f"/shop?search={self.mark}&brands=99999999&order=name")
        (form,) = page.xpath("//form[contains(@class, 'o_b2b_filters')]")
        kept = {
            (field.get("name"), field.get("value"))
            for field in form.xpath("input[@type='hidden'][not(@disabled)]")
        }
        self.assertEqual(
            kept,
            {("search", self.mark), ("brands", "99999999"), ("order", "name")},
        )

    def test_values_know_their_address(self):
        query = CatalogueQuery(brands=(3,))
        value = FacetValue(3, "x", chosen=True, query=query.toggle("brands", 3))
        self.assertEqual(value.query.get_url("/shop"), "/shop")
        self.assertTrue(Facet("brands", "Brand", values=[value]).chosen)
        self.assertEqual(Facet(("attribute", 7), "x").slug, "attribute-7")

    def test_many_values(self):
        many = self._create_attribute("Zmany", [f"Z{n}" for n in range(13)])
        goods = [
            self._create_product(f"MANY-{n}", 10, public_categ_ids=self.nuts.ids)
            for n in range(13)
        ]
        for product, value in zip(goods, many.value_ids, strict=True):
            self._give(product.product_tmpl_id, value)
        self._login(self.buyer)
        slug = f"attribute-{many.id}"
        last = many.value_ids[12]
        url = f"{self._path(self.nuts)}?attribute_values={many.id}-{last.id}"
        page = self._open(url)
        self.assertEqual(len(self._values(page, slug)), 9, "8 frequent ones, 1 ticked")
        (link,) = page.xpath(f"//a[@data-slug='{slug}']")
        # an address from the list itself
        href = urljoin(url, link.get("href"))
        unfolded = self._open(href)
        labels = list(self._values(unfolded, slug))
        self.assertEqual(labels, [f"Z{n}" for n in range(13)])
        # a script gets this one filter alone
        part = self._open(href, **{"X-B2b-Part": "unfold"})
        self.assertEqual(list(self._values(part, slug)), labels)
        self.assertFalse(part.xpath("//td"))

    def test_unknown_groups_are_no_part(self):
        self._login(self.buyer)
        for slug in ("x", "section-99999999", "attribute-99999999", "", "price"):
            response = self.url_open(
                f"/shop?unfold={slug}", headers={"X-B2b-Part": "unfold"}
            )
            self.assertIn(response.status_code, (200, 404), slug)
            self.assertNotIn("Zsecret", response.text)
        self.assertEqual(self.url_open(f"/shop?unfold={'a,' * 4000}").status_code, 200)

    def test_configured_filters_come_first(self):
        other = self._create_attribute("Zother", ("red", "blue"))
        self._give(self.first, other.value_ids[0])
        self._give(self.second, other.value_ids[1])
        self.metal.b2b_facet_ids = other
        self._login(self.buyer)
        page = self._open(self._path(self.bolts))
        self.assertTrue(self._values(page, f"attribute-{other.id}"))
        self.assertFalse(self._values(page, f"attribute-{self.thread.id}"))
        page = self._open(f"/shop?search={self.mark}")
        self.assertFalse(self._values(page, f"attribute-{other.id}"))

    def test_more_filters_are_fetched_when_unfolded(self):
        others = self.env["product.attribute"]
        for n in range(14):
            other = self._create_attribute(f"Zextra {n:02}", ("a", "b"))
            self._give(self.first, other.value_ids[0])
            self._give(self.second, other.value_ids[1])
            others |= other
        self.bolts.b2b_facet_ids = others
        self._login(self.buyer)
        page = self._open(self._path(self.bolts))
        shown = f"attribute-{others[0].id}"
        self.assertEqual(len(self._values(page, shown)), 2)
        slug = f"attribute-{others[13].id}"
        (group,) = page.xpath(
            f"//details[@data-fold='extra']/details[@data-fold='{slug}']"
        )
        self.assertFalse(group.xpath(".//li"))
        (link,) = group.xpath(".//a")
        part = self._open(
            urljoin(f"{self._path(self.bolts)}", link.get("href")),
            **{"X-B2b-Part": "unfold"},
        )
        self.assertEqual(self._values(part, slug), {"a": (1, False), "b": (1, False)})
        value = others[13].value_ids[0]
        page = self._open(
            f"{self._path(self.bolts)}?attribute_values={others[13].id}-{value.id}"
        )
        self.assertEqual(self._values(page, slug)["a"], (1, True))

    def test_hidden_properties_are_no_filter(self):
        self.thread.visibility = "hidden"
        value = self.thread.value_ids[0]
        self._login(self.buyer)
        url = f"{self._path(self.bolts)}?attribute_values={self.thread.id}-{value.id}"
        page = self._open(url)
        self.assertFalse(self._values(page, f"attribute-{self.thread.id}"))

    def test_colours_show_their_colour(self):
        paint = self._create_attribute("Zpaint", ("red", "blue"), display_type="color")
        paint.value_ids[0].html_color = "#FF0000"
        self._give(self.first, paint.value_ids[0])
        self._give(self.second, paint.value_ids[1])
        self._login(self.buyer)
        page = self._open(self._path(self.bolts))
        slug = f"attribute-{paint.id}"
        swatches = page.xpath(f"//details[@data-fold='{slug}']//rect/@fill")
        self.assertEqual(swatches, ["#FF0000"])

    # === RIGHTS === #

    def test_nothing_of_prices_and_stock_for_whoever_sees_none(self):
        self._login(self.buyer)
        url = f"/shop?search={self.mark}&in_stock=1&min_price=5"
        page = self._open(url)
        self.assertTrue(page.xpath("//input[@name='min_price'][not(@type)]"))
        self.assertEqual(len(page.xpath("//a[contains(@class, 'o_b2b_chip')]")), 2)
        self.assertTrue(page.xpath("//input[@name='in_stock'][@type='checkbox']"))
        self.buyer.stage = "registered"
        self.website.write({"b2b_access_mode": "custom", "b2b_show_stock": "members"})
        page = self._open(url)
        self.assertTrue(page.xpath("//input[@name='min_price'][not(@type)]"))
        self.assertFalse(page.xpath("//input[@name='in_stock'][@type='checkbox']"))
        self.website.b2b_access_mode = "members"
        page = self._open(url)
        self.assertFalse(page.xpath("//input[@name='min_price'][not(@type)]"))
        self.assertFalse(page.xpath("//input[@name='in_stock'][@type='checkbox']"))
        self.assertFalse(page.xpath("//a[contains(@class, 'o_b2b_chip')]"))

    def test_no_range_in_the_client_mode(self):
        self._login(self.buyer)
        self._post("/b2b/client-mode", {"on": "1"})
        page = self._open(f"/shop?search={self.mark}&min_price=5")
        self.assertTrue(page.xpath("//*[contains(@class, 'o_b2b_client_badge')]"))
        self.assertFalse(page.xpath("//input[@name='min_price'][not(@type)]"))

    def test_forged_ids_tell_no_names(self):
        rules = self.env["b2b.assortment"]
        rules.create(
            {
                "name": "Closed",
                "mode": "hide",
                "audience": "everybody",
                "brand_ids": [Command.set(self.best.ids)],
            }
        )
        warehouse = self.env["stock.warehouse"].create(
            {"name": "Zwarehouse", "code": "ZW", "company_id": self.company.id}
        )
        self._login(self.buyer)
        page = self.url_open(
            f"/shop?categories={self.secret.id}&brands={self.best.id}"
            f"&warehouses={warehouse.id}&slices=zzz"
        ).text
        for name in ("Zsecret", "Zbest", "Zwarehouse"):
            self.assertNotIn(name, page)
        chips = html.fromstring(page).xpath("//a[contains(@class, 'o_b2b_chip')]")
        self.assertEqual(len(chips), 4)

    # === SECTIONS === #

    def test_both_trees(self):
        self._login(self.buyer)
        page = self._open(f"/shop?search={self.mark}")
        nodes = self._nodes(page)
        self.assertEqual(nodes["Zmetal"], (4, False))
        self.assertEqual(nodes["Zbolts"], (3, False))
        self.assertEqual(nodes["Zroofs"], (1, False))
        self.assertNotIn("Zsecret", nodes)

    def test_a_section_leads_across(self):
        self._login(self.buyer)
        page = self._open(self._path(self.bolts))
        nodes = self._nodes(page)
        self.assertEqual(nodes["Zroofs"], (1, False))
        (link,) = page.xpath("//nav//li/a[text()='Zroofs']")
        self.assertEqual(
            parse_qs(urlsplit(link.get("href")).query),
            {"categories": [str(self.bolts.id)]},
        )
        across = self._open(link.get("href"))
        self.assertEqual(self._names(across), {self.first.default_code})
        self.assertEqual(self._nodes(across)["Zbolts"], (1, True))

    def test_several_sections(self):
        self._login(self.buyer)
        page = self._open(f"/shop?categories={self.bolts.id}&categories={self.nuts.id}")
        self.assertEqual(len(self._names(page)), 4)
        nodes = self._nodes(page)
        self.assertEqual(nodes["Zbolts"], (3, True))
        self.assertEqual(nodes["Znuts"], (1, True))

    def test_sections_keep_the_other_filters(self):
        self._login(self.buyer)
        page = self._open(f"/shop?search={self.mark}&brands={self.best.id}")
        nodes = self._nodes(page)
        self.assertEqual(nodes["Zbolts"], (1, False))
        self.assertNotIn("Znuts", nodes)
        (link,) = page.xpath("//nav//li/a[text()='Zbolts']")
        self.assertEqual(
            self._names(self._open(link.get("href"))), {self.third.default_code}
        )

    def test_sections_by_name(self):
        self._login(self.buyer)
        rows = self.url_open("/shop/sections").json()
        rows = {row["name"]: row for row in rows}
        self.assertEqual(rows["Zbolts"]["above"], "Zmetal")
        self.assertEqual(
            self._names(self._open(rows["Zbolts"]["url"])),
            self._names(self._open(self._path(self.bolts))),
        )
        self.assertNotIn("Zsecret", rows)
        self.authenticate("b2b_retail", "b2b_retail")
        self.assertEqual(self.url_open("/shop/sections").status_code, 403)

    def test_branches_are_fetched_where_there_are_many(self):
        sections = self._create_sections(*(f"Zmore {n}" for n in range(120)))
        self.second.public_categ_ids |= sections
        self._login(self.buyer)
        page = self._open(f"/shop?search={self.mark}")
        self.assertNotIn("Zbolts", self._nodes(page))
        slug = f"section-{self.metal.id}"
        (branch,) = page.xpath(f"//details[@data-fold='{slug}']")
        href = urljoin(f"/shop?search={self.mark}", branch.get("data-url"))
        part = self._open(href, **{"X-B2b-Part": "unfold"})
        names = part.xpath("//li/a/text()")
        self.assertEqual(set(names), {"Zbolts", "Znuts"})
        nodes = self._nodes(self._open(self._path(self.bolts)))
        self.assertIn("Znuts", nodes)

    # === SPEED === #

    def test_queries_do_not_grow(self):
        self._login(self.buyer)
        url = f"{self._path(self.bolts)}?search={self.mark}"

        def count():
            self.url_open(url)
            before = self.env.cr.sql_log_count
            self.url_open(url)
            return self.env.cr.sql_log_count - before

        few = count()
        many = self._create_attribute("Zmany", [f"Z{n}" for n in range(30)])
        brands = self.env["b2b.brand"].create(
            [{"name": f"Zbrand {n}"} for n in range(30)]
        )
        for n in range(30):
            product = self._create_product(
                f"{self.mark}-{n}",
                10 + n,
                name=f"{self.mark} {n}",
                public_categ_ids=self.bolts.ids,
                b2b_brand_id=brands[n].id,
            )
            self._give(product.product_tmpl_id, many.value_ids[n])
        self.env.flush_all()
        # one facet more, of a simple count
        self.assertLessEqual(count(), few + 2)
