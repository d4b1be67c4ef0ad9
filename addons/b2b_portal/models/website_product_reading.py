# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the page of a product reads beside goods and prices: each part in one query."""

from collections import defaultdict
from dataclasses import dataclass, field

from odoo import models
from odoo.tools import SQL

MAX_IMAGES = 12
MAX_DOCUMENTS = 40
# Lists of a template that prices and units ask for.
_LISTS = ("taxes_id", "uom_ids")


@dataclass
class TemplateFacts:
    """What decides how a product is shown, and what core links it to."""

    # values to choose that make no variant
    choices: bool = False
    # of core's fields: (kind, template id, variant id or 0)
    links: list = field(default_factory=list)
    section_ids: list = field(default_factory=list)


@dataclass
class Media:
    """Pictures and documents of the page."""

    # ids of templates, and of variants, that have a picture of their own
    templates: set = field(default_factory=set)
    variants: set = field(default_factory=set)
    # (id, name, variant id or 0, version)
    images: list = field(default_factory=list)
    documents: list = field(default_factory=list)


@dataclass(frozen=True)
class PageDocument:
    id: int
    name: str
    is_file: bool
    valid_until: object


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _b2b_get_facts(self):
        """:class:`TemplateFacts` of the product (single): one query."""
        self.ensure_one()
        for name in (
            "product.template",
            "product.template.attribute.line",
            "product.attribute",
            "product.attribute.value",
        ):
            self.env[name].flush_model()
        query = SQL(
            """
            SELECT 'choices', 0, 0 WHERE EXISTS(
                   SELECT FROM product_template_attribute_line line
                     JOIN product_attribute own ON own.id = line.attribute_id
                    WHERE line.product_tmpl_id = %(id)s AND line.active
                      AND own.create_variant != 'always'
                      AND (line.value_count > 1 OR own.display_type = 'multi' OR EXISTS(
                          SELECT FROM %(values)s rel
                            JOIN product_attribute_value val
                                 ON val.id = rel.product_attribute_value_id
                           WHERE rel.product_template_attribute_line_id = line.id
                             AND val.is_custom)))
         UNION ALL
            SELECT 'section', product_public_category_id, 0
              FROM product_public_category_product_template_rel
             WHERE product_template_id = %(id)s
         UNION ALL
            SELECT 'analogue', dest_id, 0 FROM product_alternative_rel
             WHERE src_id = %(id)s
         UNION ALL
            SELECT 'accessory', variant.product_tmpl_id, variant.id
              FROM product_accessory_rel link
              JOIN product_product variant ON variant.id = link.dest_id
             WHERE link.src_id = %(id)s
          ORDER BY 1, 2, 3
            """,
            id=self.id,
            values=SQL.identifier(
                self.env["product.template.attribute.line"]
                ._fields["value_ids"]
                .relation
            ),
        )
        facts = TemplateFacts()
        for kind, first, second in self.env.execute_query(query):
            if kind == "choices":
                facts.choices = True
            elif kind == "section":
                facts.section_ids.append(first)
            else:
                facts.links.append((kind, first, second))
        return facts

    def _b2b_prefetch_lists(self, rows):
        """Put lists of the templates (batch, sudo) into the ORM's cache.

        :param rows: (field name, template id, id of the listed record)
        """
        found = {name: defaultdict(list) for name in _LISTS}
        for name, template_id, record_id in rows:
            found[name][template_id].append(record_id)
        for name, lists in found.items():
            listed = self._fields[name]
            comodel = self.env[listed.comodel_name]
            every = comodel.browse({id_ for ids in lists.values() for id_ in ids})
            place = {id_: place for place, id_ in enumerate(every.sorted()._ids)}
            listed._insert_cache(
                self, [tuple(sorted(lists[id_], key=place.get)) for id_ in self._ids]
            )


