# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..tools.assortment import Assortment, AssortmentRule

MODES = [
    ("hide", "Hide these goods from them"),
    ("exclusive", "Show these goods to them only"),
    ("only", "Show them these goods only"),
]
_CACHE_KEY = "b2b_portal.assortment"


class B2bAssortment(models.Model):
    """Which goods which customers see: one rule of the assortment matrix.

    For staff only. Rules combine as :class:`~..tools.assortment.Assortment` says:
    hiding wins, exclusive goods are for those they are exclusive to, and a customer
    with whitelists sees what is on one of them.
    """

    _name = "b2b.assortment"
    _description = "Assortment Rule"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    website_id = fields.Many2one(
        "website", ondelete="cascade", help="Left empty: on all websites."
    )
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index=True
    )
    mode = fields.Selection(MODES, default="hide", required=True, tracking=True)
    date_start = fields.Date("Valid from", tracking=True)
    date_end = fields.Date("Valid until", tracking=True)
    note = fields.Text("Reason", help="For colleagues: why the rule exists.")
    # for whom
    audience = fields.Selection(
        [
            ("everybody", "Everybody"),
            ("guests", "Visitors without an account"),
            ("chosen", "Chosen customers"),
        ],
        default="chosen",
        required=True,
        tracking=True,
    )
    segment_ids = fields.Many2many("b2b.segment", string="Segments")
    account_ids = fields.Many2many("b2b.account", string="Accounts")
    agreement_ids = fields.Many2many("b2b.agreement", string="Agreements")
    # what
    match = fields.Selection(
        [
            ("any", "In any of these groups"),
            ("all", "In all of these groups at once"),
        ],
        "Which goods",
        default="any",
        required=True,
    )
    section_ids = fields.Many2many(
        "product.public.category",
        string="Sections",
        help="With the sections below them.",
    )
    brand_ids = fields.Many2many("b2b.brand", string="Brands")
    categ_ids = fields.Many2many(
        "product.category",
        string="Product categories",
        help="With the categories below them.",
    )
    tag_ids = fields.Many2many("product.tag", string="Tags")
    product_tmpl_ids = fields.Many2many(
        "product.template",
        string="Single products",
        help="Always belong to the rule, whatever the groups.",
    )
    product_count = fields.Integer("Goods", compute="_compute_product_count")
    account_count = fields.Integer("Customers", compute="_compute_account_count")

    _dates = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "The rule ends before it starts.",
    )

    @api.constrains(
        "mode", "audience", "segment_ids", "account_ids", "agreement_ids", "active"
    )
    def _check_audience(self):
        for rule in self:
            customers = rule.segment_ids or rule.account_ids or rule.agreement_ids
            if rule.audience == "chosen" and not customers:
                raise ValidationError(
                    self.env._("Choose the customers that the rule is for.")
                )
            if rule.audience == "everybody" and rule.mode == "exclusive":
                raise ValidationError(
                    self.env._("Goods that everybody sees are exclusive to nobody.")
                )

    @api.constrains(
        "section_ids", "brand_ids", "categ_ids", "tag_ids", "product_tmpl_ids"
    )
    def _check_goods(self):
        for rule in self:
            if not (
                rule.section_ids
                or rule.brand_ids
                or rule.categ_ids
                or rule.tag_ids
                or rule.product_tmpl_ids
            ):
                raise ValidationError(
                    self.env._("Choose the goods that the rule is about.")
                )

    # === COUNTS === #

    @api.depends(
        "match", "section_ids", "brand_ids", "categ_ids", "tag_ids", "product_tmpl_ids"
    )
    def _compute_product_count(self):
        Template = self.env["product.template"]
        for rule in self:
            domain = rule._b2b_get_values().get_goods()
            rule.product_count = Template.search_count(
                domain & Domain("sale_ok", "=", True)
            )

    @api.depends("audience", "segment_ids", "account_ids", "agreement_ids")
    def _compute_account_count(self):
        for rule in self:
            rule.account_count = self.env["b2b.account"].search_count(
                rule._b2b_get_account_domain()
            )

    def _b2b_get_account_domain(self):
        """Accounts that the rule (single) names."""
        if self.audience == "everybody":
            return Domain.TRUE
        if self.audience == "guests":
            return Domain.FALSE
        return (
            Domain("segment_id", "in", self.segment_ids.ids)
            | Domain("id", "in", self.account_ids.ids)
            | Domain("agreement_ids", "in", self.agreement_ids.ids)
        )

    def action_open_products(self):
        """Open the goods of the rule (single)."""
        self.ensure_one()
        domain = self._b2b_get_values().get_goods() & Domain("sale_ok", "=", True)
        return {
            "type": "ir.actions.act_window",
            "res_model": "product.template",
            "name": self.env._("Goods of “%(rule)s”", rule=self.name),
            "view_mode": "list,form",
            "domain": list(domain),
        }

    def action_open_accounts(self):
        """Open the accounts that the rule (single) names."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "b2b.account",
            "name": self.env._("Customers of “%(rule)s”", rule=self.name),
            "view_mode": "list,form",
            "domain": list(self._b2b_get_account_domain()),
        }

    # === LOOKING UP === #

    def _b2b_get_values(self):
        """The rule (single) as plain values, :class:`AssortmentRule`."""

        def below(records):
            if not records.ids:
                return ()
            return tuple(records.sudo().search([("id", "child_of", records.ids)]).ids)

        rule = self
        return AssortmentRule(
            id=rule._origin.id,
            mode=rule.mode,
            audience=rule.audience,
            match=rule.match,
            website=rule.website_id.id or 0,
            company=rule.company_id.id or 0,
            date_start=rule.date_start or None,
            date_end=rule.date_end or None,
            segments=frozenset(rule.segment_ids.ids),
            accounts=frozenset(rule.account_ids.ids),
            agreements=frozenset(rule.agreement_ids.ids),
            sections=below(rule.section_ids),
            brands=tuple(rule.brand_ids.ids),
            categories=below(rule.categ_ids),
            tags=tuple(rule.tag_ids.ids),
            templates=tuple(rule.product_tmpl_ids.ids),
        )

    @api.model
    @ormcache()
    def _b2b_get_rules(self):
        """All active rules of the database, :class:`AssortmentRule`."""
        rules = self.sudo().with_context(active_test=True).search([("id", "!=", 0)])
        # archived brands, segments and goods are what rules are about, too
        rules = rules.with_context(active_test=False)
        return tuple(rule._b2b_get_values() for rule in rules)

    @api.model
    def _b2b_get_assortment(self, customer, date=None):
        """What a customer sees, for a day.

        :param customer: :class:`~..tools.assortment.Customer`
        :return: :class:`~..tools.assortment.Assortment`, made once per transaction
        """
        date = fields.Date.to_date(date) or fields.Date.context_today(self)
        cache = self.env.cr.cache.setdefault(_CACHE_KEY, {})
        key = customer, date
        if key not in cache:
            cache[key] = Assortment(self._b2b_get_rules(), customer, date)
        return cache[key]

    @api.model
    def _b2b_forget_rules(self):
        """Drop the rules in memory, in every worker."""
        self.env.cr.cache.pop(_CACHE_KEY, None)
        self.env.registry.clear_cache()

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self._b2b_forget_rules()
        rules._b2b_forget_published()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._b2b_forget_rules()
        self._b2b_forget_published()
        return result

    def unlink(self):
        self._b2b_forget_published()
        result = super().unlink()
        self._b2b_forget_rules()
        return result

    def _b2b_forget_published(self):
        """Drop sitemaps and feeds that were made by other rules."""
        self.env["website"].sudo().search([("id", "!=", 0)])._b2b_forget_published()


class B2bAssortmentTreeMixin(models.AbstractModel):
    """A tree that rules name: they hold for what is below, too."""

    _name = "b2b.assortment.tree.mixin"
    _description = "Tree named by Assortment Rules"

    @api.model_create_multi
    def create(self, vals_list):
        nodes = super().create(vals_list)
        self.env["b2b.assortment"]._b2b_forget_rules()
        return nodes

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            self.env["b2b.assortment"]._b2b_forget_rules()
        return result


class ProductPublicCategory(models.Model):
    _name = "product.public.category"
    _inherit = ["product.public.category", "b2b.assortment.tree.mixin"]


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category", "b2b.assortment.tree.mixin"]
