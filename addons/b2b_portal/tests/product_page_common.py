# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from lxml import html

from odoo import fields

from .catalogue_common import CatalogueCase
from .common import Command


class MovesMixin:
    """Transfers into and out of warehouses, and what is in them."""

    def _stock(self, product, warehouse, quantity):
        self.env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, quantity
        )

    def _move(self, product, quantity, source, target, days=0, **values):
        """A confirmed move."""
        day = fields.Datetime.now() + timedelta(days=days)
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": target.id,
                "date": day,
                "company_id": self.company.id,
            }
            | values
        )
        move._action_confirm(merge=False)
        move.date = day
        return move

    def _receive(self, product, warehouse, quantity, days=3, **values):
        supplier = self.env.ref("stock.stock_location_suppliers")
        return self._move(
            product, quantity, supplier, warehouse.lot_stock_id, days, **values
        )

    def _send(self, product, warehouse, quantity, days=1, **values):
        customer = self.env.ref("stock.stock_location_customers")
        return self._move(
            product, quantity, warehouse.lot_stock_id, customer, days, **values
        )


class ProductPageCase(MovesMixin, CatalogueCase):
    """The members' page of a product, asked over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.main = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.agreement.warehouse_id = cls.main
        cls.section = cls.env["product.public.category"].create({"name": "Zqx goods"})
        cls.goods.public_categ_ids = cls.section
        cls.group = cls.env["b2b.attribute.group"].create({"name": "Zqx Sizes"})
        cls.size = cls._create_attribute("Zqx Size", "no_variant", ("M8", "M10"))
        cls.size.b2b_group_id = cls.group
        cls.coat = cls._create_attribute("Zqx Coat", "no_variant", ("zinc", "plain"))
        for product, size, coat in (
            (cls.plain, 0, 0),
            (cls.broken, 0, 1),
            (cls.agreed, 1, 1),
        ):
            cls._describe(product, cls.size, size)
            cls._describe(product, cls.coat, coat)

    @classmethod
    def _create_attribute(cls, name, create_variant, values):
        return cls.env["product.attribute"].create(
            {
                "name": name,
                "create_variant": create_variant,
                "value_ids": [Command.create({"name": f"Zqx {v}"}) for v in values],
            }
        )

    @classmethod
    def _describe(cls, product, attribute, *numbers):
        values = attribute.value_ids.browse(
            [attribute.value_ids[number].id for number in numbers]
        )
        product.product_tmpl_id.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(values.ids)],
                }
            )
        ]

    @classmethod
    def _link(cls, product, kind, linked, **values):
        return cls.env["b2b.product.link"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "kind": kind,
                "linked_tmpl_id": linked.product_tmpl_id.id,
            }
            | values
        )

    def _page(self, product):
        response = self.url_open(product.website_url)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text)

    def _section(self, page, code):
        """Ids of the products in a section of the page, in order."""
        rows = page.xpath(
            f"//section[contains(@class, 'o_b2b_goods_{code}')]//tr/@data-product-id"
        )
        return [int(number) for number in rows]

    def _text(self, page, name):
        found = page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")
        return " ".join(" ".join(node.text_content() for node in found).split())
