# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.tests import tagged

from odoo.addons.b2b_portal.tests.common import Command

from .search_common import SearchCase

_GOODS = "//*[contains(concat(' ', @class, ' '), ' o_b2b_suggestion ')]"


class SuggestCase(SearchCase):
    def setUp(self):
        super().setUp()
        self._login(self.buyer)

    def _ask(self, text, area="catalogue", status=200):
        response = self.url_open(
            "/shop/suggest", params={"text": text, "area": area}, timeout=30
        )
        self.assertEqual(response.status_code, status, text)
        return response.json() if status == 200 else None

    def _get_tree(self, text, area="catalogue"):
        answer = self._ask(text, area)
        return html.fromstring(f"<div>{answer['html']}</div>")

    def _get_row(self, tree, article):
        """The row of goods (single), or None."""
        product = self.by_article[article].product_variant_id
        rows = tree.xpath(f"//*[@data-product-id='{product.id}']")
        return rows[0] if rows else None

    def _get_text(self, node):
        return " ".join(node.text_content().split())

    def _get_links(self, tree, kind):
        """dict label -> count of sections or brands."""
        rows = tree.xpath(f"//*[contains(@class, 'o_b2b_suggest_{kind}')]//a")
        return {
            row.xpath("string(span[not(contains(@class, 'hidden'))])"): int(
                row.xpath("string(small)")
            )
            for row in rows
        }

    def _get_texts(self, tree):
        return [
            self._get_text(a)
            for a in tree.xpath("//a[i[contains(@class, 'fa-search')]]")
        ]