class Website(models.Model):
    _inherit = "website"

    def _b2b_read_media(self, goods, chosen):
        """Pictures and documents of the page, taxes and units of all its goods.

        One query. Whether the visitor may see documents is asked here.

        :param goods: ``product.product`` (batch, sudo), found as the visitor
        :param chosen: the variant that is looked at
        :return: :class:`Media`; taxes and units are in the ORM's cache
        """
        templates, media = goods.product_tmpl_id, Media()
        parts = [
            self._b2b_get_picture_query(templates, chosen),
            self._b2b_get_gallery_query(chosen),
            self._b2b_get_list_query(templates),
        ]
        if self._b2b_may_see("documents"):
            parts.append(self._b2b_get_document_query(chosen.product_tmpl_id))
        lists = []
        query = SQL(" UNION ALL ").join(SQL("(%s)", part) for part in parts)
        for kind, owner, id_, name, flag, moment in self.env.execute_query(query):
            if kind in _LISTS:
                lists.append((kind, owner, id_))
            elif kind == "template":
                media.templates.add(id_)
            elif kind == "variant":
                media.variants.add(id_)
            elif kind == "image":
                version = int(moment.timestamp()) if moment else 0
                media.images.append((id_, name, owner, version))
            else:
                day = moment and moment.date()
                media.documents.append(PageDocument(id_, name, flag, day))
        templates._b2b_prefetch_lists(lists)
        return media

    def _b2b_get_picture_query(self, templates, chosen):
        """SQL: which of the goods have a picture; all in the columns of the parts."""
        self.env["ir.attachment"].flush_model()
        return SQL(
            """
            SELECT CASE res_model WHEN 'product.template' THEN 'template'
                                  ELSE 'variant' END, 0, res_id, NULL::varchar, FALSE,
                   NULL::timestamp
              FROM ir_attachment
             WHERE res_model = 'product.template' AND res_field = 'image_128'
                   AND res_id IN %(templates)s
                OR res_model = 'product.product' AND res_field = 'image_variant_128'
                   AND res_id = %(chosen)s
            """,
            templates=tuple(templates.ids),
            chosen=chosen.id,
        )

    def _b2b_get_gallery_query(self, chosen):
        """SQL: further pictures of the variant and its template, its own first."""
        self.env["product.image"].flush_model()
        return SQL(
            """
            SELECT 'image', COALESCE(product_variant_id, 0), id, name, FALSE, write_date
              FROM product_image
             WHERE (product_variant_id = %(variant)s OR product_tmpl_id = %(template)s)
               AND COALESCE(video_url, '') = ''
          ORDER BY product_variant_id IS NULL, sequence, id
             LIMIT %(limit)s
            """,
            variant=chosen.id,
            template=chosen.product_tmpl_id.id,
            limit=MAX_IMAGES,
        )

    def _b2b_get_list_query(self, templates):
        """SQL: taxes and packagings of the templates."""
        templates.flush_recordset(_LISTS)
        return SQL(
            """
            SELECT 'taxes_id', prod_id, tax_id, NULL::varchar, FALSE, NULL::timestamp
              FROM product_taxes_rel WHERE prod_id IN %(ids)s
         UNION ALL
            SELECT 'uom_ids', %(owner)s, %(unit)s, NULL, FALSE, NULL
              FROM %(units)s WHERE %(owner)s IN %(ids)s
            """,
            ids=tuple(templates.ids),
            units=SQL.identifier(templates._fields["uom_ids"].relation),
            owner=SQL.identifier(templates._fields["uom_ids"].column1),
            unit=SQL.identifier(templates._fields["uom_ids"].column2),
        )

    def _b2b_get_document_query(self, template):
        """SQL: documents that the page shows today, see ``product.document``."""
        documents = self.env["product.document"].sudo()
        domain = documents._b2b_get_shown_domain(template)
        query = documents._search(domain, order="sequence, id", limit=MAX_DOCUMENTS)
        return SQL(
            """
            SELECT 'document', 0, own.id, file.name, file.type = 'binary',
                   own.b2b_valid_until::timestamp
              FROM product_document own
              JOIN ir_attachment file ON file.id = own.ir_attachment_id
             WHERE own.id IN %s
          ORDER BY own.sequence, file.name, own.id
            """,
            query.subselect(),
        )
