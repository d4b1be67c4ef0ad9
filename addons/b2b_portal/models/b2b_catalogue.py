# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which goods a page of the catalogue shows, and in which order."""

from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.id_in import id_in

# A search of more words finds nothing that fewer would not.
MAX_WORDS = 8
# What core's search asks its callers to say, of no meaning for its correction.
_SHOWN = (
    "displayDescription",
    "displayDetail",
    "displayExtraDetail",
    "displayExtraLink",
    "displayImage",
)


@dataclass
class Found:
    """A page of goods: ids of product templates in order, and how many in all."""

    ids: list
    total: int
    # what was searched for in place of the words typed
    corrected: str = ""


class B2bCatalogue(models.AbstractModel):
    """The provider of the catalogue; an addon with an index replaces its answers.

    Every method takes the :class:`~..tools.catalogue_query.CatalogueQuery` and the
    acting context (``website.Acting``, or None for visitors who are no members), and
    works as the user of the environment: record rules decide what is visible.

    Filters are kept apart by key, so that the values of one may be counted without
    it: 'search', 'within', 'section', 'categories', 'brands', 'tags', 'stock',
    'slices', 'price', 'letter' and ('attribute', id).
    """

    _name = "b2b.catalogue"
    _description = "Catalogue of goods"

    # === THE LIST === #

    @api.model
    def _find(self, query, acting):
        """The goods of one page; a page after the last one is the last one.

        :return: :class:`Found`
        """
        conditions = self._get_conditions(query, acting)
        found = self._fetch(query, acting, conditions)
        if not found.total and query.search:
            found = self._find_corrected(query, acting, conditions) or found
        return found

    @api.model
    def _fetch(self, query, acting, conditions):
        templates = self._search_templates(conditions)
        self._sort(templates, query, acting)
        before = (query.page - 1) * query.limit
        templates.limit, templates.offset = query.limit, before
        row_id = SQL.identifier(templates.table, "id")
        ids = [row[0] for row in self.env.execute_query(templates.select(row_id))]
        if len(ids) < query.limit and (ids or not before):
            return Found(ids, before + len(ids))
        # apart from the page, which an index serves without reading the rest
        templates.limit = templates.offset = templates.order = None
        total = len(templates)
        if ids or not before:
            return Found(ids, total)
        last = max(-(-total // query.limit), 1)
        return self._fetch(query.change(page=last), acting, conditions)

    @api.model
    def _find_corrected(self, query, acting, conditions):
        """The page for the word that core's fuzzy search takes for the one typed.

        :return: :class:`Found`, or None: the word is right, other filters leave nothing
        """
        known = self._search_templates({"search": conditions["search"]})
        known.limit = 1
        if known.get_result_ids():
            return None
        website = self.env["website"]._b2b_get_visited()
        options = dict.fromkeys(_SHOWN, False) | {"allowFuzzy": True}
        details = website._search_get_details("products_only", "name asc", options)
        term = website._search_find_fuzzy_term(details, query.search)
        if not term or term == query.search.lower():
            return None
        words = self._get_text_domain(term, acting)
        found = self._fetch(query, acting, conditions | {"search": words})
        found.corrected = found.total and term
        return found

    @api.model
    def _search_templates(self, conditions, without=()):
        """Templates that meet conditions, by the visitor's rights, in no order.

        :param dict conditions: of :meth:`_get_conditions`
        :param without: keys of conditions that are left out
        :return: ``odoo.tools.Query`` on product_template
        """
        domain = Domain.AND(
            condition for key, condition in conditions.items() if key not in without
        )
        templates = self.env["product.template"]
        return templates._search(domain & self._get_visible_domain())

    @api.model
    def _get_visible_domain(self):
        """Goods that the website offers the visitor."""
        return Domain(self.env["website"]._b2b_get_visited().sale_product_domain())

    # === FILTERS === #

    @api.model
    def _get_conditions(self, query, acting):
        """The filters of a query; a hook.

        :return: dict of domains on product.template by key, of those that are set
        """
        conditions = {}
        for name in ("search", "within"):
            if text := getattr(query, name):
                conditions[name] = self._get_text_domain(text, acting)
        if query.section:
            conditions["section"] = self._get_section_domain((query.section,))
        if query.categories:
            conditions["categories"] = self._get_section_domain(query.categories)
        if query.brands:
            conditions["brands"] = Domain("b2b_brand_id", "in", query.brands)
        if query.tags:
            conditions["tags"] = Domain("product_tag_ids", "in", query.tags)
        for attribute, values in query.attributes:
            conditions["attribute", attribute] = self._get_value_domain(
                attribute, values
            )
        if query.letter:
            letter = query.letter.replace("\\", r"\\")
            letter = letter.replace("%", r"\%").replace("_", r"\_")
            conditions["letter"] = Domain("name", "=ilike", f"{letter}%")
        return conditions

    @api.model
    def _get_text_domain(self, text, acting):
        """Goods that have every word of a text in their name or an article.

        Or that the customer's own article of this text is for: it may hold spaces.
        """
        words = text.split()[:MAX_WORDS]
        domain = Domain.AND(self._get_word_domain(word, acting) for word in words)
        if len(words) > 1:
            domain |= self.env["product.template"]._b2b_get_code_domain(text)
        return domain

    @api.model
    def _get_word_domain(self, word, acting):
        """Goods that have one word; a hook."""
        return Domain.OR(
            [
                Domain("name", "ilike", word),
                Domain("variants_default_code", "ilike", word),
                Domain("barcode", "=", word),
                self.env["product.template"]._b2b_get_code_domain(word),
            ]
        )

    @api.model
    def _get_section_domain(self, ids):
        """Goods of sections and those below; of both trees, if both are named.

        In sudo: whether a section is shown depends on its goods, which are asked for
        here as the visitor.
        """
        by_kind = self._get_section_domains(ids).values()
        return Domain.AND(by_kind) if by_kind else Domain.FALSE

    @api.model
    def _get_section_domains(self, ids):
        """Goods of sections and those below: dict tree (``b2b_kind``) -> domain."""
        sections = self.env["product.public.category"].sudo()
        below = sections.search_fetch([("id", "child_of", ids)], ["b2b_kind"])
        return {
            kind: id_in(
                SQL(
                    "SELECT product_template_id"
                    " FROM product_public_category_product_template_rel"
                    " WHERE product_public_category_id IN %s",
                    group._ids,
                )
            )
            for kind, group in below.grouped("b2b_kind").items()
        }

    @api.model
    def _get_value_domain(self, attribute, values):
        """Goods that have one of the values of an attribute."""
        return id_in(
            SQL(
                "SELECT product_tmpl_id FROM product_template_attribute_value"
                " WHERE ptav_active AND attribute_id = %s"
                " AND product_attribute_value_id IN %s",
                attribute,
                values,
            )
        )

    # === COUNTS === #

    @api.model
    def _count(self, query, acting, keys):
        """How many goods each value of some filters would leave.

        Each filter is counted under all others but itself, so that ticking a second
        value of it shows what is added.

        :param keys: of filters, as in :meth:`_get_conditions`; 'sections' counts both
            trees, each good in its section and in those above it, within the section
            of the page; 'tree' does so without that section
        :return: dict key -> dict value (id or code) -> number of templates; of
            'price' a pair (least, greatest) of my prices, or None
        """
        return {}

    # === ORDER === #

    @api.model
    def _get_orders(self, acting):
        """How the goods may be sorted; a hook.

        :return: dict key -> label; the first one is the usual order
        """
        return {
            "": self.env._("As recommended"),
            "name": self.env._("By name"),
            "article": self.env._("By article"),
            "new": self.env._("New ones first"),
        }

    @api.model
    def _sort(self, templates, query, acting):
        """Put the order of a query into an ORM query of templates, in place; a hook.

        A key that is none of ours sorts as usual. Ties are sorted by id: a page never
        shows again what the one before it has shown.
        """
        templates.order = self._get_order_sql(templates, query, acting)

    @api.model
    def _get_order_sql(self, templates, query, acting):
        """The order of a query as ``SQL``; a hook, which may add joins to templates."""
        model = self.env["product.template"]
        usual = self.env["website"]._b2b_get_visited().shop_default_sort
        usual = model._b2b_clean_order(usual) or "website_sequence"
        order = {
            "name": "name, id",
            "article": "default_code, id",
            "new": "publish_date desc, id desc",
        }.get(query.order, f"{usual}, id desc")
        return model._order_to_sql(order, templates)
