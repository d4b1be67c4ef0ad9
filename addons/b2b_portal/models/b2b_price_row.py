# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The price types of goods side by side, as catalogue and product page show them."""

from contextlib import contextmanager
from dataclasses import dataclass, field

from odoo import fields, models

from .b2b_price_display import DISPLAY_KEY


@dataclass
class UnitPrice:
    """A unit that a product may be ordered in."""

    unit: object
    # own units of the product in one
    factor: float
    # of one unit; None: there is none, or the viewer may not see it
    price: float = None
    # [quantity in the unit, price from it on], where other prices begin
    breaks: list = field(default_factory=list)

    @property
    def own_price(self):
        """The price for one own unit of the product, or None."""
        return None if self.price is None else self.price / self.factor


@dataclass
class PriceRow:
    """Prices of one product under an agreement, for its customer's eyes.

    Amounts are in ``currency`` per ``uom``, with or without taxes as the website shows
    prices. None: there is none, or the viewer may not see it.
    """

    product: object
    currency: object
    uom: object
    # what anybody pays
    retail: float = None
    # what the price type of the agreement says, before the agreement's discounts
    wholesale: float = None
    # what a cart of the agreement is charged
    price: float = None
    # what it would be charged without the special price
    regular: float = None
    # what the price list says of one own unit, before taxes are shown; not for eyes
    listed: float = None
    # 'offer': of the special offers, 'agreed': a special price of the agreement
    special: str = None
    special_until: object = None
    # retail - price, in money and in % of retail
    margin: float = None
    margin_percent: float = None
    # (quantity, price) per own unit of the product, each cheaper than the one before
    steps: list = field(default_factory=list)
    next_step: tuple = None
    # free stock in the product's own unit
    stock: float = None
    # the same in each warehouse of the agreement: dict warehouse id -> quantity
    stocks: dict = field(default_factory=dict)
    # (date, quantity) of the next arrival, where there is none in stock and it is asked
    arrival: tuple = None
    # least quantity, step and most (``QuantityTerms``), where they are asked for
    terms: object = None
    # of :class:`UnitPrice`, the own unit first, where they are asked for
    units: list = field(default_factory=list)

    @property
    def saved(self):
        """What the special price is below the regular one, or None."""
        if (
            self.regular is None
            or self.currency.compare_amounts(self.regular, self.price) <= 0
        ):
            return None
        return self.regular - self.price

    def hide_prices(self):
        """Forget every amount: the viewer may not see prices."""
        self.retail = self.wholesale = self.price = self.regular = self.listed = None
        self.margin = self.margin_percent = self.next_step = None
        self.special, self.special_until, self.steps = None, None, []
        for unit in self.units:
            unit.price, unit.breaks = None, []

    def hide_zeros(self):
        """Forget amounts of zero: these goods are sold on request, not for nothing."""
        retail, is_zero = self.retail, self.currency.is_zero
        if self.price is not None and is_zero(self.price):
            self.hide_prices()
        self.retail = None if retail is None or is_zero(retail) else retail

    def hide_promotions(self):
        """Forget what a price was reduced from, and until when."""
        self.regular = self.special = self.special_until = None


