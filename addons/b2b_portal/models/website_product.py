# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The members' page of a product: what it shows, as far as the visitor may see it."""

from dataclasses import replace

from odoo import models
from odoo.fields import Domain
from odoo.http import request
from odoo.tools.misc import format_date

from .website_product_reading import MAX_DOCUMENTS

# A product with more variants than this lists the first ones.
MAX_OFFERS = 100


class Website(models.Model):
    _inherit = "website"

    def _b2b_has_product_page(self, template, facts=None):
        """Whether the visitor gets the members' page of a product, not core's.

        Core's page stays for goods that are put together on it: sets of goods to
        choose from, values that make no variant and are to be chosen.

        :param facts: :class:`TemplateFacts` of the product, if the caller has them
        """
        acting = request.b2b
        if not acting or not acting.agreement or template.type == "combo":
            return False
        return not (facts or template.sudo()._b2b_get_facts()).choices

    def _b2b_get_product_values(self, template, value_ids=(), facts=None):
        """Values of the page; the number of queries does not depend on the catalogue.

        :param template: ``product.template`` (single), as the visitor
        :param value_ids: ids of attribute values that an address asks for
        :param facts: :class:`TemplateFacts` of the product, if the caller has them
        :return: dict, or None: nothing of the product is sold to the visitor
        """
        offers = self._b2b_find_offers(template)
        if not offers:
            return None
        # rights are judged: from here on, records are read in sets
        offers = offers.sudo()
        facts = facts or template.sudo()._b2b_get_facts()
        chosen, properties = offers[:1], {}
        if len(offers) > 1:
            properties = offers._b2b_get_properties()
            chosen = self._b2b_choose_offer(offers, properties, value_ids)
        sections = self._b2b_get_shown_sections(facts)
        linked = self._b2b_find_linked(template, chosen, facts, sections)
        goods = offers.union(*(row["products"] for row in linked))
        properties |= goods.browse(
            product.id for product in goods if product.id not in properties
        )._b2b_get_properties()
        media = self._b2b_read_media(goods, chosen)
        rows = {row.product.id: row for row in self._b2b_get_order_rows(goods)}
        self._b2b_add_arrivals(rows.values())
        values = {
            "template": template,
            # no page for search engines: core would look for texts and pictures
            "main_object": self,
            "product_name": self._b2b_get_offer_name(chosen, properties),
            "offers": self._b2b_get_offer_rows(offers, rows, properties),
            "variants_left": self._b2b_count_left(template, offers),
            "property_groups": self._b2b_group_properties(properties[chosen.id]),
            "sections": self._b2b_get_sections(
                linked, rows, properties, rows[chosen.id]
            ),
            "breadcrumbs": self._b2b_get_breadcrumbs(sections),
            "images": self._b2b_get_images(template, chosen, media),
            "documents": media.documents,
            "pictured": media.templates,
        }
        values |= self._b2b_get_order_values()
        values |= self._b2b_get_chosen_values(rows[chosen.id])
        return values | self._b2b_get_own_values(offers, chosen)

    def _b2b_get_chosen_values(self, row):
        """What the page says of the variant that is looked at.

        :param row: its ``PriceRow``
        """
        product = row.product
        return {
            "product": product,
            "b2b_row": row,
            "own_article": self._b2b_get_visitor_codes(product).get(product.id),
            "first_quantity": self._b2b_get_first_quantity(row),
            "stock_rows": self._b2b_get_stock_rows(row),
            "out_of_stock": self._b2b_is_out_of_stock(row),
        }

    def _b2b_get_order_values(self):
        """Cart, rights and prices that the parts of the page ask for."""
        website, entity = self, request.b2b.entity
        may_order = self.env["b2b.member"]._may("cart", "create", entity)
        return {
            "b2b_see_stock": website._b2b_may_see("stock"),
            "b2b_may_order": may_order and website._b2b_may_see("prices"),
            "b2b_cart": request.cart,
        } | website._b2b_get_price_values()

    # === THE PRODUCT === #

    def _b2b_find_offers(self, template):
        """Variants of a product that the visitor sees here, the first ones."""
        domain = Domain(self.sale_product_domain())
        domain &= Domain("product_tmpl_id", "=", template.id)
        return self.env["product.product"].search_fetch(domain, limit=MAX_OFFERS)

    def _b2b_count_left(self, template, offers):
        """How many variants the page leaves out."""
        if len(offers) < MAX_OFFERS:
            return 0
        return len(template.product_variant_ids) - len(offers)

    def _b2b_choose_offer(self, offers, properties, value_ids):
        """The variant that has most of the values that were asked for."""
        wanted = set(value_ids)

        def count(offer):
            return len(
                wanted.intersection(
                    value_id
                    for row in properties[offer.id]
                    if row.varies
                    for value_id in row.value_ids
                )
            )

        return max(offers, key=count)

    def _b2b_get_offer_name(self, product, properties):
        """The name of a variant: 'Bolt (M8, zinc)'."""
        values = [row.text for row in properties[product.id] if row.varies]
        name = product.product_tmpl_id.name
        return f"{name} ({', '.join(values)})" if values else name

    def _b2b_get_offer_url(self, product, properties):
        """The address of a variant's page."""
        values = [
            str(value_id)
            for row in properties[product.id]
            if row.varies
            for value_id in row.value_ids
        ]
        url = product.product_tmpl_id.website_url
        return f"{url}?attribute_values={','.join(values)}" if values else url

    def _b2b_get_offer_rows(self, offers, rows, properties):
        """The table of variants; empty where there is one.

        :return: dict: names (of the properties that differ), rows (dicts: row, url,
            name, values: texts in the order of the names)
        """
        if len(offers) < 2:
            return {"names": [], "rows": []}
        names = {}
        for offer in offers:
            for row in properties[offer.id]:
                if row.varies:
                    names[row.attribute_id] = row.name
        result = []
        for offer in offers:
            texts = {row.attribute_id: row.text for row in properties[offer.id]}
            result.append(
                {
                    "row": rows[offer.id],
                    "name": self._b2b_get_offer_name(offer, properties),
                    "url": self._b2b_get_offer_url(offer, properties),
                    "values": [texts.get(attribute_id, "") for attribute_id in names],
                }
            )
        return {"names": list(names.values()), "rows": result}

    def _b2b_group_properties(self, properties):
        """Properties of the page under their headings: list of (heading, rows)."""
        groups = {}
        for row in properties:
            groups.setdefault(row.group, []).append(row)
        return list(groups.items())

    def _b2b_get_first_quantity(self, row):
        """The least quantity that may be ordered, in the own unit; 0: none may."""
        product = row.product
        least = row.terms.minimum or row.terms.step or 1.0
        quantity, reason = product._b2b_round_quantity(
            least, product.uom_id, terms=row.terms
        )
        return 0.0 if reason in ("maximum", "impossible") else quantity

    def _b2b_get_shown_sections(self, facts):
        """Sections of the product in this shop: the rule of core's for sections asks
        every product of it.

        :param facts: :class:`TemplateFacts`
        :return: ``product.public.category`` in sudo, the classifier's first
        """
        sections = self.env["product.public.category"].sudo().browse(facts.section_ids)
        sections = sections.filtered(
            lambda section: section.website_id in (self.env["website"], self)
        )
        return sections.sorted(
            lambda s: (s.b2b_kind != "classifier", s.sequence, s.name, s.id)
        )

    def _b2b_get_breadcrumbs(self, sections):
        """Sections above the product: list of (name, address)."""
        slug = self.env["ir.http"]._slug
        return [
            (section.name, f"/shop/category/{slug(section)}")
            for section in sections[:1].parents_and_self
        ]

    def _b2b_get_images(self, template, product, media):
        """Pictures of the page, the variant's own one first.

        :param media: :class:`Media`
        :return: list of dicts: small, medium, large (addresses), name
        """
        records = []
        if product.id in media.variants:
            records.append(product)
        elif template.id in media.templates:
            records.append(template)
        images = [
            {
                "small": self.image_url(record, "image_128"),
                "medium": self.image_url(record, "image_512"),
                "large": self.image_url(record, "image_1920"),
                "name": record.name,
            }
            for record in records
        ]
        return images + [
            {
                "small": f"/web/image/product.image/{id_}/image_128?unique={version}",
                "medium": f"/web/image/product.image/{id_}/image_512?unique={version}",
                "large": f"/web/image/product.image/{id_}/image_1920?unique={version}",
                "name": name,
            }
            for id_, name, _variant_id, version in media.images
        ]

    def _b2b_get_documents(self, template):
        """Documents of the page, as far as the visitor may see any, in sudo."""
        documents = self.env["product.document"].sudo()
        if not self._b2b_may_see("documents"):
            return documents
        domain = documents._b2b_get_shown_domain(template)
        return documents.search(domain, limit=MAX_DOCUMENTS)

    # === STOCK === #

    def _b2b_is_out_of_stock(self, row):
        """Whether the page may say that there is none: it tells about stock only
        those who may see it.
        """
        return row.stock is not None and row.product.uom_id.compare(row.stock, 0) <= 0

    def _b2b_get_stock_rows(self, row):
        """Stock and arrivals of a variant by warehouse.

        :param row: ``PriceRow``
        :return: list of dicts: name, stock (as of ``_b2b_get_stock_text``), arrivals
            (texts); empty where the visitor may not see stock
        """
        if row.stock is None:
            return []
        product = row.product.sudo()
        warehouses = self._b2b_get_stock_warehouses()
        free = self._b2b_get_row_free([row], warehouses)
        free = free or product._b2b_get_free_by_warehouse(warehouses)
        arrivals = product._b2b_get_arrivals(warehouses, free)[product]
        return [
            {
                "name": warehouse.name,
                "stock": self._b2b_get_stock_text(
                    replace(row, stock=free[product][warehouse], arrival=None)
                ),
                "arrivals": [
                    self._b2b_get_arrival_text(row, arrival)
                    for arrival in arrivals
                    if arrival.warehouse == warehouse
                ],
            }
            for warehouse in warehouses
        ]

    def _b2b_get_arrival_text(self, row, arrival):
        """An arrival in words; a hook for shops that tell no exact figures.

        :param arrival: ``Arrival``
        """
        unit = row.product.uom_id
        values = {
            "quantity": f"{unit._b2b_format(arrival.quantity)} {unit.name}",
            "free": unit._b2b_format(arrival.free),
            "date": format_date(self.env, arrival.date),
        }
        if arrival.late:
            return self.env._(
                "%(quantity)s were due on %(date)s, of these %(free)s free", **values
            )
        return self.env._("%(quantity)s on %(date)s, of these %(free)s free", **values)
