# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import escape_psql

SUGGESTIONS = 10
MAX_SEARCH = 100


class Website(models.Model):
    """Own article numbers on the pages of members."""

    _inherit = "website"

    def _b2b_get_menu(self):
        rows = super()._b2b_get_menu()
        if not self.env["b2b.member"]._may("customer_code", "read"):
            return rows
        return [
            *rows,
            {
                "code": "article-numbers",
                "label": self.env._("Own article numbers"),
                "url": "/my/article-numbers",
                "icon": "barcode",
                "sequence": 26,
            },
        ]

    def _b2b_suggest_goods(self, text):
        """Goods of the catalogue that a text may mean, as the visitor sees them.

        Each word is looked for in articles, names, barcodes and own numbers; a fitting
        article goes first.

        :return: product.product in sudo, a few
        """
        words = (text or "")[:MAX_SEARCH].split()
        if not words or len("".join(words)) < 2:
            return self.env["product.product"].sudo()
        templates = self.env["product.template"]
        domain = Domain(self.sale_product_domain())
        for word in words:
            domain &= (
                Domain("default_code", "ilike", escape_psql(word))
                | Domain("name", "ilike", escape_psql(word))
                | Domain("barcode", "=", word)
                | templates._b2b_get_code_domain(word, "product_id")
            )
        products = self.env["product.product"].sudo(False)
        found = products.search(domain, limit=SUGGESTIONS, order="default_code, id")
        folded = " ".join(words).casefold()
        return found.sudo().sorted(
            lambda p: not (p.default_code or "").casefold().startswith(folded)
        )

    def _b2b_get_visitor_codes(self, products):
        """How the visitor's account calls goods; for pages, one query.

        :param products: product.product records
        :return: dict product id -> own article number
        """
        acting = getattr(request, "b2b", None) if request else None
        if not acting or not acting.member:
            return {}
        account = acting.member.account_id
        return account._b2b_get_customer_codes(products, acting.entity)
