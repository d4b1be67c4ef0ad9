# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.b2b_portal.tests.catalogue_common import CatalogueCase

GOODS = (
    # article, name, brand, description
    ("933-8-40", "Болт М8х40 DIN 933 оцинкованный", "Северсталь", "Полная резьба."),
    ("933-8-50", "Болт М8х50 DIN 933 оцинкованный", "Северсталь", ""),
    ("931-10-60", "Болт М10 х 60 DIN 931", "Северсталь", "Неполная резьба."),
    ("934-8", "Гайка М8 DIN 934", "Северсталь", ""),
    ("SHR-4.2-76", "Саморез по металлу 4,2 х 76 острый", "Крепёж", ""),
    ("BO5030", "Шлифмашина эксцентриковая Makita", "Makita", "Для паркета."),
    ("TK-1170", "Картридж Kyocera TK-1170 чёрный", "Kyocera", "Ресурс 7200 страниц"),
    ("CB-2LYE", "Battery charger Canon", "Canon", "Charges in two hours."),
    ("HS-20", "Headset with microphone", "Canon", ""),
    ("KB-3", "Кабель ВВГ 3х2,5 мм2", "Крепёж", ""),
)


class SearchCase(CatalogueCase):
    """A catalogue of ten goods and its index."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        brands = {
            name: cls.env["b2b.brand"].create({"name": f"{name} {cls.mark}"})
            for name in {row[2] for row in GOODS}
        }
        cls.found = cls.env["product.template"].create(
            [
                {
                    # the database may have goods of the demo of the same names
                    "name": f"{name} {cls.mark}",
                    "default_code": article,
                    "b2b_brand_id": brands[brand].id,
                    "description_sale": text,
                    "is_published": True,
                    "type": "consu",
                    "list_price": 10.0,
                }
                for article, name, brand, text in GOODS
            ]
        )
        cls.by_article = {t.default_code: t for t in cls.found}
        cls._build()

    @classmethod
    def _build(cls):
        cls.env.flush_all()
        cls.env["b2b.search.change"]._write_notes()
        cls.env["b2b.search.build"]._build_now()

    @classmethod
    def _catch_up(cls):
        """Work in what has changed, as the job does."""
        cls.env.flush_all()
        cls.env["b2b.search.change"]._write_notes()
        index = cls.env["b2b.search.build"]._get()
        while index._take_changes():
            pass

    def _search(self, text, **options):
        """Articles of this catalogue's goods that a text finds, best first."""
        _analysis, matches = self.env["b2b.search.engine"]._search(text, **options)
        ranked = sorted(matches.scores, key=lambda i: (-matches.scores[i], i))
        ours = {template.id: template.default_code for template in self.found}
        return [ours[i] for i in ranked if i in ours]
