# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import html

from .catalogue_common import CatalogueCase
from .common import Command

PART = {"X-B2b-Part": "variants"}


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
