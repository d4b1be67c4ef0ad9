# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Own article numbers in the search of the catalogue."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ..tools.code_file import article_keys

# Shorter words are parts of too many numbers.
MIN_LETTERS = 2


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.model
    def _b2b_get_code_domain(self, search, field="product_tmpl_id"):
        """Goods whose own number, as the visitor's account calls them, fits a word.

        Only numbers that hold for the legal entity that the visitor acts for count.

        :param str search: one word, or a whole number with spaces; its beginning is
            enough, case, spaces and dashes do not matter
        :param str field: of ``b2b.customer.code``: 'product_tmpl_id' for a domain of
            templates, 'product_id' for one of variants
        :return: Domain; ``Domain.FALSE`` for whoever has no account
        """
        acting = self.env["website"]._b2b_get_current_acting()
        _exact, loose = article_keys(search)
        if not acting or len(loose) < MIN_LETTERS:
            return Domain.FALSE
        account = acting.member.account_id
        if not account or not account._b2b_may_read_codes():
            return Domain.FALSE
        codes = self.env["b2b.customer.code"].sudo()
        domain = account._b2b_get_codes_in_force(acting.entity)
        pattern = f"{escape_psql(loose)}%"
        query = codes._search(domain & Domain("loose_key", "=like", pattern))
        column = SQL.identifier(query.table, field)
        return Domain("id", "in", query.subselect(column))

    @api.model
    def _search_get_detail(self, website, order, options):
        """Core's search also looks into own numbers.

        The members' catalogue has a search of its own; this is for the suggestions
        under the field in the header, and for members without an agreement.
        """
        detail = super()._search_get_detail(website, order, options)
        before = detail.get("search_extra")

        def extra(env, word):
            domain = env["product.template"]._b2b_get_code_domain(word)
            return domain | Domain(before(env, word)) if before else domain

        return detail | {"search_extra": extra}


class Website(models.Model):
    _inherit = "website"

    def _search_find_fuzzy_term(self, search_details, search, *args, **kwargs):
        """Take an own number for what it is, not for a word with a slip of the pen."""
        if any(detail["model"] == "product.template" for detail in search_details):
            templates = self.env["product.template"]
            domain = templates._b2b_get_code_domain(search)
            if not domain.is_false() and templates.search_count(domain, limit=1):
                return search
        return super()._search_find_fuzzy_term(search_details, search, *args, **kwargs)
