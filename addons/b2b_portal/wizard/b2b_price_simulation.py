# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math

from odoo import api, fields, models
from odoo.exceptions import UserError

_MAX_LINES = 500


class B2bPriceSimulation(models.TransientModel):
    """What would it cost: products x agreements x quantities x dates, for staff."""

    _name = "b2b.price.simulation"
    _description = "Price Simulation"

    entity_id = fields.Many2one(
        "res.partner",
        "Legal entity",
        domain=[("b2b_account_id", "!=", False)],
        help="Fills in the entity's agreements.",
    )
    agreement_ids = fields.Many2many(
        "b2b.agreement",
        string="Agreements",
        compute="_compute_agreement_ids",
        store=True,
        readonly=False,
    )
    product_ids = fields.Many2many(
        "product.product", string="Products", domain=[("sale_ok", "=", True)]
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    quantities = fields.Char(
        "Other quantities", help="To compare with, separated by spaces: 10 100 1000"
    )
    uom_id = fields.Many2one(
        "uom.uom", "Unit", help="Left empty: the unit of each product."
    )
    date = fields.Datetime(default=fields.Datetime.now, required=True)
    other_date = fields.Datetime("Another date", help="To compare with.")
    line_ids = fields.One2many(
        "b2b.price.simulation.line", "simulation_id", "Prices", readonly=True
    )

    def _compute_display_name(self):
        self.display_name = self.env._("Price simulation")

    @api.depends("entity_id")
    def _compute_agreement_ids(self):
        Agreement = self.env["b2b.agreement"]
        for simulation in self:
            if simulation.entity_id:
                simulation.agreement_ids = Agreement.search(
                    [
                        ("entity_id", "=", simulation.entity_id._origin.id),
                        ("state", "in", ("draft", "active")),
                    ]
                )
            else:
                simulation.agreement_ids = simulation.agreement_ids

    def action_compute(self):
        """Button: work out the prices, in sets.

        :raise UserError: nothing to work out, or too much of it
        """
        self.ensure_one()
        self.agreement_ids.check_access("read")
        self.product_ids.check_access("read")
        cases = self._get_cases()
        count = len(cases) * len(self.agreement_ids) * len(self.product_ids)
        if not count:
            raise UserError(self.env._("Choose products and agreements."))
        if count > _MAX_LINES:
            raise UserError(
                self.env._(
                    "These are %(count)s prices; up to %(limit)s can be compared at "
                    "once. Choose fewer products, quantities or agreements.",
                    count=count,
                    limit=_MAX_LINES,
                )
            )
        rows = []
        for agreement in self.agreement_ids:
            for quantity, date in cases:
                rows += self._prepare_lines(agreement, quantity, date)
        self.sudo().line_ids.unlink()
        self._set_differences(rows)
        self.env["b2b.price.simulation.line"].sudo().create(rows)

    def _get_cases(self):
        """(quantity, date) to be worked out, the asked ones first."""
        quantities = [self.quantity]
        for text in (self.quantities or "").replace(";", " ").split():
            try:
                number = float(text.replace(",", "."))
            except ValueError:
                number = 0.0
            if not math.isfinite(number):
                number = 0.0
            quantities.append(number)
        if min(quantities) <= 0:
            raise UserError(
                self.env._(
                    "Quantities must be numbers above zero, separated by spaces."
                )
            )
        dates = [self.date, self.other_date]
        return [
            (quantity, date)
            for date in dict.fromkeys(filter(None, dates))
            for quantity in dict.fromkeys(quantities)
        ]

    def _prepare_lines(self, agreement, quantity, date):
        """Values of the lines of one agreement, quantity and date."""
        full = self.env["b2b.price.simulation.line"]._may_see_cost()
        found = {}
        fitting = self.product_ids.filtered(
            lambda p: self.uom_id and self.uom_id._has_common_reference(p.uom_id)
        )
        for products, uom in (
            (fitting, self.uom_id),
            (self.product_ids - fitting, None),
        ):
            if products:
                found |= agreement._explain_prices(products, quantity, uom, date, full)
        return [
            self._prepare_line(found[product.id], full) for product in self.product_ids
        ]

    def _prepare_line(self, why, full):
        """Values of the line of a :class:`PriceExplanation`."""
        agreement, product, currency = why.agreement, why.product, why.currency
        values = {
            "simulation_id": self.id,
            "agreement_id": agreement.id,
            "product_id": product.id,
            "quantity": why.quantity,
            "uom_id": why.uom.id,
            "date": why.date,
            "currency_id": currency.id,
            "price": why.price,
            "price_taxed": agreement._get_taxed_price(why),
            "rule_id": why.rule.id,
            "validity": agreement._get_validity_text(why),
            "next_text": (agreement._get_next_texts(why) or [""])[0],
            "step_ids": [
                fields.Command.create(self._prepare_step(step)) for step in why.steps
            ],
        }
        if full:
            values |= self._prepare_margin(why)
        return values

    def _prepare_margin(self, why):
        """Cost and margin, both without taxes, per asked unit."""
        product, company = why.product, why.agreement.company_id
        cost = product._price_compute("standard_price", uom=why.uom)[product.id]
        cost = product.cost_currency_id._convert(
            cost, why.currency, company, why.date, round=False
        )
        taxes = product.taxes_id._filter_taxes_by_company(company)
        net = taxes.compute_all(why.price, currency=why.currency)["total_excluded"]
        return {"cost": cost, "margin": (net - cost) / net if net else 0.0}

    def _prepare_step(self, step):
        """Values of the row of a :class:`PriceStep`."""
        return {
            "label": step.label,
            "detail": step.detail,
            "before": step.before or 0.0,
            "amount": step.after,
            "change": step.change or 0.0,
            "currency_id": step.currency.id,
            "rule_id": step.rule.id,
        }

    def _set_differences(self, rows):
        """Note in each row by how much it differs from the product's first one."""
        first = {}
        for row in rows:
            base = first.setdefault((row["product_id"], row["currency_id"]), row)
            if base is not row and base["price"]:
                row["difference"] = row["price"] / base["price"] - 1


class B2bPriceSimulationLine(models.TransientModel):
    """One price of a simulation."""

    _name = "b2b.price.simulation.line"
    _description = "Price of a Simulation"
    _order = "product_id, id"

    simulation_id = fields.Many2one(
        "b2b.price.simulation", required=True, ondelete="cascade", index=True
    )
    agreement_id = fields.Many2one("b2b.agreement")
    product_id = fields.Many2one("product.product")
    quantity = fields.Float(digits="Product Unit")
    uom_id = fields.Many2one("uom.uom", "Unit")
    date = fields.Datetime()
    currency_id = fields.Many2one("res.currency")
    price = fields.Float("Price per unit", min_display_digits="Product Price")
    price_taxed = fields.Float("With taxes", min_display_digits="Product Price")
    difference = fields.Float(
        help="From the first price of the product in this currency."
    )
    cost = fields.Float(
        min_display_digits="Product Price", groups="b2b_portal.group_staff_user"
    )
    margin = fields.Float(
        groups="b2b_portal.group_staff_user",
        help="Part of the price, both without taxes, that the cost leaves over.",
    )
    rule_id = fields.Many2one("product.pricelist.item", "Price rule")
    validity = fields.Char("Valid")
    next_text = fields.Char("Next quantity")
    step_ids = fields.One2many("b2b.price.simulation.step", "line_id", "Steps")

    @api.model
    def _may_see_cost(self):
        """Whether the user may see costs, and steps that tell them."""
        return self.env.user.has_group("b2b_portal.group_staff_user")

    def action_open_rule(self):
        """Button: the rule that makes the price (single)."""
        return self.rule_id._b2b_open()


class B2bPriceSimulationStep(models.TransientModel):
    """One step to a price of a simulation."""

    _name = "b2b.price.simulation.step"
    _description = "Step to a Price of a Simulation"
    _order = "id"

    line_id = fields.Many2one(
        "b2b.price.simulation.line", required=True, ondelete="cascade", index=True
    )
    label = fields.Char("Step")
    detail = fields.Char("Explanation")
    before = fields.Float(min_display_digits="Product Price")
    change = fields.Float(min_display_digits="Product Price")
    amount = fields.Float("Price after it", min_display_digits="Product Price")
    currency_id = fields.Many2one("res.currency")
    rule_id = fields.Many2one("product.pricelist.item", "Price rule")

    def action_open_rule(self):
        """Button: the rule of the step (single)."""
        return self.rule_id._b2b_open()
