# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The page of the members' catalogue, put together of parts that addons extend."""

from werkzeug.datastructures import MultiDict

from odoo import models
from odoo.http import request

from ..tools.catalogue_query import PER_PAGE

PER_PAGE_SESSION_KEY = "b2b_shop_per_page"


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_catalogue(self, query, section):
        """What the catalogue shows for a query; the values of its templates.

        A hook: addons add parts.

        :param query: :class:`~..tools.catalogue_query.CatalogueQuery`
        :param section: ``product.public.category`` in sudo, of the page; may be empty
        :return: dict: query, section, found, products (templates of the page, in
            order), path (of the section), orders, pager (of core), chips, b2b_view,
            b2b_table, and those of :meth:`_b2b_get_member_values`
        """
        acting = request.b2b
        provider = self.env["b2b.catalogue"]
        found = provider._find(query, acting)
        path = self._b2b_get_section_path(section)
        products = self.env["product.template"].browse(found.ids)
        return {
            "query": query,
            "section": section,
            "found": found,
            "products": products,
            "path": path,
            "orders": provider._get_orders(acting),
            "per_page_choices": PER_PAGE,
            "pager": self.pager(
                path,
                found.total,
                page=query.page,
                step=query.limit,
                url_args=MultiDict(query.get_params()),
            ),
            "chips": self._b2b_get_chips(query),
            "b2b_view": self._b2b_get_view(),
            "b2b_table": self._b2b_get_table(products),
        } | self._b2b_get_member_values()

    def _b2b_get_section_path(self, section):
        """The address of a section (single or none, sudo), without filters.

        As core spells it, without computing a name of the whole branch for each.
        """
        if not section:
            return "/shop"
        name = section.seo_name
        if not name:
            names, above = [], section
            while above:
                names.append(above.name or "")
                above = above.parent_id
            name = " / ".join(reversed(names))
        return f"/shop/category/{self.env['ir.http']._slug((section.id, name))}"

    def _b2b_get_member_values(self):
        """What catalogue and price block ask of the visitor's rights and cart."""
        entity = request.b2b.entity
        may_order = self.env["b2b.member"]._may("cart", "create", entity)
        return {
            "b2b_see_stock": self._b2b_may_see("stock"),
            "b2b_may_order": may_order and self._b2b_may_see("prices"),
            "b2b_cart": request.cart,
            "b2b_in_cart": self._b2b_get_cart_quantities(),
        } | self._b2b_get_price_values()

    def _b2b_get_per_page(self, wish=0):
        """Rows of a page; a wish is kept for the member.

        :param int wish: one of ``PER_PAGE``; anything else is ignored
        """
        return self._b2b_remember(PER_PAGE_SESSION_KEY, wish, PER_PAGE)

    # === FILTERS THAT ARE SET === #

    def _b2b_get_chips(self, query):
        """The filters of a query in words, each with the query without it.

        A hook: addons add theirs.

        :return: list of (label, :class:`CatalogueQuery`)
        """
        chips = []
        if query.within:
            chips.append((f"«{query.within}»", query.change(within="")))
        if query.in_stock:
            chips.append((self.env._("Available now"), query.change(in_stock=False)))
        if query.letter:
            label = self.env._("Begins with %(letter)s", letter=query.letter)
            chips.append((label, query.change(letter="")))
        return (
            chips
            + self._b2b_get_record_chips(query, "categories", "product.public.category")
            + self._b2b_get_record_chips(query, "brands", "b2b.brand")
            + self._b2b_get_record_chips(query, "tags", "product.tag")
            + self._b2b_get_value_chips(query)
        )

    def _b2b_get_record_chips(self, query, name, model):
        """Chips of a filter by ids; ids of no record are shown as such, not hidden."""
        ids = getattr(query, name)
        if not ids:
            return []
        # as the visitor: a forged id must not tell the name of what is hidden
        records = self.env[model].search_fetch([("id", "in", ids)], ["name"])
        names = {record.id: record.name for record in records}
        unknown = self.env._("unknown")
        return [(names.get(id_, unknown), query.toggle(name, id_)) for id_ in ids]

    def _b2b_get_value_chips(self, query):
        """Chips of attributes' values."""
        ids = [id_ for _attribute, values in query.attributes for id_ in values]
        if not ids:
            return []
        # names of properties are on public pages
        values = self.env["product.attribute.value"].sudo().browse(ids).exists()
        names = {
            value.id: f"{value.attribute_id.name}: {value.name}" for value in values
        }
        unknown = self.env._("unknown")
        return [
            (names.get(id_, unknown), query.toggle_value(attribute, id_))
            for attribute, values in query.attributes
            for id_ in values
        ]
