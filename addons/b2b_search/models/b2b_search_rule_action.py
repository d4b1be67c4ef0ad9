# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.merchandising import Action

MAX_FACTOR = 10.0
_TARGETS = {
    "product": "product_tmpl_id",
    "brand": "brand_id",
    "section": "section_id",
}


class B2bSearchRuleAction(models.Model):
    """What a rule does with a product, or with the goods of a brand or a section."""

    _name = "b2b.search.rule.action"
    _description = "Action of a Search Rule"
    _order = "sequence, id"

    rule_id = fields.Many2one(
        "b2b.search.rule", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("pin", "Pin at the top"),
            ("boost", "Boost"),
            ("bury", "Bury"),
            ("hide", "Hide"),
            ("promote", "Promote in suggestions"),
        ],
        "Do",
        default="pin",
        required=True,
    )
    product_tmpl_id = fields.Many2one(
        "product.template", "Product", ondelete="cascade", index="btree_not_null"
    )
    brand_id = fields.Many2one("b2b.brand", ondelete="cascade", index="btree_not_null")
    section_id = fields.Many2one(
        "product.public.category", ondelete="cascade", index="btree_not_null"
    )
    factor = fields.Float(
        compute="_compute_factor",
        store=True,
        readonly=False,
        precompute=True,
        help="What scores are multiplied with: above 1 to boost, below 1 to bury.",
    )

    @api.depends("kind")
    def _compute_factor(self):
        usual = {"boost": 2.0, "bury": 0.5}
        for action in self:
            action.factor = usual.get(action.kind, 1.0)

    @api.constrains("kind", "product_tmpl_id", "brand_id", "section_id")
    def _check_target(self):
        for action in self:
            targets = [name for name, field in _TARGETS.items() if action[field]]
            if len(targets) != 1:
                raise ValidationError(
                    self.env._("Choose a product, a brand or a section: one of them.")
                )
            if action.kind == "pin" and targets != ["product"]:
                raise ValidationError(self.env._("Only products can be pinned."))
            if action.kind == "promote" and targets == ["product"]:
                raise ValidationError(
                    self.env._("Brands and sections can be promoted; pin a product.")
                )

    @api.constrains("kind", "factor")
    def _check_factor(self):
        for action in self:
            factor = action.factor
            if (action.kind == "boost" and not 1 < factor <= MAX_FACTOR) or (
                action.kind == "bury" and not 0 < factor < 1
            ):
                raise ValidationError(
                    self.env._(
                        "A boost is above 1 and at most %(limit)s; burying is above 0 "
                        "and below 1.",
                        limit=int(MAX_FACTOR),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        self.env.registry.clear_cache()
        return actions

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _get_value(self):
        """The action (single) as a plain :class:`Action`."""
        for target, field in _TARGETS.items():
            if self[field]:
                return Action(self.kind, target, self[field].id, self.factor)
        raise ValueError("an action without a target")
