# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command

from odoo.addons.b2b_portal.tests.product_page_common import MovesMixin


class KitMixin(MovesMixin):
    """A kit of one bolt and two nuts, and a set of two kits and a pin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.main = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.second = cls.env["stock.warehouse"].create(
            {"name": "Second", "code": "KIT2", "company_id": cls.company.id}
        )
        cls.both = cls.main | cls.second
        cls.agreement.warehouse_line_ids = [
            Command.clear(),
            Command.create({"warehouse_id": cls.main.id, "sequence": 1}),
            Command.create({"warehouse_id": cls.second.id, "sequence": 2}),
        ]
        cls.nut.product_tmpl_id.b2b_multiple = 0
        cls.pin = cls._create_product("PIN-1", 1.0)
        cls.kit = cls._create_kit("KIT-1", {cls.bolt: 1, cls.nut: 2})
        cls.set = cls._create_kit("SET-1", {cls.kit: 2, cls.pin: 1})

    @classmethod
    def _create_kit(cls, code, parts, **values):
        kit = cls._create_product(code, 30.0, allow_out_of_stock_order=False)
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": number})
                    for part, number in parts.items()
                ],
            }
            | values
        )
        return kit

    def _free(self, *products):
        goods = self.env["product.product"].union(*products)
        free = goods._b2b_get_free_by_warehouse(self.both)
        return [
            tuple(free[product][warehouse] for warehouse in self.both)
            for product in products
        ]
