# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Coming changes of the prices of goods that a customer buys."""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_compare
from odoo.tools.misc import format_date, get_lang

BOUGHT_MONTHS = 12


@dataclass(frozen=True)
class Wish:
    """What a price is asked for; ``key`` tells wishes apart."""

    key: object
    product: object
    uom: object
    quantity: float


@dataclass
class PriceChange:
    """One change of one price; prices per ``wish.uom`` in the agreement's currency.

    ``old`` and ``new`` are as in the price list, ``old_shown`` and ``new_shown`` with
    the taxes that the customer sees. ``date`` is a datetime in UTC.
    """

    agreement: object
    wish: Wish
    date: object
    old: float
    new: float
    old_shown: float = 0.0
    new_shown: float = 0.0

    @property
    def percent(self):
        """The change in percent; None: there was no price before."""
        return 100 * (self.new - self.old) / self.old if self.old else None


class B2bAgreement(models.Model):
    _inherit = "b2b.agreement"

    # === WHAT THE CUSTOMER BUYS === #

    def _b2b_get_bought(self):
        """The last line of each product that the legal entity (single) has bought.

        Confirmed orders of the last year count, then open carts. Two queries.

        :return: dict product id -> ``sale.order.line`` in sudo
        """
        self.ensure_one()
        lines = self.env["sale.order.line"].sudo()
        lines.flush_model()
        lines.order_id.flush_model()
        since = fields.Datetime.now() - relativedelta(months=BOUGHT_MONTHS)
        found = {}
        for condition in (
            SQL("o.state = 'sale' AND o.date_order >= %s", since),
            SQL("o.state = 'draft' AND o.b2b_member_id IS NOT NULL"),
        ):
            query = SQL(
                """
                SELECT DISTINCT ON (l.product_id) l.product_id, l.id
                  FROM sale_order_line l
                  JOIN sale_order o ON o.id = l.order_id
                 WHERE o.b2b_entity_id = %s AND o.company_id = %s AND %s
                   AND l.product_id IS NOT NULL AND l.display_type IS NULL
                   AND l.product_uom_qty > 0 AND l.is_delivery IS NOT TRUE
                 ORDER BY l.product_id, o.date_order DESC, l.id DESC
                """,
                self.entity_id.id,
                self.company_id.id,
                condition,
            )
            for product_id, line_id in self.env.execute_query(query):
                found.setdefault(product_id, line_id)
        lines = lines.browse(found.values())
        return dict(zip(found, lines, strict=True))

    # === CHANGES === #

    def _b2b_get_horizon(self):
        """How far ahead changes of the agreement (single) are told; datetime, UTC."""
        self.ensure_one()
        days = self.company_id.b2b_price_horizon
        until = fields.Datetime.now() + timedelta(days=days)
        if self.date_end:
            # no price is promised beyond the agreement's last day
            until = min(until, datetime.combine(self.date_end, time.max))
        return until

    def _b2b_get_price_moments(self, products, until):
        """Instants after which prices of ``products`` may differ. A hook for addons.

        Three queries, whatever the number of products.

        :param datetime until: naive, UTC; the last instant of interest
        :return: dict datetime -> set of product ids; None: all products
        """
        self.ensure_one()
        now = fields.Datetime.now()
        Item = self.env["product.pricelist.item"].sudo()
        domain = Domain("pricelist_id", "in", self.pricelist_id._b2b_get_chain().ids)
        domain &= Domain("product_id", "in", [False, *products.ids])
        domain &= Domain(
            "product_tmpl_id", "in", [False, *products.product_tmpl_id.ids]
        )
        domain &= (
            Domain("date_start", ">", now) & Domain("date_start", "<=", until)
        ) | (Domain("date_end", ">=", now) & Domain("date_end", "<", until))
        moments = {}
        for item in Item.search(domain):
            affected = None
            if item.product_id:
                affected = {item.product_id.id}
            elif item.product_tmpl_id:
                affected = set(
                    products.filtered(
                        lambda p, template=item.product_tmpl_id: (
                            p.product_tmpl_id == template
                        )
                    ).ids
                )
            # a rule counts up to and including its last second
            ends = item.date_end and item.date_end + timedelta(seconds=1)
            for moment in filter(None, (item.date_start, ends)):
                if not now < moment <= until:
                    continue
                known = moments.get(moment, set())
                both = None if None in (affected, known) else known | affected
                moments[moment] = both
        return moments

    def _b2b_get_price_changes(self, wishes=None):
        """Changes of prices under the agreement (single, sudo) within the horizon.

        The number of queries does not depend on the number of wishes or of dates.

        :param wishes: list of :class:`Wish`; by default what the legal entity buys, the
            key then is the last ``sale.order.line``
        :return: list of :class:`PriceChange`, by date
        """
        self.ensure_one()
        if wishes is None:
            wishes = [
                Wish(line, line.product_id, line.product_uom_id, line.product_uom_qty)
                for line in self._b2b_get_bought().values()
                if line.product_id.active and line.product_id.sale_ok
            ]
        products = self.env["product.product"].sudo()
        products = products.union(*(wish.product for wish in wishes))
        moments = self._b2b_get_price_moments(products, self._b2b_get_horizon())
        if not wishes or not moments:
            return []
        changes = []
        with self._b2b_pricing(products):
            current = self._b2b_price_wishes(wishes, fields.Datetime.now())
            for moment, affected in sorted(moments.items(), key=lambda item: item[0]):
                asked = [
                    wish
                    for wish in wishes
                    if affected is None or wish.product.id in affected
                ]
                prices = self._b2b_price_wishes(asked, moment)
                for wish in asked:
                    old, new = current[wish.key], prices[wish.key]
                    if self._b2b_prices_differ(old, new):
                        current[wish.key] = new
                        changes.append(PriceChange(self, wish, moment, old, new))
        self._b2b_show_changes(changes)
        return changes

    @api.model
    def _b2b_prices_differ(self, old, new):
        """Whether two prices differ by more than the precision of prices."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return float_compare(old, new, precision_digits=digits) != 0

    @contextmanager
    def _b2b_pricing(self, products):
        """Rules of the agreement (single) for ``products``, read once for the block.

        Rates are those of now: nobody knows those of the days to come.
        """
        # read at once what each price is made from
        products.mapped("list_price")
        products.mapped("currency_id")
        products.mapped("uom_id.factor")
        products.mapped("product_template_attribute_value_ids")
        with self._b2b_prices_in_force(products):
            yield

    def _b2b_price_wishes(self, wishes, date):
        """Prices of the wishes at an instant, one computation for each quantity.

        :return: dict key -> price per ``wish.uom``
        """
        groups = defaultdict(list)
        for wish in wishes:
            groups[wish.uom, wish.quantity].append(wish)
        prices = {}
        for (uom, quantity), group in groups.items():
            products = self.env["product.product"].sudo()
            products = products.browse({wish.product.id for wish in group})
            found = self.pricelist_id._compute_price_rule(
                products, quantity, uom=uom, date=date
            )
            for wish in group:
                prices[wish.key] = found[wish.product.id][0]
        return prices

    def _b2b_show_changes(self, changes):
        """Fill in the prices with taxes, as the cart shows them."""
        positions = self.env["account.fiscal.position"].sudo()
        positions = positions.with_company(self.company_id)
        position = positions._get_fiscal_position(self.entity_id) if changes else None
        for change in changes:
            change.old_shown, change.new_shown = (
                self._b2b_add_taxes(change.wish, price, position)
                for price in (change.old, change.new)
            )

    def _b2b_add_taxes(self, wish, price, position):
        """The price of one unit as a line of a cart shows it.

        :param position: ``account.fiscal.position`` (at most one)
        """
        product = wish.product.with_company(self.company_id)
        own = product.taxes_id._filter_taxes_by_company(self.company_id)
        unit_price = product._get_tax_included_unit_price_from_price(
            price, product_taxes=own, fiscal_position=position
        )
        result = position.map_tax(own).compute_all(
            unit_price,
            currency=self.currency_id,
            quantity=wish.quantity,
            product=product,
            partner=self.entity_id,
        )
        return result["total_included"] / wish.quantity

    # === WORDS === #

    def _b2b_format_change_day(self, moment):
        """The day of a change, where the seller is.

        :param datetime moment: naive, UTC
        """
        zoned = self.with_context(tz=self.company_id[:1]._b2b_get_tz())
        local = fields.Datetime.context_timestamp(zoned, moment)
        return format_date(self.env, local.date())

    @api.model
    def _b2b_format_percent(self, percent):
        """A change with its sign, as people of the current language write it."""
        lang = self.env["res.lang"].sudo().browse(get_lang(self.env).id)
        text = lang.format("%+.1f", percent)
        return text.replace("-", "−").removesuffix(f"{lang.decimal_point}0")
