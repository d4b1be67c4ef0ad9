# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What drops down below the search box while a member types."""

from dataclasses import dataclass

from odoo import models
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import escape_psql, html2plaintext
from odoo.tools.misc import format_date, formatLang, get_lang

from odoo.addons.b2b_portal.tools.catalogue_query import CatalogueQuery

from ..tools.stem import get_root
from ..tools.text import tokenize
from .b2b_search_suggest import Suggestions

MAX_GOODS = 6
MAX_SECTIONS = 4
MAX_BRANDS = 3
MAX_ROWS = 8
MIN_LETTERS = 2
_MAX_EXCERPT = 120


@dataclass
class SuggestedGoods:
    """A row of goods, with what the visitor may see of them.

    ``price_row``: ``PriceRow``, or None for whoever has no agreement; ``choose``: the
    goods are chosen on their own page; ``quantity``: of the text, as it may be ordered;
    ``bought``: (day, quantity, unit) of the last purchase, in words, or None.
    """

    template: object
    # the variant; None: the row is of the template
    product: object = None
    price_row: object = None
    choose: bool = True
    unit: object = None
    quantity: str = ""
    bought: tuple = None


class Website(models.Model):
    _inherit = "website"

    def _b2b_suggest(self, area, text):
        """What the drop-down shows for a text; the values of its template. A hook.

        :param area: ``SearchArea`` that the visitor has
        :param str text: as it was typed so far
        :return: dict: area, text, texts (pairs of whole query and address), links
            (dicts: kind, label, url, count), goods (list of :class:`SuggestedGoods`),
            records (dicts: url, label, text), corrected, total, url (of the page of
            results, or None)
        """
        values = {
            "area": area,
            "text": text.strip(),
            "texts": [],
            "links": [],
            "goods": [],
            "records": [],
            "corrected": "",
            "total": 0,
            "url": None,
        }
        if len(values["text"]) < MIN_LETTERS:
            return values
        method = {
            "catalogue": self._b2b_suggest_catalogue,
            "card": self._b2b_suggest_card,
            "reviews": self._b2b_suggest_reviews,
            "blog": self._b2b_suggest_blog,
            "orders": self._b2b_suggest_orders,
            "documents": self._b2b_suggest_documents,
        }.get(area.code)
        return values | (method(text) if method else {})

    def _b2b_count_suggestions(self, values):
        """How many rows there are to choose from."""
        return sum(len(values[name]) for name in ("texts", "links", "goods", "records"))

    # === GOODS === #

    def _b2b_suggest_catalogue(self, text):
        provider = self.env["b2b.catalogue"]
        if not provider._is_indexed():
            products = self._b2b_suggest_goods(text)
            ids = list(dict.fromkeys(products.product_tmpl_id.ids))
            return self._b2b_get_goods_values(Suggestions(ids=ids), text, "")
        found = provider._suggest(text)
        values = self._b2b_get_goods_values(found, text, "")
        values["texts"] = [
            (other, CatalogueQuery(search=other).get_url("/shop"))
            for other in found.texts
        ]
        query = CatalogueQuery(search=text.strip())
        values["links"] = self._b2b_get_section_links(query, found)
        values["links"] += self._b2b_get_brand_links(query, found.counts["brands"])
        return values

    def _b2b_suggest_card(self, text):
        provider = self.env["b2b.catalogue"]
        if not provider._is_indexed():
            return {}
        found = Suggestions(provider._get_matches(text, complete=True)[0])
        found.ids = provider._get_card_matches(text, complete=True)
        found.total = len(provider._get_card_matches(text))
        return self._b2b_get_goods_values(found, text, "card")

    def _b2b_get_goods_values(self, found, text, area):
        """Goods of :class:`Suggestions`, and the way to all of them."""
        query = CatalogueQuery(search=text.strip(), area=area)
        goods = self._b2b_get_suggested_goods(found)
        templates = self.env["product.template"].union(*(r.template for r in goods))
        return {
            "corrected": found.corrected,
            "goods": goods,
            "pictured": goods and templates._b2b_get_pictured(),
            "total": found.total,
            "url": query.get_url("/shop") if found.total else None,
        } | (self._b2b_get_order_values() if found.ids else {})

    def _b2b_get_order_values(self):
        """What the rows ask of the visitor's rights and cart."""
        if not request.b2b.agreement or self.env.context.get("b2b_brief"):
            return {"b2b_may_order": False}
        return self._b2b_get_member_values()

    def _b2b_get_suggested_goods(self, found):
        """Rows of the best goods; a constant number of queries.

        In the context ``b2b_brief``, or without an agreement, they have no figures.

        :return: list of :class:`SuggestedGoods`
        """
        templates = self.env["product.template"].browse(found.ids[:MAX_GOODS])
        if not request.b2b.agreement or self.env.context.get("b2b_brief"):
            return [SuggestedGoods(template) for template in templates]
        rows = []
        for group in self._b2b_get_table(templates):
            choose = bool(group["choose"] or group["variants"])
            rows += [
                SuggestedGoods(group["template"], row.product, row, choose)
                for row in group["rows"]
            ]
        rows = rows[:MAX_GOODS]
        self._b2b_add_bought(rows)
        for row in rows:
            self._b2b_fill_quantity(row, found.analysis)
        return rows

    def _b2b_add_bought(self, rows):
        """Tell what the company last bought of the goods, in place: one query.

        Nothing of it while a client of theirs looks on.
        """
        if self._b2b_in_client_mode():
            return
        products = self.env["product.product"].browse([r.product.id for r in rows])
        bought = self._b2b_get_bought_before(products)
        for row in rows:
            if known := bought.get(row.product.id):
                day, quantity, unit = known
                amount = f"{unit._b2b_format(quantity)} {unit.name}"
                row.bought = format_date(self.env, day), amount

    def _b2b_fill_quantity(self, row, analysis):
        """Put the quantity of a text into a row, as it may be ordered, in place."""
        wish = analysis and analysis.quantity
        row.unit = row.price_row.units[0].unit if row.price_row.units else None
        if not wish or row.choose:
            return
        row.unit = self._b2b_get_wished_unit(row.price_row, wish)
        number, _reason = row.product.sudo()._b2b_round_quantity(
            wish.amount, row.unit, request.b2b.agreement, row.price_row.terms
        )
        if number:
            point = get_lang(self.env).decimal_point
            row.quantity = f"{number:.6f}".rstrip("0").rstrip(".").replace(".", point)

    # === SECTIONS AND BRANDS === #

    def _b2b_get_section_links(self, query, found):
        """Sections of the goods that match, those that the text names first."""
        counts = found.counts["sections"]
        # a hidden section of visible goods is not told of
        domain = Domain("id", "in", list(counts)) & Domain(self.website_domain())
        sections = self.env["product.public.category"].search_fetch(
            domain, ["name", "parent_id", "seo_name"]
        )
        terms = {term for group in found.analysis.groups for term in group.terms}
        roots = {get_root(term) for term in terms}

        def is_named(section):
            words = (token.text for token in tokenize(section.name or ""))
            return any(get_root(word) in roots for word in words)

        # a section with a single branch that has all of it says nothing of its own
        narrowed = {
            section.parent_id.id
            for section in sections
            if counts.get(section.parent_id.id) == counts[section.id]
        }
        kept = [s for s in sections if s.id not in narrowed]
        kept.sort(key=lambda s: (not is_named(s), -counts[s.id], s.id))
        return [
            {
                "kind": "section",
                "label": section.name,
                "url": query.get_url(self._b2b_get_section_path(section.sudo())),
                "count": counts[section.id],
            }
            for section in kept[:MAX_SECTIONS]
        ]

    def _b2b_get_brand_links(self, query, counts):
        """Brands of the goods that match, by how many they are."""
        best = sorted(counts, key=lambda id_: (-counts[id_], id_))[:MAX_BRANDS]
        domain = Domain("id", "in", best)
        brands = self.env["b2b.brand"].search_fetch(domain, ["name"])
        return [
            {
                "kind": "brand",
                "label": brand.name,
                "url": query.get_url("/shop", brands=(brand.id,)),
                "count": counts[brand.id],
            }
            for brand in brands.sorted(lambda brand: best.index(brand.id))
        ]

    # === REVIEWS, ARTICLES === #

    def _b2b_suggest_reviews(self, text):
        """Reviews of goods that the visitor sees, the newest first."""
        provider = self.env["b2b.catalogue"]
        reviews = provider._search_reviews(text)
        visible = provider._search_templates({})
        visible.order = None
        on_goods = Domain("id", "in", reviews) & Domain("res_id", "in", visible)
        messages = self.env["mail.message"].sudo()
        found = messages.search_fetch(on_goods, limit=MAX_ROWS, order="id desc")
        goods = self.env["product.template"].browse(found.mapped("res_id"))
        goods.fetch(["name", "website_url"])
        names = {template.id: template for template in goods}
        query = CatalogueQuery(search=text.strip(), area="reviews")
        return {
            "records": [
                {
                    "url": names[message.res_id].website_url,
                    "label": names[message.res_id].name,
                    "text": self._b2b_get_excerpt(html2plaintext(message.body), text),
                }
                for message in found
            ],
            "url": query.get_url("/shop") if found else None,
        }

    def _b2b_get_excerpt(self, body, text):
        """A part of a body around the first word of a text."""
        body = " ".join(body.split())
        roots = [get_root(token.text) for token in tokenize(text)]
        low = body.casefold().replace("ё", "е")
        place = min((low.find(root) for root in roots if root in low), default=0)
        start = max(place - _MAX_EXCERPT // 3, 0)
        part = body[start : start + _MAX_EXCERPT]
        return (
            ("…" if start else "")
            + part
            + ("…" if len(body) > start + len(part) else "")
        )

    def _b2b_suggest_blog(self, text):
        """Posts of the blog, by core's search."""
        options = dict.fromkeys(
            ("displayDescription", "displayDetail", "displayExtraDetail"), True
        )
        options |= {"displayExtraLink": True, "displayImage": False, "allowFuzzy": True}
        count, details, corrected = self._search_with_fuzzy(
            "blog_posts_only", text.strip(), MAX_ROWS, "name asc", options
        )
        posts = [post for detail in details for post in detail["results"]]
        term = corrected or text.strip()
        return {
            "corrected": corrected if count else "",
            "records": [
                {
                    "url": post.website_url,
                    "label": post.name,
                    "text": post.subtitle or "",
                }
                for post in posts[:MAX_ROWS]
            ],
            "total": count,
            "url": self._b2b_get_area_url("blog", term) if count else None,
        }

    def _b2b_get_area_url(self, code, text):
        """The page that an area lists what it finds on."""
        area = self._b2b_find_area(code)
        return CatalogueQuery(search=text.strip()).get_url(area.url)

    # === ORDERS, PAPERS === #

    def _b2b_get_order_search(self, text):
        """Confirmed orders by number, the customer's own number or name of the cart."""
        word = escape_psql(text.strip())
        return Domain("state", "=", "sale") & Domain.OR(
            Domain(name, "ilike", word)
            for name in ("name", "client_order_ref", "b2b_name")
        )

    def _b2b_suggest_orders(self, text):
        Order = self.env["sale.order"].with_user(self.env.user)
        domain = self._b2b_get_order_search(text)
        orders = Order.search_fetch(domain, limit=MAX_ROWS, order="date_order desc")
        records = [
            {
                "url": f"/my/orders/{order.id}",
                "label": order.name,
                "text": " · ".join(
                    filter(
                        None,
                        (
                            format_date(self.env, order.date_order),
                            order.client_order_ref or order.b2b_name,
                            self._b2b_format_amount(order),
                        ),
                    )
                ),
            }
            for order in orders.sudo()
        ]
        url = self._b2b_get_area_url("orders", text) if records else None
        return {"records": records, "url": url}

    def _b2b_format_amount(self, order):
        return formatLang(self.env, order.amount_total, currency_obj=order.currency_id)

    def _b2b_suggest_documents(self, text):
        documents = self.env["b2b.document"].with_user(self.env.user)
        domain = Domain("name", "ilike", escape_psql(text.strip()))
        found = documents.search_fetch(domain, limit=MAX_ROWS).sudo()
        kinds = dict(documents._fields["kind"]._description_selection(self.env))
        records = [
            {
                "url": f"/my/documents/{document.id}/pdf",
                "label": document.name,
                "text": f"{kinds.get(document.kind, '')} · "
                f"{format_date(self.env, document.date)}",
            }
            for document in found
        ]
        url = self._b2b_get_area_url("documents", text) if records else None
        return {"records": records, "url": url}
