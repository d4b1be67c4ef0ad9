# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import html

from .catalogue_common import CatalogueCase
from .common import Command


class PanelCase(CatalogueCase):
    """Goods in two trees, with brands and properties."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metal, cls.bolts, cls.nuts = cls._create_sections(
            "Zmetal", "Zbolts", "Znuts"
        )
        (cls.bolts | cls.nuts).parent_id = cls.metal
        (cls.roofs,) = cls._create_sections("Zroofs", b2b_kind="application")
        (cls.secret,) = cls._create_sections("Zsecret")
        brands = cls.env["b2b.brand"]
        cls.acme, cls.best = brands.create([{"name": "Zacme"}, {"name": "Zbest"}])
        cls.hidden_brand = brands.create({"name": "Zhidden"})
        cls.thread = cls._create_attribute("Zthread", ("M10", "M6", "M8"))
        first, second, third, *rest = cls.goods.product_tmpl_id
        first.public_categ_ids = cls.bolts | cls.roofs
        second.public_categ_ids = third.public_categ_ids = cls.bolts
        rest[0].public_categ_ids = cls.nuts
        (first | second).b2b_brand_id = cls.acme
        third.b2b_brand_id = cls.best
        for template, value in zip(
            (first, second, third), cls.thread.value_ids, strict=True
        ):
            cls._give(template, value)
        cls.first, cls.second, cls.third = first, second, third
        cls.hidden = cls._create_product("HIDDEN-9", 5, is_published=False)
        cls.hidden.product_tmpl_id.write(
            {"b2b_brand_id": cls.hidden_brand.id, "public_categ_ids": cls.secret.ids}
        )

    @classmethod
    def _create_sections(cls, *names, **values):
        sections = cls.env["product.public.category"]
        return sections.create([{"name": name} | values for name in names])

    @classmethod
    def _create_attribute(cls, name, values, **others):
        return cls.env["product.attribute"].create(
            {
                "name": name,
                "create_variant": "no_variant",
                "value_ids": [Command.create({"name": text}) for text in values],
            }
            | others
        )

    @classmethod
    def _give(cls, template, value):
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": value.attribute_id.id,
                    "value_ids": [Command.set(value.ids)],
                }
            )
        ]

    def _open(self, url, status=200, **headers):
        response = self.url_open(url, headers=headers)
        self.assertEqual(response.status_code, status)
        return html.fromstring(response.text)

    def _path(self, section):
        return f"/shop/category/{section.id}"

    def _values(self, page, slug):
        """dict label -> (count, ticked) of one filter."""
        rows = page.xpath(f"//details[@data-fold='{slug}']//ul/li")
        return {
            row.xpath("string(label)"): (
                int(row.xpath("number(small)")),
                bool(row.xpath(".//input[@checked]")),
            )
            for row in rows
        }

    def _nodes(self, page):
        """dict name -> (count, ticked) of the sections."""
        rows = page.xpath("//nav[contains(@class, 'o_b2b_sections')]//li[a]")
        return {
            row.xpath("string(a)"): (
                int(row.xpath("number(small)")),
                bool(row.xpath("input[@checked]")),
            )
            for row in rows
        }

    def _names(self, page):
        """Articles of the goods that are listed."""
        return {
            "".join(cell.itertext()).strip()
            for cell in page.xpath("//td[contains(@class, 'o_b2b_cell_article')]")
        }
