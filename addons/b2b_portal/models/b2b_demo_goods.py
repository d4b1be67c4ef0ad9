# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from collections import defaultdict

from odoo import Command, api, models


def sort_key(text):
    """Sort 'М8' before 'М10' and '3,5' before '12': numbers by their value."""
    parts = re.split(r"(\d+(?:[.,]\d+)?)", text)
    return [
        (0, float(part.replace(",", ".")), "") if number else (1, 0.0, part)
        for number, part in ((index % 2, part) for index, part in enumerate(parts))
        if part
    ]


class B2bDemo(models.AbstractModel):
    """Properties and variants of the demo goods."""

    _inherit = "b2b.demo"

    @api.model
    def _setup_properties(self):
        """What goods are like, from demo/property_demo.csv: one value a property."""
        known = {
            (line.product_tmpl_id, line.attribute_id)
            for line in self._get_demo_templates().attribute_line_ids
        }
        rows = [
            row
            for row in self._rows("property_demo.csv")
            if (self._ref(row["template"]), self._ref(row["attribute"])) not in known
        ]
        values = self._get_values((row["attribute"], row["value"]) for row in rows)
        self.env["product.template.attribute.line"].create(
            [
                self._prepare_line(row["template"], row["attribute"], [value])
                for row in rows
                for value in [values[row["attribute"], row["value"]]]
            ]
        )

    def _get_demo_templates(self):
        """Products of demo/product.template.csv."""
        links = self.env["ir.model.data"].search(
            [("model", "=", "product.template"), ("module", "=", "b2b_portal")]
        )
        return self.env["product.template"].browse(links.mapped("res_id")).exists()

    def _prepare_line(self, template, attribute, values):
        return {
            "product_tmpl_id": self._ref(template).id,
            "attribute_id": self._ref(attribute).id,
            "value_ids": [Command.set([value.id for value in values])],
        }

    def _get_values(self, wanted):
        """Values of attributes by (attribute's xml id, name); makes what is missing.

        :param wanted: iterable of these pairs
        :return: dict (xml id, name) -> ``product.attribute.value`` record
        """
        names = defaultdict(set)
        for attribute, name in wanted:
            names[attribute].add(name)
        found, missing = {}, []
        for attribute, texts in names.items():
            record = self._ref(attribute)
            known = {value.name: value for value in record.value_ids}
            for sequence, name in enumerate(sorted(texts | set(known), key=sort_key)):
                if name in known:
                    known[name].sequence = sequence
                    found[attribute, name] = known[name]
                else:
                    values = {"attribute_id": record.id, "name": name}
                    missing.append((attribute, values | {"sequence": sequence}))
        records = self.env["product.attribute.value"].create(
            [values for _attribute, values in missing]
        )
        for (attribute, values), record in zip(missing, records, strict=True):
            found[attribute, values["name"]] = record
        return found

    # === VARIANTS === #

    @api.model
    def _setup_variants(self):
        """Goods in sizes and colours, from demo/variant_demo.csv."""
        wanted = defaultdict(lambda: defaultdict(list))
        rows = self._rows("variant_demo.csv")
        for row in rows:
            for attribute, name in self._split_values(row):
                names = wanted[row["template"]][attribute]
                if name not in names:
                    names.append(name)
        wanted = {
            template: attributes
            for template, attributes in wanted.items()
            if not self._ref(template).attribute_line_ids
        }
        values = self._get_values(
            (attribute, name)
            for attributes in wanted.values()
            for attribute, names in attributes.items()
            for name in names
        )
        self.env["product.template.attribute.line"].create(
            [
                self._prepare_line(
                    template, attribute, [values[attribute, name] for name in names]
                )
                for template, attributes in wanted.items()
                for attribute, names in attributes.items()
            ]
        )
        self._set_extras(wanted)
        variants = self._get_variants(wanted)
        rows = [row for row in rows if row["template"] in wanted]
        for row in rows:
            self._fill_variant(variants[row["template"], row["values"]], row)
        self._count_variants(variants, rows)

    def _split_values(self, row):
        """[(attribute's xml id, value's name)] of a row of demo/variant_demo.csv."""
        return [tuple(pair.split("=", 1)) for pair in row["values"].split("; ")]

    def _set_extras(self, templates):
        """What sizes cost more, from demo/price_extra_demo.csv."""
        for row in self._rows("price_extra_demo.csv"):
            if row["template"] not in templates:
                continue
            lines = self._ref(row["template"]).attribute_line_ids
            attribute = self._ref(row["attribute"])
            line = lines.filtered(lambda ln, a=attribute: ln.attribute_id == a)
            value = line.product_template_value_ids.filtered(
                lambda v, name=row["value"]: v.name == name
            )
            value.price_extra = float(row["extra"])

    def _get_variants(self, templates):
        """Variants by (template's xml id, text in the column `values`)."""
        found = {}
        for name in templates:
            template = self._ref(name)
            for variant in template.product_variant_ids:
                texts = {
                    value.attribute_id: value.name
                    for value in variant.product_template_attribute_value_ids
                }
                pairs = [
                    f"{attribute}={texts[self._ref(attribute)]}"
                    for attribute in templates[name]
                ]
                found[name, "; ".join(pairs)] = variant
        return found

    def _fill_variant(self, variant, row):
        """Article, barcode, weight and cost of a variant."""
        variant.write(
            {
                "default_code": row["default_code"],
                "barcode": row["barcode"],
                "weight": float(row["weight"]),
                "volume": float(row["volume"]),
            }
        )
        # nothing is on stock yet: there is no value to revise
        quiet = variant.with_context(disable_auto_revaluation=True)
        quiet.with_company(self._ref("company_demo")).standard_price = row["cost"]

    def _count_variants(self, variants, rows):
        """Stock of variants in both warehouses."""
        quants = self.env["stock.quant"].with_company(self._ref("company_demo"))
        locations = {
            name: self._ref(f"warehouse_{name}").lot_stock_id
            for name in ("podolsk", "shushary")
        }
        quants.create(
            [
                {
                    "product_id": variants[row["template"], row["values"]].id,
                    "location_id": location.id,
                    "inventory_quantity": float(row[column]),
                }
                for row in rows
                for column, location in locations.items()
                if float(row[column])
            ]
        ).action_apply_inventory()
