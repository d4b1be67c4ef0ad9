# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a page of the catalogue says of a search."""

from odoo import models
from odoo.http import request


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_catalogue(self, query, section):
        """Add ``b2b_search``: see :meth:`_b2b_get_search_notes`; None: no search."""
        values = super()._b2b_get_catalogue(query, section)
        provider = self.env["b2b.catalogue"]
        notes = None
        if query.search and provider._is_indexed():
            notes = self._b2b_get_search_notes(query, values)
        return values | {"b2b_search": notes}

    def _b2b_get_search_notes(self, query, values):
        """How a query was read.

        :param dict values: of the page
        :return: dict: analysis, dropped (words that no goods of the list have), exact
            (the query that insists on what was typed), wish (see
            :meth:`_b2b_get_wish`, or None)
        """
        provider = self.env["b2b.catalogue"]
        analysis, matches = provider._get_matches(query.search, query.exact)
        return {
            "analysis": analysis,
            "dropped": matches.dropped if values["found"].total else [],
            "exact": query.change(exact=True),
            "wish": self._b2b_get_wish(analysis, values),
        }

    def _b2b_get_wish(self, analysis, values):
        """The quantity of a query, for the goods that fit it best.

        :return: dict: row (``PriceRow``), asked (text), unit (``uom.uom``), quantity
            (number that may be ordered), text, reason (text or None); None: none was
            typed, or the first row cannot be ordered as it stands
        """
        quantity, table = analysis.quantity, values["b2b_table"]
        if not quantity or not table or not values["b2b_may_order"]:
            return None
        group = table[0]
        if group["choose"] or group["variants"] or not group["rows"]:
            return None
        row = group["rows"][0]
        unit = self._b2b_get_wished_unit(row, quantity)
        product = row.product.sudo()
        number, reason = product._b2b_round_quantity(
            quantity.amount, unit, request.b2b.agreement, row.terms
        )
        if not number:
            return None
        asked = f"{unit._b2b_format(quantity.amount)} {unit.name}"
        wish = {
            "row": row,
            "asked": asked,
            "unit": unit,
            "quantity": number,
            "text": f"{unit._b2b_format(number)} {unit.name}",
            "reason": None,
        }
        if reason:
            wish["reason"] = product._b2b_get_wish_text(
                quantity.amount, unit, reason, row.terms
            )
        return wish

    def _b2b_get_wished_unit(self, row, quantity):
        """The unit that 'pieces' or 'packs' of a query mean for a product."""
        own = row.product.sudo().uom_id
        if quantity.unit != "pack":
            return own
        packs = [choice.unit for choice in row.units if choice.factor > 1]
        return packs[0].sudo() if packs else own
