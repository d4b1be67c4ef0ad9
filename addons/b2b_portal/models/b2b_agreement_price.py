# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class B2bAgreement(models.Model):
    """The price of an agreement: its own secret price list and what is in it.

    price = special price of the agreement, else price type x (1 - sum of discounts)
    x (1 + regional factor), at the agreement's rate, rounded as the price type says;
    or the special offer's price, where that is lower.
    """

    _inherit = "b2b.agreement"

    total_discount = fields.Float(
        "Sum of discounts, %",
        digits="Discount",
        compute="_compute_total_discount",
        store=True,
        help="What the price type is reduced by: the agreed discount and the "
        "conditions together.",
    )
    _discount_cap_range = models.Constraint(
        "CHECK(COALESCE(discount_cap, 0) >= 0 AND COALESCE(discount_cap, 0) < 100)",
        "The highest sum of discounts must be at least 0 % and below 100 %.",
    )

    # === DISCOUNT === #

    def _get_discount_parts(self):
        """What the discount of the agreement (single) is made of; a hook for addons.

        :return: list of dicts: name (text), percent (float), kind (code)
        """
        self.ensure_one()
        if not self.discount:
            return []
        name = self.env._("Agreed discount")
        return [{"kind": "agreed", "name": name, "percent": self.discount}]

    def _sum_discount_parts(self, parts):
        """What parts of a discount make together under the cap (single).

        :param list parts: as of :meth:`_get_discount_parts`
        :return: (percent in force, whether the cap bites)
        """
        total, cap = sum(part["percent"] for part in parts), self.discount_cap
        return (cap, True) if cap and cap < total else (total, False)

    @api.depends("discount", "discount_cap")
    def _compute_total_discount(self):
        for agreement in self:
            parts = agreement._get_discount_parts()
            agreement.total_discount, _capped = agreement._sum_discount_parts(parts)

    @api.constrains("total_discount")
    def _check_total_discount(self):
        for agreement in self:
            if agreement.total_discount >= 100:
                raise ValidationError(
                    agreement._get_discount_refusal(agreement.total_discount)
                )

    def _get_discount_refusal(self, percent):
        """What is said of discounts (single) that add up to 100 % or more."""
        return self.env._(
            "The discounts of agreement “%(name)s” (%(entity)s) add up to "
            "%(percent)s %%: prices would be zero. Set a cap.",
            name=self._b2b_print_name(),
            entity=self.entity_id.name,
            percent=self.env["uom.uom"]._b2b_format(round(percent, 2)),
        )

    @api.constrains("special_pricelist_id", "currency_id")
    def _check_special_pricelist(self):
        for agreement in self:
            special = agreement.special_pricelist_id.sudo()
            if special and special.currency_id != agreement.currency_id:
                raise ValidationError(
                    self.env._(
                        "The special offers are in %(offers)s, the agreement in "
                        "%(currency)s.",
                        offers=special.currency_id.name,
                        currency=agreement.currency_id.name,
                    )
                )

    # === REGION AND RATES === #

    def _get_price_factor(self):
        """Regional factor of the agreement (single) in %, a hook for addons."""
        self.ensure_one()
        return 0.0

    def _get_weight_surcharge(self):
        """Delivery surcharge per unit of weight (single), in the agreement's currency.

        A hook for addons.
        """
        self.ensure_one()
        return 0.0

    def _b2b_get_rates(self, date=None):
        """Rates that prices of the agreement (single, sudo) are converted at; a hook.

        :param date: a date or datetime, today if it is left out
        :return: dict as of ``res.currency._b2b_rates``; empty: the official rates
        """
        return {}

    # === OWN PRICE LIST === #

    @api.model_create_multi
    def create(self, vals_list):
        agreements = super().create(vals_list)
        for agreement in agreements:
            agreement._create_own_pricelist()
        return agreements

    def write(self, vals):
        result = super().write(vals)
        if self._get_price_fields() & vals.keys():
            self._update_own_pricelist()
        if "active" in vals:
            self.pricelist_id.active = vals["active"]
        return result

    def unlink(self):
        pricelists = self.pricelist_id
        result = super().unlink()
        pricelists.unlink()
        return result

    @api.model
    def _get_price_fields(self):
        """Names of fields whose change is a change of the own price list; a hook."""
        return {"price_type_id", "discount", "discount_cap", "currency_id"}

    def _prepare_own_pricelist(self):
        """Values of the agreement's secret price list (single)."""
        self.ensure_one()
        return {
            "name": f"{self.entity_id.name}: {self.name}",
            "currency_id": self.currency_id.id,
            "company_id": self.company_id.id,
            "b2b_agreement_id": self.id,
            "selectable": False,
            "website_id": False,
            # Core's last resort is the first list by sequence: never a secret one.
            "sequence": 10000,
            "item_ids": [fields.Command.create(self._prepare_general_item())],
        }

    def _prepare_general_item(self):
        """Values of the one formula item that carries the agreement's terms."""
        self.ensure_one()
        return {
            "applied_on": "3_global",
            "compute_price": "formula",
            "base": "pricelist",
            "base_pricelist_id": self.price_type_id.id,
            "price_discount": self.total_discount,
            "price_round": self._get_price_rounding(),
            "b2b_factor": self._get_price_factor(),
            "b2b_weight_surcharge": self._get_weight_surcharge(),
        }

    def _get_price_rounding(self):
        """Step that prices under the agreement (single) are rounded to.

        That of the price type's general rule, else the currency's: a printed
        price times the quantity is then the printed amount.

        :return: float in the agreement's currency
        """
        self.ensure_one()
        items = self.price_type_id.sudo().item_ids
        steps = items.filtered(lambda item: item.applied_on == "3_global")
        return steps[:1].price_round or self.currency_id.rounding

    def _create_own_pricelist(self):
        self.ensure_one()
        pricelist = self.env["product.pricelist"].sudo()
        self.pricelist_id = pricelist.create(self._prepare_own_pricelist())

    def _update_own_pricelist(self):
        """Bring the general items of the agreements (batch) up to date.

        Only what differs is written: a nightly run touches what has changed.
        """
        agreements = self.sudo().filtered("pricelist_id")
        Item = self.env["product.pricelist.item"].sudo()
        general = Item.search(
            [
                ("pricelist_id", "in", agreements.pricelist_id.ids),
                ("applied_on", "=", "3_global"),
                ("base", "=", "pricelist"),
            ]
        ).grouped("pricelist_id")
        missing = []
        for agreement in agreements:
            pricelist = agreement.pricelist_id
            items = general.get(pricelist, Item)
            items[1:].unlink()
            if pricelist.currency_id != agreement.currency_id:
                pricelist.currency_id = agreement.currency_id
            values = agreement._prepare_general_item()
            if not items:
                missing.append(values | {"pricelist_id": pricelist.id})
            elif changes := items[0]._b2b_get_changes(values):
                items[0].write(changes)
        Item.create(missing)
