# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request


class ProductProduct(models.Model):
    """Units of a product on its page: prices side by side, limits in words."""

    _inherit = "product.product"

    def _b2b_get_shop_units(self, website):
        """Units and prices of the product (single) for the visitor, a member.

        :return: None where there is nothing to show, else a dict: own (``uom.uom``),
            rows (as of ``_b2b_get_unit_options``, with the taxes that the website
            shows prices with), terms (minimum, step, maximum in words, or '')
        """
        acting = getattr(request, "b2b", None) if request else None
        if not acting or not acting.agreement or not website._b2b_may_see("prices"):
            return None
        rows = self._b2b_get_unit_options(acting.agreement)[self.id]
        for row in rows:
            row["price"] = self._b2b_get_shop_price(row["price"], row, website)
            row["base_price"] = row["price"] / row["factor"]
        terms = self._b2b_get_quantity_terms(acting.agreement)[self.id]
        text = self._b2b_get_terms_text(terms)
        if not text and len(rows) < 2 or not any(row["price"] for row in rows):
            return None
        return {"own": self.uom_id, "rows": rows, "terms": text}

    def _b2b_get_shop_price(self, price, row, website):
        """A price as the website shows it: with or without taxes."""
        taxes = self.sudo().taxes_id._filter_taxes_by_company(website.company_id)
        if not taxes:
            return price
        return self.product_tmpl_id._apply_taxes_to_price(
            price,
            row["currency"],
            taxes,
            request.fiscal_position.map_tax(taxes),
            self,
            website=website,
        )

    def _b2b_get_terms_text(self, terms):
        """Minimum, step and maximum in words, or an empty text.

        :param terms: ``QuantityTerms``
        """
        unit = self.uom_id
        values = {
            name: f"{unit._b2b_format(value)} {unit.name}"
            for name, value in terms._asdict().items()
        }
        texts = []
        if terms.minimum:
            texts.append(self.env._("At least %(minimum)s.", **values))
        if terms.step:
            texts.append(self.env._("In multiples of %(step)s.", **values))
        if terms.maximum:
            texts.append(self.env._("At most %(maximum)s.", **values))
        return " ".join(texts)
