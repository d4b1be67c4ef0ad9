# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""'Why this price': for the customer, and in full for staff."""

import math
from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models

from ..tools.price_rules import RANK
from ..tools.price_steps import NextStep, PriceExplanation, PriceStep

# How many larger quantities, and how many coming dates, are looked at.
_MAX_NEXT, _MAX_MOMENTS = 3, 20


class B2bAgreement(models.Model):
    _inherit = "b2b.agreement"

    def _explain_price(self, product, quantity=1.0, uom=None, date=None, full=False):
        """Why a product costs what it costs under the agreement (single, sudo).

        :param product: ``product.product`` (single)
        :param float quantity: in ``uom``
        :param uom: ``uom.uom``, the product's own if it is left out
        :param datetime date: naive, UTC; now if it is left out
        :param bool full: for staff who may see costs: every step, whatever it tells
        :return: :class:`PriceExplanation`; its last step ends in the price of
            ``_compute_price_rule`` of the agreement's list
        """
        return self._explain_prices(product, quantity, uom, date, full)[product.id]

    def _explain_prices(self, products, quantity=1.0, uom=None, date=None, full=False):
        """The same for many products: the number of queries does not grow with them.

        :return: dict product id -> :class:`PriceExplanation`
        """
        self.ensure_one()
        self = self.sudo().with_company(self.company_id)
        products = products.sudo().with_company(self.company_id)
        pricelist = self.pricelist_id
        date = fields.Datetime.to_datetime(date) or fields.Datetime.now()
        with (
            pricelist._b2b_rates_in_force(date),
            pricelist._b2b_rules_loaded(products),
        ):
            later = self._get_later_prices(products, quantity, uom, date)
            found = {
                product.id: self._explain_one(
                    product, quantity, uom or product.uom_id, date, full, later
                )
                for product in products
            }
            self._word_steps(found.values(), date)
        return found

    def _explain_one(self, product, quantity, uom, date, full, later):
        """:class:`PriceExplanation` of one product, rules being loaded."""
        currency = self.pricelist_id.currency_id
        blocks = self.pricelist_id._b2b_explain(product, quantity, uom, date, currency)
        last = blocks[-1]
        found = PriceExplanation(
            self, product, quantity, uom, date, currency, blocks, last.price, last.rule
        )
        found.steps = self._get_steps(blocks, full)
        found.steps[-1].after = found.price
        found.next_steps = self._get_next_steps(found)
        self._set_validity(found, later)
        return found

    def _word_steps(self, explanations, date):
        """Put the steps of many explanations into words."""
        rates = {}
        for step in (step for found in explanations for step in found.steps):
            if step.code == "rate":
                pair = step.values["source"], step.currency
                if pair not in rates:
                    rates[pair] = self._get_rate_facts(*pair, date)
                step.values["facts"] = rates[pair]
            step.label, step.detail = self._word_price_step(step)

    # === WHAT THE READER MAY SEE === #

    def _get_steps(self, blocks, full):
        """Steps for the reader: the last secret list, and all below it, is a figure.

        :param list blocks: :class:`PriceBlock` from the base on
        """
        secret = -1
        if not full:
            for number, block in enumerate(blocks):
                above_unknown = number and not self._is_known(blocks[number - 1])
                if self._is_secret(block) or above_unknown:
                    secret = number
        steps = [step for block in blocks[secret + 1 :] for step in block.steps]
        if secret < 0:
            return steps
        block = blocks[secret]
        figure = PriceStep(
            "figure", None, block.price, block.currency, block.pricelist, block.rule
        )
        return [figure, *steps]

    def _is_secret(self, block):
        """Whether the way within a list tells the customer what is ours to know.

        A cost, a margin, or a list that is no price type: a hook for addons.
        """
        rule = block.rule
        if rule.compute_price == "fixed":
            return not self._is_known(block)
        margins = rule.price_min_margin or rule.price_max_margin
        return bool(
            rule.base == "standard_price"
            or (rule.compute_price == "formula" and margins)
            or not self._is_known(block)
        )

    def _is_known(self, block):
        """Whether the customer may know the price list, and what it says."""
        known = self.pricelist_id | self.special_pricelist_id | self.price_type_id
        return block.pricelist in known or bool(block.pricelist.b2b_kind)

    # === WHAT COMES NEXT === #

    def _get_rules_in_reach(self, product):
        """Rules of the chain that may match a product on some date, loaded."""
        index = self.pricelist_id._b2b_get_loaded_rules()
        rules = []
        for pricelist_id in index.pricelist_ids:
            rules += index.get_rules(pricelist_id, product.id)
        return sorted(rules, key=RANK)

    def _get_next_steps(self, found):
        """Larger quantities from which the price is lower, the nearest first.

        :param found: :class:`PriceExplanation`
        :return: list of :class:`NextStep`, in the asked unit
        """
        product, uom = found.product, found.uom
        own = uom._compute_quantity(found.quantity, product.uom_id, round=False)
        thresholds = {
            rule.min_quantity
            for rule in self._get_rules_in_reach(product)
            if rule.min_quantity > own
        }
        steps, best = [], found.price
        for threshold in sorted(thresholds):
            wish = product.uom_id._compute_quantity(
                threshold, uom, rounding_method="UP"
            )
            if uom != product.uom_id:
                wish = float(math.ceil(wish))
            quantity = product._b2b_round_quantity(wish, uom)[0]
            price = self.pricelist_id._get_product_price(
                product, quantity, uom=uom, date=found.date
            )
            if found.currency.compare_amounts(price, best) >= 0 or price <= 0:
                continue
            best = price
            percent = (found.price - price) / found.price * 100
            missing = quantity - found.quantity
            steps.append(NextStep(quantity, missing, price, percent))
            if len(steps) == _MAX_NEXT:
                break
        return steps

    def _get_later_prices(self, products, quantity, uom, date):
        """Prices at the moments at which rules begin or end.

        :return: list of (datetime, dict product id -> price), the nearest first
        """
        moments = set()
        for product in products:
            for rule in self._get_rules_in_reach(product):
                if rule.start and rule.start > date:
                    moments.add(rule.start)
                if rule.end and rule.end >= date:
                    moments.add(rule.end + timedelta(seconds=1))
        return [
            (
                moment,
                self.pricelist_id._get_products_price(
                    products, quantity, uom=uom, date=moment
                ),
            )
            for moment in sorted(moments)[:_MAX_MOMENTS]
        ]

    def _set_validity(self, found, later):
        """Note until when the price stands: the rules, or the agreement, end it."""
        for moment, prices in later:
            price = prices[found.product.id]
            if found.currency.compare_amounts(price, found.price):
                found.valid_until = moment - timedelta(seconds=1)
                found.valid_reason = "price"
                break
        if self.date_end:
            zone = pytz.timezone(
                self.env.user.tz or self.company_id.partner_id.tz or "UTC"
            )
            end = zone.localize(datetime.combine(self.date_end, time.max))
            end = end.astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)
            if not found.valid_until or end < found.valid_until:
                found.valid_until, found.valid_reason = end, "agreement"

    def _get_taxed_price(self, found):
        """The price per unit with taxes, as the customer's carts show it.

        :param found: :class:`PriceExplanation`
        :return: float in the currency of the explanation
        """
        product, company = found.product, self.company_id
        positions = self.env["account.fiscal.position"].sudo().with_company(company)
        position = positions._get_fiscal_position(self.entity_id)
        taxes = product.taxes_id._filter_taxes_by_company(company)
        price = product._get_tax_included_unit_price_from_price(
            found.price, product_taxes=taxes, fiscal_position=position
        )
        return position.map_tax(taxes).compute_all(
            price,
            currency=found.currency,
            product=product,
            partner=self.entity_id,
        )["total_included"]
