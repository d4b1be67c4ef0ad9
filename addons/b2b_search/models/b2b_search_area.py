# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Searches of the catalogue that look elsewhere than usual: inside the product card, in
what customers wrote of the goods."""

import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.b2b_portal.tools.id_in import id_in

from ..tools.stem import get_root
from ..tools.text import fold, tokenize

_KEY = "b2b_search.card"
# Texts of so many goods are read for one search.
_MAX_READ = 2000
_MAX_WORDS = 8
# Letters that look alike are one letter on both sides; see ``tools.text``.
_ALIKE = ("ёавекмнорстухі×,", "еabekmhopctyxix.")


class B2bCatalogue(models.AbstractModel):
    _inherit = "b2b.catalogue"

    @api.model
    def _get_conditions(self, query, acting):
        conditions = super()._get_conditions(query, acting)
        if query.search and query.area == "card":
            domain = self._get_card_domain(query.search, query.exact)
            conditions["search"] = domain
        elif query.search and query.area == "reviews":
            conditions["search"] = self._get_review_domain(query.search)
        return conditions

    # === INSIDE THE CARD === #

    @api.model
    def _get_card_domain(self, text, exact=False):
        """Goods whose descriptions or properties have all words of a text."""
        if not self._is_indexed():
            return Domain.AND(
                Domain("description_sale", "ilike", word)
                | Domain("description_ecommerce", "ilike", word)
                | Domain("attribute_line_ids.value_ids.name", "ilike", word)
                for word in text.split()[:_MAX_WORDS]
            )
        ids = list(self._get_card_matches(text, exact))
        return id_in(SQL("SELECT unnest(%s::int[])", ids))

    @api.model
    def _get_card_matches(self, text, exact=False, complete=False):
        """Ids of goods by their card, as :meth:`_get_matches`: the best ones first."""
        analysis, matches = self._get_matches(text, exact, complete)
        website = self.env["website"]._b2b_get_visited()
        key = (self.env.uid, website.id, self.env.lang, text, exact, complete)
        known = self.env.cr.cache.setdefault(_KEY, {})
        if key not in known:
            known[key] = self._find_in_cards(analysis, matches)
        return known[key]

    @api.model
    def _find_in_cards(self, analysis, matches):
        """Those matches whose card has every word: the index finds all that may."""
        groups = [g for g in analysis.groups if g.text not in matches.dropped]
        scores = matches.scores
        ids = sorted(scores, key=lambda id_: (-scores[id_], id_))[:_MAX_READ]
        if not ids or not groups:
            return []
        self.env["product.template.attribute.value"].flush_model()
        self.env["product.template"].flush_model()
        wanted = SQL(" AND ").join(
            SQL("translate(lower(card.text), %s, %s) ~ %s", *_ALIKE, pattern)
            for pattern in map(self._get_pattern, groups)
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT template.id FROM product_template template, LATERAL (
                    SELECT concat_ws(' ',
                        (SELECT string_agg(value, ' ')
                         FROM jsonb_each_text(template.description_sale)),
                        (SELECT string_agg(
                            regexp_replace(value, '<[^>]*>', ' ', 'g'), ' ')
                         FROM jsonb_each_text(template.description_ecommerce)),
                        (SELECT string_agg(name.value, ' ')
                         FROM product_template_attribute_value own
                         JOIN product_attribute_value value
                            ON value.id = own.product_attribute_value_id
                         JOIN product_attribute attribute
                            ON attribute.id = own.attribute_id
                            AND attribute.visibility IS DISTINCT FROM 'hidden',
                         LATERAL jsonb_each_text(value.name) name
                         WHERE own.ptav_active AND own.product_tmpl_id = template.id)
                    ) AS text
                ) card
                WHERE template.id = ANY(%s) AND %s
                """,
                ids,
                wanted,
            )
        )
        found = {row[0] for row in rows}
        return [id_ for id_ in ids if id_ in found]

    @api.model
    def _get_pattern(self, group):
        """A regular expression of PostgreSQL for what a group of a query stands for."""
        texts = {fold(group.text)} | set(group.terms)
        alike = str.maketrans(*_ALIKE)
        parts = []
        for text in sorted(texts):
            whole = any(letter.isdigit() for letter in text)
            text = text if whole else get_root(text)
            escaped = re.sub(r"([^\w])", r"\\\1", text.translate(alike))
            parts.append(escaped + (r"\M" if whole else ""))
        return rf"\m({'|'.join(parts)})"

    # === REVIEWS === #

    @api.model
    def _get_review_domain(self, text):
        """Goods of which a published review has all words of a text."""
        found = self._search_reviews(text)
        return id_in(found.select(SQL.identifier(found.table, "res_id")))

    @api.model
    def _search_reviews(self, text):
        """Published reviews and comments that have all words of a text, of any goods.

        :return: ``odoo.tools.Query`` on mail_message
        """
        messages = self.env["mail.message"].sudo()
        domain = (
            Domain("model", "=", "product.template")
            & Domain("message_type", "=", "comment")
            & Domain("is_internal", "=", False)
            & Domain("subtype_id.internal", "=", False)
        )
        words = [token.text for token in tokenize(fold(text))][:_MAX_WORDS]
        query = messages._search(domain if words else Domain.FALSE)
        for word in words:
            body = SQL.identifier(query.table, "body")
            query.add_where(
                SQL(
                    "lower(translate(regexp_replace(%s, '<[^>]*>', ' ', 'g'),"
                    " 'ёЁ', 'ее')) LIKE %s",
                    body,
                    "%" + get_root(word).replace("_", r"\_") + "%",
                )
            )
        return query
