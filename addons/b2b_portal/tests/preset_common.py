# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .catalogue_common import CatalogueCase


class PresetCase(CatalogueCase):
    """Two sections, two brands and a tag on the goods of the price kit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sections, brands = cls.env["product.public.category"], cls.env["b2b.brand"]
        cls.section = sections.create({"name": "Zqx bolts"})
        cls.below = sections.create(
            {"name": "Zqx long bolts", "parent_id": cls.section.id}
        )
        cls.brand, cls.brand2 = brands.create(
            [{"name": "Zqx one"}, {"name": "Zqx two"}]
        )
        cls.tag = cls.env["product.tag"].create({"name": "Zqx outdoors"})
        for product, brand in (
            (cls.plain, cls.brand),
            (cls.broken, cls.brand2),
            (cls.nut, cls.brand),
        ):
            product.product_tmpl_id.write(
                {
                    "public_categ_ids": [(6, 0, cls.below.ids)],
                    "b2b_brand_id": brand.id,
                }
            )
        cls.plain.product_tmpl_id.product_tag_ids = cls.tag
        cls.preset = cls._create_preset(brands=(cls.brand.id, cls.brand2.id))

    @classmethod
    def _create_preset(cls, name="Zqx goods for a house", brands=(), **values):
        ids = ",".join(map(str, sorted(brands)))
        return cls.env["b2b.catalogue.preset"].create(
            {
                "name": name,
                "website_id": cls.website.id,
                "section_id": cls.section.id,
                "params": f"brands={ids}".replace(",", "%2C") if ids else "",
                "is_published": True,
                "intro": "<p>Above Zqx</p>",
                "outro": "<p>Below Zqx</p>",
            }
            | values
        )

    def _shown(self, page):
        """Products of the kit whose links a page has."""
        return {p for p in self.goods if p.name in page}
