# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.quantities import QuantityTerms

# Rules in memory for the rest of a transaction: dict of QuantityRules.
_RULES_KEY = "b2b_portal.quantity_rules"
_TERMS = (("minimum", "min_qty"), ("step", "multiple"), ("maximum", "max_qty"))


class B2bQuantityRule(models.Model):
    """Minimum, step and maximum of goods under an agreement or a price type.

    Each of the three comes from the most specific rule that states it, else from the
    product: an agreement before a price type before everybody, then a product before
    the nearest category before all goods, then the rule that began last.
    """

    _name = "b2b.quantity.rule"
    _description = "Quantities of an Agreement"
    _order = "agreement_id, price_type_id, applied_on, id desc"

    active = fields.Boolean(default=True)
    agreement_id = fields.Many2one(
        "b2b.agreement", ondelete="cascade", index="btree_not_null"
    )
    price_type_id = fields.Many2one(
        "product.pricelist",
        "Price type",
        ondelete="cascade",
        index="btree_not_null",
        domain=[("b2b_kind", "!=", False), ("b2b_agreement_id", "=", False)],
    )
    applied_on = fields.Selection(
        [
            ("1_product", "Product"),
            ("2_category", "Category"),
            ("3_all", "All goods"),
        ],
        "Applies to",
        default="1_product",
        required=True,
    )
    product_tmpl_id = fields.Many2one(
        "product.template", "Product", ondelete="cascade", index="btree_not_null"
    )
    categ_id = fields.Many2one(
        "product.category", "Category", ondelete="cascade", index="btree_not_null"
    )
    min_qty = fields.Float(
        "Minimum quantity",
        digits="Product Unit",
        help="In the product's own unit. 0: the rule says nothing about it.",
    )
    multiple = fields.Float(
        "Sold in multiples of",
        digits="Product Unit",
        help="In the product's own unit. 0: the rule says nothing about it.",
    )
    max_qty = fields.Float(
        "Maximum quantity",
        digits="Product Unit",
        help="In the product's own unit. 0: the rule says nothing about it.",
    )
    lifts = fields.Boolean(
        "Lift what is 0",
        help="Terms at 0 do not fall back to the product or a wider rule: there is no "
        "such limit.",
    )
    date_start = fields.Date("Valid from")
    date_end = fields.Date("Valid until")
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index=True
    )

    _quantities_positive = models.Constraint(
        "CHECK(COALESCE(min_qty, 0) >= 0 AND COALESCE(multiple, 0) >= 0 "
        "AND COALESCE(max_qty, 0) >= 0)",
        "Minimum, step and maximum cannot be negative.",
    )
    _dates = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "The rule ends before it starts.",
    )
    _one_customer = models.Constraint(
        "CHECK(agreement_id IS NULL OR price_type_id IS NULL)",
        "Choose an agreement or a price type, not both.",
    )

    @api.depends("agreement_id", "price_type_id", "product_tmpl_id", "categ_id")
    def _compute_display_name(self):
        for rule in self:
            customer = rule.agreement_id.display_name or rule.price_type_id.display_name
            goods = rule.product_tmpl_id.display_name or rule.categ_id.display_name
            names = (
                customer or self.env._("All customers"),
                goods or self.env._("All goods"),
            )
            rule.display_name = " · ".join(names)

    @api.constrains("applied_on", "product_tmpl_id", "categ_id")
    def _check_goods(self):
        for rule in self:
            wanted = {
                "1_product": (True, False),
                "2_category": (False, True),
                "3_all": (False, False),
            }[rule.applied_on]
            if (bool(rule.product_tmpl_id), bool(rule.categ_id)) != wanted:
                raise ValidationError(
                    self.env._(
                        "Choose the product or the category that the rule applies to."
                    )
                )

    @api.constrains("min_qty", "multiple", "max_qty", "lifts", "applied_on")
    def _check_terms(self):
        units = self.env.ref("uom.product_uom_unit")
        for rule in self:
            terms = QuantityTerms(rule.min_qty, rule.multiple, rule.max_qty)
            if not any(terms) and not rule.lifts:
                raise ValidationError(
                    self.env._("State a minimum, a step or a maximum.")
                )
            unit = rule.product_tmpl_id.uom_id or units
            unit._b2b_check_terms(terms, rule.display_name)

    @api.onchange("applied_on")
    def _onchange_applied_on(self):
        if self.applied_on != "1_product":
            self.product_tmpl_id = False
        if self.applied_on != "2_category":
            self.categ_id = False

    # === LOOKING UP === #

    @api.model
    def _b2b_get_rules(self, agreement=None, date=None):
        """The rules for the goods of an agreement, read once per transaction.

        Rules are master data of the seller: the customer meets their effect only.

        :param agreement: ``b2b.agreement`` (at most one); without: rules for everybody
        :return: :class:`QuantityRules`
        """
        agreement = (agreement or self.env["b2b.agreement"]).sudo()
        date = fields.Date.to_date(date) or fields.Date.context_today(self)
        company = agreement.company_id or self.env.company
        key = agreement.id, agreement.price_type_id.id, company.id, date
        known = self.env.cr.cache.setdefault(_RULES_KEY, {})
        if key not in known:
            domain = (
                Domain("company_id", "in", [False, company.id])
                & Domain("agreement_id", "in", [False, *agreement.ids])
                & Domain("price_type_id", "in", [False, *agreement.price_type_id.ids])
                & (Domain("date_start", "=", False) | Domain("date_start", "<=", date))
                & (Domain("date_end", "=", False) | Domain("date_end", ">=", date))
            )
            rules = self.sudo().search_fetch(domain, order="id")
            known[key] = QuantityRules(rules)
        return known[key]

    def _b2b_get_rank(self):
        """How specific the rule (single) is: the smallest comes first."""
        customer = 0 if self.agreement_id else 1 if self.price_type_id else 2
        start = self.date_start.toordinal() if self.date_start else 0
        depth = (self.categ_id.parent_path or "").count("/")
        return customer, self.applied_on, -depth, -start, -self.id

    def _b2b_get_stated(self):
        """The terms that the rule (single) states: dict of minimum, step, maximum."""
        values = {name: self[field] for name, field in _TERMS}
        return {n: value for n, value in values.items() if value or self.lifts}

    @api.model
    def _b2b_forget_rules(self):
        self.env.cr.cache.pop(_RULES_KEY, None)

    @api.model_create_multi
    def create(self, vals_list):
        self._b2b_forget_rules()
        return super().create(vals_list)

    def write(self, vals):
        self._b2b_forget_rules()
        return super().write(vals)

    def unlink(self):
        self._b2b_forget_rules()
        return super().unlink()


class QuantityRules:
    """Quantity rules that hold for one agreement, found by what they apply to.

    Plain values: they outlive the records' cache.
    """

    def __init__(self, rules):
        self.by_goods = {}
        for rule in rules:
            key = ("product", rule.product_tmpl_id.id)
            if rule.applied_on != "1_product":
                key = ("category", rule.categ_id.id)
            row = rule._b2b_get_rank(), rule._b2b_get_stated()
            self.by_goods.setdefault(key, []).append(row)

    def _get_candidates(self, product):
        """What rules state for a product (single), the most specific first."""
        path = (product.categ_id.sudo().parent_path or "").split("/")
        keys = [("product", product.product_tmpl_id.id), ("category", False)]
        keys += [("category", int(part)) for part in path if part]
        found = [row for key in keys for row in self.by_goods.get(key, ())]
        return [stated for _rank, stated in sorted(found, key=lambda row: row[0])]

    def get_terms(self, product, own):
        """The terms of a product (single).

        :param own: ``QuantityTerms`` of the product itself
        :return: ``QuantityTerms``
        """
        if not self.by_goods:
            return own
        terms = {}
        for stated in self._get_candidates(product):
            terms = stated | terms
        return own._replace(**terms)
