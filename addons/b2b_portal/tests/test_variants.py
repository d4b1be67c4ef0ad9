# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from itertools import product as combine

from lxml import html

from odoo.tests import BaseCase, tagged

from ..tools.variant_grid import MAX_CELLS, MAX_COLUMNS, Axis, lay_out
from .catalogue_common import CatalogueCase
from .common import Command, find_ragged_rows

PART = {"X-B2b-Part": "variants"}


def make_axes(*sizes):
    """Axes of so many values each, and the places of all their combinations."""
    axes = [
        Axis(n, f"A{n}", tuple((1000 * n + i, f"v{i}") for i in range(size)))
        for n, size in enumerate(sizes, start=1)
    ]
    pairs = combine(*(axis.values for axis in axes))
    places = {
        number: {
            axis.attribute_id: value[0]
            for axis, value in zip(axes, values, strict=True)
        }
        for number, values in enumerate(pairs, start=1)
    }
    return axes, places


class TestVariantGrid(BaseCase):
    """Where variants stand, without a database."""

    def test_two_attributes(self):
        axes, places = make_axes(3, 5)
        grid = lay_out(axes, places)
        self.assertEqual((grid.rows, grid.columns), (axes[1], axes[0]))
        (section,) = grid.sections
        for value, cells in section.lines:
            for head, variant_id in zip(grid.columns.values, cells, strict=True):
                self.assertEqual(places[variant_id], {1: head[0], 2: value[0]})

    def test_gaps_and_what_nobody_has(self):
        axes, places = make_axes(3, 3)
        kept = {
            number: place
            for number, place in places.items()
            if place[1] != 1002 and place != {1: 1000, 2: 2000}
        }
        grid = lay_out(axes, kept)
        self.assertEqual(len(grid.columns.values), 2, "no column without a variant")
        cells = [cell for _v, line in grid.sections[0].lines for cell in line]
        self.assertEqual(cells.count(None), 1)
        self.assertEqual(sorted(grid.variant_ids), sorted(kept))

    def test_a_variant_without_a_value_is_not_lost(self):
        axes, places = make_axes(2, 2)
        places[99] = {1: 1000}
        self.assertIn(99, lay_out(axes, places).variant_ids)

    def test_three_attributes_make_sections(self):
        axes, places = make_axes(8, 2, 2)
        grid = lay_out(axes, places)
        self.assertEqual(len(grid.sections), 2)
        self.assertFalse(grid.choices)
        self.assertEqual(sorted(grid.variant_ids), sorted(places))

    def test_everything_can_be_reached_and_no_page_is_large(self):
        for sizes in (
            (10, 10, 10),
            (40, 25),
            (1000,),
            (13, 13, 13),
            (2,) * 10,
            (300, 2),
        ):
            axes, places = make_axes(*sizes)
            seen, waiting, asked = set(), [(), *((v,) for v in ())], set()
            while waiting:
                wanted = waiting.pop()
                if wanted in asked:
                    continue
                asked.add(wanted)
                for page in range(1, len(lay_out(axes, places, wanted).pages) + 1):
                    grid = lay_out(axes, places, wanted, page)
                    self.assertLessEqual(len(grid.variant_ids), MAX_CELLS)
                    if grid.columns:
                        self.assertLessEqual(len(grid.columns.values), MAX_COLUMNS)
                    seen.update(grid.variant_ids)
                for choice in grid.choices:
                    others = set(grid.chosen) - {v[0] for v in choice.axis.values}
                    for value_id, _name, _chosen in choice.values:
                        waiting.append(tuple(sorted(others | {value_id})))
            self.assertEqual(seen, set(places), sizes)

    def test_forged_wishes(self):
        axes, places = make_axes(30, 30)
        for wanted, page in (((0, 7, -1), 10**9), ((1029,), -5), ((2029, 1001), 0)):
            grid = lay_out(axes, places, wanted, page)
            self.assertTrue(grid.variant_ids)
        self.assertFalse(lay_out([], {}).sections)