@tagged("post_install", "-at_install")
class TestSuggest(SuggestCase):
    def test_goods_with_price_stock_and_quantity(self):
        bolt = self.by_article["933-8-40"]
        bolt.write({"b2b_multiple": 48, "taxes_id": False})
        tree = self._get_tree("болт м8х40 zqx 200 шт")
        row = self._get_row(tree, "933-8-40")
        self.assertIn("933-8-40", self._get_text(row))
        prices = self.agreement.sudo().pricelist_id._compute_price_rule(
            bolt.product_variant_id, 1.0
        )
        price = self.currency.round(prices[bolt.product_variant_id.id][0])
        self.assertTrue(self._has(self._get_text(row), price), self._get_text(row))
        (box,) = row.xpath(".//input")
        self.assertEqual(box.get("value"), "240", "rounded up to the pack")
        (grid,) = tree.xpath("//*[@role='grid']")
        self.assertEqual(grid.get("data-agreement-id"), str(self.agreement.id))
        answer = self._rpc(
            "/shop/table/add_row",
            product_id=bolt.product_variant_id.id,
            quantity=box.get("value"),
            cart_id=int(grid.get("data-cart-id")),
            agreement_id=self.agreement.id,
        ).json()["result"]
        self.assertEqual(answer["outcome"], "added")

    def test_the_word_goes_on(self):
        tree = self._get_tree("Шлифм")
        (text,) = self._get_texts(tree)[:1]
        self.assertTrue(text.startswith("шлифмашин"), text)
        self.assertIsNotNone(self._get_row(tree, "BO5030"))
        # what the words before leave
        tree = self._get_tree("kyocera кар")
        self.assertEqual(self._get_texts(tree), ["kyocera картридж"])
        # a finished word does not go on
        self.assertEqual(self._get_texts(self._get_tree("kyocera кар ")), [])

    def test_queries_of_others_come_first(self):
        provider = self.registry["b2b.catalogue"]
        self.patch(
            provider, "_get_query_suggestions", lambda self, text: ["картридж TK-1170"]
        )
        texts = self._get_texts(self._get_tree("картр"))
        self.assertEqual(texts[0], "картридж TK-1170")

    def test_sections_and_brands_with_counts(self):
        section = self.env["product.public.category"].create(
            {"name": "Zqx Болты", "product_tmpl_ids": [Command.set(self.found[:3].ids)]}
        )
        self._catch_up()
        tree = self._get_tree("болт zqx")
        self.assertEqual(self._get_links(tree, "section")[section.name], 3)
        brand = self.by_article["933-8-40"].b2b_brand_id
        self.assertEqual(self._get_links(tree, "brand"), {brand.name: 3})
        # the page that a count leads to has so many goods
        (link,) = tree.xpath("//*[contains(@class, 'o_b2b_suggest_brand')]//a")
        page = html.fromstring(self.url_open(link.get("href")).text)
        self.assertEqual(len(page.xpath("//tr[@data-product-id]")), 3)
        (everything,) = tree.xpath("//*[@id='o_b2b_suggestion_all']//a")
        self.assertRegex(self._get_text(everything), r"\b3$")

    def test_corrections_are_told(self):
        tree = self._get_tree("картрижд zqx")
        (note,) = tree.xpath("//p[contains(@class, 'o_b2b_suggest_note')]")
        self.assertIn("картридж zqx", self._get_text(note))
        self.assertIsNotNone(self._get_row(tree, "TK-1170"))
        self.assertIsNotNone(self._get_row(self._get_tree("rfhnhbl;"), "TK-1170"))

    def test_last_purchase(self):
        bolt = self.by_article["933-8-40"].product_variant_id
        order = self._create_cart(self.buyer, lines=[(bolt, 731)])
        order.write({"state": "sale", "date_order": "2026-03-14 09:00:00"})
        row = self._get_row(self._get_tree("933-8-40"), "933-8-40")
        self.assertRegex(self._get_text(row), r"14.*2026.*731|731.*14.*2026|3/14.*731")
        self._login(self.stranger)
        row = self._get_row(self._get_tree("933-8-40"), "933-8-40")
        self.assertNotIn("731", self._get_text(row))

    def test_goods_that_are_chosen_on_their_page(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Zqx colour",
                "create_variant": "no_variant",
                "value_ids": [Command.create({"name": n}) for n in ("Red", "Blue")],
            }
        )
        self.by_article["HS-20"].attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]
        row = self._get_row(self._get_tree("hs-20"), "HS-20")
        self.assertFalse(row.xpath(".//input"))
        self.assertTrue(row.xpath(".//a[contains(@class, 'btn')]"))

    def test_queries_do_not_grow(self):
        """As many with six rows as with one; as many for three goods as for ten."""
        counts = [
            self._count(f"/shop/suggest?text={text}") for text in ("TK-1170 zqx", "zqx")
        ]
        self.assertLessEqual(counts[1], counts[0] + 3)
        self.assertLessEqual(counts[1], 85)

    def test_brief_answer(self):
        """The same rows without figures, for less than two thirds of the queries."""
        url = "/shop/suggest?text=болт м8х40 zqx"
        brief, full = (self.url_open(url + end).json() for end in ("&brief=1", ""))
        self.assertEqual(brief["count"], full["count"])
        self.assertIn("933-8-40", brief["html"])
        self.assertNotIn("<input", brief["html"])
        self.assertNotRegex(brief["html"], r"\d[.,]\d\d(?!\d)")
        self.assertLess(self._count(url + "&brief=1"), self._count(url) * 2 / 3)

    def test_without_an_index(self):
        self.env["b2b.search.build"]._get().ready = False
        self.assertIsNotNone(self._get_row(self._get_tree("TK-1170"), "TK-1170"))
        self.assertEqual(self._ask("полная", "card")["count"], 0)

    def test_odd_texts(self):
        for text in (
            "", " ", "б", "1", "%", "__", "\\\\", "'\"", "' OR 1=1 --", "а" * 10000,
            "болт & | ! : * ( )", "<script>alert(1)</script> болт", "\u202eтлоб",
            "😀 болт", "и в на", "0" * 50, "-" * 100, "\x00болт", "бо\x00лт",
            "болт <b>zqx", "200 шт", "1 " * 200,
        ):  # fmt: skip
            for area in ("catalogue", "card", "orders", "documents"):
                answer = self._ask(text, area)
                self.assertNotIn("<script", answer["html"])
                self.assertNotIn("<b>zqx", answer["html"])
        for text in ("", " ", "б"):
            self.assertEqual(self._ask(text), {"html": "", "count": 0, "status": ""})
        self.assertEqual(self.url_open("/shop/suggest").json()["count"], 0)
        self.assertGreater(self._ask("болт & zqx")["count"], 0)


