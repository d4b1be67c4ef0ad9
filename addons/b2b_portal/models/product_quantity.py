# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Units, minimum, step and maximum of products: the one place that knows them."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.quantities import Quantities, QuantityTerms, to_fraction


class ProductTemplate(models.Model):
    _inherit = "product.template"

    b2b_max_qty = fields.Float(
        "Maximum quantity",
        digits="Product Unit",
        help="Largest quantity of an order line, in the product's own unit. 0: no "
        "limit.",
    )

    _b2b_max_positive = models.Constraint(
        "CHECK(COALESCE(b2b_max_qty, 0) >= 0)",
        "The maximum quantity cannot be negative.",
    )

    @api.constrains("b2b_min_qty", "b2b_multiple", "b2b_max_qty", "uom_id")
    def _check_b2b_quantities(self):
        for template in self.filtered("b2b_max_qty"):
            terms = QuantityTerms(
                template.b2b_min_qty, template.b2b_multiple, template.b2b_max_qty
            )
            template.uom_id._b2b_check_terms(terms, template.display_name)

    @api.constrains("uom_id", "uom_ids")
    def _check_b2b_units(self):
        """Refuse packagings that core would convert to nonsense without a word."""
        for template in self:
            for unit in template.uom_ids:
                template.uom_id._b2b_check_related(unit, template.display_name)

    def _get_available_uoms(self):
        """No unit that is archived or does not convert to the product's own."""
        return super()._get_available_uoms()._b2b_usable_for(self.uom_id)


