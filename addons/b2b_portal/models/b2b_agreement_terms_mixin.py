# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class B2bAgreementTermsMixin(models.AbstractModel):
    """Price, payment, delivery and minimum order: terms of agreements and templates."""

    _name = "b2b.agreement.terms.mixin"
    _description = "Terms of an Agreement"

    company_id = fields.Many2one("res.company")
    currency_id = fields.Many2one("res.currency")
    price_type_id = fields.Many2one(
        "product.pricelist",
        "Price type",
        required=True,
        ondelete="restrict",
        domain="[('b2b_kind', '!=', False), ('b2b_agreement_id', '=', False)]",
        tracking=True,
    )
    discount = fields.Float(
        "Discount on the price type, %", digits="Discount", tracking=True
    )
    discount_cap = fields.Float(
        "Highest sum of discounts, %",
        digits="Discount",
        tracking=True,
        help="0: no cap.",
    )
    special_pricelist_id = fields.Many2one(
        "product.pricelist",
        "Special offers",
        ondelete="restrict",
        domain="[('b2b_kind', '=', 'special'), ('currency_id', '=', currency_id)]",
        tracking=True,
        help="Price list of special offers: its price counts where it is lower than "
        "the agreement's own.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term", "Payment terms", tracking=True
    )
    prepayment_percent = fields.Float(
        "Prepayment, %",
        compute="_compute_payment_parts",
        inverse="_inverse_payment_parts",
        digits=(5, 2),
        help="Part that is due at once. A change finds or makes the payment terms.",
    )
    deferral_days = fields.Integer(
        "Deferral, days",
        compute="_compute_payment_parts",
        inverse="_inverse_payment_parts",
        help="Days until the rest is due. A change finds or makes the payment terms.",
    )
    carrier_id = fields.Many2one(
        "delivery.carrier",
        "Delivery method",
        ondelete="restrict",
        domain="[('company_id', 'in', [False, company_id])]",
        tracking=True,
        help="Orders of the agreement are shipped by it.",
    )
    incoterm_id = fields.Many2one(
        "account.incoterms", ondelete="restrict", tracking=True
    )
    incoterm_location = fields.Char("Incoterm place", tracking=True)
    is_pickup = fields.Boolean(
        "Pick-up by the customer",
        tracking=True,
        help="The customer fetches the goods: no delivery method is taken and no "
        "delivery surcharge of the region is added.",
    )
    min_order_amount = fields.Monetary(
        "Minimum order",
        tracking=True,
        help="Of the goods with tax, without delivery, in the agreement's currency. "
        "0: none.",
    )
    has_loyalty = fields.Boolean(
        "Takes part in the bonus programme", default=True, tracking=True
    )
    region_source = fields.Selection(
        [
            ("none", "No region"),
            ("fixed", "This region"),
            ("delivery", "Region of the delivery address"),
            ("warehouse", "Region of the main warehouse"),
        ],
        "Price region by",
        default="none",
        required=True,
        tracking=True,
        help="Which region's price factor and delivery surcharge are in the prices.",
    )
    region_id = fields.Many2one(
        "b2b.price.region",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        tracking=True,
    )

    def _valid_field_parameter(self, field, name):
        # The models that take the terms are threads, and track them.
        return name == "tracking" or super()._valid_field_parameter(field, name)

    @api.depends(
        "payment_term_id.line_ids.value",
        "payment_term_id.line_ids.value_amount",
        "payment_term_id.line_ids.delay_type",
        "payment_term_id.line_ids.nb_days",
    )
    def _compute_payment_parts(self):
        for record in self:
            percent, days = record.payment_term_id._b2b_get_parts()
            record.prepayment_percent, record.deferral_days = percent, days

    def _inverse_payment_parts(self):
        Term = self.env["account.payment.term"]
        wishes = [(r, r.prepayment_percent, r.deferral_days) for r in self]
        for record, percent, days in wishes:
            if (percent, days) != record.payment_term_id._b2b_get_parts():
                days = 0 if percent == 100 else days
                term = Term._b2b_find_or_create(percent, days, record.company_id)
                record.payment_term_id = term.sudo(False)
        self.invalidate_recordset(["prepayment_percent", "deferral_days"])

    @api.constrains("min_order_amount")
    def _check_min_order_amount(self):
        if any(record.min_order_amount < 0 for record in self):
            raise ValidationError(self.env._("The minimum order cannot be negative."))

    @api.constrains("region_source", "region_id")
    def _check_region(self):
        for record in self:
            if record.region_source == "fixed" and not record.region_id:
                raise ValidationError(
                    self.env._("%(name)s: choose the region.", name=record.display_name)
                )

    @api.constrains("company_id", "region_id", "carrier_id", "payment_term_id")
    def _check_terms_company(self):
        """Terms belong to the company, or to all of them."""
        for record in self.sudo():
            for name in ("region_id", "carrier_id", "payment_term_id"):
                company = record[name].company_id
                if company and company != record.company_id:
                    raise ValidationError(
                        self.env._(
                            "%(name)s: “%(term)s” belongs to %(company)s.",
                            name=record.display_name,
                            term=record[name].display_name,
                            company=company.name,
                        )
                    )
