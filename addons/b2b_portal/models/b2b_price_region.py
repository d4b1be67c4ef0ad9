# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class B2bPriceRegion(models.Model):
    """A region of our company's market: what its distance does to prices.

    An address is in the region that names its city, else in the one that names its
    state. For staff only: customers read the factor in words.
    """

    _name = "b2b.price.region"
    _description = "Price Region"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    state_ids = fields.Many2many("res.country.state", string="States", tracking=True)
    cities = fields.Text(tracking=True, help="One a line, or separated by commas.")
    price_factor = fields.Float(
        "Price factor, %",
        digits=(16, 4),
        tracking=True,
        help="Of the discounted price. Below zero: cheaper.",
    )
    weight_surcharge = fields.Monetary(
        "Delivery surcharge per kg",
        tracking=True,
        help="Added to the price for the weight of the product.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
        help="Of the surcharge; it is converted into that of each agreement.",
    )
    agreement_ids = fields.One2many("b2b.agreement", "price_region_id", "Agreements")
    agreement_count = fields.Integer(compute="_compute_agreement_count")

    _factor_range = models.Constraint(
        "CHECK(price_factor > -100)",
        "A price factor of -100 % or less makes prices zero or negative.",
    )
    _surcharge_range = models.Constraint(
        "CHECK(weight_surcharge >= 0)",
        "The delivery surcharge cannot be negative.",
    )

    @api.depends("agreement_ids")
    def _compute_agreement_count(self):
        groups = self.env["b2b.agreement"]._read_group(
            [("price_region_id", "in", self.ids)], ["price_region_id"], ["__count"]
        )
        counts = dict(groups)
        for region in self:
            region.agreement_count = counts.get(region, 0)

    @api.constrains("state_ids", "cities", "company_id", "active")
    def _check_overlap(self):
        """An address must be in one region: which one is never left to chance."""
        for region in self.filtered("active"):
            others = self.with_context(active_test=True).search(
                Domain("company_id", "=", region.company_id.id)
                & Domain("id", "!=", region.id)
            )
            for other in others:
                names = (region.state_ids & other.state_ids).mapped("name")
                names += sorted(region._get_cities() & other._get_cities())
                if names:
                    raise ValidationError(
                        self.env._(
                            "%(places)s: in the regions %(one)s and %(other)s. Leave "
                            "it in one of them.",
                            places=", ".join(names),
                            one=region.name,
                            other=other.name,
                        )
                    )

    # === FINDING === #

    def _get_cities(self):
        """Cities of the regions (batch) as they are compared."""
        text = "\n".join(region.cities or "" for region in self)
        names = (self._fold_city(name) for name in re.split(r"[\n,;]", text))
        return {name for name in names if name}

    @api.model
    def _fold_city(self, name):
        """A city's name without case, extra spaces and the Russian ё."""
        return " ".join((name or "").casefold().replace("ё", "е").split())

    @api.model
    def _find_by_address(self, company, partners):
        """The region of each address (batch), in one query for all of them.

        :param partners: ``res.partner`` records in sudo
        :return: dict partner -> ``b2b.price.region`` (at most one, sudo)
        """
        regions = self.sudo().with_context(active_test=True)
        regions = regions.search([("company_id", "=", company.id)])
        by_city = {city: r for r in regions for city in r._get_cities()}
        by_state = {state: r for r in regions for state in r.state_ids}
        nothing = regions.browse()
        return {
            partner: by_city.get(self._fold_city(partner.city))
            or by_state.get(partner.state_id)
            or nothing
            for partner in partners
        }

    # === PRICES === #

    def _get_text(self):
        """What the region (at most one, sudo) does to prices, in words."""
        if not self:
            return ""
        parts = []
        if self.price_factor:
            parts.append(
                self.env._("prices %(percent)s %%", percent=f"{self.price_factor:+g}")
            )
        if self.weight_surcharge:
            amount = self.currency_id.format(self.weight_surcharge)
            parts.append(self.env._("delivery %(amount)s per kg", amount=amount))
        effect = ", ".join(parts) or self.env._("no surcharge")
        return f"{self.name}: {effect}"

    @api.model_create_multi
    def create(self, vals_list):
        regions = super().create(vals_list)
        self._refresh_agreements(regions.company_id)
        return regions

    def write(self, vals):
        companies = self.company_id
        result = super().write(vals)
        if {"state_ids", "cities", "active", "company_id"} & vals.keys():
            self._refresh_agreements(companies | self.company_id)
        elif {"price_factor", "weight_surcharge", "currency_id"} & vals.keys():
            self.sudo().agreement_ids._update_own_pricelist()
        return result

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        self._refresh_agreements(companies)
        return result

    @api.model
    def _refresh_agreements(self, companies):
        """Find the regions of the companies' agreements anew: the map has changed."""
        Agreement = self.env["b2b.agreement"].sudo().with_context(active_test=False)
        agreements = Agreement.search(
            [
                ("company_id", "in", companies.ids),
                ("region_source", "!=", "none"),
            ]
        )
        agreements._b2b_refresh_region()

    def action_open_agreements(self):
        """Open the agreements of the region (single)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agreements"),
            "res_model": "b2b.agreement",
            "view_mode": "list,form",
            "domain": [("price_region_id", "=", self.id)],
        }