class ProductProduct(models.Model):
    _inherit = "product.product"

    # === UNITS === #

    def _b2b_allowed_units(self):
        """Units in which the product (single) may be ordered.

        :return: ``uom.uom`` records: its own unit, then its packagings, archived ones
            left out
        """
        self.ensure_one()
        return (self.uom_id | self.uom_ids)._b2b_usable_for(self.uom_id)

    def _b2b_get_unit_refusal(self, uom):
        """What is said of a unit in which the product (single) is not sold."""
        return self.env._(
            "%(product)s is not sold by %(unit)s.",
            product=self.display_name,
            unit=uom.name,
        )

    def _b2b_get_unit_options(
        self, agreement=None, pricelist=None, date=None, barcodes=True, known=None
    ):
        """Units of many products with their prices, in a constant number of queries.

        A price is that of one unit, without the website's taxes: a pallet may reach a
        price break that a piece does not. Whoever shows them has asked
        ``website._b2b_may_see('prices')``.

        :param agreement: ``b2b.agreement``, whose price list counts
        :param pricelist: ``product.pricelist``, in place of the agreement's
        :param bool barcodes: whether the barcodes of packagings are asked for
        :param dict known: product id -> price of one own unit, of products whose price
            the caller has computed
        :return: dict product id -> list of dicts, the product's own unit first:
            unit (``uom.uom``), factor (own units in one), price (of one unit, or None
            without a price list), base_price (the price for one own unit), currency,
            barcode (text or False)
        """
        pricelist = (pricelist or (agreement and agreement.pricelist_id)) or None
        # of all goods in one query
        (self.uom_id | self.uom_ids).mapped("active")
        units = {product: product._b2b_allowed_units() for product in self}
        prices = {
            (product_id, self.browse(product_id).uom_id.id): price
            for product_id, price in (known or {}).items()
        }
        prices |= self._b2b_get_unit_prices(
            {
                product: choices.filtered(
                    lambda unit, pid=product.id: (pid, unit.id) not in prices
                )
                for product, choices in units.items()
            },
            pricelist,
            date,
        )
        codes = self._b2b_get_unit_barcodes() if barcodes else {}
        options = {}
        for product, choices in units.items():
            rows = options[product.id] = []
            for unit in choices:
                own = unit == product.uom_id
                factor = float(unit._b2b_get_factor(product.uom_id))
                price = prices.get((product.id, unit.id))
                barcode = product.barcode if own else None
                rows.append(
                    {
                        "unit": unit,
                        "factor": factor,
                        "price": price,
                        "base_price": None if price is None else price / factor,
                        "currency": pricelist and pricelist.currency_id,
                        "barcode": barcode or codes.get((product.id, unit.id)),
                    }
                )
        return options

    def _b2b_get_unit_barcodes(self):
        """Barcodes of packagings (batch): dict (product id, unit id) -> text."""
        links = self.env["product.uom"].sudo()
        links = links.search_fetch(
            [("product_id", "in", self.ids)], ["product_id", "uom_id", "barcode"]
        )
        return {(link.product_id.id, link.uom_id.id): link.barcode for link in links}

    @api.model
    def _b2b_get_unit_prices(self, units, pricelist, date):
        """Prices of one unit each.

        :param dict units: product -> ``uom.uom`` records
        :return: dict (product id, unit id) -> price
        """
        if not pricelist or not units:
            return {}
        by_unit = {}
        for product, choices in units.items():
            for unit in choices:
                by_unit.setdefault(unit, []).append(product.id)
        products = self.browse([product.id for product in units])
        prices = {}
        with pricelist._b2b_rules_loaded(products):
            for unit, ids in by_unit.items():
                found = pricelist._compute_price_rule(
                    products.browse(ids), 1.0, uom=unit, date=date or False
                )
                prices |= {(pid, unit.id): price for pid, (price, _r) in found.items()}
        return prices

    # === MINIMUM, STEP, MAXIMUM === #

    def _b2b_get_quantity_terms(self, agreement=None, date=None):
        """What limits the quantities of many products, in a few queries in all.

        The product's own terms, overridden by the rules for the agreement or its
        price type.

        :param agreement: ``b2b.agreement`` (at most one)
        :param date: date on which rules must hold; today without
        :return: dict product id -> :class:`QuantityTerms` in the product's own unit
        """
        rules = self.env["b2b.quantity.rule"]._b2b_get_rules(agreement, date)
        terms = {}
        for product in self:
            own = QuantityTerms(
                product.b2b_min_qty, product.b2b_multiple, product.b2b_max_qty
            )
            terms[product.id] = rules.get_terms(product, own)
        return terms

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

    def _b2b_get_quantities(self, uom, agreement=None, terms=None):
        """The quantities of the product (single) that may be ordered in a unit.

        :param terms: those of the product, where the caller has them
        :return: :class:`Quantities`
        :raise UserError: the unit does not convert to the product's own
        """
        self.ensure_one()
        own = self.uom_id
        if uom != own and not own._has_common_reference(uom):
            raise UserError(self._b2b_get_unit_refusal(uom))
        if terms is None:
            terms = self._b2b_get_quantity_terms(agreement)[self.id]
        return Quantities(
            terms,
            factor=float(uom._b2b_get_factor(own)),
            rounding=uom._b2b_get_rounding(),
            own_step=1.0 if own.b2b_whole else 0.0,
        )

    def _b2b_round_quantity(self, quantity, uom, agreement=None, terms=None):
        """The nearest quantity, not below the wish, that may be ordered.

        :param float quantity: wished quantity in ``uom``, above zero
        :param uom: ``uom.uom`` record, one of :meth:`_b2b_allowed_units`
        :param agreement: ``b2b.agreement`` under which it is ordered
        :param terms: :class:`QuantityTerms`, where the caller has them
        :return: (quantity in ``uom``, reason); the reason is None where the wish
            stands, else 'minimum', 'multiple', 'maximum' (the largest quantity is
            returned) or 'impossible' (the terms contradict each other)
        :raise UserError: the unit does not convert to the product's own
        """
        quantities = self._b2b_get_quantities(uom, agreement, terms)
        result, reason = quantities.settle(quantity)
        return (quantity if reason is None else float(result)), reason

    def _b2b_get_neighbours(self, quantity, uom, agreement=None, terms=None):
        """The quantities around a wish that may be ordered, with packs in words.

        :return: dict: lower, upper; each None (there is none on that side) or a dict
            of quantity, uom (``uom``, or the product's own where no quantity in
            ``uom`` is small enough), text (the quantity: '96 pcs'), packs ('4 x Box of
            24', or an empty text). Both are the wish where it may be ordered.
        """
        quantities = self._b2b_get_quantities(uom, agreement, terms)
        if quantities.is_empty and uom != self.uom_id:
            # a pallet is over the maximum: offer pieces
            quantity *= float(quantities.factor)
            uom = self.uom_id
            quantities = self._b2b_get_quantities(uom, agreement, terms)
        names = ("lower", "upper")
        return {
            name: None if value is None else self._b2b_describe(float(value), uom)
            for name, value in zip(
                names, quantities.get_neighbours(quantity), strict=True
            )
        }

    def _b2b_describe(self, quantity, uom):
        """A quantity of the product (single) as in :meth:`_b2b_get_neighbours`."""
        return {
            "quantity": quantity,
            "uom": uom,
            "text": f"{uom._b2b_format(quantity)} {uom.name}",
            "packs": self._b2b_get_packs_text(quantity, uom),
        }

    def _b2b_get_packs_text(self, quantity, uom):
        """A quantity of the product (single) in whole packs, the largest first.

        :return: '2 x Pallet + 4 x Box of 24'; in the product's own unit where the
            quantity is in packs; an empty text where that says nothing new
        """
        own = self.uom_id
        left = to_fraction(quantity) * uom._b2b_get_factor(own)
        if uom != own:
            return f"{own._b2b_format(float(left))} {own.name}"
        packs = [
            (unit._b2b_get_factor(own), unit)
            for unit in self._b2b_allowed_units() - own
        ]
        parts = []
        for factor, unit in sorted(packs, key=lambda pack: pack[0], reverse=True):
            number = left // factor if factor > 1 else 0
            if number:
                left -= number * factor
                parts.append(f"{unit._b2b_format(float(number))} × {unit.name}")
        if parts and left:
            parts.append(f"{own._b2b_format(float(left))} {own.name}")
        return " + ".join(parts)

    def _b2b_get_wish_text(self, wish, uom, reason, terms):
        """What is wrong with a wish, for the customer.

        :param str reason: as of :meth:`_b2b_round_quantity`
        :return: '95 pcs cannot be ordered.'
        """
        unit = self.uom_id
        values = {
            "wish": f"{uom._b2b_format(wish)} {uom.name}",
            "minimum": f"{unit._b2b_format(terms.minimum)} {unit.name}",
            "maximum": f"{unit._b2b_format(terms.maximum)} {unit.name}",
        }
        if reason == "maximum":
            text = self.env._("%(wish)s is over the maximum of %(maximum)s.", **values)
        elif reason == "minimum":
            text = self.env._("%(wish)s is below the minimum of %(minimum)s.", **values)
        elif reason == "multiple":
            text = self.env._("%(wish)s cannot be ordered.", **values)
        elif self._b2b_get_quantities(unit, terms=terms).is_empty:
            text = self.env._(
                "The minimum of %(minimum)s and the maximum of %(maximum)s leave no "
                "quantity. Ask your manager.",
                **values,
            )
        else:
            text = self.env._(
                "%(wish)s cannot be ordered: the maximum is %(maximum)s.", **values
            )
        return text

    def _b2b_get_quantity_text(self, wish, uom, reason, terms):
        """What is wrong with a wish and what can be ordered, for the customer.

        :return: 'Bolt: 95 pcs cannot be ordered. Possible: 96 pcs = 4 x Box of 24 or
            72 pcs = 3 x Box of 24.'
        """
        text = f"{self.display_name}: "
        text += self._b2b_get_wish_text(wish, uom, reason, terms)
        if choices := self._b2b_get_choices_text(wish, uom, terms):
            text += " "
            text += self.env._("Possible: %(choices)s.", choices=choices)
        return text

    def _b2b_get_choices_text(self, wish, uom, terms):
        """The neighbours of a wish in one line, the upper one first."""
        found = self._b2b_get_neighbours(wish, uom, terms=terms)
        texts = [
            f"{choice['text']} = {choice['packs']}"
            if choice["packs"]
            else choice["text"]
            for choice in (found["upper"], found["lower"])
            if choice
        ]
        return self.env._(" or ").join(texts)
