# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


from .common import Command


class AssortmentMixin:
    """Goods of two brands and of three sections, and how to make rules for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["b2b.assortment"].search([("id", "!=", 0)]).active = False
        cls.segment = cls.env["b2b.segment"].create({"name": "Assemblers"})
        cls.brand = cls.env["b2b.brand"].create({"name": "Zqx Own label"})
        Section = cls.env["product.public.category"]
        cls.section = Section.create({"name": "Zqx Tools"})
        cls.subsection = Section.create(
            {"name": "Zqx Drills", "parent_id": cls.section.id}
        )
        cls.secret = cls._create_product(
            "SECRET-1", 77.0, name="Zqx Secret drill", b2b_brand_id=cls.brand.id
        )
        cls.drill = cls._create_product(
            "DRILL-1",
            50.0,
            name="Zqx Plain drill",
            public_categ_ids=[Command.set(cls.subsection.ids)],
        )

    @classmethod
    def _create_rule(cls, mode, goods, **values):
        """A rule about products, for chosen accounts unless values say otherwise."""
        values = {"product_tmpl_ids": [Command.set(goods.product_tmpl_id.ids)]} | values
        if not goods:
            del values["product_tmpl_ids"]
        values = {"name": f"Rule {mode}", "mode": mode} | values
        for name in ("segment", "account", "agreement", "section", "brand", "tag"):
            if records := values.pop(name, None):
                values[f"{name}_ids"] = [Command.set(records.ids)]
        return cls.env["b2b.assortment"].create(values)

    def _sees(self, user, *products):
        """Which of the products a user finds by a search, as RPC does."""
        ids = [product.id for product in products]
        found = self.env["product.product"].with_user(user).search([("id", "in", ids)])
        return [product for product in products if product.id in found.ids]
