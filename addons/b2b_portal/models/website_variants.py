# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Goods with variants in the members' catalogue: one row each, and a matrix to open."""

from dataclasses import dataclass
from urllib.parse import urlencode

from odoo import models
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import SQL

from ..tools.parse_id import parse_id
from ..tools.variant_grid import lay_out
from .website_product import MAX_OFFERS

# Up to so many variants are rows of the table like any other goods; cards have one.
MAX_ROWS = 3
# "From" is said of a product whose variants are all compared: of one product at most so
# many, on a page a dozen for each product that it shows, or so many in all.
MAX_COMPARED = 60
COMPARED_PER_PRODUCT = 12
ALWAYS_COMPARED = 120
# A product with more variants than this is not read through for its matrix.
MAX_VARIANTS = 5000
# Of an address that names a variant.
MAX_ATTRIBUTES = 20


@dataclass
class Variants:
    """What the one row of a product with several variants says.

    ``compared`` is False where there were too many to price: then it says neither the
    least price nor the stock.
    """

    total: int
    compared: bool = False
    # least amounts; None: there is none, or the viewer may not see it
    price: float = None
    retail: float = None
    # whether all variants have the least amount
    one_price: bool = False
    one_retail: bool = False
    # how many of them are in stock; None: the viewer may not see it, or none is stored
    in_stock: int = None


