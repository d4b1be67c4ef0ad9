# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, models

from ..tools.catalogue_query import CatalogueQuery
from .website import Acting

# One row: xml id, tag, sections whose goods have it.
TAGS = [
    ("tag_wood_demo", "Для дерева", ["application_timber_demo"]),
    ("tag_concrete_demo", "В бетон и кирпич", ["application_concrete_demo"]),
    ("tag_roof_demo", "Для кровли", ["application_roof_demo"]),
    ("tag_drywall_demo", "Под гипсокартон", ["application_drywall_demo"]),
    ("tag_steel_demo", "Металлоконструкции", ["application_steel_demo"]),
    ("tag_ducts_demo", "Вентиляция", ["application_ducts_demo"]),
    ("tag_daily_demo", "Расходка на каждый день", [
        "public_categ_bits_demo", "public_categ_discs_demo", "public_categ_tapes_demo",
    ]),
    ("tag_welding_demo", "Для сварки", ["public_categ_electrodes_demo"]),
]  # fmt: skip
INOX = "Нержавеющая сталь А2"


class B2bDemo(models.AbstractModel):
    _inherit = "b2b.demo"

    @api.model
    def _setup_presets(self):
        """Tags and their cloud, the filter of a landing page, saved filters."""
        if self._ref("tag_inox_demo"):
            return
        values = self.env["product.attribute.value"].search([("name", "=", INOX)])
        lines = self.env["product.template.attribute.line"].search(
            [("value_ids", "in", values.ids)]
        )
        self._setup_tags(lines.product_tmpl_id)
        query = CatalogueQuery(
            attributes=tuple(
                (attribute.id, tuple(sorted(some.ids)))
                for attribute, some in values.grouped("attribute_id").items()
            )
        )
        page = self._ref("preset_inox_demo")
        page.address = query.get_url(
            page.website_id._b2b_get_section_path(page.section_id)
        )
        page.is_published = True
        self._setup_cloud()
        self._setup_saved_filters(page)

    @api.model
    def _setup_tags(self, inox):
        """Tags of goods, by where the goods are used.

        :param inox: ``product.template``, those of stainless steel
        """
        tags, templates = self.env["product.tag"], self.env["product.template"]
        for xml_id, name, sections in TAGS:
            ids = [self._ref(section).id for section in sections]
            found = templates.search([("public_categ_ids", "child_of", ids)])
            tag = tags.create(
                {"name": name, "product_template_ids": [Command.set(found.ids)]}
            )
            self._bind(xml_id, tag)
        tag = tags.create(
            {"name": "Нержавейка", "product_template_ids": [Command.set(inox.ids)]}
        )
        self._bind("tag_inox_demo", tag)

    @api.model
    def _setup_cloud(self):
        """The cloud of the whole catalogue: all tags and one landing page."""
        words = self.env["b2b.catalogue.cloud"]
        names = ["tag_inox_demo", *(row[0] for row in TAGS)]
        words.create([{"tag_id": self._ref(name).id} for name in names])
        words.create({"preset_id": self._ref("preset_tools_demo").id, "weight": "3"})

    @api.model
    def _setup_saved_filters(self, page):
        """A private filter of a buyer, and one that the head shares.

        :param page: ``b2b.catalogue.preset`` whose goods the head wants
        """
        saved = self.env["b2b.saved.filter"]
        agreement = self._ref("agreement_north_dealer_demo")
        brand = self._ref("brand_rezbovik_demo")
        bolts = self._ref("public_categ_bolts_demo")
        for xml_id, member, name, query, shared in (
            (
                "saved_filter_buyer_demo",
                "member_north_buyer_demo",
                "Болты Резьбовик, объект Парнас",
                CatalogueQuery(section=bolts.id, brands=(brand.id,)),
                False,
            ),
            (
                "saved_filter_head_demo",
                "member_north_head_demo",
                "Нержавейка для пищевого цеха",
                page._get_query(),
                True,
            ),
        ):
            acting = Acting(self._ref(member), agreement.entity_id, agreement)
            self._bind(
                xml_id, saved._b2b_save(acting, page.website_id, name, query, shared)
            )
