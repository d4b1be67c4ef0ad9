# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .res_currency_rates import _RATES_KEY


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    b2b_kind = fields.Selection(
        [
            ("retail", "Retail"),
            ("wholesale", "Wholesale"),
            ("special", "Special offer"),
        ],
        "Price type",
        help="Set: agreements may be based on this price list.",
    )
    b2b_agreement_id = fields.Many2one(
        "b2b.agreement",
        "Agreement",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
        help="Set: the secret price list of this agreement.",
    )

    def _b2b_get_special_list(self):
        """Special offers that count in this list (at most one) of an agreement."""
        return self.sudo().b2b_agreement_id.special_pricelist_id

    def _b2b_rates_in_force(self, date=None):
        """Context: convert at the rates of this list's agreement (at most one)."""
        agreement, rates = self.sudo().b2b_agreement_id, None
        # an outer block rules: do not read what it would ignore
        if agreement and _RATES_KEY not in self.env.cr.cache:
            rates = agreement._b2b_get_rates(date)
        return self.env["res.currency"]._b2b_rates(rates)

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        """Never fall back on the secret list of somebody's agreement."""
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        return [*domain, ("b2b_agreement_id", "=", False)]