@tagged("post_install", "-at_install")
class TestSuggestRights(SuggestCase):
    def test_visitors(self):
        self.authenticate(None, None)
        response = self.url_open("/shop/suggest?text=bolt", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.authenticate("b2b_retail", "b2b_retail")
        self.assertEqual(self.url_open("/shop/suggest?text=bolt").status_code, 403)

    def test_hidden_goods(self):
        """Neither goods, words, sections, brands nor corrections of hidden ones."""
        secret = self.env["b2b.brand"].create({"name": "Zqxbrand"})
        section = self.env["product.public.category"].create({"name": "Zqxsection"})
        hidden = self.by_article["TK-1170"]
        hidden.write({"b2b_brand_id": secret.id, "public_categ_ids": section.ids})
        hidden.name = "Zqxпотайник картриджный"
        self._catch_up()
        self.assertIn("zqxпотайник", str(self._ask("zqx")["html"]).casefold())
        hidden.is_published = False
        for text in (
            "zqx", "zqxпот", "zqxпотайн", "zqxпотаник", "TK-1170", "tk11", "картридж",
            "болт картриджный", "zqxbrand", "zqxsec", "pgx", "болт zqxпотайник",
        ):  # fmt: skip
            answer = str(self._ask(text)["html"]).casefold()
            for word in ("потайник", "zqxbrand", "zqxsection", "картриджный"):
                shown = answer.replace(text.casefold(), "")
                self.assertNotIn(word, shown, text)
            self.assertNotIn(
                f'data-product-id="{hidden.product_variant_id.id}"', answer
            )

    def test_closed_assortment(self):
        """Goods of a closed section are as if there were none."""
        section = self.env["product.public.category"].create({"name": "Zqxclosed"})
        self.by_article["HS-20"].public_categ_ids = section
        self._catch_up()
        self.assertIn("Zqxclosed", str(self._ask("headset")["html"]))
        self.env["b2b.assortment"].create(
            {
                "name": "Zqx",
                "mode": "hide",
                "account_ids": [Command.set(self.north.ids)],
                "section_ids": [Command.set(section.ids)],
            }
        )
        for text in ("headset", "headse", "zqxclo", "microphone", "hs-20", "canon"):
            answer = self._ask(text)["html"].casefold()
            for word in ("zqxclosed", "hs-20<", "headset with", "microphone<"):
                self.assertNotIn(word, answer, text)
        self._login(self.stranger)
        self.assertIn("Zqxclosed", self._ask("headset")["html"])

    def test_client_mode(self):
        """Retail alone; no purchases, no orders, no papers."""
        bolt = self.by_article["933-8-40"].product_variant_id
        bolt.taxes_id = False
        self.agreement.write({"discount": 13})
        order = self._create_cart(self.buyer, lines=[(bolt, 731)])
        order.write({"state": "sale"})
        prices = self.agreement.sudo().pricelist_id._compute_price_rule(bolt, 1.0)
        mine = self.currency.round(prices[bolt.id][0])
        row = self._get_row(self._get_tree("933-8-40"), "933-8-40")
        self.assertTrue(self._has(self._get_text(row), mine), self._get_text(row))
        self._post("/b2b/client-mode", {"on": "1"})
        row = self._get_row(self._get_tree("933-8-40"), "933-8-40")
        self.assertFalse(self._has(self._get_text(row), mine))
        self.assertTrue(self._has(self._get_text(row), 11.11))
        self.assertNotIn("731", self._get_text(row))
        self._ask(order.name, "orders", 404)
        self._ask(order.name, "documents", 404)

    def test_prices_by_the_access_mode(self):
        """Whoever sees no prices gets none, and nothing to order with."""
        self.website.b2b_access_mode = "members"
        self.buyer.stage = "registered"
        row = self._get_row(self._get_tree("933-8-40"), "933-8-40")
        self.assertFalse(row.xpath(".//input"))
        self.assertNotRegex(self._get_text(row), r"\d[.,]\d\d(?!\d)")

    def test_areas_by_role(self):
        self.assertEqual(
            self._get_areas(), ["catalogue", "card", "orders", "documents"]
        )
        keeper = self._create_member(
            self.north, "storekeeper", "b2b_keeper", all_entities=True
        )
        self._login(keeper)
        self.assertEqual(self._get_areas(), ["catalogue", "card", "documents"])
        self._ask("S0", "orders", 404)
        self._ask("S0", "documents")
        self._ask("S0", "nowhere", 404)
        tree = self._get_tree("933-8-40")
        self.assertIn("933-8-40", self._get_text(tree))
        self.assertFalse(tree.xpath("//input"), "who may not order has no box")

    def _get_areas(self):
        page = html.fromstring(self.url_open("/shop").text)
        return page.xpath("//select[@name='area']/option/@value")


@tagged("post_install", "-at_install")
class TestSearchAreas(SuggestCase):
    def _get_articles(self, url):
        page = html.fromstring(self.url_open(url).text)
        ours = {t.product_variant_id.id: t.default_code for t in self.found}
        rows = page.xpath("//tr[@data-product-id]/@data-product-id")
        return {ours[int(id_)] for id_ in rows if int(id_) in ours}

    def test_inside_the_card(self):
        row = self._get_row(self._get_tree("паркет", "card"), "BO5030")
        self.assertIsNotNone(row)
        # in the name alone
        row = self._get_row(self._get_tree("эксцентриковая", "card"), "BO5030")
        self.assertIsNone(row)
        for text, article in (("паркетом", "BO5030"), ("hour charge", "CB-2LYE")):
            articles = self._get_articles(f"/shop?area=card&search={text}")
            self.assertEqual(articles, {article}, text)
        self.assertEqual(self._get_articles("/shop?area=card&search=makita"), set())
        page = html.fromstring(self.url_open("/shop?area=card&search=паркет").text)
        (chosen,) = page.xpath("//select[@name='area']/option[@selected]")
        self.assertEqual(chosen.get("value"), "card")
        (box,) = page.xpath("//input[@role='combobox']")
        self.assertEqual(box.get("placeholder"), chosen.get("data-hint"))
        self.assertEqual(box.get("value"), "паркет")

    def test_properties_are_part_of_the_card(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Zqx",
                "create_variant": "no_variant",
                "value_ids": [Command.create({"name": "Антивандальный"})],
            }
        )
        self.by_article["KB-3"].attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]
        self._catch_up()
        url = "/shop?area=card&search=антивандального"
        self.assertEqual(self._get_articles(url), {"KB-3"})

    def test_reviews(self):
        product = self.by_article["BO5030"]
        comment = self.env.ref("mail.mt_comment").id
        for body, internal in (("Zqx гудит громко", False), ("Zqx гудит тайно", True)):
            product.message_post(
                body=body,
                message_type="comment",
                subtype_id=self.env.ref("mail.mt_note").id if internal else comment,
            )
        self._ask("гудит", "reviews", 404)
        self.env.ref("website_sale.product_comment").active = True
        answer = self._ask("гудят zqx", "reviews")
        self.assertEqual(answer["count"], 1)
        self.assertIn("громко", answer["html"])
        self.assertNotIn("тайно", answer["html"])
        self.assertEqual(
            self._get_articles("/shop?area=reviews&search=гудит"), {"BO5030"}
        )
        self.assertEqual(self._get_articles("/shop?area=reviews&search=тайно"), set())
        product.is_published = False
        self.assertEqual(self._ask("гудит", "reviews")["count"], 0)

    def test_orders_by_number(self):
        bolt = self.by_article["933-8-40"].product_variant_id
        order, other, theirs = (
            self._create_cart(self.buyer, lines=[(bolt, 1)]),
            self._create_cart(self.buyer, lines=[(bolt, 1)]),
            self._create_cart(self.stranger, self.agreement_south, lines=[(bolt, 1)]),
        )
        order.write({"state": "sale", "name": "ZQX-77/1", "client_order_ref": "PO 5%"})
        other.write({"state": "sale", "name": "ZQX-88"})
        theirs.write({"state": "sale", "name": "ZQX-77/2"})
        tree = self._get_tree("zqx-77", "orders")
        records = tree.xpath("//*[contains(@class, 'records')]//a/@href")
        self.assertEqual([r.rpartition("/")[2] for r in records], [str(order.id)])
        self.assertEqual(self._ask("PO 5%", "orders")["count"], 1)
        self.assertEqual(self._ask("%%", "orders")["count"], 0)
        # the form of the header, without a script
        page = self.url_open("/shop?area=orders&search=zqx-77").text
        self.assertIn("ZQX-77/1", page)
        for name in ("ZQX-88", "ZQX-77/2"):
            self.assertNotIn(name, page)
        self.assertIn("ZQX-88", self.url_open("/my/orders").text)
        page = html.fromstring(self.url_open("/my/orders?search=nowhere<b>").text)
        (note,) = page.xpath("//p[contains(@class, 'o_b2b_order_search')]")
        self.assertIn("nowhere<b>", note.text_content())

    def test_documents_by_number(self):
        bolt = self.by_article["933-8-40"].product_variant_id
        order = self._create_cart(self.buyer, lines=[(bolt, 1)])
        theirs = self._create_cart(
            self.stranger, self.agreement_south, lines=[(bolt, 1)]
        )
        documents = self.env["b2b.document"]._record("proforma", order | theirs)
        documents[0].name, documents[1].name = "ZQX/5", "ZQX/6"
        answer = self._ask("zqx/", "documents")
        self.assertEqual(answer["count"], 1)
        self.assertIn(f"/my/documents/{documents[0].id}/pdf", answer["html"])
        response = self.url_open("/shop?area=documents&search=zqx/5")
        self.assertIn("/my/documents?search=", response.url)
        self.assertIn("ZQX/5", response.text)