class VariantCase(CatalogueCase):
    """A product by thread and length, with gaps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.thread = cls._attribute("Thread", "M6", "M8", "M10", "M12")
        cls.length = cls._attribute("Length", "20", "30", "40", "50", "60")
        cls.template = cls._create_template("Gridbolt", cls.thread, cls.length)
        for number, value in enumerate(cls.template.attribute_line_ids[0]):
            for extra, ptav in enumerate(value.product_template_value_ids):
                ptav.price_extra = extra * 7.31 + number
        cls.price_type.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": cls._variant("M10", "40").id,
                    "product_tmpl_id": cls.template.id,
                    "compute_price": "fixed",
                    "fixed_price": 3.07,
                }
            )
        ]
        cls._variant("M6", "60").active = False

    @classmethod
    def _attribute(cls, name, *values, create_variant="always"):
        return cls.env["product.attribute"].create(
            {
                "name": f"Zqv {name}",
                "create_variant": create_variant,
                "value_ids": [
                    Command.create({"name": value, "sequence": number})
                    for number, value in enumerate(values)
                ],
            }
        )

    @classmethod
    def _create_template(cls, name, *attributes, **values):
        return cls.env["product.template"].create(
            {
                "name": name,
                "list_price": 10.0,
                "is_storable": True,
                "is_published": True,
                "taxes_id": [],
                "b2b_multiple": 50,
                "allow_out_of_stock_order": True,
                "uom_ids": [Command.set(cls.box.ids)],
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids.ids)],
                        }
                    )
                    for attribute in attributes
                ],
            }
            | values
        )

    @classmethod
    def _variant(cls, *names):
        return cls.template.product_variant_ids.filtered(
            lambda variant: (
                set(variant.product_template_attribute_value_ids.mapped("name"))
                == set(names)
            )
        )

    def _open(self, template=None, query=""):
        template = template or self.template
        return self.url_open(f"/shop/variants/{template.id}{query}", headers=PART)

    def _cells(self, text):
        """Cells of variants by id."""
        cells = html.fromstring(text).xpath("//td[@data-product-id]")
        return {int(cell.get("data-product-id")): cell for cell in cells}

    def _count(self, url):
        """Least number of queries of some visits, caches warm."""
        counts = []
        for _visit in range(4):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.url_open(url, headers=PART).status_code, 200)
            counts.append(self.env.cr.sql_log_count - before)
        return min(counts)


@tagged("post_install", "-at_install")
class TestVariants(VariantCase):
    """The row of a product with variants, its matrix, and who sees what of it."""

    # === THE LIST === #

    def test_one_row(self):
        self._login(self.buyer)
        for view in ("table", "list", "grid"):
            page = self.url_open(f"/shop?search=Gridbolt&view={view}").text
            self.assertFalse(find_ragged_rows(page))
            tree = html.fromstring(page)
            (link,) = tree.xpath("//a[contains(@class, 'o_b2b_variants_open')]")
            self.assertEqual(link.get("href"), self.template.website_url)
            self.assertNotIn('name="qty_', page)
            self.assertRegex(page, r"\b19\b")
            # the least of all variants, which is a price of one variant only
            (price,) = tree.xpath("//form//*[@class='o_b2b_my_price']")
            self.assertTrue(self._has(price.text_content(), 2.98), view)

    def test_few_variants_stay_rows(self):
        short = self._attribute("Short", "a", "b", "c")
        template = self._create_template("Rowbolt", short)
        self._login(self.buyer)
        page = self.url_open("/shop?search=Rowbolt&view=table").text
        for variant in template.product_variant_ids:
            self.assertIn(f'name="qty_{variant.id}"', page)
        page = self.url_open("/shop?search=Rowbolt&view=grid").text
        self.assertIn("o_b2b_variants_open", page)

    def test_from_is_said_only_of_all(self):
        """Too many variants to compare: no least price is claimed."""
        long = self._attribute("Long", *(str(n) for n in range(70)))
        self._create_template("Longbolt", long)
        self._login(self.buyer)
        page = self.url_open("/shop?search=Longbolt&view=table").text
        self.assertFalse(html.fromstring(page).xpath("//*[@class='o_b2b_my_price']"))
        self.assertIn("o_b2b_variants_open", page)

    def test_no_variant_yet(self):
        dynamic = self._attribute("Dyn", "a", "b", create_variant="dynamic")
        template = self._create_template("Dynbolt", dynamic)
        self.assertFalse(template.product_variant_ids)
        self._login(self.buyer)
        for view in ("table", "list", "grid"):
            page = self.url_open(f"/shop?search=Dynbolt&view={view}")
            self.assertEqual(page.status_code, 200)
            self.assertIn(template.website_url, page.text)
        self.assertEqual(self._open(template).status_code, 200)

    # === THE MATRIX === #

    def test_every_cell_has_the_price_of_the_engine(self):
        self._login(self.buyer)
        response = self._open()
        self.assertIn("no-store", response.headers["Cache-Control"])
        cells = self._cells(response.text)
        variants = self.template.product_variant_ids
        self.assertEqual(set(cells), set(variants.ids))
        found = self.agreement.sudo().pricelist_id._compute_price_rule(variants, 1.0)
        for variant in variants:
            price = self.currency.round(found[variant.id][0])
            text = self._cell(cells[variant.id], "o_b2b_my_price")
            self.assertTrue(self._has(text, price), (variant.display_name, text, price))
            prices = json.loads(cells[variant.id].get("data-prices"))
            (least, shown) = prices[str(variant.uom_id.id)][0]
            self.assertEqual(least, 0)
            self.assertAlmostEqual(shown, price, 2)
        gaps = html.fromstring(response.text).xpath("//td[@class='o_b2b_cell_none']")
        self.assertEqual(len(gaps), 1)
        self.assertTrue(gaps[0].text_content().strip(), "said to screen readers")
        self.assertFalse(find_ragged_rows(response.text))

    def test_one_price_is_said_once(self):
        template = self._create_template("Evenbolt", self.thread, self.length)
        self._login(self.buyer)
        text = self._open(template).text
        (head,) = html.fromstring(text).xpath(
            "//*[contains(@class, 'o_b2b_one_price')]"
        )
        self.assertTrue(self._has(head.text_content(), 8.73))
        cells = self._cells(text).values()
        self.assertFalse([c for c in cells if c.xpath(".//*[@class='o_b2b_my_price']")])

    def test_cells_go_into_the_cart(self):
        first, second = self._variant("M6", "20"), self._variant("M12", "60")
        cart = self._create_cart(self.buyer)
        self._login(self.buyer)
        self._post(
            "/shop/table/add",
            {
                "cart_id": str(cart.id),
                "agreement_id": str(self.agreement.id),
                "page": "/my/carts",
                f"qty_{first.id}": "70",
                f"uom_{first.id}": str(first.uom_id.id),
                f"qty_{second.id}": "100",
            },
        )
        lines = {line.product_id: line.product_uom_qty for line in cart.order_line}
        self.assertEqual(lines, {first: 100, second: 100})
        text = self._cell(self._cells(self._open().text)[first.id], "o_b2b_in_cart")
        self.assertIn("100", text)

    def test_a_thousand_variants(self):
        big = [
            self._attribute(f"Big {n}", *(f"v{i}" for i in range(10))) for n in range(3)
        ]
        template = self._create_template("Bigbolt", *big)
        self.assertEqual(len(template.product_variant_ids), 1000)
        self._login(self.buyer)
        text = self._open(template).text
        self.assertLessEqual(len(self._cells(text)), MAX_CELLS)
        links = html.fromstring(text).xpath(
            "//a[contains(@class, 'o_b2b_variants_go')]"
        )
        self.assertEqual(len(links), 10)
        query = links[-1].get("href").partition("?")[2]
        other = self._open(template, f"?{query}").text
        self.assertFalse(set(self._cells(text)) & set(self._cells(other)))
        # without a script the same address leads to the product's page
        page = self.url_open(f"/shop/variants/{template.id}?{query}").text
        self.assertEqual(set(self._cells(page)), set(self._cells(other)))
        # the last variant has a page of its own
        variant = template.product_variant_ids.sorted("id")[-1]
        url = self._cells(other)[sorted(self._cells(other))[-1]]
        address = url.xpath(".//a[@class='o_b2b_cell_link']/@href")[0]
        shown = html.fromstring(self.url_open(address).text)
        current = shown.xpath(
            "//td[contains(@class, 'o_b2b_current')]/@data-product-id"
        )
        self.assertEqual([int(i) for i in current], [int(url.get("data-product-id"))])
        self.assertTrue(variant)

    def test_queries_do_not_grow(self):
        small = self._create_template(
            "Smallbolt", self.thread, self._attribute("S", "1", "2")
        )
        big = self._create_template(
            "Largebolt",
            self._attribute("T", *(f"v{i}" for i in range(20))),
            self.length,
        )
        self._login(self.buyer)
        few = self._count(f"/shop/variants/{small.id}")
        many = self._count(f"/shop/variants/{big.id}")
        self.assertEqual(len(self._cells(self._open(big).text)), 100)
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(many, 65)

    # === BAD INPUT AND RIGHTS === #

    def test_forged_and_hidden(self):
        hidden = self._create_template(
            "Hiddenbolt", self.thread, self.length, is_published=False
        )
        archived = self._create_template(
            "Gonebolt", self.thread, self.length, active=False
        )
        self._login(self.buyer)
        texts = set()
        for template_id in (hidden.id, archived.id, 0, 10**9 - 1, 10**30):
            for headers in (PART, {}):
                response = self.url_open(
                    f"/shop/variants/{template_id}", headers=headers
                )
                self.assertEqual(response.status_code, 404, template_id)
                self.assertNotIn("Hiddenbolt", response.text)
                texts.add("Traceback" in response.text)
        self.assertEqual(texts, {False})
        for query in (
            "?values=x,-1,99999999999,,",
            "?rows=-3",
            "?rows=1e9&values=" * 9,
        ):
            self.assertEqual(len(self._cells(self._open(query=query).text)), 19, query)

    def test_goods_put_together_on_their_page(self):
        choice = self._attribute("Choice", "x", "y", create_variant="no_variant")
        template = self._create_template("Madebolt", self.thread, choice)
        self._login(self.buyer)
        text = self._open(template).text
        self.assertFalse(self._cells(text))
        self.assertIn(template.website_url, text)
        page = self.url_open("/shop?search=Madebolt&view=table").text
        self.assertNotIn("o_b2b_variants_open", page)

    def test_inactive_values_and_exclusions(self):
        line = self.template.attribute_line_ids[0]
        line.value_ids = [Command.unlink(self.thread.value_ids[0].id)]
        self._login(self.buyer)
        cells = self._cells(self._open().text)
        self.assertEqual(set(cells), set(self.template.product_variant_ids.ids))
        self.assertEqual(len(cells), 15)

    def test_dynamic_variants_that_exist(self):
        dynamic = self._attribute("Dyn", "a", "b", "c", create_variant="dynamic")
        template = self._create_template("Dynbolt", dynamic, self.thread)
        values = template.attribute_line_ids.product_template_value_ids
        for name in ("a", "b"):
            template._create_product_variant(
                values.filtered(lambda v, n=name: v.name in (n, "M6"))
            )
        self._login(self.buyer)
        self.assertEqual(
            set(template.product_variant_ids.ids),
            set(
                int(i)
                for i in html.fromstring(self._open(template).text).xpath(
                    "//@data-product-id"
                )
            ),
        )

    def test_who_may_not_order_or_see(self):
        self._login(self.accountant)
        text = self._open().text
        self.assertEqual(len(self._cells(text)), 19)
        self.assertNotIn("<input", text)
        self.assertNotIn("data-prices", text)
        self.buyer.stage = "registered"
        self.website.b2b_access_mode = "custom"
        self.website.b2b_show_stock = "members"
        self._login(self.buyer)
        self.assertNotIn("o_b2b_cell_stock", self._open().text)
        page = self.url_open("/shop?search=Gridbolt&view=table").text
        self.assertNotRegex(page, r"o_b2b_dot")
        self.website.b2b_access_mode = "members"
        text = self._open().text
        self.assertFalse(self._has(text, 2.98))
        self.assertNotIn("<input", text)
        page = self.url_open("/shop?search=Gridbolt&view=table").text
        self.assertFalse(self._has(page, 2.98))

    def test_strangers(self):
        self._login(self.stranger)
        text = self._open().text
        self.assertFalse(self._has(text, 2.98))
        self.assertTrue(self._has(text, 2.43))
        self.authenticate("b2b_retail", "b2b_retail")
        self.assertEqual(self._open().status_code, 403)
        self.authenticate(None, None)
        self.assertIn("/web/login", self._open().url)

    def test_client_mode(self):
        self._login(self.buyer)
        self._post("/b2b/client-mode", {"on": "1"})
        text = self._open().text
        page = self.url_open("/shop?search=Gridbolt&view=table").text
        product_page = self.url_open(self.template.website_url).text
        for shown in (text, page, product_page):
            self.assertNotIn("o_b2b_my_price", shown)
            self.assertFalse(self._has(shown, 2.98))
            self.assertNotIn("data-prices", shown)
            self.assertTrue(self._has(shown, 11.11))

    # === THE PRODUCT'S PAGE === #

    def test_the_product_page_has_the_matrix(self):
        self._login(self.buyer)
        page = self.url_open(self.template.website_url).text
        cells = self._cells(page)
        self.assertEqual(set(cells), set(self.template.product_variant_ids.ids))
        wanted = self._variant("M10", "40")
        (address,) = cells[wanted.id].xpath(".//a[@class='o_b2b_cell_link']/@href")
        page = self.url_open(address).text
        tree = html.fromstring(page)
        self.assertIn("M10", tree.xpath("//h1")[0].text_content())
        (current,) = tree.xpath("//td[contains(@class, 'o_b2b_current')]")
        self.assertEqual(current.get("data-product-id"), str(wanted.id))
        self.assertTrue(self._has(self._cell(current, "o_b2b_my_price"), 2.98))

    def test_one_attribute_keeps_the_list(self):
        template = self._create_template("Listbolt", self.length)
        self._login(self.buyer)
        page = self.url_open(template.website_url).text
        self.assertIn("o_b2b_goods_table", page)
        self.assertFalse(self._cells(page))


@tagged("post_install", "-at_install")
class TestVariantTour(VariantCase):
    def test_two_cells(self):
        """Open the matrix, type into two cells, add them: in Chromium."""
        cart = self._create_cart(self.buyer)
        self.start_tour(
            "/shop?search=Gridbolt&view=table", "b2b_variant_matrix", login="b2b_buyer"
        )
        lines = {line.product_id: line.product_uom_qty for line in cart.order_line}
        wanted = {
            self._variant("M6", "20"): 100,
            self._variant("M8", "30"): 150,
            self._variant("M10", "30"): 200,
            self._variant("M8", "40"): 250,
        }
        self.assertEqual(lines, wanted)
