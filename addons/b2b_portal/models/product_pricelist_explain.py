# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The way of a price through its chain of price lists, for people to read."""

from functools import partial

from odoo import models
from odoo.tools import float_compare

from ..tools.price_rules import Rule, iter_formula
from ..tools.price_steps import PriceBlock


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _b2b_explain(self, product, quantity, uom, date, currency):
        """How this list (single, sudo) comes to the price of a product.

        To be called within ``_b2b_rates_in_force`` and ``_b2b_rules_loaded``: then it
        asks the database nothing about rules.

        :param product: product (single, sudo)
        :param currency: of the outcome
        :return: list of :class:`PriceBlock` from the base on; the last one ends in
            the price of ``_compute_price_rule``, to the last bit
        """
        self.ensure_one()
        values = {"currency": currency, "uom": uom, "date": date, "compute_price": True}
        chosen = self
        price, rule_id = self._b2b_compute_own(product, quantity, **values)[product.id]
        if special := self._b2b_get_special_list():
            offer, offer_id = special._b2b_compute_own(product, quantity, **values)[
                product.id
            ]
            if offer_id and offer < price:
                chosen, price, rule_id = special, offer, offer_id
        rule = self.env["product.pricelist.item"].sudo().browse(rule_id or ())
        blocks = rule._b2b_explain(chosen, product, quantity, uom, date, currency)
        # an addon may have a say in what a rule makes of a base price
        blocks[-1].add("other", price)
        return blocks


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _b2b_explain(self, pricelist, product, quantity, uom, date, currency):
        """How the rule (at most one, sudo) comes to its price, see the list's method.

        :param pricelist: the list that the rule was found in
        """
        block = PriceBlock(pricelist, self, currency)
        convert = float
        if uom != product.uom_id:
            convert = partial(product.uom_id._compute_price, to_unit=uom)
        if self.compute_price == "fixed":
            block.add("fixed", self.fixed_price, currency)
            self._b2b_explain_unit(block, convert(self.fixed_price), product, uom)
            return [block]
        blocks = self._b2b_explain_base(block, product, quantity, uom, date)
        if self.compute_price == "percentage":
            base = block.price
            price = (base - (base * (self.percent_price / 100))) or 0.0
            block.add("percent", price, percent=self.percent_price)
        elif self.compute_price == "formula":
            self._b2b_explain_formula(block, convert, product)
        return [*blocks, block]

    def _b2b_explain_base(self, block, product, quantity, uom, date):
        """Note in the block what the rule starts from, in the block's currency.

        :return: blocks of the lists below this one
        """
        kind, base_id = self._b2b_get_base()
        blocks = []
        if kind == "pricelist":
            base_list = self.env["product.pricelist"].browse(base_id)
            source = base_list.currency_id
            blocks = base_list._b2b_explain(product, quantity, uom, date, source)
            price = blocks[-1].price
            block.start(price)
        else:
            cost = kind == "standard_price"
            source = product.cost_currency_id if cost else product.currency_id
            price = product._price_compute(kind, date=date)[product.id]
            block.add("cost" if cost else "base", price, source)
            price = product._price_compute(kind, uom=uom, date=date)[product.id]
            self._b2b_explain_unit(block, price, product, uom)
        if source != block.currency:
            company = self.env.company
            price = source._convert(price, block.currency, company, date, round=False)
            block.add("rate", price, comparable=False, source=source)
        return blocks

    def _b2b_explain_unit(self, block, price, product, uom):
        """Note in the block that the price of a unit becomes that of another one."""
        if uom != product.uom_id:
            values = {"uom": uom, "own": product.uom_id}
            source = block.steps[-1].currency
            block.add("unit", price, source, comparable=False, **values)

    def _b2b_explain_formula(self, block, convert, product):
        """Note in the block what the formula does to the base."""
        base = block.price
        for code, price in iter_formula(Rule(0, self), base, convert, product.weight):
            if code == "discount":
                self._b2b_explain_discount(block, base, price)
            else:
                block.add(code, price, weight=product.weight)

    def _b2b_explain_discount(self, block, base, price):
        """Note the discount, in its parts where it is the one of an agreement."""
        parts, cap = self._b2b_get_discount_parts()
        if len(parts) < 2 and not cap:
            name = parts[0]["name"] if parts else ""
            percent = Rule(0, self).discount
            block.add(
                "part" if parts else "discount", price, percent=percent, name=name
            )
            return
        total = 0.0
        for part in parts:
            total += part["percent"]
            amount = base - base * total / 100
            if part is parts[-1] and not cap:
                amount = price
            values = {"name": part["name"], "percent": part["percent"]}
            block.add("part", amount, **values)
        if cap:
            block.add("cap", price, percent=self.price_discount)

    def _b2b_get_discount_parts(self):
        """What the discount of the rule (single) is the sum of.

        :return: (parts as of the agreement's ``_get_discount_parts``, whether its cap
            bites); no parts: the discount is the rule's own
        """
        agreement = self.pricelist_id.b2b_agreement_id
        if not agreement or not self._b2b_is_general():
            return [], False
        parts = [part for part in agreement._get_discount_parts() if part["percent"]]
        expected, is_capped = agreement._sum_discount_parts(parts)
        # a part may have changed since the list was brought up to date: the price
        # is what the list says
        digits = self.env["decimal.precision"].precision_get("Discount")
        if float_compare(expected, self.price_discount, precision_digits=digits):
            return [], False
        return parts, is_capped

    def _b2b_open(self):
        """The action that opens the rule (single) in a dialog."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.display_name,
        }
