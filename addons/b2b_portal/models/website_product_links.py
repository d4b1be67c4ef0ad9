# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Goods that the page of a product leads to: analogues, accessories, parts."""

from dataclasses import replace

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .b2b_product_link import Linked

SECTIONS = (
    ("analogues", ("successor", "analogue")),
    ("required", ("required",)),
    ("accessories", ("accessory",)),
    ("consumables", ("consumable",)),
    ("spare_parts", ("spare_part",)),
    ("fits", ("predecessor", "fits")),
    ("similar", ("similar",)),
)
MAX_LINKED = 12
MAX_PARTS = 60
# So many goods of the section are looked through for similar ones.
MAX_CANDIDATES = 500
MAX_SIMILAR = 6
MAX_COLUMNS = 4
# More variants of a linked product are left to its own page.
MAX_LINKED_VARIANTS = 12


class Website(models.Model):
    _inherit = "website"

    # === FINDING === #

    def _b2b_find_linked(self, template, chosen, facts, sections):
        """Goods linked to a variant that the visitor sees in this shop.

        :param template: ``product.template`` of the page
        :param chosen: its ``product.product``
        :param facts: :class:`TemplateFacts` of the product
        :param sections: ``product.public.category`` of it, in sudo
        :return: list of dicts: linked (:class:`Linked`), products (variants in sudo,
            one or those of the template)
        """
        linked = template._b2b_get_linked(chosen, facts)
        linked += self._b2b_find_similar(template, chosen, linked, sections)
        variants, templates = set(), set()
        for row in linked:
            if row.variant_id:
                variants.add(row.variant_id)
            else:
                templates.add(row.template_id)
        if not variants and not templates:
            return []
        wanted = Domain("id", "in", list(variants))
        wanted |= Domain("product_tmpl_id", "in", list(templates))
        found = self.env["product.product"].search_fetch(
            Domain(self.sale_product_domain()) & wanted
        )
        found = found.sudo()
        by_template = found.grouped(lambda product: product.product_tmpl_id.id)
        result = []
        for row in linked:
            products = by_template.get(row.template_id, found.browse())
            if row.variant_id:
                products = products & found.browse(row.variant_id)
            if products:
                products = products[:MAX_LINKED_VARIANTS]
                result.append({"linked": row, "products": products})
        return result

    def _b2b_find_similar(self, template, chosen, linked, sections):
        """Goods of the same section that share most values with a variant.

        Of a large section only the first goods are looked through.

        :param chosen: ``product.product`` of the page
        :param list linked: what is linked already, which is left out
        :param sections: ``product.public.category`` of the product, in sudo
        :return: list of :class:`Linked`
        """
        section = sections.filtered(lambda s: s.b2b_kind == "classifier")[:1]
        if not section:
            return []
        domain = Domain(self.sale_product_domain())
        domain &= Domain("public_categ_ids", "in", section.ids)
        known = {row.template_id for row in linked} | {template.id}
        domain &= Domain("id", "not in", list(known))
        candidates = self.env["product.template"]._search(domain, limit=MAX_CANDIDATES)
        values = SQL(
            """
            SELECT own.product_attribute_value_id
              FROM product_template_attribute_value own
              JOIN product_attribute attribute ON attribute.id = own.attribute_id
             WHERE own.product_tmpl_id = %(template)s AND own.ptav_active
               AND attribute.visibility IS DISTINCT FROM 'hidden'
               AND (attribute.create_variant = 'no_variant' OR own.id IN (
                   SELECT product_template_attribute_value_id
                     FROM product_variant_combination
                    WHERE product_product_id = %(variant)s))
            """,
            template=template.id,
            variant=chosen.id,
        )
        return self._b2b_rank_similar(candidates.subselect(), values)

    def _b2b_rank_similar(self, candidates, values):
        """The candidates that share most of the values.

        :param candidates, values: ``SQL`` that selects ids of templates and of values
        """
        self.env["product.template.attribute.value"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_tmpl_id
                  FROM product_template_attribute_value
                 WHERE ptav_active AND product_tmpl_id IN %(candidates)s
                   AND product_attribute_value_id IN (%(values)s)
              GROUP BY product_tmpl_id
              ORDER BY COUNT(DISTINCT product_attribute_value_id) DESC, product_tmpl_id
                 LIMIT %(limit)s
                """,
                candidates=candidates,
                values=values,
                limit=MAX_SIMILAR,
            )
        )
        return [Linked("similar", template_id, 0) for (template_id,) in rows]

    # === SHOWING === #

    def _b2b_get_section_kinds(self):
        """Sections of the page in order; a hook for addons.

        :return: list of (code, kinds of links that the section holds)
        """
        return list(SECTIONS)

    def _b2b_get_section_titles(self):
        """Headings of the sections by code; addons add theirs."""
        env = self.env
        return {
            "analogues": env._("Analogues"),
            "required": env._("Required with it"),
            "accessories": env._("Accessories"),
            "consumables": env._("Consumables"),
            "spare_parts": env._("Spare parts"),
            "fits": env._("Fits"),
            "similar": env._("Similar"),
        }

    def _b2b_get_sections(self, linked, rows, properties, own):
        """Sections of linked goods.

        :param list linked: of :meth:`_b2b_find_linked`
        :param dict rows: product id -> ``PriceRow``
        :param dict properties: product id -> list of ``Property``
        :param own: ``PriceRow`` of the product of the page
        :return: list of dicts: code, title, names (of the properties that the table
            compares), base (row of the product itself, in the first section), rows
        """
        titles, sections = self._b2b_get_section_titles(), []
        base = self._b2b_get_goods_row([own.product], rows, properties)
        times = self._b2b_get_first_quantity(own) or 1.0
        for code, kinds in self._b2b_get_section_kinds():
            found = [row for row in linked if row["linked"].kind in kinds]
            found.sort(key=lambda row: kinds.index(row["linked"].kind))
            found = found[: MAX_PARTS if code == "parts" else MAX_LINKED]
            if not found:
                continue
            section = {"code": code, "title": titles[code], "names": [], "base": None}
            section["rows"] = [
                self._b2b_get_goods_row(
                    row["products"], rows, properties, row["linked"], times
                )
                for row in found
            ]
            if code == "analogues":
                section["base"] = dict(base)
                self._b2b_compare(section, properties)
            sections.append(section)
        return sections

    def _b2b_get_goods_row(self, products, rows, properties, linked=None, times=1.0):
        """What a table shows of a linked product.

        :param products: its variants; of several, the cheapest is shown as 'from'
        :param float times: so many of the page's product are what one begins with
        :return: dict: row (``PriceRow``), name, url, many (number of variants or 0),
            kind, reason, quantity (text to begin with, or empty)
        """
        found = [rows[product.id] for product in products]
        row, many = found[0], len(found) if len(found) > 1 else 0
        if many:
            row = min(found, key=lambda r: (r.price is None, r.price or r.retail or 0))
            stocks = [r.stock for r in found if r.stock is not None]
            row = replace(row, stock=max(stocks) if stocks else None)
        product = row.product
        unit = product.uom_id
        quantity = linked.quantity if linked else 0
        return {
            "row": row,
            "name": product.product_tmpl_id.name
            if many
            else self._b2b_get_offer_name(product, properties),
            "url": product.product_tmpl_id.website_url
            if many
            else self._b2b_get_offer_url(product, properties),
            "many": many,
            "kind": linked.kind if linked else "",
            "reason": linked.reason if linked else "",
            "quantity": unit._b2b_format(quantity * times) if quantity else "",
            "needed": f"{unit._b2b_format(quantity)} {unit.name}" if quantity else "",
            "values": [],
            "difference": None,
        }

    def _b2b_compare(self, section, properties):
        """Add to a section what its goods differ in from the product, and by how much.

        Only the properties that differ become columns.
        """
        every = [section["base"], *section["rows"]]
        texts, names = [], {}
        for goods in every:
            own = {}
            for row in properties[goods["row"].product.id]:
                if goods["many"] and row.varies:
                    continue
                own[row.attribute_id] = row.text
                names.setdefault(row.attribute_id, row.name)
            texts.append(own)
        differing = [
            attribute_id
            for attribute_id in names
            if len({own.get(attribute_id) for own in texts}) > 1
        ][:MAX_COLUMNS]
        section["names"] = [names[attribute_id] for attribute_id in differing]
        base = section["base"]["row"]
        for goods, own in zip(every, texts, strict=True):
            goods["values"] = [own.get(attribute_id, "") for attribute_id in differing]
            if goods is not section["base"]:
                goods["difference"] = self._b2b_get_difference(base, goods["row"])

    def _b2b_get_difference(self, base, row):
        """How much dearer (+) or cheaper (-) a product is, in % of another; None:
        there is nothing to compare.
        """
        prices = [r.retail if r.price is None else r.price for r in (base, row)]
        if base.product.uom_id != row.product.uom_id or not all(prices):
            return None
        return 100 * (prices[1] - prices[0]) / prices[0]
