# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_round


class B2bPriceSchedule(models.TransientModel):
    """A change of prices of a price list from a day on."""

    _name = "b2b.price.schedule"
    _description = "Schedule a Change of Prices"

    pricelist_id = fields.Many2one("product.pricelist", required=True, readonly=True)
    currency_id = fields.Many2one(related="pricelist_id.currency_id")
    mode = fields.Selection(
        [("percent", "By percent"), ("price", "To new prices")],
        default="percent",
        required=True,
    )
    date = fields.Date("From", required=True, help="From the beginning of this day.")
    percent = fields.Float("Change, %", help="Below zero: cheaper.")
    item_ids = fields.Many2many(
        "product.pricelist.item",
        string="Rules",
        domain="[('pricelist_id', '=', pricelist_id)]",
        help="Empty: all rules that count on this day.",
    )
    line_ids = fields.One2many("b2b.price.schedule.line", "schedule_id", "New prices")

    @api.onchange("item_ids", "mode")
    def _onchange_items(self):
        """Offer the chosen fixed prices to be changed one by one."""
        if self.mode != "price":
            return
        fixed = self.item_ids.filtered(lambda item: item.compute_price == "fixed")
        known = {line.item_id.id or line.item_id._origin.id for line in self.line_ids}
        self.line_ids = [
            fields.Command.create(
                {"item_id": item._origin.id, "price": item.fixed_price}
            )
            for item in fixed
            if item._origin.id not in known
        ]

    def _get_moment(self):
        """The instant at which the day (single) begins where the seller is; UTC."""
        self.ensure_one()
        company = self.pricelist_id.company_id or self.env.company
        zone = pytz.timezone(company._b2b_get_tz())
        local = zone.localize(datetime.combine(self.date, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def action_schedule(self):
        """Button: end the rules at the instant and begin new ones.

        :raise UserError: the day has begun, or there is nothing to change
        """
        self.ensure_one()
        self.pricelist_id.check_access("write")
        moment = self._get_moment()
        if moment <= fields.Datetime.now():
            raise UserError(
                self.env._("Choose a later day: a change is scheduled ahead.")
            )
        if self.mode == "percent":
            if not self.percent or self.percent <= -100:
                raise UserError(self.env._("By how many percent do prices change?"))
            items = self._get_items(moment)
            values = [item._b2b_prepare_scaled(self.percent) for item in items]
        else:
            lines = self.line_ids.filtered(
                lambda line: line.item_id.pricelist_id == self.pricelist_id
            )
            if any(line.price <= 0 for line in lines):
                raise UserError(self.env._("A new price must be above zero."))
            items = lines.item_id
            values = [{"fixed_price": line.price} for line in lines]
        if not items:
            raise UserError(
                self.env._("No rule of this price list counts on that day.")
            )
        return items._b2b_change_from(moment, values)._b2b_open_list(self.pricelist_id)

    def _get_items(self, moment):
        """The rules to be changed: those chosen, else all that count then."""
        Item = self.env["product.pricelist.item"]
        domain = Domain("pricelist_id", "=", self.pricelist_id.id)
        domain &= Domain("date_start", "=", False) | Domain("date_start", "<", moment)
        domain &= Domain("date_end", "=", False) | Domain("date_end", ">=", moment)
        if self.item_ids:
            domain &= Domain("id", "in", self.item_ids.ids)
        return Item.search(domain)


class B2bPriceScheduleLine(models.TransientModel):
    _name = "b2b.price.schedule.line"
    _description = "New Price of a Rule"

    schedule_id = fields.Many2one(
        "b2b.price.schedule", required=True, ondelete="cascade"
    )
    item_id = fields.Many2one("product.pricelist.item", "Rule", required=True)
    old_price = fields.Float(
        "Now", related="item_id.fixed_price", min_display_digits="Product Price"
    )
    price = fields.Float("New price", min_display_digits="Product Price", required=True)


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _b2b_prepare_scaled(self, percent):
        """Values that make the prices of the rule (single) N percent higher.

        A fixed price is rounded as the list's general rule says, else to the precision
        of prices.
        """
        self.ensure_one()
        factor = 1 + percent / 100
        if self.compute_price == "fixed":
            return {"fixed_price": self._b2b_round(self.fixed_price * factor)}
        if self.compute_price == "percentage":
            return {"percent_price": 100 - (100 - self.percent_price) * factor}
        return {
            "price_discount": 100 - (100 - self.price_discount) * factor,
            "price_surcharge": self.price_surcharge * factor,
        }

    def _b2b_round(self, price):
        """A price of the rule's list (single), rounded to its step."""
        general = self.pricelist_id.item_ids.filtered(
            lambda item: item.applied_on == "3_global" and item.price_round
        )
        digits = self.env["decimal.precision"].precision_get("Product Price")
        step = general[:1].price_round or 10**-digits
        return float_round(price, precision_rounding=step)

    def _b2b_change_from(self, moment, values):
        """End the rules (batch) at an instant and begin changed copies there.

        Core counts a rule up to and including its last second: the old one ends one
        second before. Dates have no smaller unit, so there is neither gap nor overlap.

        :param datetime moment: naive, UTC
        :param list values: what each new rule has of its own, in the order of ``self``
        :return: the new rules
        :raise UserError: a rule does not count at that instant
        """
        for item in self:
            starts, ends = item.date_start, item.date_end
            if starts and starts >= moment or ends and ends < moment:
                raise UserError(
                    self.env._(
                        "%(rule)s does not count at that time.",
                        rule=item._b2b_describe(),
                    )
                )
        copies = [
            data | own | {"date_start": moment, "date_end": item.date_end}
            for item, data, own in zip(self, self.copy_data(), values, strict=True)
        ]
        self.write({"date_end": moment - timedelta(seconds=1)})
        return self.create(copies)

    def _b2b_open_list(self, pricelist):
        """An action that shows these rules (batch)."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "product.pricelist.item",
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
            "name": self.env._("Scheduled prices: %s", pricelist.name),
        }