class B2bAgreement(models.Model):
    _inherit = "b2b.agreement"

    def _get_retail_pricelist(self):
        """The price list that the customer's own customers know; a hook.

        In the agreement's currency if there is one, else in another one.

        :return: ``product.pricelist`` (at most one, sudo); none: the public prices of
            the products count
        """
        self.ensure_one()
        lists = self.env["product.pricelist"].sudo()
        lists = lists.search_fetch(
            [
                ("b2b_kind", "=", "retail"),
                ("b2b_agreement_id", "=", False),
                ("company_id", "in", (False, self.company_id.id)),
            ]
        )
        own = lists.filtered(lambda li: li.currency_id == self.currency_id)
        return (own or lists)[:1]

    # === PRICES === #

    @contextmanager
    def _b2b_prices_in_force(self, products, date=None, others=None):
        """Rates and rules of the agreement (single, sudo), read once for the block.

        :param date: whose rates hold, today if it is left out
        :param others: price lists whose rules are read along with the agreement's
        """
        lists = self.pricelist_id
        if others:
            lists |= others
        cache = self.env.cr.cache
        outermost = DISPLAY_KEY not in cache
        cache.setdefault(DISPLAY_KEY, {})
        try:
            with (
                self.env["res.currency"]._b2b_rates(
                    self._b2b_get_list_rates(lists, date)
                ),
                lists._b2b_rules_loaded(products),
            ):
                yield
        finally:
            if outermost:
                del cache[DISPLAY_KEY]

    def _b2b_get_list_rates(self, lists, date=None):
        """Rates for price lists: of none but the company's currency, nothing is read.

        :return: as :meth:`_b2b_get_rates`
        """
        own = self.company_id.currency_id
        used = self.currency_id | lists._b2b_get_chain().sudo().currency_id
        used |= self.env["product.product"]._b2b_get_company_currency(None)
        return self._b2b_get_rates(date) if used - own else {own.id: 1.0}

    def _get_price_rows(self, products, quantity=1.0, uom=None, date=None, units=False):
        """The price types of a page of products under the agreement (single, sudo).

        A constant number of queries. Rights are the caller's to ask:
        ``website._b2b_get_price_rows`` does.

        :param products: product.product or product.template records
        :param float quantity: that the prices are for, in ``uom``
        :param uom: ``uom.uom`` record; each product's own unit, if it is left out
        :param datetime date: now, if it is left out
        :param bool units: with what the products, variants, may be ordered in
        :return: list of :class:`PriceRow`, in order, without stock; without prices
            where a rate is missing that they are converted at
        """
        self.ensure_one()
        if not products:
            return []
        date = fields.Datetime.to_datetime(date) or fields.Datetime.now()
        retail_list = self._get_retail_pricelist()
        # the chains of both in one query
        (self.pricelist_id | retail_list)._b2b_get_chain()
        if self._b2b_get_rate_refusal(date):
            rows = [
                PriceRow(product, self.currency_id, uom or product.uom_id)
                for product in products
            ]
            return self._add_units(rows) if units else rows
        values = {"quantity": quantity, "uom": uom, "date": date}
        # whoever may not see list prices has rows all the same
        priced = products.sudo()
        with self._b2b_prices_in_force(priced, date, retail_list):
            display = self._get_price_display(products, self.currency_id)
            own = self._compute_row_prices(priced, values)
            steps = self.pricelist_id._b2b_get_steps(priced, date)
            retail = self._compute_in_own_currency(
                retail_list, priced, values, self.currency_id
            )
            rows = [
                self._make_price_row(
                    product, values, own, retail, steps.get(product.id, ()), display
                )
                for product in products
            ]
            if units:
                self._add_units(rows, display)
        return rows

    def _compute_row_prices(self, products, values):
        """What the price lists of the agreement say, inside the block of rules.

        :return: dict of dicts by product id: 'final' and 'regular' (price, rule id),
            'wholesale' (price)
        """
        pricelist, options = self.pricelist_id, dict(values)
        quantity = options.pop("quantity")
        final = pricelist._compute_price_rule(products, quantity, **options)
        regular = final
        if pricelist._b2b_get_special_list():
            regular = pricelist._b2b_compute_own(
                products, quantity, currency=None, compute_price=True, **options
            )
        wholesale = self._compute_in_own_currency(
            self.price_type_id, products, values, self.currency_id
        )
        return {"final": final, "regular": regular, "wholesale": wholesale}

    def _compute_in_own_currency(self, pricelist, products, values, currency):
        """Prices of a list, as a rule that is based on it would convert them.

        Core converts no fixed price and no surcharge of a list that it is asked in
        another currency than the list's.

        :return: dict product id -> price in ``currency``
        """
        source = pricelist.currency_id or currency
        options = dict(values)
        quantity = options.pop("quantity")
        found = pricelist._compute_price_rule(
            products, quantity, currency=source, **options
        )
        rate = 1.0
        if source != currency:
            company, date = self.company_id, values["date"]
            rate = source._get_conversion_rate(source, currency, company, date)
        return {
            product_id: price * rate for product_id, (price, _rule) in found.items()
        }

    def _make_price_row(self, product, values, own, retail, steps, display):
        """One :class:`PriceRow` of what was computed for a page."""
        uom = values["uom"] or product.uom_id
        price, rule_id = own["final"][product.id]
        row = PriceRow(
            product=product,
            currency=self.currency_id,
            uom=uom,
            retail=display(product, retail[product.id]),
            wholesale=display(product, own["wholesale"][product.id]),
            price=display(product, price),
            regular=display(product, own["regular"][product.id][0]),
            steps=[(quantity, display(product, step)) for quantity, step in steps],
        )
        if uom == product.uom_id and values["quantity"] == 1:
            row.listed = price
        row.special, row.special_until = self._judge_rule(rule_id)
        if self.currency_id.compare_amounts(row.retail, 0.0) > 0:
            row.margin = self.currency_id.round(row.retail - row.price)
            row.margin_percent = 100 * row.margin / row.retail
        asked = values["quantity"]
        if uom != product.uom_id:
            asked = uom._compute_quantity(asked, product.uom_id, round=False)
        row.next_step = next((step for step in row.steps if step[0] > asked), None)
        return row

    def _judge_rule(self, rule_id):
        """Whether a price comes from a special price, and until when.

        :return: ('offer', 'agreed' or None, date in the user's time zone or None)
        """
        rule = self.env["product.pricelist.item"].browse(rule_id or [])
        if rule.pricelist_id and rule.pricelist_id == self.special_pricelist_id:
            special = "offer"
        elif rule.pricelist_id == self.pricelist_id and not rule._b2b_is_general():
            special = "agreed"
        else:
            return None, None
        until = rule.date_end
        if until:
            until = fields.Datetime.context_timestamp(self, until).date()
        return special, until or None

    # === WITHOUT THE CUSTOMER'S PRICES === #

    def _get_retail_rows(self, products, quantity=1.0, uom=None, date=None):
        """As :meth:`_get_price_rows`, with nothing in it but retail prices.

        For a page that the customer shows to a customer of theirs: what is not asked
        for cannot leak.

        :return: list of :class:`PriceRow` in the currency of the retail price list
        """
        self.ensure_one()
        if not products:
            return []
        date = fields.Datetime.to_datetime(date) or fields.Datetime.now()
        retail_list = self._get_retail_pricelist()
        currency = retail_list.currency_id or self.company_id.currency_id
        values = {"quantity": quantity, "uom": uom, "date": date}
        retail = self._compute_in_own_currency(
            retail_list, products.sudo(), values, currency
        )
        display = self._get_price_display(products, currency)
        return [
            PriceRow(
                product=product,
                currency=currency,
                uom=uom or product.uom_id,
                retail=display(product, retail[product.id]),
            )
            for product in products
        ]

    # === STOCK === #

    def _get_row_stock(self, products):
        """Free stock of variants (batch) for the agreement (single, sudo).

        :param products: product.product records
        :return: dict product id -> quantity in its own unit, storable goods only
        """
        self.ensure_one()
        storable = products.sudo().filtered("is_storable")
        free = self._b2b_get_free(storable)
        if free is None:
            website = self.env["website"]._b2b_get_visited().sudo()
            located = storable.with_context(warehouse_id=website.warehouse_id.id)
            return {product.id: product.free_qty for product in located}
        return {product.id: quantity for product, quantity in free.items()}

    def _get_row_stocks(self, products):
        """As :meth:`_get_row_stock`, with what is in each warehouse, in one query.

        :return: dict product id -> (quantity, dict warehouse id -> quantity); no
            warehouses where the agreement has none of its own
        """
        self.ensure_one()
        warehouses = self._b2b_get_warehouses()
        if not warehouses:
            stock = self._get_row_stock(products)
            return {product_id: (total, {}) for product_id, total in stock.items()}
        storable = products.sudo().filtered("is_storable")
        free = storable._b2b_get_free_by_warehouse(warehouses)
        return {
            product.id: (max(found.values()), {w.id: q for w, q in found.items()})
            for product, found in free.items()
        }

    # === UNITS === #

    def _add_units(self, rows, display=None):
        """Fill in what quantities and units the rows of variants may be ordered in.

        A constant number of queries; prices only where the rows have one.

        :param list rows: :class:`PriceRow` of product.product records, changed in place
        :param display: of :meth:`_get_price_display`, where it is at hand
        :return: the rows
        """
        self.ensure_one()
        products = self.env["product.product"].sudo()
        products = products.union(*(row.product for row in rows)).sudo()
        terms = products._b2b_get_quantity_terms(self)
        priced = any(row.price is not None for row in rows)
        known = {row.product.id: row.listed for row in rows if row.listed is not None}
        options = products._b2b_get_unit_options(
            self if priced else None, barcodes=False, known=known
        )
        display = display or self._get_price_display(products, self.currency_id)
        for row in rows:
            row.terms = terms[row.product.id]
            row.units = [
                UnitPrice(option["unit"], option["factor"])
                for option in options[row.product.id]
            ]
            if row.price is None:
                continue
            for unit, option in zip(row.units, options[row.product.id], strict=True):
                unit.price = display(row.product, option["price"])
        return rows
