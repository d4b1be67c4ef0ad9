# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re

from lxml import html

from odoo.http import Request
from odoo.tests import HttpCase

from .common import B2bMixin
from .price_row_common import PriceMixin

SUGGESTIONS = {
    "displayDescription": False,
    "displayDetail": True,
    "displayExtraDetail": True,
    "displayExtraLink": True,
    "displayImage": True,
    "allowFuzzy": False,
}


class CatalogueCase(PriceMixin, B2bMixin, HttpCase):
    """The pages of the catalogue, asked over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.write(
            {
                "show_line_subtotals_tax_selection": "tax_excluded",
                "shop_default_sort": "name asc",
                "shop_ppg": 100,
            }
        )
        cls.mark = "Zqx"
        for product in cls.goods:
            product.name = f"{cls.mark} {product.default_code}"

    def _login(self, member):
        login = member.user_id.login
        self.authenticate(login, login.ljust(8, "x"))

    def _post(self, url, data):
        data = {"csrf_token": Request.csrf_token(self)} | data
        return self.url_open(url, data=data)

    def _count(self, url, visits=2, **kwargs):
        """Least number of queries of some visits, after one that fills the caches."""
        counts = []
        for _visit in range(visits + 1):
            self.env.cr.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.url_open(url, **kwargs).status_code, 200)
            counts.append(self.env.cr.sql_log_count - before)
        return min(counts[1:])

    def _rpc(self, url, **params):
        payload = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self.url_open(
            url,
            data=json.dumps(payload),
            headers={"Content-Type": "application/json"},
        )

    def _get_prices(self, agreement):
        """dict product -> price, as the rules say."""
        found = agreement.sudo().pricelist_id._compute_price_rule(self.goods, 1.0)
        return {
            product: self.currency.round(found[product.id][0]) for product in self.goods
        }

    def _spell(self, price):
        """A pattern for an amount in any language."""
        whole, cents = f"{price:.2f}".split(".")
        # a thousands mark, as text, as an entity or as JSON writes it
        mark = r"(?:[\s\u202f.,']|&nbsp;|&#160;|\\u[0-9a-f]{4})?"
        whole = f"{int(whole):,}".replace(",", mark)
        return rf"(?<!\d){whole}[.,]{cents}(?!\d)"

    def _has(self, text, price):
        return bool(re.search(self._spell(price), text))

    def _read_row(self, page, product):
        (row,) = html.fromstring(page).xpath(f"//tr[@data-product-id='{product.id}']")
        return row

    def _cell(self, row, name):
        (cell,) = row.xpath(f".//*[contains(concat(' ', @class, ' '), ' {name} ')]")
        return " ".join(cell.text_content().split())
