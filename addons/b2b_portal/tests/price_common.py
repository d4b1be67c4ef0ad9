# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Random price lists, rules and questions, for property tests of prices."""

from datetime import datetime, timedelta

from hypothesis import strategies as st

from .common import B2bCommon, Command

NOW = datetime(2026, 6, 15, 12)
LISTS, PRODUCTS = 4, 6
money = st.integers(-500, 50_000).map(lambda cents: cents / 100)
percent = st.integers(-2000, 10_000).map(lambda number: number / 100)

rules = st.fixed_dictionaries(
    {
        "list": st.integers(0, LISTS - 1),
        "applied_on": st.sampled_from(["variant", "template", "category", "all"]),
        "target": st.integers(0, PRODUCTS - 1),
        "min_quantity": st.sampled_from([0, 0, 1, 5, 24, 100]),
        "compute_price": st.sampled_from(["fixed", "percentage", "formula"]),
        "base": st.sampled_from(["list_price", "standard_price", "pricelist"]),
        "amount": money,
        "percent": percent,
        "surcharge": money,
        "round": st.sampled_from([0, 0.01, 0.05, 1, 10]),
        "margins": st.sampled_from([(0, 0), (1, 5), (0, 3)]),
        "starts": st.sampled_from([None, None, -10, 5]),
        "ends": st.sampled_from([None, None, -5, 10]),
    }
)
questions = st.fixed_dictionaries(
    {
        "quantity": st.sampled_from([1, 4.5, 5, 24, 100, 2400]),
        "uom": st.sampled_from([None, "unit", "box"]),
        "currency": st.sampled_from([None, 0, 1]),
        "days": st.sampled_from([-20, -7, 0, 7]),
        "templates": st.booleans(),
    }
)
terms = st.fixed_dictionaries(
    {
        "discount": st.sampled_from([0, 3, 12.5]),
        "discount_cap": st.sampled_from([0, 0, 2, 30]),
        "factor": st.sampled_from([0, 0, 4.5, -3]),
        "weight": st.sampled_from([0, 0, 2.75]),
        "special": st.booleans(),
        "rates": st.sampled_from([None, (91.5, 12.7)]),
    }
)


class PriceCase(B2bCommon):
    """Products of all kinds and four price lists in three currencies.

    ``lists[n]`` may be based on later ones only: no cycle.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # random rules overlap, which price types refuse: core chooses among them
        cls.classPatch(
            cls.env.registry["product.pricelist.item"],
            "_b2b_guarded",
            lambda items: items.browse(),
        )
        Currency = cls.env["res.currency"].with_context(active_test=False)
        cls.currencies = Currency.search([("name", "in", ("EUR", "CNY"))])
        cls.currencies.active = True
        cls.env["res.currency.rate"].create(
            [
                {"currency_id": currency.id, "name": day, "rate": rate}
                for currency, rates in zip(
                    cls.currencies, ((1.25, 1.5), (7.3, 0.011)), strict=True
                )
                for day, rate in zip(("2026-02-03", "2026-06-11"), rates, strict=True)
            ]
        )
        parent = cls.env["product.category"].create({"name": "Fasteners"})
        child = cls.env["product.category"].create(
            {"name": "Bolts", "parent_id": parent.id}
        )
        cls.categories = parent | child
        attribute = cls.env["product.attribute"].create(
            {
                "name": "Coating",
                "value_ids": [
                    Command.create({"name": "Zinc", "default_extra_price": 0.37}),
                    Command.create({"name": "Black"}),
                ],
            }
        )
        cls.products = cls.env["product.product"]
        for number in range(PRODUCTS - 1):
            cls.products |= cls._create_product(
                f"P{number}",
                3.33 * (number + 1),
                standard_price=1.1 * number,
                categ_id=cls.categories[number % 2].id,
                uom_id=cls.box.id if number == 3 else cls.bolt.uom_id.id,
            )
        template = cls._create_product("PV", 12.5).product_tmpl_id
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]
        template.categ_id = child
        cls.products |= template.product_variant_ids
        cls.lists = cls.env["product.pricelist"].create(
            [
                {
                    "name": f"List {number}",
                    "currency_id": (cls.company.currency_id | cls.currencies)[
                        number % 3
                    ].id,
                }
                for number in range(LISTS)
            ]
        )
        cls.env.flush_all()

    def _prepare_rule(self, rule):
        """Values of a price rule; a list is based on a later one only: no cycle."""
        number = rule["list"]
        base = rule["base"]
        if base == "pricelist" and number == LISTS - 1:
            base = "list_price"
        product = self.products[rule["target"]]
        minimum, maximum = rule["margins"]
        start, end = (
            NOW + timedelta(days=days) if days is not None else False
            for days in (rule["starts"], rule["ends"])
        )
        if start and end and start >= end:
            end = False
        formula = rule["compute_price"] == "formula"
        return {
            "pricelist_id": self.lists[number].id,
            "min_quantity": rule["min_quantity"],
            "compute_price": rule["compute_price"],
            "base": base,
            "base_pricelist_id": self.lists[number + 1].id
            if base == "pricelist"
            else False,
            "fixed_price": rule["amount"],
            "percent_price": rule["percent"],
            "price_discount": rule["percent"] if formula else 0,
            "price_surcharge": rule["surcharge"] if formula else 0,
            "price_round": rule["round"] if formula else 0,
            "price_min_margin": minimum if formula else 0,
            "price_max_margin": maximum if formula else 0,
            "date_start": start,
            "date_end": end,
        } | {
            "variant": {
                "applied_on": "0_product_variant",
                "product_id": product.id,
                "product_tmpl_id": product.product_tmpl_id.id,
            },
            "template": {
                "applied_on": "1_product",
                "product_tmpl_id": product.product_tmpl_id.id,
            },
            "category": {
                "applied_on": "2_product_category",
                "categ_id": self.categories[rule["target"] % 2].id,
            },
            "all": {"applied_on": "3_global"},
        }[rule["applied_on"]]

    def _set_rules(self, drawn):
        """Fill the lists with drawn rules, and with nothing else."""
        self.lists.item_ids.unlink()
        self.env["product.pricelist.item"].create(
            [self._prepare_rule(rule) for rule in drawn]
        )

    def _get_uom(self, question):
        """The unit that a question asks for; None: each product's own."""
        units = {"unit": self.bolt.uom_id, "box": self.box, None: None}
        return units[question["uom"]]

    def _set_terms(self, term):
        """Write drawn terms of an agreement to ``self.agreement``."""
        special = self.lists[LISTS - 1] if term["special"] else False
        if special:
            special.write({"b2b_kind": "special"})
            special.currency_id = self.agreement.currency_id
        self.agreement.write(
            {
                "discount": term["discount"],
                "discount_cap": term["discount_cap"],
                "special_pricelist_id": special and special.id,
            }
        )
        general = self.agreement.pricelist_id.item_ids.filtered("base_pricelist_id")
        general.write(
            {"b2b_factor": term["factor"], "b2b_weight_surcharge": term["weight"]}
        )