class Website(models.Model):
    _inherit = "website"

    # === THE LIST === #

    def _b2b_get_table(self, templates):
        """What the views of the catalogue show for a page of templates.

        :return: list of dicts: template, rows (of :meth:`_b2b_get_price_rows`, one a
            variant; only that with the least price, where they are folded), variants
            (:class:`Variants`, or None where each has its row), more (number of
            variants without a row), choose (True where goods are chosen on their own
            page)
        """
        found = self._b2b_find_page_variants(templates)
        compared = self._b2b_get_compared(found)
        products = self.env["product.product"]
        wanted = [
            product_id
            for template_id, (ids, _total) in found.items()
            for product_id in (ids if template_id in compared else ids[:1])
        ]
        # units are asked for along with the prices, where every row is shown
        folded = any(total > 1 for _ids, total in found.values())
        products = products.browse(wanted)
        if not folded or not request.b2b.agreement:
            rows = self._b2b_get_price_rows(products, units=True) or []
            return self._b2b_make_groups(templates, rows, found, compared)
        agreement = request.b2b.agreement
        # which rows get units is known when all have a price
        with agreement._b2b_prices_in_force(
            products.sudo(), others=agreement._get_retail_pricelist()
        ):
            rows = self._b2b_get_price_rows(products) or []
            groups = self._b2b_make_groups(templates, rows, found, compared)
            agreement._add_units([row for group in groups for row in group["rows"]])
        return groups

    def _b2b_make_groups(self, templates, rows, found, compared):
        """The items of :meth:`_b2b_get_table`.

        :param list rows: of the variants of all templates
        :param dict found: of :meth:`_b2b_find_page_variants`
        :param set compared: of :meth:`_b2b_get_compared`
        """
        by_template = {}
        for row in rows:
            by_template.setdefault(row.product.product_tmpl_id.id, []).append(row)
        on_page = self._b2b_get_chosen_on_page(templates)
        return [
            self._b2b_make_group(
                template,
                by_template.get(template.id, []),
                found.get(template.id, ((), 0))[1],
                template.id in compared,
                template.id in on_page,
            )
            for template in templates
        ]

    def _b2b_find_page_variants(self, templates):
        """Variants of templates that the visitor sees, in one query.

        :return: dict template id -> (ids of the first ones by article, number of all)
        """
        if not templates:
            return {}
        variants = self.env["product.product"]._search(
            Domain("product_tmpl_id", "in", templates.ids)
        )
        row_id = SQL.identifier(variants.table, "id")
        template = SQL.identifier(variants.table, "product_tmpl_id")
        code = SQL.identifier(variants.table, "default_code")
        numbered = variants.select(
            SQL("%s AS id", row_id),
            SQL("%s AS template_id", template),
            SQL(
                "row_number() OVER (PARTITION BY %s ORDER BY %s, %s) AS number",
                template,
                code,
                row_id,
            ),
            SQL("count(*) OVER (PARTITION BY %s) AS total", template),
        )
        found = {}
        for product_id, template_id, total in self.env.execute_query(
            SQL(
                "SELECT id, template_id, total FROM (%s) AS variant"
                " WHERE number <= %s ORDER BY template_id, number",
                numbered,
                MAX_COMPARED,
            )
        ):
            found.setdefault(template_id, ([], total))[0].append(product_id)
        return found

    def _b2b_get_compared(self, found):
        """Ids of the templates all of whose variants a page may price."""
        left = max(COMPARED_PER_PRODUCT * len(found), ALWAYS_COMPARED)
        compared = set()
        for template_id, (_ids, total) in sorted(
            found.items(), key=lambda item: item[1][1]
        ):
            left -= total
            if left < 0 or total > MAX_COMPARED:
                break
            compared.add(template_id)
        return compared

    def _b2b_make_group(self, template, rows, total, compared, choose):
        """One item of :meth:`_b2b_get_table`."""
        variants, shown = None, rows
        most = MAX_ROWS if self._b2b_get_view() == "table" and not choose else 1
        if total > most:
            variants = Variants(total)
            shown = rows[:1]
            if compared:
                shown = [self._b2b_compare_rows(variants, rows)]
            if choose:
                # what is chosen on the page may cost more
                variants.one_price = variants.one_retail = False
        return {
            "template": template,
            "rows": shown,
            "variants": variants,
            "more": total - len(shown),
            "choose": choose,
        }

    def _b2b_compare_rows(self, variants, rows):
        """Fill in what the rows of all variants have in common.

        :param variants: :class:`Variants`, changed in place
        :return: the row with the least price
        """
        variants.compared = True
        compare = rows[0].currency.compare_amounts
        for name in ("retail", "price"):
            amounts = [getattr(row, name) for row in rows]
            if None in amounts:
                continue
            setattr(variants, name, min(amounts))
            setattr(variants, f"one_{name}", compare(min(amounts), max(amounts)) == 0)
        stored = [row for row in rows if row.stock is not None]
        if stored:
            variants.in_stock = len(
                [row for row in stored if self._b2b_get_stock_text(row)[0] == "good"]
            )
        name = "retail" if variants.price is None else "price"
        if getattr(variants, name) is None:
            return rows[0]
        return min(rows, key=lambda row: getattr(row, name))

    # === THE MATRIX === #

    def _b2b_find_template(self, template_id):
        """A product of the shop that the visitor sees, or an empty record."""
        domain = Domain(self.sale_product_domain())
        domain &= Domain("id", "=", parse_id(template_id))
        return self.env["product.template"].search(domain)

    def _b2b_find_variants(self, template):
        """All variants of a product (single) that the visitor sees here."""
        domain = Domain(self.sale_product_domain())
        domain &= Domain("product_tmpl_id", "=", template.id)
        return self.env["product.product"].search(domain, limit=MAX_VARIANTS)

    def _b2b_get_matrix(self, template, wanted=(), page=0, offers=None, known=None):
        """The matrix of a product's variants, priced where it is shown.

        :param template: ``product.template`` (single), as the visitor
        :param wanted: ids of attribute values to narrow to
        :param int page: of the rows; 0: the one with a wanted value
        :param offers: ``product.product`` of the members' page of the product, if it
            is what the matrix is on
        :param dict known: rows by variant id that are priced already
        :return: dict: template, grid (:class:`~..tools.variant_grid.Grid`), rows (dict
            variant id -> ``PriceRow`` with units and stock), names, urls and prices (of
            ``_b2b_get_table_prices``; dicts by variant id), total, left (variants
            beyond what is read), choose (True where goods are put together on their
            page), dynamic (True where other combinations are made on demand), and what
            all cells share: one_price and one_retail (amounts or None), currency,
            units, rule (text or None); None: nothing is sold here
        """
        complete = offers and len(offers) < MAX_OFFERS
        variants = offers if complete else self._b2b_find_variants(template)
        if not variants:
            return None
        # rights are judged: from here on, records are read in sets
        variants = variants.sudo()
        axes, places = self._b2b_get_axes(variants)
        grid = lay_out(axes, places, wanted, page)
        shown = variants.browse(grid.variant_ids)
        rows = {id_: row for id_, row in (known or {}).items() if id_ in shown._ids}
        if unknown := shown.filtered(lambda variant: variant.id not in rows):
            found = self._b2b_get_order_rows(unknown) or []
            rows |= {row.product.id: row for row in found}
        names = {value_id: name for axis in axes for value_id, name in axis.values}
        total = len(variants)
        if total == MAX_VARIANTS:
            total = len(template.product_variant_ids)
        return {
            "template": template,
            "grid": grid,
            "rows": rows,
            "names": {
                variant.id: ", ".join(names[v] for v in places[variant.id].values())
                for variant in shown
            },
            "urls": {
                variant.id: self._b2b_get_variant_url(template, places[variant.id])
                for variant in shown
            },
            "total": total,
            "left": total - len(variants),
            # goods with more to choose have no members' page: _b2b_has_product_page
            "choose": not offers and bool(self._b2b_get_chosen_on_page(template)),
            "prices": request.b2b.agreement._b2b_get_table_prices(rows.values()),
            "dynamic": not offers
            and any(
                line.attribute_id.create_variant == "dynamic"
                for line in template.sudo().attribute_line_ids
            ),
        } | self._b2b_get_common_values(list(rows.values()))

    def _b2b_get_variant_url(self, template, place):
        """The address of a variant: that of its product, which names its values."""
        values = ",".join(str(value_id) for value_id in place.values())
        return f"{template.website_url}?attribute_values={values}"

    def _b2b_get_matrix_url(self, matrix, choice=None, value_id=0, page=0):
        """The address of another part of a matrix, on the product's page.

        :param choice: the ``Choice`` that is to stand at ``value_id``
        :param int page: of the rows
        """
        values = [
            value_id if other is choice else chosen
            for other in matrix["grid"].choices
            for chosen in (id_ for id_, _name, here in other.values if here)
        ]
        query = {"values": ",".join(str(id_) for id_ in values), "rows": page}
        query = {name: value for name, value in query.items() if value}
        return f"{matrix['template'].website_url}?{urlencode(query)}"

    def _b2b_get_common_values(self, rows):
        """What all cells of a matrix have in common, to be said once.

        :param list rows: ``PriceRow`` of the cells
        """
        common = {"one_price": None, "one_retail": None, "rule": None, "units": []}
        if not rows:
            return common | {"currency": request.b2b.agreement.currency_id}
        compare = rows[0].currency.compare_amounts
        for name in ("price", "retail"):
            amounts = [getattr(row, name) for row in rows]
            if None not in amounts and not compare(min(amounts), max(amounts)):
                common[f"one_{name}"] = amounts[0]
        if any(row.special for row in rows):
            common["one_price"] = None
        rules = {self._b2b_get_rule_text(row) for row in rows}
        if len(rules) == 1:
            common["rule"] = rules.pop()
        units = {tuple(unit.unit.id for unit in row.units) for row in rows}
        if len(units) == 1 and len(rows[0].units) > 1:
            common["units"] = rows[0].units
        return common | {"currency": rows[0].currency}

    # === THE PRODUCT'S PAGE === #

    def _b2b_get_product_values(self, template, value_ids=(), facts=None):
        """The page of a product, with its matrix in ``offers['matrix']``."""
        asking = self.with_context(b2b_wanted_values=tuple(filter(None, value_ids)))
        return super(Website, asking)._b2b_get_product_values(
            template, value_ids, facts
        )

    def _b2b_find_offers(self, template):
        """The variant that the address names is an offer, however many there are."""
        offers = super()._b2b_find_offers(template)
        wanted = self.env.context.get("b2b_wanted_values")
        if not wanted or len(offers) < MAX_OFFERS:
            return offers
        path = "product_template_attribute_value_ids.product_attribute_value_id"
        domain = Domain.AND(Domain(path, "=", id_) for id_ in wanted[:MAX_ATTRIBUTES])
        domain &= Domain("product_tmpl_id", "=", template.id)
        domain &= Domain(self.sale_product_domain())
        return self.env["product.product"].search(domain, limit=1) | offers

    def _b2b_get_offer_rows(self, offers, rows, properties):
        """Add the matrix where two attributes or more tell the variants apart."""
        result = super()._b2b_get_offer_rows(offers, rows, properties)
        result["matrix"] = None
        if len(result["names"]) > 1:
            args = request.httprequest.args
            asked = [parse_id(text) for text in args.get("values", "").split(",")[:50]]
            result["matrix"] = self._b2b_get_matrix(
                self.env["product.template"].browse(offers.product_tmpl_id.id),
                asked if any(asked) else self.env.context.get("b2b_wanted_values", ()),
                parse_id(args.get("rows")),
                offers,
                rows,
            )
        return result
